import { fail, succeed } from '../core/failure.ts';
import type { SynchronizationId } from '../core/ids.ts';
import { SIDES, type Side } from '../core/side.ts';
import { decideNext, type SynchronizationEvent, type SynchronizationState, stateAt } from '../core/synchronization-states.ts';
import { ensureMayConfigure } from './may-configure.ts';
import type { Synchronization } from './ports.ts';
import type { Caller, RightsPorts, SetUpPorts, SetUpResult } from './set-up-ports.ts';

/** A synchronization as a caller sees it: with the side that the caller's space is; A for who speaks for both. */
export interface Visible {
  readonly synchronization: Synchronization;
  readonly side: Side;
}

/**
 * The sides for which the caller speaks, in the order A, B; none: it does not exist for that caller. This is the tenant wall. Ids of
 * spaces are unique within a site only, so the connection counts too.
 */
export function sidesOf(caller: Caller, { sides }: Pick<Synchronization, 'sides'>): readonly Side[] {
  return SIDES.filter(
    (side) =>
      sides[side].siteTenantId === caller.siteTenantId &&
      (caller.kind === 'token' ||
        (sides[side].connectionId === caller.connectionId && sides[side].projectId === caller.projectId)),
  );
}

/** Where synchronizations are found, and what time it is there: requests expire by time. */
export interface FindPorts {
  readonly synchronizations: Pick<SetUpPorts['synchronizations'], 'listOfSite'>;
  readonly clock: Pick<SetUpPorts['clock'], 'now'>;
}

/** Every synchronization of the caller's space or tenant, whichever side it is, in its state at this moment. */
export async function listVisible(ports: FindPorts, caller: Caller): Promise<readonly Visible[]> {
  const ofSite = await ports.synchronizations.listOfSite(caller.siteTenantId);
  const now = ports.clock.now();
  return ofSite.flatMap((written) => {
    const [side] = sidesOf(caller, written);
    const state = stateAt(written.state, written.request?.askedAt ?? null, now);
    return side === undefined ? [] : [{ synchronization: { ...written, state }, side }];
  });
}

/** One of them; another space's is not found, just like one that does not exist. */
export async function findVisible(ports: FindPorts, caller: Caller, synchronizationId: SynchronizationId): SetUpResult<Visible> {
  const visible = (await listVisible(ports, caller)).find(
    ({ synchronization }) => synchronization.synchronizationId === synchronizationId,
  );
  return visible === undefined ? fail({ code: 'synchronization-not-found' }) : succeed(visible);
}

export interface Permitted extends Visible {
  readonly to: SynchronizationState | 'gone';
}

/** The three questions before every change, in this order: is it theirs to see, may they configure, does the state allow it. */
export async function ensurePermitted(
  ports: RightsPorts & FindPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
  event: SynchronizationEvent,
): SetUpResult<Permitted> {
  const visible = await findVisible(ports, caller, synchronizationId);
  if (!visible.ok) return visible;
  const may = await ensureMayConfigure(ports, caller);
  if (!may.ok) return may;
  const { synchronization } = visible.value;
  const decisions = sidesOf(caller, synchronization).map((side) => ({ side, ...decideNext(synchronization.state, event, side) }));
  for (const decision of decisions)
    if (decision.kind === 'allowed') return succeed({ synchronization, side: decision.side, to: decision.to });
  return fail({
    code: decisions.some((one) => one.kind === 'refused' && one.because === 'side') ? 'side-forbids' : 'state-forbids',
  });
}

type Write = Parameters<SetUpPorts['synchronizations']['update']>;
interface AsSeen {
  readonly from: NonNullable<Write[3]>;
  readonly readAs?: Synchronization;
}

/** How it must still stand for who decided on what they saw. */
const asSeen = (synchronization: Synchronization): AsSeen => {
  const { state } = synchronization;
  // What both agreed on changes by its terms, which have a lock of their own.
  if (state === 'stopped' || state === 'running') return { from: [state] };
  // What expired by its time is written down as expired a little later.
  return { from: state === 'expired' ? ['expired', 'requested'] : [state], readAs: synchronization };
};

/** What was refused to who decided on what they saw: it is in another state now, or another request. */
const refusalOfLate = ({ from }: AsSeen, { state }: Synchronization) =>
  fail({ code: from.includes(state) ? 'terms-changed' : 'state-forbids' } as const);

/**
 * Writes the change and answers with what is stored then. Gone meanwhile is not found; in another state than it was seen in, or another
 * request than the one that was seen, it was decided by somebody else at the same moment.
 */
export async function applyChange(
  { synchronizations }: Pick<SetUpPorts, 'synchronizations'>,
  { synchronization: seen, side }: Visible,
  change: Write[2],
): SetUpResult<Visible> {
  const { tenantId, synchronizationId } = seen;
  const as = asSeen(seen);
  // Name and description depend on nothing, and whoever may change them in a state may in all that follow.
  const isDecision = change.state !== undefined || change.configuration !== undefined;
  const updated = isDecision
    ? await synchronizations.update(tenantId, synchronizationId, change, as.from, as.readAs)
    : await synchronizations.update(tenantId, synchronizationId, change);
  const synchronization = await synchronizations.read(tenantId, synchronizationId);
  if (synchronization === null) return fail({ code: 'synchronization-not-found' });
  return updated ? succeed({ synchronization, side }) : refusalOfLate(as, synchronization);
}

/** Removes what still is as it was seen; gone meanwhile is gone. */
export async function applyRemoval(
  { synchronizations }: Pick<SetUpPorts, 'synchronizations'>,
  { synchronization: seen }: Visible,
): SetUpResult<null> {
  const { tenantId, synchronizationId } = seen;
  const as = asSeen(seen);
  if (await synchronizations.remove(tenantId, synchronizationId, as.from, as.readAs)) return succeed(null);
  const synchronization = await synchronizations.read(tenantId, synchronizationId);
  return synchronization === null ? succeed(null) : refusalOfLate(as, synchronization);
}
