import { type Failure, fail, type Result, succeed } from '../core/failure.ts';
import type { ConnectionId } from '../core/ids.ts';
import { isUuid } from '../platform/columns.ts';
import type { RemoteConnection } from './connection-ports.ts';
import type { ConnectionRefusal } from './connection-refusal.ts';
import type { ConnectionResult, ConnectionSetUpPorts } from './connection-set-up-ports.ts';
import { ensureMayConfigure, refusalOfOwnSite } from './may-configure.ts';
import type { Caller, SpaceCaller } from './set-up-ports.ts';

/** Before every change: who may configure (SPEC S11), by Jira's word at this moment, or a token with the scope for connections. */
export async function ensureMayConnect(ports: MayPorts, caller: Caller): ConnectionResult<null> {
  if (caller.kind === 'token') return ensureScope(caller);
  const may = await ensureMayConfigure(ports, caller);
  return may.ok ? succeed(null) : may;
}

const ensureScope = (caller: Extract<Caller, { kind: 'token' }>): Result<null, ConnectionRefusal> =>
  caller.scopes.includes('connections') ? succeed(null) : fail({ code: 'scope-missing' });

type MayPorts = Pick<ConnectionSetUpPorts, 'sites' | 'settings'>;
type FindPorts = Pick<ConnectionSetUpPorts, 'connections' | 'sites'>;

/** The connections that the caller may use: for a person those they made, for admins of the site and for tokens all of the tenant. */
export async function listConnections(ports: FindPorts, caller: Caller): ConnectionResult<readonly RemoteConnection[]> {
  if (caller.kind === 'token') {
    const scope = ensureScope(caller);
    return scope.ok ? succeed(await ports.connections.list(caller.siteTenantId)) : scope;
  }
  const all = await ports.connections.list(caller.siteTenantId);
  if (all.every((one) => one.createdBy === caller.accountId)) return succeed(all);
  const admin = await isSiteAdmin(ports, caller);
  if (!admin.ok) return admin;
  return succeed(admin.value ? all : all.filter((one) => one.createdBy === caller.accountId));
}

/** One of them. What is not the caller's to use is not found, just like what does not exist. */
export async function findConnection(
  ports: FindPorts,
  caller: Caller,
  connectionId: ConnectionId,
): ConnectionResult<RemoteConnection> {
  if (caller.kind === 'token') {
    const scope = ensureScope(caller);
    if (!scope.ok) return scope;
  }
  const connection = isUuid(connectionId) ? await ports.connections.read(caller.siteTenantId, connectionId) : null;
  if (connection === null) return fail({ code: 'connection-not-found' });
  if (caller.kind === 'token' || connection.createdBy === caller.accountId) return succeed(connection);
  const admin = await isSiteAdmin(ports, caller);
  if (!admin.ok) return admin;
  return admin.value ? succeed(connection) : fail({ code: 'connection-not-found' });
}

/** {@link findConnection} for a change: whether the caller may change anything is asked from Jira at this moment. */
export async function findForChange(
  ports: FindPorts & MayPorts,
  caller: Caller,
  connectionId: ConnectionId,
): ConnectionResult<RemoteConnection> {
  const found = await findConnection(ports, caller, connectionId);
  if (!found.ok) return found;
  const may = await ensureMayConnect(ports, caller);
  return may.ok ? found : may;
}

/** What a caller is told when the site of a connection did not answer as it should. */
export function refusalOfRemoteSite({ kind }: Failure): ConnectionRefusal {
  if (kind === 'unauthorized') return { code: 'authentication-needed' };
  return { code: kind === 'rate-limited' ? 'site-busy' : 'remote-site-unreachable' };
}

async function isSiteAdmin(ports: Pick<ConnectionSetUpPorts, 'sites'>, caller: SpaceCaller): ConnectionResult<boolean> {
  const jira = await ports.sites.reach(caller.siteTenantId, caller.connectionId);
  if (jira === null) return fail({ code: 'site-unreachable' });
  const rights = await jira.readAdminRights(caller.accountId, caller.projectId);
  return rights.ok ? succeed(rights.value.site) : fail(refusalOfOwnSite(rights.failure));
}
