import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildValue, doc, fingerprint, paragraph } from '../../test/factories/core.ts';
import { runs } from '../../test/property-runs.ts';
import { agreementsOf } from './agreement.ts';
import type { ChangeMark } from './change-mark.ts';
import { findUnheard, type Unheard } from './find-unheard.ts';
import type { FieldId, PieceKey } from './ids.ts';
import type { AdfNode, FieldChange, FieldValue } from './item.ts';
import { fingerprintValue } from './normal-form.ts';
import { fieldPiece, STATUS_PIECE, synchronizedBase } from './piece.ts';
import type { Operation, SetChange } from './plan.ts';

const SEEN = 100;
const FIELD = 'summary' as FieldId;
const PIECE = fieldPiece(FIELD);

const set = (...members: string[]): FieldValue => ({ kind: 'set', members });
const option = (id: string, name: string): FieldValue => ({ kind: 'option', id, name });
const rich = (words: string, ...marks: AdfNode[]): FieldValue => ({
  kind: 'rich',
  document: doc(paragraph({ type: 'text', text: words, marks })),
});
const change = (at: number, from: FieldValue | null, to: FieldValue | null, toText: string | null = null): FieldChange => ({
  id: null,
  at,
  field: FIELD,
  from,
  to,
  fromText: null,
  toText,
});

/** The target held `before`, we sent `value`, and now it shows `shown` after these changes. */
function find(
  before: FieldValue,
  value: FieldValue | SetChange,
  changes: readonly FieldChange[],
  shown: FieldValue,
  seen: ChangeMark = { id: null, at: SEEN },
): Unheard {
  const base = synchronizedBase({ A: 'source before', B: fingerprintValue(before, fingerprint) });
  const operation: Operation = { kind: 'write-fields', target: 'B', writes: [{ piece: PIECE, field: FIELD, value }] };
  const plan = { bases: new Map(), losing: [], seen: new Map([[PIECE, { A: 'source then', B: base.fingerprints.B }]]) };
  const agreement = agreementsOf(operation, plan, new Map([[PIECE, base]]), fingerprint).get(PIECE);
  if (agreement === undefined) throw new Error('Nothing was agreed.');
  expect(agreement.fingerprints.A).toBe('source then');
  return findUnheard({
    agreement,
    sent: agreement.fingerprints.B ?? '',
    before: base.fingerprints.B,
    changes,
    seen,
    shown,
    fingerprint,
  });
}

const [base, ours, theirs] = [buildValue('base'), buildValue('ours'), buildValue('theirs')];
const NOT_DONE = { kind: 'not-done' };
const done = (nth: number | null): Unheard => ({ kind: 'done', nth });

describe('findUnheard', () => {
  it.each<[string, Unheard | typeof NOT_DONE, readonly FieldChange[], FieldValue]>([
    ['the target shows what it showed', NOT_DONE, [], base],
    ['only a person wrote', NOT_DONE, [change(150, base, theirs)], theirs],
    ['the changelog tells of it', done(0), [change(150, base, ours)], ours],
    ['a person set it back after it', done(0), [change(150, base, ours), change(160, ours, base)], base],
    ['a person had written before it', done(1), [change(120, base, theirs), change(150, theirs, ours)], ours],
    ['the like was written long before', NOT_DONE, [change(50, theirs, ours), change(90, ours, base)], base],
    ['it is there, and the changelog does not reach back', done(null), [], ours],
  ])('[O10] one value: %s', (_, expected, changes, shown) => {
    expect(find(base, ours, changes, shown)).toEqual(expected);
  });

  it('[O13] what was seen is told by the numbers of the changes, since the clock of the target may be wrong', () => {
    const numbered = (id: number, at: number) => ({ ...change(at, theirs, ours), id });
    const since: ChangeMark = { id: 7, at: SEEN };
    expect(find(base, ours, [numbered(7, SEEN + 600)], base, since)).toEqual(NOT_DONE);
    expect(find(base, ours, [numbered(8, SEEN - 60)], base, since)).toEqual(done(0));
    const reworded = { ...change(SEEN + 600, null, null, 'in other words'), id: 7 };
    expect(find(rich('base'), rich('ours'), [reworded], rich('ours'), since)).toEqual(done(null));
    expect(find(rich('base'), rich('ours'), [{ ...reworded, id: 8 }], rich('ours'), since)).toEqual(done(0));
  });

  it('[O10] an option is known by its name, since its id at the target was not', () => {
    const told = change(150, option('2', 'Low'), option('9', 'High'));
    expect(find(option('2', 'Low'), option('1', 'High'), [told], option('9', 'High'))).toEqual(done(0));
  });

  it('[O10] a rich text is known by letters and digits, of which the changelog tells wiki markup', () => {
    const sent = rich('2 urgent things', { type: 'strong' });
    const told = change(150, null, null, '*2 urgent* things');
    const since = change(160, null, null, 'no');
    expect(find(rich('base'), sent, [told, since], rich('no'))).toEqual(done(0));
    expect(find(rich('base'), sent, [since], rich('no'))).toEqual(NOT_DONE);
    // Not known again in these words, but it stands there.
    expect(find(rich('base'), sent, [change(150, null, null, '{panel:title=2}')], sent)).toEqual(done(0));
  });

  it('[O10] an emptied text leaves nothing in the changelog, and is known by that', () => {
    const emptied = change(150, null, null, '');
    expect(find(rich('base'), { kind: 'empty' }, [emptied, change(160, null, null, 'new')], rich('new'))).toEqual(done(0));
  });

  const swap: SetChange = { kind: 'set-change', add: ['new'], remove: ['old'] };
  it.each<[string, Unheard | typeof NOT_DONE, readonly FieldChange[], FieldValue]>([
    ['nothing happened', NOT_DONE, [], set('old', 'x')],
    ['it was done', done(0), [change(150, set('old', 'x'), set('x', 'new'))], set('x', 'new')],
    [
      'it was done, and undone by a person',
      done(0),
      [change(150, set('old'), set('new')), change(160, set('new'), set('old'))],
      set('old'),
    ],
    ['a person did half of it', NOT_DONE, [change(150, set('old'), set())], set()],
    ['what else is there does not matter', done(0), [change(150, set('old', 'y'), set('y', 'new'))], set('y', 'new', 'z')],
  ])('[O10] a set: %s', (_, expected, changes, shown) => {
    expect(find(set('old'), swap, changes, shown)).toEqual(expected);
  });

  it('[O10] whatever people did before and after it, a write that was done is found, and none that was not', () => {
    const word = fc.string({ minLength: 1 }).map((text) => buildValue(`their ${text.trim()}`));
    fc.assert(
      fc.property(fc.array(word), fc.array(word), fc.boolean(), (before, after, isDone) => {
        const values = [base, ...before, ...(isDone ? [ours] : []), ...after];
        const changes = values.slice(1).map((to, n) => change(SEEN + 1 + n, values[n] ?? null, to));
        const expected = isDone ? done(before.length) : NOT_DONE;
        expect(find(base, ours, changes, values.at(-1) ?? base)).toEqual(expected);
      }),
      runs(100),
    );
  });
});

describe('agreementsOf', () => {
  const agreedOn = (operation: Operation, seen: readonly [PieceKey, { A: string; B: string }], B = 'm1') =>
    agreementsOf(
      operation,
      { bases: new Map(), losing: [], seen: new Map([seen]) },
      new Map([[PIECE, synchronizedBase({ A: 'whatever', B })]]),
      fingerprint,
    ).get(seen[0]);

  it('[O10] [P4] a set agrees on what its write carries, not on what else the target has', () => {
    const member = (name: string): string => fingerprintValue(set(name), fingerprint);
    const write = { piece: PIECE, field: FIELD, value: { kind: 'set-change', add: ['a'], remove: ['b'] } as const };
    const before = [member('b'), member('c')].sort().join(',');
    // The target shows another member by now (d): still a change of its own.
    const seen = { A: 'source then', B: [member('b'), member('c'), member('d')].sort().join(',') };
    expect(agreedOn({ kind: 'write-fields', target: 'B', writes: [write] }, [PIECE, seen], before)).toEqual({
      fingerprints: { A: 'source then', B: [member('a'), member('c')].sort().join(',') },
      told: null,
    });
  });

  it('[O10] a transition agrees on the status by its name, as the changelog tells it', () => {
    const operation: Operation = { kind: 'transition', target: 'B', piece: STATUS_PIECE, toStatus: 'Done' };
    const agreement = agreedOn(operation, [STATUS_PIECE, { A: 'source then', B: 'status before' }]);
    const told: FieldChange = {
      id: null,
      at: 150,
      field: 'status',
      from: option('1', 'To Do'),
      to: option('3', 'DONE'),
      fromText: null,
      toText: null,
    };
    if (agreement === undefined) throw new Error('Nothing was agreed.');
    const question = {
      agreement,
      sent: agreement.fingerprints.B ?? '',
      before: 'x',
      seen: { id: null, at: SEEN },
      shown: null,
      fingerprint,
    };
    expect(findUnheard({ ...question, changes: [told] })).toEqual(done(0));
    expect(findUnheard({ ...question, changes: [] })).toEqual(NOT_DONE);
  });
});
