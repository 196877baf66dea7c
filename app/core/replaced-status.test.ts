import { describe, expect, it } from '@jest/globals';
import { fingerprint } from '../../test/factories/core.ts';
import type { FieldChange, FieldValue } from './item.ts';
import { fingerprintStatus } from './normal-form.ts';
import { replacedStatus } from './replaced-status.ts';

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
const replacedBy = (...changes: readonly FieldChange[]): FieldValue | null =>
  replacedStatus(
    { from: fingerprintStatus(toDo, fingerprint), to: fingerprintStatus(done, fingerprint), since: SEEN },
    changes,
    fingerprint,
  );

describe('a status that a transition of ours replaced', () => {
  it.each<[string, readonly FieldChange[]]>([
    ['the one that somebody chose right before', [moved(150, toDo, inProgress), moved(160, inProgress, done)]],
    ['also after somebody moved it on', [moved(150, toDo, inProgress), moved(160, inProgress, done), moved(170, done, toDo)]],
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
  ])('[O11] is none when %s', (_, changes) => {
    expect(replacedBy(...changes)).toBeNull();
  });
});
