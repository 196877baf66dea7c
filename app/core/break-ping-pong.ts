import type { PieceKey } from './ids.ts';
import type { Fingerprinter } from './normal-form.ts';
import { type PieceBase, parkedBase } from './piece.ts';
import { type Candidate, freeze, goesBackAndForth, rememberCrossings, thawAfter } from './ping-pong.ts';
import type { Plan } from './plan.ts';
import { otherSide, type Sides } from './side.ts';
import { pieceWrites, type Withheld, withhold } from './withhold.ts';

/** What the breaker is told of a plan's circumstances. */
export interface PingPongInput {
  readonly bases: ReadonlyMap<PieceKey, PieceBase>;
  readonly fingerprint: Fingerprinter;
  readonly now: number;
}

/** When a frozen piece goes on by itself; null when it is not frozen (SPEC M3). */
export const thawsAt = (base: PieceBase | undefined): number | null =>
  base?.state.kind === 'parked' && base.state.cause === 'ping-pong' ? thawAfter(base.pingPong, base.state.since) : null;

/** When the first of these pieces goes on by itself, later than now; null when none will. */
export function nextThaw(bases: Iterable<PieceBase>, now: number): number | null {
  // One that should have gone on already and did not is not synchronized any more.
  const thaws = [...bases].flatMap((base) => thawsAt(base) ?? []).filter((at) => at > now);
  return thaws.length === 0 ? null : Math.min(...thaws);
}

/**
 * SPEC M1–M4: what crosses is remembered with its piece; a piece that goes back and forth is frozen and everything else goes on. A frozen
 * piece is left alone until its rest is over, whatever it shows, unless both sides come to show the same.
 */
export function breakPingPong(plan: Plan, input: PingPongInput): Plan {
  const candidates = candidatesOf(plan, input.fingerprint);
  const withheld = new Map<PieceKey, Withheld>();
  const bases = new Map(plan.bases);
  for (const [piece, base] of plan.bases) {
    const before = input.bases.get(piece);
    const crossing = candidates.get(piece) ?? [];
    if (crossing.length === 0) {
      if (base !== null) bases.set(piece, withMemory(base, before?.pingPong));
    } else if (input.now < (thawsAt(before) ?? 0)) withheld.set(piece, resting(before, plan.seen.get(piece)));
    else if (goesBackAndForth(before?.pingPong, crossing, input.now)) withheld.set(piece, frozen(piece, before, plan, input.now));
    else if (base !== null) bases.set(piece, { ...base, pingPong: rememberCrossings(before?.pingPong, crossing, input.now) });
  }
  return withhold({ ...plan, bases }, withheld);
}

const withMemory = (base: PieceBase, pingPong: PieceBase['pingPong']): PieceBase =>
  pingPong === undefined || base.pingPong !== undefined ? base : { ...base, pingPong };

/** What it shows meanwhile is noted, so that it need not be read the next time. */
const resting = (before: PieceBase | undefined, seen: Sides<string | null> | undefined): Withheld =>
  before?.state.kind === 'parked' && seen !== undefined
    ? { base: { ...before, state: { ...before.state, seen } }, note: null }
    : { base: null, note: null };

function frozen(piece: PieceKey, before: PieceBase | undefined, plan: Plan, now: number): Withheld {
  const parked = parkedBase(before ?? null, 'ping-pong', now, plan.seen.get(piece) ?? { A: null, B: null });
  const source = plan.notes.find((note) => note.piece === piece)?.source ?? null;
  return {
    base: { ...parked, pingPong: freeze(before?.pingPong, now) },
    note: { piece, outcome: 'parked', source, cause: 'ping-pong' },
  };
}

/** Per piece the values that the plan carries over. New and deleted comments are not values that go back and forth. */
function candidatesOf(plan: Plan, fingerprint: Fingerprinter): ReadonlyMap<PieceKey, readonly Candidate[]> {
  const candidates = new Map<PieceKey, readonly Candidate[]>();
  for (const { piece, operation } of pieceWrites(plan)) {
    const print = plan.bases.get(piece)?.fingerprints[otherSide(operation.target)];
    if (print == null || operation.kind === 'create-comment' || operation.kind === 'delete-comment') continue;
    const crossing = { to: operation.target, print: shortPrint(print, fingerprint) };
    candidates.set(piece, [...(candidates.get(piece) ?? []), crossing]);
  }
  return candidates;
}

/** The base of a set is as long as the set. 48 bits tell the few values of one fight apart. */
const shortPrint = (print: string, fingerprint: Fingerprinter): string => fingerprint(`crossed:${print}`).slice(0, 8);
