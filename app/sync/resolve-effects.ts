import { type FailureDecision, UNCERTAIN_WAIT_MS } from '../core/decide-on-failure.ts';
import type { Failure } from '../core/failure.ts';
import type { CommentId, PairId, PieceKey } from '../core/ids.ts';
import { normalRich } from '../core/normal-form.ts';
import { originOfComment, type PieceBase, synchronizedBase } from '../core/piece.ts';
import { onSides, otherSide, type Side } from '../core/side.ts';
import type { Effect, Pair } from './ports.ts';
import { decideInTurn, type Turn } from './turn.ts';

export type Resolved =
  | {
      readonly kind: 'resolved';
      readonly pair: Pair | null;
      readonly pieces: ReadonlyMap<PieceKey, PieceBase>;
      readonly effects: readonly Effect[];
      /** The pair was found just now: an earlier turn made the twin and could not note it. */
      readonly adopted: boolean;
    }
  /** The item that would carry a copy is gone or hidden: as long as it is, there is nothing to look up and nothing to write (SPEC I6). */
  | { readonly kind: 'gone'; readonly side: Side }
  /** It cannot be found out now. */
  | { readonly kind: 'wait'; readonly decision: FailureDecision & { kind: 'again' } };

/**
 * Finds out what became of effects that an earlier turn intended and did not confirm (it died, or Jira's answer was lost).
 * Creations are looked up at Jira by the effect id they carried, so nothing is ever made twice; all other writes set a
 * state, so they are simply observed and planned anew (SPEC R4, I3).
 */
export async function resolveEffects(turn: Turn): Promise<Resolved> {
  const { memory } = turn;
  let pair = memory.pair;
  const pieces = new Map(memory.pieces);
  const effects: Effect[] = [];
  for (const effect of memory.openEffects) {
    if (effect.kind === 'create-item' && pair === null) {
      const found = await findTwin(turn, effect);
      if (found.kind === 'wait') return found;
      pair = found.pair;
      effects.push(settle(effect, pair === null ? null : pair.issueIds[effect.target]));
    } else if (effect.kind === 'create-comment' && pair !== null) {
      const found = await findCopy(turn, pair, effect, pieces);
      if (found.kind !== 'found') return found;
      effects.push(settle(effect, found.commentId));
    } else effects.push(settle(effect, null));
  }
  return { kind: 'resolved', pair, pieces, effects, adopted: memory.pair === null && pair !== null };
}

const settle = (effect: Effect, remoteId: string | null): Effect => ({
  ...effect,
  state: remoteId === null ? 'abandoned' : 'confirmed',
  remoteId,
});

async function findTwin(
  turn: Turn,
  effect: Effect,
): Promise<{ kind: 'found'; pair: Pair | null } | (Resolved & { kind: 'wait' })> {
  const { claim, memory } = turn;
  const { projectKey } = memory.synchronization.sides[effect.target];
  const found = await turn.jiras[effect.target].findTwin({
    projectKey,
    afterNumber: effect.afterNumber ?? 0,
    effectId: effect.effectId,
  });
  if (!found.ok) return waitFor(turn, found.failure);
  if (found.value === null) return mayStillCome(turn, effect) ?? { kind: 'found', pair: null };
  const origin = { issueId: claim.subject.issueId, issueKey: found.value.issueKey };
  const pair: Pair = {
    tenantId: claim.tenantId,
    pairId: turn.ports.makeId() as PairId,
    synchronizationId: claim.subject.synchronizationId,
    originSide: claim.subject.side,
    issueIds: onSides(effect.target, found.value.issueId, origin.issueId),
    // The origin's key is shown from the next observation on, in this same turn.
    issueKeys: onSides(effect.target, found.value.issueKey, origin.issueKey),
    seenAt: { A: 0, B: 0 },
    toldAt: { A: 0, B: 0 },
  };
  return { kind: 'found', pair };
}

async function findCopy(
  turn: Turn,
  pair: Pair,
  effect: Effect,
  pieces: Map<PieceKey, PieceBase>,
): Promise<{ kind: 'found'; commentId: CommentId | null } | (Resolved & { kind: 'wait' | 'gone' })> {
  const [piece] = effect.pieces;
  const found = await turn.jiras[effect.target].findComment(pair.issueIds[effect.target], effect.effectId);
  if (!found.ok && found.failure.kind === 'missing') return { kind: 'gone', side: effect.target };
  if (!found.ok) return waitFor(turn, found.failure);
  if (found.value === null || piece === undefined) return mayStillCome(turn, effect) ?? { kind: 'found', commentId: null };
  const source = otherSide(effect.target);
  const origin = originOfComment(piece);
  const known = pieces.get(piece)?.comments?.[source] ?? (origin.side === source ? origin.commentId : null);
  const print = turn.ports.fingerprinter(turn.claim.tenantId)(normalRich(found.value.body));
  // What the source said at the time is not known, so it counts as changed: the plan then compares the two (K2, K3). So does a copy
  // that somebody edited before it was found.
  const isEdited = found.value.updatedAt > found.value.createdAt;
  pieces.set(
    piece,
    synchronizedBase(
      onSides<string | null>(effect.target, isEdited ? null : print, null),
      onSides<CommentId | null>(effect.target, found.value.commentId, known),
    ),
  );
  return { kind: 'found', commentId: found.value.commentId };
}

/** What was sent a moment ago by a worker that lost its lane may still be on its way to Jira (R4). */
function mayStillCome(turn: Turn, effect: Effect): (Resolved & { kind: 'wait' }) | null {
  const at = effect.intendedAt + UNCERTAIN_WAIT_MS;
  if (turn.ports.clock.now() >= at) return null;
  return { kind: 'wait', decision: { kind: 'again', at, counts: false, cause: 'still-uncertain' } };
}

/** Whatever keeps us from looking, nothing may be made before we have looked. */
function waitFor(turn: Turn, failure: Failure): Resolved & { kind: 'wait' } {
  const decision = decideInTurn(turn, failure, 'read');
  if (decision.kind === 'again') return { kind: 'wait', decision };
  const at = turn.ports.clock.now() + LOOK_AGAIN_MS;
  return { kind: 'wait', decision: { kind: 'again', at, counts: true, cause: 'still-uncertain' } };
}

/** A look-up that is refused outright is refused by somebody's setting; it is looked at again as rights are. */
const LOOK_AGAIN_MS = 10 * 60_000;
