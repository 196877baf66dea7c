import { describe, expect, it } from '@jest/globals';
import { commentId, fieldId, fingerprint } from '../../test/factories/core.ts';
import { breakPingPong, nextThaw, thawsAt } from './break-ping-pong.ts';
import type { PieceKey } from './ids.ts';
import { commentPiece, fieldPiece, type PieceBase, parkedBase, STATUS_PIECE, synchronizedBase } from './piece.ts';
import type { Operation, Plan } from './plan.ts';
import { onSides, otherSide, type Side } from './side.ts';

const HOUR = 60 * 60_000;
const SECOND = 1000;
const DUE = fieldPiece(fieldId('duedate'));
const SUMMARY = fieldPiece(fieldId('summary'));
const COMMENT = commentPiece('A', commentId('1'));

/** Carries `value` to `target` in these pieces, as planPair would. */
function planOf(target: Side, value: string, ...pieces: readonly PieceKey[]): Plan {
  const writes = pieces
    .filter((piece) => piece.startsWith('field:'))
    .map((piece) => ({ piece, field: fieldId(piece.slice(6)), value: { kind: 'text' as const, text: value } }));
  const others = pieces.filter((piece) => !piece.startsWith('field:')).map((piece) => operationOn(piece, target, value));
  const source = otherSide(target);
  return {
    operations: [...(writes.length === 0 ? [] : [{ kind: 'write-fields' as const, target, writes }]), ...others],
    bases: new Map(pieces.map((piece) => [piece, synchronizedBase({ A: value, B: value })])),
    agreed: new Map(),
    seen: new Map(pieces.map((piece) => [piece, onSides<string | null>(source, value, 'before')])),
    notes: pieces.map((piece) => ({ piece, outcome: 'applied', source, cause: null })),
    losing: [],
    looks: [],
  };
}

const operationOn = (piece: PieceKey, target: Side, value: string): Operation =>
  piece === STATUS_PIECE
    ? { kind: 'transition', target, piece, toStatus: value }
    : { kind: 'edit-comment', target, piece, commentId: commentId('9'), since: 0, body: { type: 'doc', content: [] } };

/** What is remembered of a pair, turn by turn. */
class Remembered {
  bases: ReadonlyMap<PieceKey, PieceBase> = new Map();
  now = 10 * HOUR;

  turn(plan: Plan): Plan {
    this.now += 5 * SECOND;
    const broken = breakPingPong(plan, { bases: this.bases, fingerprint, now: this.now });
    const after = new Map(this.bases);
    for (const [piece, base] of broken.bases) {
      if (base === null) after.delete(piece);
      else after.set(piece, base);
    }
    this.bases = after;
    return broken;
  }

  /** Two automations: one at A that wants `x`, one at B that wants `y`. */
  fight(turns: number, ...pieces: readonly PieceKey[]): readonly Plan[] {
    return Array.from({ length: turns }, (_, n) =>
      this.turn(n % 2 === 0 ? planOf('B', 'x', ...pieces) : planOf('A', 'y', ...pieces)),
    );
  }
}

describe('breaking ping-pong in plans', () => {
  it.each([
    ['a field', DUE],
    ['the status', STATUS_PIECE],
    ['a comment that is edited', COMMENT],
  ])('[M1, M2] freezes %s after five crossings and says so', (_title, piece) => {
    const pair = new Remembered();
    const plans = pair.fight(6, piece);
    expect(plans.map(({ operations }) => operations.length)).toEqual([1, 1, 1, 1, 1, 0]);
    expect(plans[5]?.notes).toEqual([{ piece, outcome: 'parked', source: 'B', cause: 'ping-pong' }]);
    expect(pair.bases.get(piece)).toMatchObject({
      fingerprints: { A: 'x', B: 'x' },
      state: { kind: 'parked', cause: 'ping-pong', since: pair.now, seen: { A: 'before', B: 'y' } },
    });
  });

  it('[M2] freezes one field; the others of the same write go on', () => {
    const pair = new Remembered();
    pair.fight(5, DUE);
    const plan = pair.turn({
      ...planOf('A', 'y', DUE, SUMMARY),
      losing: [
        { piece: DUE, side: 'A', value: { kind: 'text', text: 'x' } },
        { piece: SUMMARY, side: 'A', value: { kind: 'text', text: 'x' } },
      ],
    });
    expect(plan.operations).toMatchObject([{ kind: 'write-fields', writes: [{ piece: SUMMARY }] }]);
    expect(plan.seen.has(DUE)).toBe(false);
    expect(plan.losing.map(({ piece }) => piece)).toEqual([SUMMARY]);
    expect(plan.notes.map(({ piece, outcome }) => [piece, outcome])).toEqual([
      [SUMMARY, 'applied'],
      [DUE, 'parked'],
    ]);
  });

  it('[M3] leaves a frozen piece alone whatever it shows, until its rest is over', () => {
    const pair = new Remembered();
    pair.fight(6, DUE);
    const frozenAt = pair.now;
    expect(thawsAt(pair.bases.get(DUE))).toBe(frozenAt + HOUR);
    const { bases, ...rest } = pair.turn(planOf('A', 'z', DUE));
    expect(rest).toEqual({ operations: [], agreed: new Map(), seen: new Map(), notes: [], losing: [], looks: [] });
    // What it shows now is noted, and nothing else.
    expect(bases.get(DUE)).toMatchObject({ fingerprints: { A: 'x', B: 'x' }, state: { since: frozenAt, seen: { B: 'z' } } });
    pair.now = frozenAt + HOUR;
    expect(pair.turn(planOf('A', 'z', DUE)).operations).toHaveLength(1);
    expect(thawsAt(pair.bases.get(DUE))).toBeNull();
  });

  it('[M3] lets it go at once when a person asks to try again, which moves its time', () => {
    const pair = new Remembered();
    pair.fight(6, DUE);
    const frozen = pair.bases.get(DUE);
    if (frozen?.state.kind !== 'parked') throw new Error('It is not frozen.');
    pair.bases = new Map([[DUE, { ...frozen, state: { ...frozen.state, since: pair.now - 1 } }]]);
    expect(pair.turn(planOf('A', 'z', DUE)).operations).toHaveLength(1);
  });

  it('[M3] freezes it for two hours when the fight goes on after the rest', () => {
    const pair = new Remembered();
    pair.fight(6, DUE);
    pair.now += HOUR;
    expect(pair.fight(6, DUE).map(({ operations }) => operations.length)).toEqual([1, 1, 1, 1, 1, 0]);
    expect(thawsAt(pair.bases.get(DUE))).toBe(pair.now + 2 * HOUR);
  });

  it('[M4] lets it go when both sides show the same, and remembers that it was frozen', () => {
    const pair = new Remembered();
    pair.fight(6, DUE);
    pair.turn({ ...planOf('A', 'y', DUE), operations: [] });
    expect(pair.bases.get(DUE)?.state).toEqual({ kind: 'synchronized' });
    pair.fight(6, DUE);
    expect(thawsAt(pair.bases.get(DUE))).toBe(pair.now + 2 * HOUR);
  });

  it('[M1] keeps the memory of a piece that agrees or parks for another reason', () => {
    const pair = new Remembered();
    pair.fight(3, DUE);
    const remembered = pair.bases.get(DUE)?.pingPong;
    expect(remembered?.crossings).toHaveLength(3);
    expect(parkedBase(pair.bases.get(DUE) ?? null, 'field-refused', 1, { A: null, B: null }).pingPong).toEqual(remembered);
  });

  it('[M1] does not count comments that come and go', () => {
    const pair = new Remembered();
    for (let n = 0; n < 20; n++) {
      const plan = planOf('B', 'x', COMMENT);
      const operations: Operation[] = [
        { kind: 'create-comment', target: 'B', piece: COMMENT, body: { type: 'doc', content: [] } },
        { kind: 'delete-comment', target: 'B', piece: COMMENT, commentId: commentId('9'), since: 0 },
      ];
      expect(pair.turn({ ...plan, operations: [operations[n % 2] as Operation] }).operations).toHaveLength(1);
    }
  });

  it('[M3] knows when the first of several frozen pieces goes on', () => {
    const early = new Remembered();
    early.fight(6, DUE);
    const late = new Remembered();
    late.now += HOUR;
    late.fight(6, SUMMARY);
    const bases = [...late.bases.values(), ...early.bases.values()];
    expect(nextThaw(bases, early.now)).toBe(early.now + HOUR);
    expect(nextThaw([synchronizedBase({ A: 'x', B: 'x' })], late.now)).toBeNull();
  });

  it('[M3, R6] never names a time that is over', () => {
    const pair = new Remembered();
    pair.fight(6, DUE);
    expect(nextThaw(pair.bases.values(), pair.now + HOUR)).toBeNull();
  });
});
