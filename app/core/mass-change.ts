import type { CauseCode } from './causes.ts';
import type { PieceKey } from './ids.ts';
import { type Fingerprinter, normalForm } from './normal-form.ts';
import { type BrakeAnswer, COUNTS_AS_CHANGED, type PieceBase, parkedBase, synchronizedBase } from './piece.ts';
import type { Plan } from './plan.ts';
import { onSides, SIDES } from './side.ts';
import { pieceWrites, type Withheld, withhold } from './withhold.ts';

/** A kind of change that destroys something at the side where it is carried to. All else is a normal edit and never braked. */
export type RiskKind = 'deletion' | 'clear' | 'overwrite';

export const RISK_KINDS: readonly RiskKind[] = ['deletion', 'clear', 'overwrite'];

/** How much of a kind may cross within the window before it stops (SPEC M6). */
export interface MassChangeLimit {
  /** So many always may: whoever tidies up by hand, or has a small synchronization, is left alone. */
  readonly free: number;
  /** Of the synchronization's pairs. */
  readonly share: number;
  /** More than so many never may, however large the synchronization is. */
  readonly most: number;
}

export const MASS_CHANGE_WINDOW_MS = 10 * 60_000;

/**
 * By hand one person makes some ten such changes in ten minutes; a script or a bulk change makes hundreds (Jira's own bulk change: up to
 * 1,000 items). A deleted comment is nowhere else, so fewer; conflicts come in numbers after an outage, so more.
 */
export const MASS_CHANGE_LIMITS: Readonly<Record<RiskKind, MassChangeLimit>> = {
  deletion: { free: 20, share: 0.1, most: 500 },
  clear: { free: 20, share: 0.1, most: 1000 },
  overwrite: { free: 50, share: 0.1, most: 1000 },
};

/** Whether `counted` changes of a kind within the window, this one included, are too many for that many pairs (SPEC M6). */
export const isMassChange = ({ free, share, most }: MassChangeLimit, counted: number, pairs: number): boolean =>
  counted > Math.min(most, Math.max(free, Math.floor(share * pairs)));

/** More pairs than these change nothing about the decision. */
export const pairsThatMatter = ({ share, most }: MassChangeLimit): number => Math.ceil(most / share);

/** What a piece that waits for a person's word is parked with. */
export const MASS_CHANGE_CAUSES = {
  deletion: 'mass-deletion',
  clear: 'mass-clear',
  overwrite: 'mass-overwrite',
} as const satisfies Record<RiskKind, CauseCode>;

/** The pieces of a plan whose writes destroy something, without those that a person said to carry out (SPEC M5). */
export function riskyPieces(
  plan: Plan,
  bases: ReadonlyMap<PieceKey, PieceBase>,
  fingerprint: Fingerprinter,
): ReadonlyMap<PieceKey, RiskKind> {
  const overwritten = new Set(plan.notes.flatMap(({ piece, outcome }) => (outcome === 'overwritten' ? [piece] : [])));
  const empty = [fingerprint(normalForm({ kind: 'empty' })), ''];
  const risky = new Map<PieceKey, RiskKind>();
  for (const { piece, operation } of pieceWrites(plan)) {
    if (isSettledByPerson(bases.get(piece))) continue;
    const after = plan.bases.get(piece)?.fingerprints[operation.target];
    if (operation.kind === 'delete-comment') risky.set(piece, 'deletion');
    else if (overwritten.has(piece)) risky.set(piece, 'overwrite');
    // A set without members has the empty base.
    else if (operation.kind === 'write-fields' && after != null && empty.includes(after)) risky.set(piece, 'clear');
  }
  return risky;
}

const isSettledByPerson = (base: PieceBase | undefined): boolean =>
  base?.state.kind === 'parked' && (base.state.answer === 'carry-out' || base.state.decided !== undefined);

const answerOf = (base: PieceBase | undefined): BrakeAnswer | null =>
  base?.state.kind === 'parked' ? (base.state.answer ?? null) : null;

/**
 * The pieces that people said to bring back, as they are remembered from then on (SPEC M8). Where one side alone had changed, that counts as seen and the other side as
 * changed, so that it flows back; where both had, both stay as they are.
 */
export const takeBack = (bases: ReadonlyMap<PieceKey, PieceBase>): ReadonlyMap<PieceKey, PieceBase> =>
  new Map([...bases].flatMap(([piece, base]) => (answerOf(base) === 'take-back' ? [[piece, takenBack(base)] as const] : [])));

function takenBack(base: PieceBase): PieceBase {
  if (base.state.kind !== 'parked') return base;
  const { seen } = base.state;
  const changed = SIDES.filter((side) => seen[side] !== base.fingerprints[side]);
  const [source] = changed;
  const fingerprints =
    source === undefined || changed.length > 1 ? seen : onSides<string | null>(source, seen[source], COUNTS_AS_CHANGED);
  const back = synchronizedBase(fingerprints, base.comments);
  return base.pingPong === undefined ? back : { ...back, pingPong: base.pingPong };
}

/** How many of each kind. */
export const countKinds = (risky: ReadonlyMap<PieceKey, RiskKind>): ReadonlyMap<RiskKind, number> => {
  const counts = new Map<RiskKind, number>();
  for (const kind of risky.values()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
};

/** The plan without what the brake held earlier in this turn. */
export function stillHeld(
  plan: Plan,
  held: ReadonlyMap<PieceKey, RiskKind>,
  { bases, fingerprint, now }: { bases: ReadonlyMap<PieceKey, PieceBase>; fingerprint: Fingerprinter; now: number },
): Plan {
  if (held.size === 0) return plan;
  const again = [...riskyPieces(plan, bases, fingerprint)].filter(([piece, kind]) => held.get(piece) === kind);
  return holdBack(plan, new Map(again), bases, now);
}

/** The plan without what the brake holds: those pieces park, and nothing is said twice (SPEC M7). */
export function holdBack(
  plan: Plan,
  held: ReadonlyMap<PieceKey, RiskKind>,
  bases: ReadonlyMap<PieceKey, PieceBase>,
  now: number,
): Plan {
  const withheld = new Map<PieceKey, Withheld>();
  for (const [piece, kind] of held) {
    const before = bases.get(piece) ?? null;
    const cause = MASS_CHANGE_CAUSES[kind];
    const seen = plan.seen.get(piece) ?? { A: null, B: null };
    const known = before?.state.kind === 'parked' && before.state.cause === cause ? before.state : null;
    const said = known !== null && known.seen.A === seen.A && known.seen.B === seen.B;
    const source = plan.notes.find((note) => note.piece === piece)?.source ?? null;
    withheld.set(piece, {
      base: said ? null : parkedBase(before, cause, known?.since ?? now, seen),
      note: known === null ? { piece, outcome: 'parked', source, cause } : null,
    });
  }
  return withhold(plan, withheld);
}
