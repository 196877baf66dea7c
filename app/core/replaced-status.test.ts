import { describe, expect, it } from '@jest/globals';
import { fingerprint } from '../../test/factories/core.ts';
import type { FieldChange, FieldValue } from './item.ts';
import { fingerprintStatus } from './normal-form.ts';
import { STATUS_PIECE, synchronizedBase } from './piece.ts';
import { type ReplacedStatusQuestion, replacedStatus } from './replaced-status.ts';

const SEEN = 100;
const [toDo, inProgress, done] = ['To Do', 'In Progress', 'Done'].map((name, n): FieldValue & { kind: 'option' } => ({
  kind: 'option',
  id: String(n + 1),
  name,
})) as [FieldValue & { kind: 'option' }, FieldValue & { kind: 'option' }, FieldValue & { kind: 'option' }];
const moved = (at: number, from: FieldValue, to: FieldValue): FieldChange => ({
  at,
  field: 'status',
  from,
  to,
  fromText: null,
  toText: null,
});

const theirs = moved(150, toDo, inProgress);
const ours = moved(160, inProgress, done);

/** Our transition to Done is recorded; the event of somebody's move to In Progress comes now. */
const ask = (question: Partial<ReplacedStatusQuestion> = {}): FieldValue | null =>
  replacedStatus({
    side: 'A',
    told: [theirs],
    seenAt: SEEN,
    item: { status: done, changes: [theirs, ours] },
    bases: new Map([[STATUS_PIECE, synchronizedBase({ A: fingerprintStatus(done, fingerprint), B: 'b' })]]),
    fingerprint,
    ...question,
  });

describe('a status that a transition of ours replaced', () => {
  it('[O11] is the one that an event told of, right before ours', () => {
    expect(ask()).toEqual(inProgress);
  });

  it.each<[string, Partial<ReplacedStatusQuestion>]>([
    ['the same person moved it on', { told: [theirs, ours] }],
    ['it was seen before ours', { seenAt: 155 }],
    ['ours replaced what was known', { told: [], item: { status: done, changes: [moved(160, toDo, done)] } }],
    ['somebody has moved it since', { item: { status: toDo, changes: [theirs, ours, moved(170, done, toDo)] } }],
    ['no status is synchronized', { bases: new Map() }],
  ])('[O11] is none when %s', (_, question) => {
    expect(ask(question)).toBeNull();
  });
});
