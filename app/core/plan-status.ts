import { lookBefore, withAnswer } from './ask-person.ts';
import { decideScalar } from './decide-scalar.ts';
import { changesBack, isUntriedReturn, lookAcross } from './look-across.ts';
import { settleStatus } from './loose-print.ts';
import { fingerprintStatus } from './normal-form.ts';
import {
  agreedBase,
  COUNTS_AS_CHANGED,
  lastSeen,
  type PieceBase,
  parkedBase,
  restIsOver,
  STATUS_PIECE,
  stillParked,
  synchronizedBase,
} from './piece.ts';
import type { Look, PiecePlan, PlanInput } from './plan.ts';
import { type Flow, noteFlow, planSettled, planWithoutWrite } from './plan-verdict.ts';
import { flowsFrom, otherSide, SIDES, type Side, type Sides } from './side.ts';
import { sameName, translateStatus } from './translate.ts';

/** SPEC T. Status goes by transitions, so it is an operation of its own; names are matched by the configuration's map. */
export function planStatus(input: PlanInput): PiecePlan | Look | null {
  const { configuration, views, fingerprint } = input;
  const mapping = configuration.status;
  if (mapping === null) return null;
  const before = input.bases.get(STATUS_PIECE) ?? null;
  const unread = SIDES.filter((side) => views[side].status === null);
  if (before === null && unread.length > 0) return { look: unread };
  const base = before === null ? null : settleStatus(before, { A: views.A.status, B: views.B.status }, fingerprint);
  // The change that parked may be on the side that nothing was told of.
  if (base !== null && unread.length > 0 && restIsOver(base, input.now)) return { look: unread };
  if (base !== null && unread.length === 2) return null;
  if (base !== null && unread.some((side) => base.fingerprints[side] === COUNTS_AS_CHANGED)) return { look: unread };
  const now: Sides<string> = { A: printNow(input, 'A', base), B: printNow(input, 'B', base) };
  const back = changesBack(views, 'status', base, now);
  const decision = decideScalar({
    base: agreedBase(base),
    now,
    empty: { A: false, B: false },
    same: SIDES.some((source) => flowsFrom(source, mapping.direction) && isWanted(input, source)),
    direction: mapping.direction,
    conflict: mapping.conflict,
    changedAt: { A: views.A.changedAt.get('status') ?? null, B: views.B.changedAt.get('status') ?? null },
    changedBackAt: back,
  });
  const missing = lookBefore(decision, base, now, unread, input.now) ?? lookAcross(decision, mapping.direction, back, unread);
  if (missing !== null) return missing;
  const verdict = withAnswer(decision, base, now);
  if (verdict.kind !== 'flow')
    return planWithoutWrite(STATUS_PIECE, verdict, base, now, input.now) ?? planSettled(before, base, STATUS_PIECE);
  if (!isUntriedReturn(verdict.source, back, base, now) && stillParked(base, now, input.now)) return null;
  return flowStatus(input, verdict, base, now);
}

const printNow = ({ views, fingerprint }: PlanInput, side: Side, base: PieceBase | null): string => {
  const { status } = views[side];
  return status === null ? (base === null ? '' : (lastSeen(base, side) ?? '')) : fingerprintStatus(status, fingerprint);
};

function flowStatus(input: PlanInput, flow: Flow, base: PieceBase | null, now: Sides<string>): PiecePlan | Look {
  const piece = STATUS_PIECE;
  const { source } = flow;
  const target = otherSide(source);
  const { status } = input.views[source];
  if (status === null) return { look: [source] };
  const toStatus = translateStatus(input.configuration, status.name, source);
  if (toStatus === null) {
    const parked = parkedBase(base, 'status-not-mapped', input.now, now);
    return { piece, operations: [], base: parked, note: { piece, outcome: 'parked', source, cause: 'status-not-mapped' } };
  }
  const { status: shown, whole } = input.views[target];
  // Jira does not say what a transition replaced, and which are offered has to be read anyway (T2).
  if (!whole) return { look: [target] };
  return {
    piece,
    seen: now,
    operations: [{ kind: 'transition', target, piece, toStatus }],
    // The target's own fingerprint is known once the transition was made; until then its former one stands (T2).
    base: synchronizedBase(now),
    note: noteFlow(piece, flow),
    ...(flow.overwrites && shown !== null ? { losing: { piece, side: target, value: { kind: 'option', ...shown } } } : {}),
  };
}

/** Whether the other side is where the status of `source` sends it (T1): with a many-to-one map one direction is enough. */
function isWanted({ configuration, views }: PlanInput, source: Side): boolean {
  const shown = views[source].status;
  const there = views[otherSide(source)].status;
  if (shown === null || there === null) return false;
  const wanted = translateStatus(configuration, shown.name, source);
  return wanted !== null && sameName(wanted, there.name);
}
