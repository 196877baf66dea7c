import { confirmTwin, firstSightIn, firstSightOf, isUnconfirmed } from '../core/confirm-twin.ts';
import { type Folded, foldTold } from '../core/fold-told.ts';
import type { PieceKey } from '../core/ids.ts';
import type { Item } from '../core/item.ts';
import type { CommentEvent, Observation, Told } from '../core/observation.ts';
import { isOwnEdit, isRemembered, type OwnEdit } from '../core/own-edits.ts';
import type { PieceBase } from '../core/piece.ts';
import type { Note } from '../core/plan.ts';
import { isAsMeant, type Transitioned } from '../core/replaced-status.ts';
import { otherSide, SIDES, type Side, type Sides } from '../core/side.ts';
import { UNREAD, type View } from '../core/view.ts';
import { knownUntil } from './known-until.ts';
import type { Pair } from './ports.ts';
import type { Turn } from './turn.ts';

/** What a turn begins with: what was told, as far as it is proven. */
export interface FirstViews {
  readonly views: Sides<View>;
  /** Sides that have to be read. */
  readonly looks: readonly Side[];
  /** The pair, and what was told of it counts as worked off. */
  readonly pair: Pair;
  readonly confirmed: ReadonlyMap<PieceKey, PieceBase | null>;
  readonly notes: readonly Note[];
}

/**
 * What the claim was told of one side, opened. Whatever is no observation asks for a look: what somebody did to a comment, a listed item, an
 * older form, another key.
 *
 * @param ownEdits our edits of comments there, whose own events tell nothing new
 */
export function toldOf(turn: Turn, side: Side, ownEdits: readonly OwnEdit[]): readonly Told[] {
  const { claim, memory, ports } = turn;
  const { siteTenantId } = memory.synchronization.sides[side];
  const open = (sealed: string): Told => {
    const observation = ports.openObservation(siteTenantId, sealed);
    if (observation !== null) return { kind: 'observation', observation };
    const event = ports.openCommentEvent(siteTenantId, sealed);
    if (event === null || !isOurs(turn, ownEdits, event)) return { kind: 'look' };
    return isStray(turn, ownEdits, event) ? { kind: 'stray-edit' } : { kind: 'own-edit' };
  };
  return claim.told
    .filter((one) => one.side === side)
    .map(({ sealed }): Told => (sealed === null ? { kind: 'look' } : open(sealed)));
}

/** Whether an event of a comment tells of an edit of ours: by its trace, or where its site passes none on, by what it shows. */
export const isOurs = (turn: Turn, ownEdits: readonly OwnEdit[], event: CommentEvent): boolean =>
  isTraced(turn, event) || isOwnEdit(ownEdits, event, turn.ports.fingerprinter(turn.claim.tenantId));

/** Whether an edit of ours is one that we had given up, and that arrived after all. */
export const isStray = (turn: Turn, ownEdits: readonly OwnEdit[], event: CommentEvent): boolean =>
  isTraced(turn, event) && !isRemembered(ownEdits, event);

/** Whether its trace says that a write of this synchronization did it. */
const isTraced = ({ claim }: Turn, { writer }: CommentEvent): boolean =>
  writer?.synchronizationId === claim.subject.synchronizationId;

/** What the claim was told of comments that somebody edited or deleted on one side. */
export const commentsTold = ({ claim, memory, ports }: Turn, side: Side): readonly CommentEvent[] =>
  claim.told.flatMap(({ side: at, sealed }) =>
    at !== side || sealed === null ? [] : (ports.openCommentEvent(memory.synchronization.sides[side].siteTenantId, sealed) ?? []),
  );

/**
 * What is known of both sides before anything is read (SPEC O1–O6). A strict synchronization reads both, except for what is nobody's change.
 * @param doubtful an earlier turn failed or was broken off, so that nothing but a look tells where things stand
 */
export function viewTold(turn: Turn, pair: Pair, bases: ReadonlyMap<PieceKey, PieceBase>, doubtful: boolean): FirstViews {
  const { configuration } = turn.memory.synchronization;
  if (doubtful) return lookingAtBoth(pair);
  const told: Sides<readonly Told[]> = { A: toldOf(turn, 'A', pair.ownEdits.A), B: toldOf(turn, 'B', pair.ownEdits.B) };
  if (configuration.strict && !isOwnAlone(turn, pair, told)) return lookingAtBoth(pair);
  if (SIDES.some((side) => told[side].some(({ kind }) => kind === 'stray-edit'))) return lookingAtBoth(pair);
  const sight = isUnconfirmed(bases) ? viewFirstSight(turn, pair, bases, told) : null;
  const now = new Map(bases);
  for (const [piece, base] of sight?.bases ?? []) {
    if (base === null) now.delete(piece);
    else now.set(piece, base);
  }
  const looks = new Set<Side>(isUnconfirmed(now) ? [otherSide(pair.originSide)] : []);
  const views: { A: View; B: View } = { A: UNREAD, B: UNREAD };
  let after = pair;
  for (const side of SIDES) {
    const folded = foldTold({
      side,
      told: told[side],
      configuration,
      bases: now,
      projectId: turn.memory.synchronization.sides[side].projectId,
      known: knownUntil(pair, side),
      transitioned: pair.transitioned[side],
      fingerprint: turn.ports.fingerprinter(turn.claim.tenantId),
    });
    if (folded.kind === 'look') looks.add(side);
    else {
      views[side] = folded.view;
      after = workedOff(turn, after, side, folded);
    }
  }
  // Nothing is planned from what a strict synchronization has not looked at itself.
  if (configuration.strict && looks.size > 0) return lookingAtBoth(pair);
  const begun = configuration.strict ? { A: UNREAD, B: UNREAD } : views;
  return { views: begun, looks: [...looks], pair: after, confirmed: sight?.bases ?? new Map(), notes: sight?.notes ?? [] };
}

/** Whether nothing was told but edits of comments that were ours. */
export const isOwnEditAlone = (turn: Turn, { ownEdits }: Pair): boolean =>
  turn.claim.told.length > 0 &&
  SIDES.every((side) => toldOf(turn, side, ownEdits[side]).every(({ kind }) => kind === 'own-edit'));

/** Whether all that was told is ours, a transition as it was meant or an edit of a comment: then a look would show nothing new (SPEC O11). */
function isOwnAlone({ claim, ports }: Turn, { transitioned }: Pair, told: Sides<readonly Told[]>): boolean {
  const fingerprint = ports.fingerprinter(claim.tenantId);
  const isOwn = (one: Told, made: Transitioned | null): boolean =>
    one.kind === 'own-edit' ||
    (made !== null &&
      one.kind === 'observation' &&
      one.observation.changes.length > 0 &&
      one.observation.changes.every((change) => isAsMeant(made, change, fingerprint)));
  return claim.told.length > 0 && SIDES.every((side) => told[side].every((one) => isOwn(one, transitioned[side])));
}

/** Never further than now: a clock that is ahead may be put right (SPEC O3). */
const workedOff = (turn: Turn, pair: Pair, side: Side, { told, transitioned }: Folded & { kind: 'view' }): Pair => ({
  ...pair,
  toldAt: { ...pair.toldAt, [side]: Math.min(told.at, turn.ports.clock.now()) },
  toldChange: { ...pair.toldChange, [side]: told.id },
  transitioned: { ...pair.transitioned, [side]: transitioned },
});

const lookingAtBoth = (pair: Pair): FirstViews => ({
  views: { A: UNREAD, B: UNREAD },
  looks: SIDES,
  pair,
  confirmed: new Map(),
  notes: [],
});

/** The event of the twin's own creation, if it is among what was told; null: the twin has to be read. */
function viewFirstSight(
  turn: Turn,
  pair: Pair,
  bases: ReadonlyMap<PieceKey, PieceBase>,
  told: Sides<readonly Told[]>,
): ReturnType<typeof confirmTwin> | null {
  const observations = told[otherSide(pair.originSide)].flatMap((one): Observation[] =>
    one.kind === 'observation' ? [one.observation] : [],
  );
  const sight = firstSightIn(observations);
  return sight === null ? null : confirmWith(turn, pair, bases, sight);
}

/** The twin was read before any event told of it. */
export const confirmRead = (
  turn: Turn,
  pair: Pair,
  bases: ReadonlyMap<PieceKey, PieceBase>,
  twin: Item,
): ReturnType<typeof confirmTwin> => confirmWith(turn, pair, bases, firstSightOf(twin));

const confirmWith = (
  turn: Turn,
  pair: Pair,
  bases: ReadonlyMap<PieceKey, PieceBase>,
  sight: Parameters<typeof confirmTwin>[0]['sight'],
): ReturnType<typeof confirmTwin> =>
  confirmTwin({
    configuration: turn.memory.synchronization.configuration,
    bases,
    origin: pair.originSide,
    sight,
    fingerprint: turn.ports.fingerprinter(turn.claim.tenantId),
    now: turn.ports.clock.now(),
  });
