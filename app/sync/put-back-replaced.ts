import type { Failure } from '../core/failure.ts';
import { sentPrint, toldPrint } from '../core/loose-print.ts';
import type { Operation, PlannedWrite } from '../core/plan.ts';
import { otherSide, type Side } from '../core/side.ts';
import { UNREAD } from '../core/view.ts';
import { carryOut } from './carry-out.ts';
import type { Ground } from './ground.ts';
import { type JudgedWrite, judgeWrites } from './judge-writes.ts';
import { keepValue } from './keep-value.ts';
import type { PutBack } from './note-overwrite.ts';
import { groundOf, type PairState, see } from './pair-state.ts';
import type { Effect } from './ports.ts';
import { agree } from './settle-unheard.ts';
import { decideInTurn, intendEffect, type Turn } from './turn.ts';

/** Why not all of them stand again, and nothing else can be decided in this turn. */
export type NotPutBack =
  | { readonly kind: 'fenced' }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly target: Side };

/**
 * A put-back can replace an edit, too, which is put back in its turn. An automation that edits whatever is written could go on like that for
 * ever: then the last one is kept for a person.
 */
const MOST_WRITES = 6;

/**
 * People's values that our writes replaced stand there again, those of one target by one write; then both sides have changed, and the policy
 * decides (SPEC O7). Null: there is none left.
 */
export async function putBackReplaced(turn: Turn, state: PairState): Promise<NotPutBack | null> {
  for (let written = 0; ; written++) {
    const due = takeDue(turn, state);
    if (due === null) return null;
    const stopped = await writeBack(turn, state, due, written < MOST_WRITES - 1);
    if (stopped !== null) return stopped;
  }
}

/** What is put back by one write. */
interface Due {
  readonly target: Side;
  readonly all: readonly PutBack[];
}

/** Those of the first target that are still to be put back. */
function takeDue(turn: Turn, state: PairState): Due | null {
  const left = state.putBack.filter((one) => !isSettled(turn, state, one));
  const [first] = left;
  state.putBack = left.filter(({ target }) => target !== first?.target);
  return first === undefined ? null : { target: first.target, all: left.filter(({ target }) => target === first.target) };
}

/** Somebody has edited it since our write, with what we wrote in view: that edit is not replaced, and counts as one of its own. */
function isSettled(turn: Turn, state: PairState, { target, write, agreement }: PutBack): boolean {
  const shown = state.views[target].fields.get(write.field);
  const fingerprint = turn.ports.fingerprinter(turn.claim.tenantId);
  if (shown === undefined || toldPrint(shown, fingerprint) === agreement.told) return false;
  agree(state, write.piece, state.bases.get(write.piece) ?? null, agreement.fingerprints);
  const standsAgain = write.value.kind !== 'set-change' && sentPrint(shown, fingerprint) === sentPrint(write.value, fingerprint);
  if (!standsAgain) keepReplaced(turn, state, target, write);
  return true;
}

/** @param goesOn whether an edit that is replaced by this is put back in its turn */
async function writeBack(turn: Turn, state: PairState, due: Due, goesOn: boolean): Promise<NotPutBack | null> {
  const operation: Operation & { kind: 'write-fields' } = {
    kind: 'write-fields',
    target: due.target,
    writes: due.all.map(({ write }) => write),
  };
  const effect = openFor(turn, due.target, due.all);
  if ((await turn.ports.turns.intend(turn.claim, [effect])) === 'fenced') return { kind: 'fenced' };
  const begunAt = turn.ports.clock.now();
  const outcome = await carryOut(turn, groundOf(state), operation, effect);
  if (!outcome.ok) return noteFailure(turn, state, due, effect, outcome.failure);
  state.effects.push({ ...effect, state: 'confirmed' });
  const { item, refused } = outcome.value;
  for (const { write } of due.all) if (refused.has(write.piece)) keepReplaced(turn, state, due.target, write);
  if (item === null) return null;
  const taken = operation.writes.filter(({ piece }) => !refused.has(piece));
  const judged = judgeWrites(turn, withoutSource(groundOf(state), due.target), effect, taken, item);
  see(turn, state, due.target, item, begunAt);
  for (const one of judged) {
    const replacing = due.all.find(({ write }) => write.piece === one.piece);
    if (replacing !== undefined) noteNewer(turn, state, effect, one, replacing, goesOn);
  }
  return null;
}

/** An edit of the same side, newer than what was put back: it is no question of the other side's time which of the two is the last word. */
const withoutSource = (ground: Ground, target: Side): Ground => ({
  ...ground,
  views: { ...ground.views, [otherSide(target)]: UNREAD },
});

/** What a put-back replaced itself. Whoever made that edit saw what our first write had left: that was agreed on, then. */
function noteNewer(
  turn: Turn,
  state: PairState,
  effect: Effect,
  { piece, field, agreement, overwrite }: JudgedWrite,
  { target, write }: PutBack,
  goesOn: boolean,
): void {
  if (overwrite.kind === 'none' || overwrite.kind === 'restored' || overwrite.value === null) return;
  const newer: PlannedWrite = { piece, field, value: overwrite.value };
  if (overwrite.kind === 'stands' || !goesOn || write.value.kind === 'set-change') {
    keepReplaced(turn, state, target, newer);
    return;
  }
  keepReplaced(turn, state, target, write);
  agree(state, piece, state.bases.get(piece) ?? null, agreement.fingerprints);
  const told = toldPrint(write.value, turn.ports.fingerprinter(turn.claim.tenantId));
  state.putBack.push({ target, write: newer, agreement: { ...agreement, told }, intendedAt: effect.intendedAt });
}

/** What Jira refuses to put back is kept for a person, and the rest of the item goes on: fields that it does not name are put back without them. */
function noteFailure(turn: Turn, state: PairState, { target, all }: Due, effect: Effect, failure: Failure): NotPutBack | null {
  const decision = decideInTurn(turn, failure, 'write');
  const comesBack = decision.kind === 'again';
  state.effects.push({ ...effect, state: comesBack ? 'intended' : 'refused' });
  if (decision.kind === 'park') {
    const isNamed = ({ write }: PutBack): boolean => decision.refused !== 'all' && decision.refused.includes(write.field);
    const refused = all.some(isNamed) ? all.filter(isNamed) : all;
    leaveReplaced(turn, state, refused, false);
    state.putBack.unshift(...all.filter((one) => !refused.includes(one)));
    return null;
  }
  if (!comesBack) leaveReplaced(turn, state, all, false);
  leaveReplaced(turn, state, state.putBack, comesBack);
  return { kind: 'failed', failure, target };
}

/**
 * What could not be put back in this turn. Left open, the next turn judges anew what our write replaced, and puts it back. Where there will
 * be none, it is kept for a person.
 */
export function leaveReplaced(turn: Turn, state: PairState, left: readonly PutBack[], comesBack: boolean): void {
  for (const one of left) {
    if (comesBack) state.effects.push(openFor(turn, one.target, [one]));
    else keepReplaced(turn, state, one.target, one.write);
  }
}

/** While it is open, the writes that replaced the values are looked for, and judged again: so it dates from the first of them. */
function openFor(turn: Turn, target: Side, all: readonly PutBack[]): Effect {
  const pieces = all.map(({ write }) => write.piece);
  const agreed = new Map(all.map(({ write, agreement }) => [write.piece, agreement]));
  const intendedAt = Math.min(...all.map((one) => one.intendedAt));
  return { ...intendEffect(turn, 'write-fields', target, pieces, agreed), intendedAt };
}

function keepReplaced(turn: Turn, state: PairState, side: Side, { piece, value }: PlannedWrite): void {
  if (value.kind === 'set-change') return;
  state.kept.push(keepValue(turn, { piece, side, value }));
  state.lines.push({ piece, outcome: 'overwritten', source: otherSide(side), cause: 'conflict-lost' });
}
