import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { commentId, fieldId, fingerprint } from '../../test/factories/core.ts';
import { runs } from '../../test/property-runs.ts';
import type { PieceKey } from './ids.ts';
import {
  countKinds,
  holdBack,
  isMassChange,
  MASS_CHANGE_CAUSES,
  MASS_CHANGE_LIMITS,
  pairsThatMatter,
  RISK_KINDS,
  type RiskKind,
  riskyPieces,
  takeBack,
} from './mass-change.ts';
import { type BrakeAnswer, commentPiece, fieldPiece, type PieceBase, STATUS_PIECE, synchronizedBase } from './piece.ts';
import type { Note, Operation, Plan } from './plan.ts';

const DUE = fieldPiece(fieldId('duedate'));
const LABELS = fieldPiece(fieldId('labels'));
const SUMMARY = fieldPiece(fieldId('summary'));
const COMMENT = commentPiece('A', commentId('1'));
const EMPTY = fingerprint('empty');
const body = { type: 'doc', content: [] };

const planOf = (
  operations: readonly Operation[],
  bases: readonly (readonly [PieceKey, PieceBase | null])[],
  overwritten: readonly PieceKey[] = [],
): Plan => ({
  operations,
  bases: new Map(bases),
  agreed: new Map(),
  seen: new Map(bases.map(([piece]) => [piece, { A: 'now-A', B: 'now-B' }])),
  notes: bases.map(
    ([piece]): Note => ({ piece, outcome: overwritten.includes(piece) ? 'overwritten' : 'applied', source: 'A', cause: null }),
  ),
  losing: [],
  looks: [],
});

const writeTo = (piece: PieceKey): Operation => ({
  kind: 'write-fields',
  target: 'B',
  writes: [{ piece, field: fieldId(piece.slice(6)), value: { kind: 'empty' } }],
});
const becomes = (piece: PieceKey, print: string) => [piece, synchronizedBase({ A: print, B: print })] as const;
const waiting = (
  kind: RiskKind,
  parts: Partial<{ since: number; seen: { A: string | null; B: string | null }; answer: BrakeAnswer }> = {},
): PieceBase => ({
  fingerprints: { A: 'agreed-A', B: 'agreed-B' },
  comments: null,
  state: { kind: 'parked', cause: MASS_CHANGE_CAUSES[kind], since: 5, seen: { A: 'now-A', B: 'now-B' }, ...parts },
});

describe('what destroys something at the target', () => {
  it.each<[string, Plan, RiskKind | null]>([
    [
      'a deleted comment',
      planOf([{ kind: 'delete-comment', target: 'B', piece: COMMENT, commentId: commentId('9'), since: 0 }], [[COMMENT, null]]),
      'deletion',
    ],
    ['an emptied field', planOf([writeTo(DUE)], [becomes(DUE, EMPTY)]), 'clear'],
    ['a set of which nothing stays', planOf([writeTo(LABELS)], [becomes(LABELS, '')]), 'clear'],
    ['a conflict that was lost', planOf([writeTo(SUMMARY)], [becomes(SUMMARY, 'new')], [SUMMARY]), 'overwrite'],
    ['a conflict that emptiness won', planOf([writeTo(DUE)], [becomes(DUE, EMPTY)], [DUE]), 'overwrite'],
    [
      'a status that lost',
      planOf(
        [{ kind: 'transition', target: 'B', piece: STATUS_PIECE, toStatus: 'Done' }],
        [becomes(STATUS_PIECE, 's')],
        [STATUS_PIECE],
      ),
      'overwrite',
    ],
    ['an edit', planOf([writeTo(SUMMARY)], [becomes(SUMMARY, 'new')]), null],
    ['a set with members left', planOf([writeTo(LABELS)], [becomes(LABELS, 'one,two')]), null],
    [
      'a transition',
      planOf([{ kind: 'transition', target: 'B', piece: STATUS_PIECE, toStatus: 'Done' }], [becomes(STATUS_PIECE, 's')]),
      null,
    ],
    ['a new comment', planOf([{ kind: 'create-comment', target: 'B', piece: COMMENT, body }], [becomes(COMMENT, 'c')]), null],
    [
      'an edited comment',
      planOf(
        [{ kind: 'edit-comment', target: 'B', piece: COMMENT, commentId: commentId('9'), since: 0, body }],
        [becomes(COMMENT, EMPTY)],
      ),
      null,
    ],
    ['what both sides agree on', planOf([], [becomes(DUE, EMPTY)]), null],
  ])('[M5] %s', (_title, plan, expected) => {
    const kinds = [...riskyPieces(plan, new Map(), fingerprint).values()];
    expect(kinds).toEqual(expected === null ? [] : [expected]);
  });

  it('[M8] is not counted again once a person said to carry it out', () => {
    const plan = planOf([writeTo(DUE)], [becomes(DUE, EMPTY)]);
    expect(riskyPieces(plan, new Map([[DUE, waiting('clear')]]), fingerprint).size).toBe(1);
    expect(riskyPieces(plan, new Map([[DUE, waiting('clear', { answer: 'carry-out' })]]), fingerprint).size).toBe(0);
  });

  it('[M6] is counted by kind', () => {
    const risky = new Map<PieceKey, RiskKind>([
      [DUE, 'clear'],
      [LABELS, 'clear'],
      [COMMENT, 'deletion'],
    ]);
    expect([...countKinds(risky)]).toEqual([
      ['clear', 2],
      ['deletion', 1],
    ]);
  });
});

describe('how many are too many', () => {
  it.each<[string, RiskKind, number, number, boolean]>([
    ['tidying up by hand in a small synchronization', 'clear', 20, 5, false],
    ['one more', 'clear', 21, 5, true],
    ['a tenth of the pairs', 'clear', 40, 400, false],
    ['more than a tenth', 'clear', 41, 400, true],
    ['the most there may be, in a large one', 'clear', 1000, 1_000_000, false],
    ['more than that', 'clear', 1001, 1_000_000, true],
    ['deletions stop sooner', 'deletion', 501, 1_000_000, true],
    ['conflicts after an outage', 'overwrite', 50, 10, false],
    ['too many of them', 'overwrite', 51, 10, true],
  ])('[M6] %s', (_title, kind, counted, pairs, expected) => {
    expect(isMassChange(MASS_CHANGE_LIMITS[kind], counted, pairs)).toBe(expected);
  });

  it('[M6] is decided alike by all pairs and by those that matter, and never turns back as more are counted', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RISK_KINDS), fc.nat(3000), fc.nat(2_000_000), (kind, counted, pairs) => {
        const limit = MASS_CHANGE_LIMITS[kind];
        const decision = isMassChange(limit, counted, pairs);
        expect(isMassChange(limit, counted, Math.min(pairs, pairsThatMatter(limit)))).toBe(decision);
        if (decision) expect(isMassChange(limit, counted + 1, pairs)).toBe(true);
        if (counted <= limit.free) expect(decision).toBe(false);
        if (counted > limit.most) expect(decision).toBe(true);
      }),
      runs(100),
    );
  });
});

describe('what the brake holds', () => {
  const plan = planOf(
    [
      {
        kind: 'write-fields',
        target: 'B',
        writes: [
          { piece: DUE, field: fieldId('duedate'), value: { kind: 'empty' } },
          { piece: SUMMARY, field: fieldId('summary'), value: { kind: 'text', text: 'new' } },
        ],
      },
    ],
    [becomes(DUE, EMPTY), becomes(SUMMARY, 'new')],
  );
  const held = new Map<PieceKey, RiskKind>([[DUE, 'clear']]);

  it('[M7] parks with its cause, and the rest of the same write goes on', () => {
    const braked = holdBack(plan, held, new Map([[DUE, synchronizedBase({ A: 'agreed-A', B: 'agreed-B' })]]), 7);
    expect(braked.operations).toMatchObject([{ writes: [{ piece: SUMMARY }] }]);
    expect(braked.bases.get(DUE)).toEqual(waiting('clear', { since: 7 }));
    expect(braked.notes.at(-1)).toEqual({ piece: DUE, outcome: 'parked', source: 'A', cause: 'mass-clear' });
  });

  it('[M7] says nothing twice, and keeps since when it waits, which is what a person answers to', () => {
    const again = holdBack(plan, held, new Map([[DUE, waiting('clear')]]), 99);
    expect([again.bases.has(DUE), again.notes.length]).toEqual([false, 1]);
    const other = holdBack(plan, held, new Map([[DUE, waiting('clear', { seen: { A: 'older', B: 'now-B' } })]]), 99);
    expect(other.bases.get(DUE)).toEqual(waiting('clear'));
    expect(other.notes).toHaveLength(1);
  });
});

describe('taking back', () => {
  const answered = (kind: RiskKind, seen: { A: string | null; B: string | null }) =>
    takeBack(new Map([[DUE, waiting(kind, { seen, answer: 'take-back' })]])).get(DUE);

  it.each<[string, RiskKind, { A: string | null; B: string | null }, { A: string | null; B: string | null }]>([
    ['what A emptied flows back from B', 'clear', { A: EMPTY, B: 'agreed-B' }, { A: EMPTY, B: '' }],
    ['what B emptied flows back from A', 'clear', { A: 'agreed-A', B: EMPTY }, { A: '', B: EMPTY }],
    ['a comment deleted in A counts as new in B', 'deletion', { A: null, B: 'agreed-B' }, { A: null, B: '' }],
    ['where both had changed, each keeps its own', 'overwrite', { A: 'mine', B: 'theirs' }, { A: 'mine', B: 'theirs' }],
  ])('[M8] %s', (_title, kind, seen, expected) => {
    expect(answered(kind, seen)).toEqual(synchronizedBase(expected));
  });

  it('[M8] touches nothing that nobody answered', () => {
    const bases = new Map([
      [DUE, waiting('clear')],
      [SUMMARY, waiting('overwrite', { answer: 'carry-out' })],
    ]);
    expect(takeBack(bases)).toEqual(new Map());
  });
});
