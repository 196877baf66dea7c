import { type FailureDecision, UNCERTAIN_WAIT_MS } from '../core/decide-on-failure.ts';
import type { Failure } from '../core/failure.ts';
import type { CommentId, IssueKey, PairId, PieceKey } from '../core/ids.ts';
import { normalRich } from '../core/normal-form.ts';
import { originOfComment, type PieceBase, synchronizedBase } from '../core/piece.ts';
import { onSides, otherSide, type Side } from '../core/side.ts';
import type { Effect, MadeItem, Pair } from './ports.ts';
import { decideInTurn, type Turn } from './turn.ts';
import { toldOf } from './view-told.ts';

export type Resolved =
  | {
      readonly kind: 'resolved';
      readonly pair: Pair | null;
      readonly pieces: ReadonlyMap<PieceKey, PieceBase>;
      readonly effects: readonly Effect[];
    }
  /** The item that would carry a copy is gone or hidden: as long as it is, there is nothing to look up and nothing to write (SPEC I6). */
  | { readonly kind: 'gone'; readonly side: Side }
  /** It cannot be found out now. */
  | { readonly kind: 'wait'; readonly decision: FailureDecision & { kind: 'again' } };

/**
 * Finds out what became of effects that an earlier turn intended and did not confirm (it died, or Jira's answer was lost).
 * Creations are looked up at Jira by the effect id they carried, so nothing is ever made twice; all other writes set a
 * state, which the item itself shows: what became of them is found once it was looked at (SPEC R4, I3, O10).
 */
export async function resolveEffects(turn: Turn): Promise<Resolved> {
  const { memory } = turn;
  const known = { pair: memory.pair, pieces: new Map(memory.pieces) };
  const effects: Effect[] = [];
  for (const effect of memory.openEffects) {
    const remoteId = await lookUp(turn, effect, known);
    if (typeof remoteId === 'object' && remoteId !== null) return remoteId;
    effects.push(settle(effect, remoteId));
  }
  return { kind: 'resolved', ...known, effects };
}

/** What an effect made, if it is one that makes something and did; noted in `known`. Or it cannot be found out now. */
async function lookUp(turn: Turn, effect: Effect, known: Known): Promise<string | null | Unresolved> {
  const { pair, pieces } = known;
  if (effect.kind === 'create-item' && pair === null) {
    const found = await findTwin(turn, effect);
    if (found.kind === 'wait') return found;
    if (found.pair === null) return null;
    known.pair = found.pair;
    for (const [piece, { fingerprints }] of effect.agreed) pieces.set(piece, synchronizedBase(fingerprints));
    return found.pair.issueIds[effect.target];
  }
  if (effect.kind !== 'create-comment' || pair === null) return null;
  const found = await findCopy(turn, pair, effect, pieces);
  return found.kind === 'found' ? found.commentId : found;
}

interface Known {
  pair: Pair | null;
  readonly pieces: Map<PieceKey, PieceBase>;
}

type Unresolved = Resolved & { kind: 'wait' | 'gone' };

const settle = (effect: Effect, remoteId: string | null): Effect => ({
  ...effect,
  state: remoteId === null ? 'abandoned' : 'confirmed',
  remoteId,
});

async function findTwin(
  turn: Turn,
  effect: Effect,
): Promise<{ kind: 'found'; pair: Pair | null } | (Resolved & { kind: 'wait' })> {
  const { memory } = turn;
  const told = isLastAttempt(turn, effect) ? toldCreation(turn, effect.target) : null;
  if (told !== null) return { kind: 'found', pair: pairOf(turn, effect, told) };
  const { projectKey } = memory.synchronization.sides[effect.target];
  const found = await turn.jiras[effect.target].findTwin({
    projectKey,
    afterNumber: effect.afterNumber ?? 0,
    effectId: effect.effectId,
  });
  if (!found.ok) return waitFor(turn, found.failure);
  if (found.value === null) return mayStillCome(turn, effect) ?? { kind: 'found', pair: null };
  return { kind: 'found', pair: pairOf(turn, effect, found.value) };
}

/** What was refused is tried once more in the same turn: of several open attempts only the last one can have made the twin. */
const isLastAttempt = ({ memory: { openEffects } }: Turn, effect: Effect): boolean =>
  openEffects.every((one) => one === effect || one.kind !== 'create-item' || one.intendedAt < effect.intendedAt);

/**
 * The event of the twin's creation comes to the lane that it was made for, by the trace and the mark: so it was made, even if it is gone or
 * hidden by now (SPEC I8).
 */
function toldCreation(turn: Turn, target: Side): MadeItem | null {
  const told = toldOf(turn, target, []).find((one) => one.kind === 'observation' && one.observation.event === 'created');
  return told?.kind === 'observation' ? told.observation : null;
}

/** What the subject is called, as far as an event told. */
function toldKey(turn: Turn): IssueKey | null {
  const told = toldOf(turn, turn.claim.subject.side, []).find(({ kind }) => kind === 'observation');
  return told?.kind === 'observation' ? told.observation.issueKey : null;
}

function pairOf(turn: Turn, effect: Effect, twin: MadeItem): Pair {
  const { claim } = turn;
  return {
    tenantId: claim.tenantId,
    pairId: turn.ports.makeId() as PairId,
    synchronizationId: claim.subject.synchronizationId,
    originSide: claim.subject.side,
    issueIds: onSides(effect.target, twin.issueId, claim.subject.issueId),
    // Where no event told it, the origin's key is shown from the next look on, in this same turn.
    issueKeys: onSides(effect.target, twin.issueKey, toldKey(turn) ?? twin.issueKey),
    seenAt: { A: 0, B: 0 },
    toldAt: { A: 0, B: 0 },
    seenChange: { A: null, B: null },
    toldChange: { A: null, B: null },
    transitioned: { A: null, B: null },
    ownEdits: { A: [], B: [] },
  };
}

async function findCopy(
  turn: Turn,
  pair: Pair,
  effect: Effect,
  pieces: Map<PieceKey, PieceBase>,
): Promise<{ kind: 'found'; commentId: CommentId | null } | Unresolved> {
  const [piece] = effect.pieces;
  const found = await turn.jiras[effect.target].findComment(pair.issueIds[effect.target], effect.effectId);
  if (!found.ok && found.failure.kind === 'missing') return { kind: 'gone', side: effect.target };
  if (!found.ok) return waitFor(turn, found.failure);
  if (found.value === null || piece === undefined) return mayStillCome(turn, effect) ?? { kind: 'found', commentId: null };
  const source = otherSide(effect.target);
  const origin = originOfComment(piece);
  const known = pieces.get(piece)?.comments?.[source] ?? (origin.side === source ? origin.commentId : null);
  const print = turn.ports.fingerprinter(turn.claim.tenantId)(normalRich(found.value.body));
  const carried = effect.agreed.get(piece)?.fingerprints[source] ?? null;
  // A copy that somebody edited before it was found counts as changed.
  const isEdited = found.value.updatedAt > found.value.createdAt;
  pieces.set(
    piece,
    synchronizedBase(
      onSides<string | null>(effect.target, isEdited ? null : print, carried),
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
