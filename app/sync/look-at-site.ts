import { fail, succeed } from '../core/failure.ts';
import type { ConnectionId, ProjectId } from '../core/ids.ts';
import type { ApplicationLink, ProbedSite } from './authentication-ports.ts';
import type { ConnectionResult, ConnectionSetUpPorts } from './connection-set-up-ports.ts';
import { ensureMayConnect, findConnection, refusalOfRemoteSite } from './find-connection.ts';
import { probeAddress } from './probe-address.ts';
import type { Caller } from './set-up-ports.ts';

export interface LookedAt {
  readonly site: ProbedSite;
  /** The app is there: both sides can have it, and nobody has to hand out credentials. */
  readonly hasApp: boolean;
  /** Application links to that site that can be used again. */
  readonly applicationLinks: readonly ApplicationLink[];
}

/** What is at an address that a person typed, and which ways in there are. */
export async function lookAtSite(
  ports: Pick<ConnectionSetUpPorts, 'probe' | 'directory' | 'applicationLinks' | 'sites' | 'settings' | 'audit' | 'clock'>,
  caller: Caller,
  typed: string,
): ConnectionResult<LookedAt> {
  const may = await ensureMayConnect(ports, caller);
  if (!may.ok) return may;
  const probed = await probeAddress(ports, caller, typed);
  if (!probed.ok) return probed;
  const { siteUrl } = probed.value;
  return succeed({
    site: probed.value,
    hasApp: (await ports.directory.findByUrl(siteUrl)) !== null,
    applicationLinks: await ports.applicationLinks.list(caller.siteTenantId, siteUrl),
  });
}

export interface RemoteSpace {
  readonly projectId: ProjectId;
  readonly projectKey: string;
  readonly name: string;
}

/** The spaces that the sync user of a connection may browse. */
export async function listRemoteSpaces(
  ports: Pick<ConnectionSetUpPorts, 'connections' | 'sites'>,
  caller: Caller,
  connectionId: ConnectionId,
): ConnectionResult<readonly RemoteSpace[]> {
  const found = await findConnection(ports, caller, connectionId);
  if (!found.ok) return found;
  if (found.value.state !== 'working') return fail({ code: 'authentication-needed' });
  const jira = await ports.sites.reach(found.value.tenantId, connectionId);
  if (jira === null) return fail({ code: 'authentication-needed' });
  const spaces = await jira.listSpaces();
  return spaces.ok ? spaces : fail(refusalOfRemoteSite(spaces.failure));
}
