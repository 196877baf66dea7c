import { fail, succeed } from '../core/failure.ts';
import type { ConnectionId, SynchronizationId } from '../core/ids.ts';
import { type Proposal, proposeConfiguration } from '../core/propose-configuration.ts';
import type { Sides } from '../core/side.ts';
import { accountOf, type FoundSpace, readSpace, refusalOfTie } from './find-space.ts';
import type { Visible } from './find-visible.ts';
import { ensureMayConfigure, ensureMayConfigureSpace } from './may-configure.ts';
import { noteChange } from './note-change.ts';
import type { AdminRights, SideAddress, SiteAddress, Synchronization } from './ports.ts';
import type { SynchronizationWish } from './request-synchronization.ts';
import type { Caller, SetUpPorts, SetUpResult } from './set-up-ports.ts';

/** A space by the connection to its site. */
export interface ChosenSpace {
  /** A connection of the tenant, or that of its own site; null: its own site. */
  readonly connectionId: ConnectionId | null;
  readonly projectKey: string;
}

/**
 * A synchronization of two spaces that the tenant can reach, without asking anybody: somebody consented to each connection (SPEC S13), and
 * spaces of the tenant's own site are tied by who administers them. It stands stopped. `as`: its id, where one was chosen already.
 */
export async function establishSynchronization(
  ports: SetUpPorts,
  caller: Caller,
  chosen: Sides<ChosenSpace>,
  { name, description, mode, content }: SynchronizationWish,
  as = ports.makeId() as SynchronizationId,
): SetUpResult<Visible> {
  const found = await findBoth(ports, caller, chosen);
  if (!found.ok) return found;
  const { A, B } = found.value;
  if (mode === 'review' && (await isRemote(ports, [A.address, B.address]))) return fail({ code: 'partner-not-asked' });
  const { configuration } = proposeConfiguration(content, { A: A.shape, B: B.shape });
  if (configuration.types.length === 0) return fail({ code: 'no-common-types' });
  const synchronization: Synchronization = {
    tenantId: caller.siteTenantId,
    synchronizationId: as,
    name,
    description,
    state: 'stopped',
    mode,
    request: null,
    sides: { A: A.address, B: B.address },
    configuration,
    configurationVersion: 1,
    scannedUntil: { A: null, B: null },
    createdAt: ports.clock.now(),
  };
  if (!(await ports.synchronizations.insertUnlessTied(synchronization))) return fail({ code: 'already-synchronized' });
  // A connection may have been removed since it was looked at; one that is there now is held by what was inserted.
  for (const { siteTenantId, connectionId } of [A.address, B.address])
    if ((await ports.directory.read(siteTenantId, connectionId)) === null) {
      await ports.synchronizations.remove(synchronization.tenantId, as);
      return fail({ code: 'connection-not-yours' });
    }
  await noteChange(ports, caller, synchronization, 'synchronization.created');
  return succeed({ synchronization, side: 'A' });
}

/** Whether one of them is of a site without the app, where nobody could be asked about drafts (SPEC V5). */
const isRemote = async ({ connections }: Pick<SetUpPorts, 'connections'>, spaces: readonly SideAddress[]): Promise<boolean> =>
  (await Promise.all(spaces.map(({ siteTenantId, connectionId }) => connections.read(siteTenantId, connectionId)))).some(
    (connection) => connection !== null,
  );

/** What types and statuses would stand for each other, and which are alone (SPEC S1–S3). */
export async function previewSynchronization(
  ports: SetUpPorts,
  caller: Caller,
  chosen: Sides<ChosenSpace>,
  content: SynchronizationWish['content'],
): SetUpResult<Proposal> {
  const found = await findBoth(ports, caller, chosen);
  if (!found.ok) return found;
  return succeed(proposeConfiguration(content, { A: found.value.A.shape, B: found.value.B.shape }));
}

async function findBoth(ports: SetUpPorts, caller: Caller, chosen: Sides<ChosenSpace>): SetUpResult<Sides<FoundSpace>> {
  const rights = await ensureMayConfigure(ports, caller);
  if (!rights.ok) return rights;
  const A = await findChosen(ports, caller, rights.value, chosen.A);
  if (!A.ok) return A;
  const B = await findChosen(ports, caller, rights.value, chosen.B);
  if (!B.ok) return B;
  const refusal = await refusalOfTie(ports, { A: A.value.address, B: B.value.address }, null);
  return refusal === null ? succeed({ A: A.value, B: B.value }) : fail(refusal);
}

/** One of the two, if the caller may tie it (SPEC S11). */
export async function findChosen(
  ports: SetUpPorts,
  caller: Caller,
  rights: AdminRights,
  { connectionId, projectKey }: ChosenSpace,
): SetUpResult<FoundSpace> {
  const own = await ports.directory.readOwn(caller.siteTenantId);
  if (connectionId === null || connectionId === own?.connectionId) return findOwn(ports, caller, own, projectKey);
  const usable = await ensureUsable(ports, caller, rights, connectionId);
  if (!usable.ok) return usable;
  const { siteTenantId } = caller;
  return readSpace(ports, { siteTenantId, connectionId }, { projectKey }, 'partner');
}

/** Whether the caller may use that connection to another site: it is theirs, or they speak for the tenant. */
export async function ensureUsable(
  { connections }: Pick<SetUpPorts, 'connections'>,
  caller: Caller,
  rights: AdminRights,
  connectionId: ConnectionId,
) {
  const connection = await connections.read(caller.siteTenantId, connectionId);
  const isUsable = connection !== null && (rights.site || connection.createdBy === accountOf(caller));
  return isUsable ? succeed(connection) : fail({ code: 'connection-not-yours' } as const);
}

async function findOwn(ports: SetUpPorts, caller: Caller, own: SiteAddress | null, projectKey: string): SetUpResult<FoundSpace> {
  if (own === null) return fail({ code: 'site-unreachable' });
  const found = await readSpace(ports, own, { projectKey }, 'own');
  if (!found.ok || caller.kind === 'token') return found;
  const { projectId } = found.value.address;
  if (projectId === caller.projectId) return found;
  const may = await ensureMayConfigureSpace(ports, caller, projectId);
  if (may.ok) return found;
  return may.failure.code === 'not-space-admin' ? fail({ code: 'other-space-admin-needed' }) : may;
}
