import type { Verdict } from './decide-scalar.ts';
import type { PieceKey } from './ids.ts';
import { type PieceBase, parkedBase, stillParked, UNDECIDED } from './piece.ts';
import type { Look, PiecePlan } from './plan.ts';
import type { Side, Sides } from './side.ts';

/** The question that a person was asked about a piece, if both sides still show what it was about. */
const questionAbout = (base: PieceBase | null, now: Sides<string>): { readonly answer: Side | null } | null => {
  if (base?.state.kind !== 'parked' || base.state.cause !== UNDECIDED) return null;
  const { seen, decided } = base.state;
  return seen.A === now.A && seen.B === now.B ? { answer: decided ?? null } : null;
};

/**
 * The sides to look at before something is asked or overwritten: what was seen last does not do, since both values matter (F9). A
 * question that stands as it was asked needs no look, nor does what rests (R3).
 * @param blind the sides that were not looked at
 */
export function lookBefore(
  verdict: Verdict,
  base: PieceBase | null,
  now: Sides<string>,
  blind: readonly Side[],
  at: number,
): Look | null {
  if (blind.length === 0 || stillParked(base, now, at)) return null;
  const needsBoth =
    verdict.kind === 'ask' ? questionAbout(base, now)?.answer !== null : verdict.kind === 'flow' && verdict.overwrites;
  return needsBoth ? { look: blind } : null;
}

/** What a person answered is carried out, as long as both sides show what the question was about (SPEC F8). */
export function withAnswer(verdict: Verdict, base: PieceBase | null, now: Sides<string>): Verdict {
  const answer = verdict.kind === 'ask' ? (questionAbout(base, now)?.answer ?? null) : null;
  return answer === null ? verdict : { kind: 'flow', source: answer, overwrites: true, decided: true };
}

/** Nothing is written until a person decides. Null: the question stands as it was asked, or the answer to it was refused and rests (R3). */
export function planQuestion(piece: PieceKey, base: PieceBase | null, now: Sides<string>, at: number): PiecePlan | null {
  if (questionAbout(base, now) !== null || stillParked(base, now, at)) return null;
  const question: PiecePlan = { piece, operations: [], base: parkedBase(base, UNDECIDED, at, now) };
  // Said once: later edits make it another question about the same piece.
  const wasAsked = base?.state.kind === 'parked' && base.state.cause === UNDECIDED;
  return wasAsked ? question : { ...question, note: { piece, outcome: 'parked', source: null, cause: UNDECIDED } };
}
