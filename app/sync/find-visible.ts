import { type Failure, fail, succeed } from '../core/failure.ts';
import type { SynchronizationId } from '../core/ids.ts';
import { SIDES, type Side } from '../core/side.ts';
import { decideNext, type SynchronizationEvent, type SynchronizationState } from '../core/synchronization-states.ts';
import type { Synchronization } from './ports.ts';
import type { Caller, SetUpPorts, SetUpResult } from './set-up-ports.ts';
import type { SetUpRefusal } from './set-up-refusal.ts';

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

/** Every synchronization of the caller's space or tenant, whichever side it is. */
export async function listVisible(ports: Pick<SetUpPorts, 'synchronizations'>, caller: Caller): Promise<readonly Visible[]> {
  const ofSite = await ports.synchronizations.listOfSite(caller.siteTenantId);
  return ofSite.flatMap((synchronization) => {
    const [side] = sidesOf(caller, synchronization);
    return side === undefined ? [] : [{ synchronization, side }];
  });
}

/** One of them; another space's is not found, just like one that does not exist. */
export async function findVisible(
  ports: Pick<SetUpPorts, 'synchronizations'>,
  caller: Caller,
  synchronizationId: SynchronizationId,
): SetUpResult<Visible> {
  const visible = (await listVisible(ports, caller)).find(
    ({ synchronization }) => synchronization.synchronizationId === synchronizationId,
  );
  return visible === undefined ? fail({ code: 'synchronization-not-found' }) : succeed(visible);
}

/** Asked from Jira at this moment: a right taken away a minute ago must not write. */
export async function ensureSpaceAdmin(ports: Pick<SetUpPorts, 'sites'>, caller: Caller): SetUpResult<null> {
  if (caller.kind === 'token') return caller.scopes.includes('configure') ? succeed(null) : fail({ code: 'scope-missing' });
  const jira = await ports.sites.reach(caller.siteTenantId, caller.connectionId);
  if (jira === null) return fail({ code: 'site-unreachable' });
  const admin = await jira.readAdminRights(caller.accountId, caller.projectId);
  if (!admin.ok) return fail(refusalOfOwnSite(admin.failure));
  return admin.value.site || admin.value.space ? succeed(null) : fail({ code: 'not-space-admin' });
}

/** What a caller is told when their own site did not answer as it should. */
export const refusalOfOwnSite = (failure: Failure): SetUpRefusal => ({
  code: failure.kind === 'rate-limited' ? 'site-busy' : 'site-unreachable',
});

export interface Permitted extends Visible {
  readonly to: SynchronizationState | 'gone';
}

/** The three questions before every change, in this order: is it theirs to see, are they an admin, does the state allow it. */
export async function ensurePermitted(
  ports: Pick<SetUpPorts, 'sites' | 'synchronizations'>,
  caller: Caller,
  synchronizationId: SynchronizationId,
  event: SynchronizationEvent,
): SetUpResult<Permitted> {
  const visible = await findVisible(ports, caller, synchronizationId);
  if (!visible.ok) return visible;
  const admin = await ensureSpaceAdmin(ports, caller);
  if (!admin.ok) return admin;
  const { synchronization } = visible.value;
  const decisions = sidesOf(caller, synchronization).map((side) => ({ side, ...decideNext(synchronization.state, event, side) }));
  for (const decision of decisions)
    if (decision.kind === 'allowed') return succeed({ synchronization, side: decision.side, to: decision.to });
  return fail({
    code: decisions.some((one) => one.kind === 'refused' && one.because === 'side') ? 'side-forbids' : 'state-forbids',
  });
}

type Change = Parameters<SetUpPorts['synchronizations']['update']>[2];

/** Writes the change and answers with what is stored then; gone meanwhile is not found. */
export async function applyChange(
  ports: Pick<SetUpPorts, 'synchronizations'>,
  visible: Visible,
  change: Change,
): SetUpResult<Visible> {
  const { tenantId, synchronizationId } = visible.synchronization;
  const updated = await ports.synchronizations.update(tenantId, synchronizationId, change);
  const synchronization = updated ? await ports.synchronizations.read(tenantId, synchronizationId) : null;
  return synchronization === null
    ? fail({ code: 'synchronization-not-found' })
    : succeed({ synchronization, side: visible.side });
}
