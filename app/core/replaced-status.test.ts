import { describe, expect, it } from '@jest/globals';
import { fingerprint } from '../../test/factories/core.ts';
import type { FieldChange, FieldValue } from './item.ts';
import { fingerprintStatus } from './normal-form.ts';
import { isAsMeant, replacedStatus, type Transitioned } from './replaced-status.ts';

const SEEN = 100;
type Status = FieldValue & { kind: 'option' };
const status = (id: string, name: string): Status => ({ kind: 'option', id, name });
const toDo = status('1', 'To Do');
const inProgress = status('2', 'In Progress');
const done = status('3', 'Done');
const moved = (at: number, from: Status, to: Status): FieldChange => ({
  id: null,
  at,
  field: 'status',
  from,
  to,
  fromText: null,
  toText: null,
});
const elsewhere: FieldChange = { ...moved(155, inProgress, done), field: 'priority' };

/** The item was seen in To Do, and we brought it to Done. */
const MADE: Transitioned = {
  from: fingerprintStatus(toDo, fingerprint),
  to: fingerprintStatus(done, fingerprint),
  since: { id: null, at: SEEN },
  at: 160,
};
const replacedBy = (...changes: readonly FieldChange[]): FieldValue | null => replacedStatus(MADE, changes, fingerprint);
const numbered = (...changes: readonly FieldChange[]): readonly FieldChange[] =>
  changes.map((change, n) => ({ ...change, id: n + 1 }));

describe('a status that a transition of ours replaced', () => {
  it.each<[string, readonly FieldChange[]]>([
    ['the one that somebody chose right before', [moved(150, toDo, inProgress), moved(160, inProgress, done)]],
    ['also after somebody moved it on', [moved(150, toDo, inProgress), moved(160, inProgress, done), moved(170, done, toDo)]],
    [
      'also after somebody moved it as we had meant to',
      [moved(150, toDo, inProgress), moved(160, inProgress, done), moved(170, done, toDo), moved(180, toDo, done)],
    ],
  ])('[O11] is %s', (_, changes) => {
    expect(replacedBy(...changes)).toEqual(inProgress);
  });

  it.each<[string, readonly FieldChange[]]>([
    ['it replaced what was seen', [moved(160, toDo, done)]],
    [
      'somebody moved it away and back since',
      [moved(160, toDo, done), moved(170, done, inProgress), moved(180, inProgress, done)],
    ],
    ['that was before it was seen', [moved(50, inProgress, done), moved(160, toDo, done)]],
    ['another field was changed so', [elsewhere, moved(160, toDo, done)]],
    ['it is too long ago for the item to tell', [elsewhere]],
    ['it is too long ago for the item to tell, and somebody did the like since', [moved(180, inProgress, done)]],
    ['nobody reached it, as far as the item tells', [moved(150, toDo, inProgress)]],
  ])('[O11] is none when %s', (_, changes) => {
    expect(replacedBy(...changes)).toBeNull();
  });

  it('[O13] is found by the numbers of the changes, whatever their times', () => {
    const [early, ours] = [moved(50, toDo, inProgress), moved(50, inProgress, done)];
    const changes = numbered(moved(900, done, toDo), early, ours);
    expect(replacedStatus({ ...MADE, since: { id: 1, at: SEEN } }, changes, fingerprint)).toEqual(inProgress);
    expect(replacedStatus({ ...MADE, since: { id: 3, at: 10 } }, changes, fingerprint)).toBeNull();
  });
});

describe('the event of a transition of ours', () => {
  it.each<[boolean, string, FieldChange]>([
    [true, 'the move that we made', moved(160, toDo, done)],
    [true, 'dated a minute later, by another clock', moved(60_160, toDo, done)],
    [false, 'what somebody did like it later', moved(60_161, toDo, done)],
    [false, 'what was known before', moved(SEEN, toDo, done)],
    [false, 'from another status', moved(160, inProgress, done)],
    [false, 'to another status', moved(160, toDo, inProgress)],
    [false, 'of another field', { ...moved(160, toDo, done), field: 'priority' }],
  ])('[O11] %s: %s', (expected, _, change) => {
    expect(isAsMeant(MADE, change, fingerprint)).toBe(expected);
  });
});
