import { fail, type Result, succeed } from '../core/failure.ts';
import type { ApplicationLinkId, ConnectionId } from '../core/ids.ts';
import type { ApplicationLink, LinkScope, ProbedSite, TypedCredentials } from './authentication-ports.ts';
import { type RemoteConnection, type RemoteKind, TYPED_KINDS } from './connection-ports.ts';
import type { ConnectionRefusal } from './connection-refusal.ts';
import type { ConnectionResult, ConnectionSetUpPorts } from './connection-set-up-ports.ts';
import { ensureMayConnect } from './find-connection.ts';
import { noteConnectionChange } from './note-change.ts';
import { probeAddress } from './probe-address.ts';
import type { Caller } from './set-up-ports.ts';

/** An OAuth 2.0 client that an admin of the site has just made. */
export interface NewClient {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: LinkScope;
}

/** Which application link: one that is known, or a new one. */
export type LinkChoice<New> = { readonly known: ApplicationLinkId } | { readonly new: New };

export type WantedConnection = { readonly siteUrl: string } & (
  | { readonly kind: 'oauth2-cloud' }
  | { readonly kind: 'oauth2-data-center'; readonly link: LinkChoice<NewClient> }
  /** A new one comes with a new key pair. */
  | { readonly kind: 'oauth1'; readonly link: LinkChoice<{ readonly name: string }> }
  | TypedCredentials
);

export type MakePorts = Pick<
  ConnectionSetUpPorts,
  'connections' | 'applicationLinks' | 'typed' | 'probe' | 'sites' | 'settings' | 'audit' | 'clock' | 'makeId'
>;

/**
 * Makes a way to a site that has not installed the app, after a look at that site. Typed credentials are tried at once, and nothing is
 * left of a connection whose credentials are wrong; the other kinds wait for somebody's consent.
 */
export async function makeConnection(
  ports: MakePorts,
  caller: Caller,
  wanted: WantedConnection,
): ConnectionResult<RemoteConnection> {
  const may = await ensureMayConnect(ports, caller);
  if (!may.ok) return may;
  if (await isFull(ports, caller)) return fail({ code: 'too-many-connections' });
  const probed = await probeAddress(ports, caller, wanted.siteUrl);
  if (!probed.ok) return probed;
  const possible = ensurePossible(probed.value, wanted.kind);
  if (!possible.ok) return possible;
  const link = await takeLink(ports, caller, probed.value.siteUrl, wanted);
  if (!link.ok) return link;
  const connection = buildConnection(ports, caller, probed.value, wanted.kind, link.value);
  if (!(await ports.connections.insert(connection))) return fail({ code: 'application-link-not-found' });
  const made = await tryCredentials(ports, connection, wanted);
  if (!made.ok) {
    await ports.connections.remove(connection.tenantId, connection.connectionId);
    return made;
  }
  await noteConnectionChange(ports, caller, connection, 'connection.created', `${connection.kind} ${connection.siteUrl}`);
  return made;
}

/** More than any site connects to. Each costs a look now and then, and each link of OAuth 1.0a a new pair of keys. */
const MOST = 500;

async function isFull(
  { connections, applicationLinks }: Pick<MakePorts, 'connections' | 'applicationLinks'>,
  { siteTenantId }: Caller,
): Promise<boolean> {
  const counts = [(await connections.list(siteTenantId)).length, (await applicationLinks.list(siteTenantId)).length];
  return Math.max(...counts) >= MOST;
}

const isTyped = (kind: RemoteKind): boolean => (TYPED_KINDS as readonly RemoteKind[]).includes(kind);

/** The probe leaves out what this installation does not offer, so what is missing says why. */
function ensurePossible({ product, kinds }: ProbedSite, kind: RemoteKind): Result<null, ConnectionRefusal> {
  // Not offered from Jira 11 on, where an admin may have switched it on again: the site itself says.
  const mayBe = kind === 'password' && product === 'data-center' && kinds.some(isTyped);
  if (kinds.includes(kind) || mayBe) return succeed(null);
  if (isTyped(kind) && !kinds.some(isTyped)) return fail({ code: 'kind-off' });
  if (kind === 'oauth2-cloud' && product === 'cloud') return fail({ code: 'provider-missing' });
  return fail({ code: 'kind-impossible' });
}

async function takeLink(
  { applicationLinks }: Pick<MakePorts, 'applicationLinks'>,
  { siteTenantId }: Caller,
  siteUrl: string,
  wanted: WantedConnection,
): ConnectionResult<ApplicationLink | null> {
  if (wanted.kind !== 'oauth2-data-center' && wanted.kind !== 'oauth1') return succeed(null);
  const linkKind = wanted.kind === 'oauth1' ? 'oauth1' : 'oauth2';
  if ('known' in wanted.link) {
    const { known } = wanted.link;
    const links = await applicationLinks.list(siteTenantId, siteUrl);
    const link = links.find(({ applicationLinkId, kind }) => applicationLinkId === known && kind === linkKind);
    return link === undefined ? fail({ code: 'application-link-not-found' }) : succeed(link);
  }
  return succeed(
    await applicationLinks.add(
      siteTenantId,
      wanted.kind === 'oauth1'
        ? { kind: 'oauth1', siteUrl, name: wanted.link.new.name }
        : { kind: 'oauth2', siteUrl, ...wanted.link.new },
    ),
  );
}

function buildConnection(
  { clock, makeId }: Pick<MakePorts, 'clock' | 'makeId'>,
  caller: Caller,
  { siteUrl, product, version }: ProbedSite,
  kind: RemoteKind,
  link: ApplicationLink | null,
): RemoteConnection {
  const now = clock.now();
  return {
    tenantId: caller.siteTenantId,
    connectionId: makeId() as ConnectionId,
    kind,
    siteUrl,
    // Where Cloud's gateway is needed, that turns out when somebody authenticates.
    apiUrl: siteUrl,
    product,
    version,
    state: 'awaiting-authentication',
    since: now,
    cause: null,
    syncUser: null,
    applicationLinkId: link?.applicationLinkId ?? null,
    createdBy: caller.kind === 'token' ? null : caller.accountId,
    createdAt: now,
    credentialsEndAt: null,
    webhook: { kind: 'none' },
    lastCallAt: null,
    lastEventAt: null,
  };
}

async function tryCredentials(
  { typed }: Pick<MakePorts, 'typed'>,
  connection: RemoteConnection,
  wanted: WantedConnection,
): ConnectionResult<RemoteConnection> {
  switch (wanted.kind) {
    case 'oauth2-cloud':
    case 'oauth2-data-center':
    case 'oauth1':
      return succeed(connection);
    case 'personal-token':
    case 'api-token':
    case 'password': {
      const entered = await typed.enter(connection, wanted);
      return entered.ok ? succeed(entered.value.connection) : entered;
    }
  }
}
