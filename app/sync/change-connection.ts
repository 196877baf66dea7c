import { fail, succeed } from '../core/failure.ts';
import type { ApplicationLinkId, ConnectionId } from '../core/ids.ts';
import { isUuid } from '../platform/columns.ts';
import type { ApplicationLink, ApplicationLinks, LinkScope, TypedCredentials } from './authentication-ports.ts';
import type { RemoteConnection } from './connection-ports.ts';
import type { ConnectionResult, ConnectionSetUpPorts } from './connection-set-up-ports.ts';
import { ensureMayConnect, findConnection, findForChange } from './find-connection.ts';
import { actorOf, noteConnectionChange } from './note-change.ts';
import { registeredBy } from './registered-webhook.ts';
import type { Caller } from './set-up-ports.ts';
import { listUsesOfConnection } from './uses-of-connection.ts';
import { wakeConnection } from './wake-connection.ts';

/** What of the application link is new; a blank client secret keeps the one that is stored. */
export interface LinkChange {
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly scope?: LinkScope;
}

export type ConnectionChange =
  /** A blank token or password keeps what is stored, as a whole. */
  { readonly credentials: TypedCredentials } | { readonly applicationLink: LinkChange };

type ChangePorts = Pick<
  ConnectionSetUpPorts,
  'connections' | 'applicationLinks' | 'typed' | 'sites' | 'settings' | 'synchronizations' | 'lanes' | 'audit' | 'clock'
>;

/**
 * Another secret. Typed credentials are tried at the site at once, and replace the old ones only if they are good; if they are another
 * user's, that one becomes the sync user and nothing else changes.
 */
export async function changeConnection(
  ports: ChangePorts,
  caller: Caller,
  connectionId: ConnectionId,
  change: ConnectionChange,
): ConnectionResult<RemoteConnection> {
  const found = await findForChange(ports, caller, connectionId);
  if (!found.ok) return found;
  return 'credentials' in change
    ? changeCredentials(ports, caller, found.value, change.credentials)
    : changeLink(ports, caller, found.value, change.applicationLink);
}

const isBlank = (credentials: TypedCredentials): boolean =>
  (credentials.kind === 'password' ? credentials.password : credentials.token) === '';

async function changeCredentials(
  ports: ChangePorts,
  caller: Caller,
  connection: RemoteConnection,
  credentials: TypedCredentials,
): ConnectionResult<RemoteConnection> {
  if (connection.kind !== credentials.kind) return fail({ code: 'secret-not-of-kind' });
  if (isBlank(credentials)) return succeed(connection);
  const entered = await ports.typed.enter(connection, credentials);
  if (!entered.ok) return entered;
  await wakeConnection(ports, connection.tenantId, connection.connectionId);
  await noteConnectionChange(
    ports,
    caller,
    connection,
    'connection.secret-changed',
    entered.value.formerSyncUser && 'sync user replaced',
  );
  return succeed(entered.value.connection);
}

async function changeLink(
  ports: ChangePorts,
  caller: Caller,
  connection: RemoteConnection,
  { clientSecret, ...change }: LinkChange,
): ConnectionResult<RemoteConnection> {
  const { tenantId, connectionId, applicationLinkId } = connection;
  if (connection.kind !== 'oauth2-data-center') return fail({ code: 'secret-not-of-kind' });
  if (applicationLinkId === null) return fail({ code: 'link-missing' });
  // The link belongs to every connection to that site that was made with it; who may not use them all must not cut them off.
  const concerned = (await ports.connections.list(tenantId)).filter((one) => one.applicationLinkId === applicationLinkId);
  for (const one of concerned)
    if (!(await findConnection(ports, caller, one.connectionId)).ok) return fail({ code: 'not-site-admin' });
  const keepsSecret = clientSecret === undefined || clientSecret === '';
  const changes = { ...change, ...(keepsSecret ? {} : { clientSecret }) };
  const changed = await ports.applicationLinks.change(tenantId, applicationLinkId, changes);
  if (!changed) return fail({ code: 'link-missing' });
  for (const one of concerned) await wakeConnection(ports, tenantId, one.connectionId);
  await noteConnectionChange(ports, caller, connection, 'connection.secret-changed');
  const after = await ports.connections.read(tenantId, connectionId);
  return after === null ? fail({ code: 'connection-not-found' }) : succeed(after);
}

type RemovePorts = Pick<
  ConnectionSetUpPorts,
  'connections' | 'cares' | 'sites' | 'settings' | 'synchronizations' | 'audit' | 'clock'
>;

/** Forgets a connection with its credentials, and takes our webhook there away where the site lets us. */
export async function removeConnection(ports: RemovePorts, caller: Caller, connectionId: ConnectionId): ConnectionResult<null> {
  const found = await findForChange(ports, caller, connectionId);
  if (!found.ok) return found;
  const { tenantId } = found.value;
  const ours = registeredBy(found.value);
  if ((await listUsesOfConnection(ports, tenantId, connectionId)).length > 0) return fail({ code: 'connection-in-use' });
  if (ours !== null) {
    // A site that does not answer must not keep us from forgetting its credentials; it then calls an address that answers nothing.
    const care = await ports.cares.reach(tenantId, connectionId);
    await care?.removeWebhook(ours);
  }
  if (!(await ports.connections.remove(tenantId, connectionId))) {
    // A synchronization was made over it in this moment. A look registers the webhook again that the site has lost.
    await ports.connections.endLook(tenantId, connectionId, 0);
    return fail({ code: 'connection-in-use' });
  }
  await noteConnectionChange(ports, caller, found.value, 'connection.removed', `${found.value.kind} ${found.value.siteUrl}`);
  return succeed(null);
}

/** The application links that the tenant can use again; with a site, those of that site. */
export async function listApplicationLinks(
  ports: Pick<ConnectionSetUpPorts, 'applicationLinks' | 'sites' | 'settings'>,
  caller: Caller,
  siteUrl: string | undefined,
): ConnectionResult<Awaited<ReturnType<ApplicationLinks['list']>>> {
  const may = await ensureMayConnect(ports, caller);
  return may.ok ? succeed(await ports.applicationLinks.list(caller.siteTenantId, siteUrl)) : may;
}

/** Forgets an application link that no connection uses. The site keeps its own half until its administrator removes it. */
export async function removeApplicationLink(
  ports: Pick<ConnectionSetUpPorts, 'applicationLinks' | 'sites' | 'settings' | 'audit' | 'clock'>,
  caller: Caller,
  applicationLinkId: ApplicationLinkId,
): ConnectionResult<null> {
  const may = await ensureMayConnect(ports, caller);
  if (!may.ok) return may;
  const { siteTenantId } = caller;
  const link: ApplicationLink | null = isUuid(applicationLinkId)
    ? await ports.applicationLinks.read(siteTenantId, applicationLinkId)
    : null;
  if (link === null) return fail({ code: 'application-link-not-found' });
  const removed = await ports.applicationLinks.remove(siteTenantId, applicationLinkId);
  if (removed === 'in-use') return fail({ code: 'application-link-in-use' });
  await ports.audit.note(siteTenantId, {
    at: ports.clock.now(),
    actor: actorOf(caller),
    action: 'application-link.removed',
    subject: applicationLinkId,
    detail: link.siteUrl,
    outcome: 'done',
  });
  return succeed(null);
}
