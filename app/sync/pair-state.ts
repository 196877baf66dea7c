import { laterOf, newestId } from '../core/change-mark.ts';
import type { PieceKey } from '../core/ids.ts';
import type { Item } from '../core/item.ts';
import { type RiskKind, takeBack } from '../core/mass-change.ts';
import { type OwnEdit, withOwnEdit } from '../core/own-edits.ts';
import { AWAY_PIECE, type PieceBase } from '../core/piece.ts';
import { SIDES, type Side } from '../core/side.ts';
import { UNREAD, type View, wholeView } from '../core/view.ts';
import type { Applied } from './apply-plan.ts';
import type { Ground } from './ground.ts';
import { knownUntil } from './known-until.ts';
import type { PutBack } from './note-overwrite.ts';
import { noteReplacedStatus } from './note-replaced-status.ts';
import type { Effect, KeptValue, LaneEnd, Pair } from './ports.ts';
import type { Line, Turn } from './turn.ts';

/** With what a turn of a pair begins. */
export interface PairStart {
  readonly pair: Pair;
  readonly pieces: ReadonlyMap<PieceKey, PieceBase>;
  /** Effects of earlier turns whose outcome was found out in this one. */
  readonly effects: readonly Effect[];
  /** The pair is new: its origin as it was read or listed, so that it is not read again. */
  readonly origin: Item | null;
  /** The twin was found just now: an earlier turn made it and could not note it. */
  readonly found: boolean;
}

/** The state of a turn of a pair; grows with every step, recorded at its end. */
export interface PairState {
  readonly start: PairStart;
  pair: Pair;
  readonly bases: Map<PieceKey, PieceBase>;
  /** As they are to be stored; null removes a piece. */
  readonly changed: Map<PieceKey, PieceBase | null>;
  readonly views: { A: View; B: View };
  /** Since when, at least, each view is as it is (SPEC O12). */
  readonly lookedAt: { A: number | null; B: number | null };
  readonly effects: Effect[];
  /** Effects of earlier turns of which it is known what became of them. */
  readonly settled: Effect[];
  /** Writes of earlier turns of which only a look at both sides tells it (SPEC O10). */
  unheard: readonly Effect[];
  readonly lines: Line[];
  readonly kept: KeptValue[];
  /** What waits for a person's word on a mass change. */
  readonly held: Map<PieceKey, RiskKind>;
  /** Values of people that our writes replaced and that must stand again. */
  putBack: PutBack[];
  end: LaneEnd;
}

/** What people said to bring back (SPEC M8), and the copies that were looked up, are remembered so from the beginning. */
export function startState(turn: Turn, start: PairStart): PairState {
  const state = emptyState(start);
  change(state, new Map([...start.pieces].filter(([piece, base]) => turn.memory.pieces.get(piece) !== base)));
  change(state, takeBack(start.pieces));
  return state;
}

const emptyState = (start: PairStart): PairState => ({
  start,
  pair: start.pair,
  bases: new Map(start.pieces),
  changed: new Map(),
  views: { A: UNREAD, B: UNREAD },
  lookedAt: { A: null, B: null },
  effects: [],
  settled: start.effects.filter((effect) => !isUnheard(effect)),
  unheard: start.effects.filter(isUnheard),
  lines: start.found ? [{ outcome: 'created', source: start.pair.originSide, cause: null }] : [],
  kept: [],
  held: new Map(),
  putBack: [],
  end: { kind: 'done' },
});

/** What sets a state is not looked up at Jira: the item itself shows what became of it. A copy that was not found may be gone again. */
const isUnheard = ({ kind, state }: Effect): boolean =>
  kind === 'write-fields' ||
  kind === 'transition' ||
  kind === 'edit-comment' ||
  (kind === 'create-comment' && state === 'abandoned');

/** What a plan is carried out on. */
export const groundOf = ({ pair, views, bases, lookedAt }: PairState): Ground => ({ pair, views, bases, lookedAt });

/**
 * The whole item is known now, up to its `updated`; never further than now, since what people do once a clock that was ahead is put
 * right must not look older (SPEC O3).
 *
 * @param askedAt when it was asked for: what came to pass since then it may not show
 */
export function see(turn: Turn, state: PairState, side: Side, item: Item, askedAt: number): void {
  state.lookedAt[side] = askedAt;
  const made = state.pair.transitioned[side];
  if (made !== null) noteReplacedStatus(turn, state, side, made, item.changes);
  // As it was known when the turn began: what happened until then is still to be decided on, in whichever round.
  state.views[side] = wholeView(item, knownUntil(state.start.pair, side));
  const shown = { id: newestId(item.changes), at: Math.min(item.updatedAt, turn.ports.clock.now()) };
  const seen = laterOf(knownUntil(state.pair, side).seen, shown);
  state.pair = {
    ...state.pair,
    issueKeys: { ...state.pair.issueKeys, [side]: item.issueKey },
    seenAt: { ...state.pair.seenAt, [side]: seen.at },
    seenChange: { ...state.pair.seenChange, [side]: seen.id },
    transitioned: { ...state.pair.transitioned, [side]: null },
  };
}

/**
 * The pair as the next turn has to begin when it is told again what this one was told: nothing of it counts as worked off. What our last
 * transition replaced is told but once, so a side that was seen stays judged, and so does what was told of our edits of comments.
 */
export function toldAgain({ pair, start, views }: PairState): Pair {
  const { seenAt, toldAt, seenChange, toldChange } = start.pair;
  const made = (side: Side) => pair.transitioned[side] ?? (views[side].whole ? null : start.pair.transitioned[side]);
  return { ...pair, seenAt, toldAt, seenChange, toldChange, transitioned: { A: made('A'), B: made('B') } };
}

/** Bases as they are from now on, for this turn and for what it leaves behind; null removes a piece. */
export function change(state: PairState, bases: ReadonlyMap<PieceKey, PieceBase | null>): void {
  for (const [piece, base] of bases) {
    state.changed.set(piece, base);
    if (base === null) state.bases.delete(piece);
    else state.bases.set(piece, base);
  }
}

/** Whether one of the items was not where it belongs when it was looked at last; remembered as long as it is so (SPEC I6). */
export const isAway = ({ bases }: PairState): boolean => bases.has(AWAY_PIECE);

/** Both items are where they belong. */
export function noteThere(state: PairState): void {
  if (isAway(state)) change(state, new Map([[AWAY_PIECE, null]]));
}

/** What carrying out a plan, begun at that time, came to. */
export function take(turn: Turn, state: PairState, applied: Applied & { kind: 'applied' }, begunAt: number): void {
  change(state, applied.bases);
  state.effects.push(...applied.effects);
  state.lines.push(...applied.lines);
  state.kept.push(...applied.kept);
  state.putBack = [...applied.putBack];
  state.end = applied.end;
  for (const side of SIDES) {
    const item = applied.answered[side];
    if (item !== null) see(turn, state, side, item, begunAt);
    const transitioned = applied.transitioned[side];
    if (transitioned !== null) state.pair = { ...state.pair, transitioned: { ...state.pair.transitioned, [side]: transitioned } };
    for (const edit of applied.ownEdits[side]) noteOwnEdit(state, side, edit);
  }
}

/** An edit or a deletion of a comment that we made there. */
export function noteOwnEdit(state: PairState, side: Side, edit: OwnEdit): void {
  const edits = withOwnEdit(state.pair.ownEdits[side], edit);
  state.pair = { ...state.pair, ownEdits: { ...state.pair.ownEdits, [side]: edits } };
}

/** A strict turn that has looked at neither side yet, since nothing was told but our own transitions and edits of comments. */
export const isStrictUnread = ({ memory }: Turn, { views }: PairState): boolean =>
  memory.synchronization.configuration.strict && SIDES.every((side) => views[side] === UNREAD);

/** What a transition of ours replaced is known since this turn, and was what it was meant to replace: nothing that a person did, or needs. */
export const isOwnHeard = ({ start: { pair: before }, pair }: PairState): boolean =>
  SIDES.some((side) => before.transitioned[side] !== null && pair.transitioned[side] === null);
