import type { Memory, Remembered, RemoteMemory } from './compose-memory.ts';
import type { Secrets } from './compose-secrets.ts';
import type { Config } from './config/read-config.ts';
import { createApplicationLinks } from './connections/application-links.ts';
import { createAuthenticationProviders } from './connections/authenticate.ts';
import { createTypedAuthentication } from './connections/enter-credentials.ts';
import type { InstallationStore } from './connections/installation-store.ts';
import { createSiteProbe } from './connections/probe-site.ts';
import { createRemoteTransports } from './connections/remote-transports.ts';
import { createSendHttp } from './connections/send-http.ts';
import { createSiteDirectory } from './connections/site-directory.ts';
import type { Transports } from './connections/transport.ts';
import type { JiraHttp } from './jira/client.ts';
import type { Clock } from './platform/clock.ts';
import type { CheckSiteAddress } from './platform/guarded-agents.ts';
import type { MakeId } from './platform/ids.ts';
import type { Logger } from './platform/logger.ts';
import { makeRandomSecret } from './platform/make-secret.ts';
import { callbackUrlOf } from './sync/connection-instructions.ts';
import type { ConnectionSetUpPorts } from './sync/connection-set-up-ports.ts';
import { createReadQuota } from './sync/read-quota.ts';

type RemoteConfig = Pick<Config, 'atlassian' | 'tokenConnections' | 'publicUrl'>;

/** What of `Parts` sites without the app need. */
interface RemoteGround {
  readonly http: JiraHttp;
  readonly givenHttp: JiraHttp;
  readonly checkAddress: CheckSiteAddress;
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly logger: Logger;
  readonly secrets: Pick<Secrets, 'secretBox'>;
}

/** What of `Reach` they need. */
interface Reached extends Pick<ConnectionSetUpPorts, 'sites' | 'cares' | 'readPersonName'> {
  readonly installations: InstallationStore;
}

/** What everything about sites without the app is made of. */
function remoteParts(
  { atlassian: { app, ...atlassian }, tokenConnections, publicUrl }: RemoteConfig,
  { http, givenHttp, checkAddress, clock, makeId, secrets: { secretBox } }: RemoteGround,
  { credentials, applicationLinks }: RemoteMemory,
) {
  return {
    ...{ credentials, secretBox, clock, makeId, app, atlassian, checkAddress },
    links: applicationLinks,
    makeSecret: makeRandomSecret,
    callbackUrl: callbackUrlOf(publicUrl),
    send: { given: createSendHttp(givenHttp.instance), vouched: createSendHttp(http.instance) },
    typedAllowed: tokenConnections,
  };
}

/** The way to the sites without the app. */
export const composeRemoteTransports = (
  config: RemoteConfig,
  parts: RemoteGround,
  remote: RemoteMemory,
  { audit }: Pick<Remembered, 'audit'>,
): Transports => createRemoteTransports({ ...remoteParts(config, parts, remote), audit, logger: parts.logger });

/** What people and programs do to get into such sites, behind the wall of their tenant. Null: there are none. */
export function composeConnecting(
  config: RemoteConfig,
  parts: RemoteGround,
  { sites, installations, cares, readPersonName }: Reached,
  memory: Memory,
): ConnectionSetUpPorts | null {
  const { connections, synchronizations, settings, lanes, remote } = memory.requests;
  if (remote === null) return null;
  const { clock, makeId } = parts;
  const entrance = { ...remoteParts(config, parts, remote), connections };
  return {
    ...{ connections, synchronizations, settings, lanes, sites, cares, readPersonName, clock, makeId },
    applicationLinks: createApplicationLinks(entrance),
    authenticationLinks: remote.authenticationLinks,
    providers: createAuthenticationProviders(entrance),
    typed: createTypedAuthentication(entrance),
    probe: createSiteProbe({ ...entrance, send: entrance.send.given }),
    directory: createSiteDirectory(installations, connections),
    // Not behind the wall: quotas are the app's with all tenants together, and the audit log has a line for whoever was refused.
    audit: memory.audit,
    readQuota: createReadQuota({ store: memory.quotas, clock }),
    makeSecret: makeRandomSecret,
    publicUrl: config.publicUrl,
  };
}
