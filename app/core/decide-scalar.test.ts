import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import { decideScalar, type ScalarQuestion, type Verdict } from './decide-scalar.ts';
import { type Direction, flowsFrom, otherSide, type Side, type Sides } from './side.ts';

/** Both sides hold what they last agreed on, unless said otherwise. */
const ask = (question: Partial<ScalarQuestion> = {}): Verdict =>
  decideScalar({
    base: { A: 'a0', B: 'b0' },
    now: { A: 'a0', B: 'b0' },
    empty: { A: false, B: false },
    same: false,
    direction: 'both',
    conflict: 'newest',
    changedAt: { A: null, B: null },
    changedBackAt: { A: null, B: null },
    ...question,
  });

const onlyA = { A: 'a1', B: 'b0' };
const onlyB = { A: 'a0', B: 'b1' };
const bothChanged = { A: 'a1', B: 'b1' };

describe('decideScalar', () => {
  it.each<Direction>(['both', 'A-to-B', 'B-to-A'])('[F1] nothing changed, nothing is planned (%s)', (direction) => {
    expect(ask({ direction })).toEqual({ kind: 'unchanged' });
    expect(ask({ direction, same: true })).toEqual({ kind: 'unchanged' });
  });

  it.each<[string, Partial<ScalarQuestion>]>([
    ['one side changed to what the other has', { now: onlyA }],
    ['both changed to the same', { now: bothChanged }],
    ['they never agreed before', { base: null }],
    ['nothing flows that way', { now: onlyB, direction: 'A-to-B' }],
  ])('[F2] both show the same: %s', (_, question) => {
    expect(ask({ ...question, same: true })).toEqual({ kind: 'agreed' });
  });

  it.each<[Direction, Sides<string>, Verdict]>([
    ['both', onlyA, { kind: 'flow', source: 'A', overwrites: false }],
    ['both', onlyB, { kind: 'flow', source: 'B', overwrites: false }],
    ['A-to-B', onlyA, { kind: 'flow', source: 'A', overwrites: false }],
    ['B-to-A', onlyB, { kind: 'flow', source: 'B', overwrites: false }],
  ])('[F3] %s: the one change %j is carried', (direction, now, verdict) => {
    expect(ask({ direction, now })).toEqual(verdict);
  });

  it.each<[Partial<ScalarQuestion>, Verdict]>([
    [{}, { kind: 'ask' }],
    [{ base: null }, { kind: 'ask' }],
    [{ now: onlyA }, { kind: 'flow', source: 'A', overwrites: false }],
    [
      { base: null, empty: { A: true, B: false } },
      { kind: 'flow', source: 'B', overwrites: false },
    ],
    [{ direction: 'A-to-B' }, { kind: 'flow', source: 'A', overwrites: true }],
    [{ same: true }, { kind: 'agreed' }],
  ])('[F8] a person decides, %j: %j', (question, verdict) => {
    expect(ask({ now: bothChanged, conflict: 'ask', ...question })).toEqual(verdict);
  });

  it.each<[Partial<ScalarQuestion>, Side]>([
    [{ conflict: 'A', changedAt: { A: 1, B: 2 } }, 'A'],
    [{ conflict: 'B', changedAt: { A: 2, B: 1 } }, 'B'],
    [{ changedAt: { A: 1, B: 2 } }, 'B'],
    [{ changedAt: { A: 2, B: 1 } }, 'A'],
    [{ changedAt: { A: 2, B: 2 } }, 'A'],
    [{ changedAt: { A: null, B: 1 } }, 'B'],
    [{ changedAt: { A: null, B: null } }, 'A'],
    [{ direction: 'A-to-B', conflict: 'B', changedAt: { A: 1, B: 2 } }, 'A'],
    [{ direction: 'B-to-A', conflict: 'A', changedAt: { A: 2, B: 1 } }, 'B'],
  ])('[F4] both changed, %j: %s wins and overwrites', (question, source) => {
    expect(ask({ now: bothChanged, ...question })).toEqual({ kind: 'flow', source, overwrites: true });
  });

  it.each<[string, Partial<ScalarQuestion>, Verdict]>([
    ['the filled one fills', { empty: { A: true, B: false }, conflict: 'A' }, { kind: 'flow', source: 'B', overwrites: false }],
    [
      'and the other way round',
      { empty: { A: false, B: true }, conflict: 'B' },
      { kind: 'flow', source: 'A', overwrites: false },
    ],
    ['two filled ones are a conflict', { changedAt: { A: 1, B: 2 } }, { kind: 'flow', source: 'B', overwrites: true }],
    [
      'empty never overwrites where only it flows',
      { empty: { A: true, B: false }, direction: 'A-to-B' },
      { kind: 'declined', source: 'B' },
    ],
    [
      'the filled one that flows',
      { empty: { A: false, B: true }, direction: 'A-to-B' },
      { kind: 'flow', source: 'A', overwrites: false },
    ],
  ])('[F5] never agreed: %s', (_, question, verdict) => {
    expect(ask({ base: null, ...question })).toEqual(verdict);
  });

  it.each<[Direction, Sides<string>, Side]>([
    ['A-to-B', onlyB, 'B'],
    ['B-to-A', onlyA, 'A'],
  ])('[F6] %s: a change against the flow is held', (direction, now, source) => {
    expect(ask({ direction, now })).toEqual({ kind: 'declined', source });
  });

  it.each<[string, Partial<ScalarQuestion>, Verdict]>([
    [
      'newest: the other side was changed back since',
      { changedBackAt: { A: 5, B: null } },
      { kind: 'flow', source: 'A', overwrites: true },
    ],
    [
      'that side has priority',
      { changedBackAt: { A: 5, B: null }, conflict: 'A' },
      { kind: 'flow', source: 'A', overwrites: true },
    ],
    [
      'this side has priority',
      { changedBackAt: { A: 5, B: null }, conflict: 'B' },
      { kind: 'flow', source: 'B', overwrites: true },
    ],
    ['a person decides', { changedBackAt: { A: 5, B: null }, conflict: 'ask' }, { kind: 'ask' }],
    [
      'it was not changed since its creation',
      { changedBackAt: { A: 5, B: null }, changedAt: { A: null, B: null } },
      { kind: 'flow', source: 'A', overwrites: true },
    ],
    ['it was changed back before', { changedBackAt: { A: 3, B: null } }, { kind: 'flow', source: 'B', overwrites: false }],
    [
      'only this side flows',
      { changedBackAt: { A: 5, B: null }, direction: 'B-to-A' },
      { kind: 'flow', source: 'B', overwrites: false },
    ],
    [
      'it was changed back itself before its last change',
      { changedBackAt: { A: null, B: 5 } },
      { kind: 'flow', source: 'B', overwrites: false },
    ],
  ])('[F10] one side changed at 4; %s', (_, question, verdict) => {
    expect(ask({ now: onlyB, changedAt: { A: null, B: 4 }, ...question })).toEqual(verdict);
  });

  const print = fc.constantFrom('x', 'y', '');
  const question = fc.record({
    base: fc.option(fc.record({ A: print, B: print }), { nil: null }),
    now: fc.record({ A: print, B: print }),
    empty: fc.record({ A: fc.boolean(), B: fc.boolean() }),
    same: fc.boolean(),
    direction: fc.constantFrom<Direction>('both', 'A-to-B', 'B-to-A'),
    conflict: fc.constantFrom('newest' as const, 'A' as const, 'B' as const, 'ask' as const),
    changedAt: fc.record({ A: fc.option(fc.nat(3)), B: fc.option(fc.nat(3)) }),
    changedBackAt: fc.record({ A: fc.option(fc.nat(3)), B: fc.option(fc.nat(3)) }),
  });

  it('[F6] nothing ever flows against the direction', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const verdict = decideScalar(asked);
        if (verdict.kind === 'flow') expect(flowsFrom(verdict.source, asked.direction)).toBe(true);
        if (verdict.kind === 'declined') expect(flowsFrom(verdict.source, asked.direction)).toBe(false);
      }),
      runs(100),
    );
  });

  it('[F5] without a base an empty value never overwrites a filled one', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const verdict = decideScalar({ ...asked, base: null });
        if (verdict.kind !== 'flow') return;
        expect(asked.empty[verdict.source] && !asked.empty[otherSide(verdict.source)]).toBe(false);
      }),
      runs(100),
    );
  });

  it('[P3] swapping the sides swaps the verdict, except at a tie', () => {
    const swap = <T>({ A, B }: Sides<T>): Sides<T> => ({ A: B, B: A });
    const mirrored = { both: 'both', 'A-to-B': 'B-to-A', 'B-to-A': 'A-to-B' } as const;
    const rival = { newest: 'newest', A: 'B', B: 'A', ask: 'ask' } as const;
    fc.assert(
      fc.property(question, (asked) => {
        fc.pre((asked.changedAt.A ?? 0) !== (asked.changedAt.B ?? 0));
        const verdict = decideScalar(asked);
        const other = decideScalar({
          base: asked.base === null ? null : swap(asked.base),
          now: swap(asked.now),
          empty: swap(asked.empty),
          same: asked.same,
          direction: mirrored[asked.direction],
          conflict: rival[asked.conflict],
          changedAt: swap(asked.changedAt),
          changedBackAt: swap(asked.changedBackAt),
        });
        expect(other).toEqual('source' in verdict ? { ...verdict, source: otherSide(verdict.source) } : verdict);
      }),
      runs(100),
    );
  });
});
