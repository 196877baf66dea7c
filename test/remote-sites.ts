import axios from 'axios';
import { createApplicationLinks } from '../app/connections/application-links.ts';
import { createAuthenticationProviders } from '../app/connections/authenticate.ts';
import { createTypedAuthentication } from '../app/connections/enter-credentials.ts';
import { createPostgresApplicationLinkStore } from '../app/connections/postgres-application-link-store.ts';
import { createPostgresConnectionStore } from '../app/connections/postgres-connection-store.ts';
import { createPostgresCredentialStore } from '../app/connections/postgres-credential-store.ts';
import { createSiteProbe } from '../app/connections/probe-site.ts';
import { createRemoteTransports } from '../app/connections/remote-transports.ts';
import type { SecretBox } from '../app/connections/secret-box.ts';
import { type Ask, createSendHttp, type Reply, type SendFailure, type SendHttp } from '../app/connections/send-http.ts';
import type { Result } from '../app/core/failure.ts';
import type { ConnectionId, TenantId } from '../app/core/ids.ts';
import type { Clock } from '../app/platform/clock.ts';
import type { Database } from '../app/platform/database.ts';
import { createAddressRule } from '../app/platform/given-address.ts';
import { createSiteAddressCheck, resolveHost } from '../app/platform/guarded-agents.ts';
import { makeRandomId } from '../app/platform/ids.ts';
import { createLogger } from '../app/platform/logger.ts';
import { makeRandomSecret } from '../app/platform/make-secret.ts';
import type { AuditEntry } from '../app/sync/audit-ports.ts';
import type { ApplicationLink, ConsentAnswer, LinkScope } from '../app/sync/authentication-ports.ts';
import type { RemoteConnection } from '../app/sync/connection-ports.ts';
import type { DataCenterSite } from '../simulator/datacenter/data-center-site.ts';
import type { Simulator } from '../simulator/start-simulator.ts';
import { buildRemoteConnection } from './contract/connection-store.contract.ts';

/** Where the simulated providers send people back to. Nobody listens there: tests read the address. */
export const CALLBACK = 'http://127.0.0.1:1/oauth/callback';

/** Credentials of Tandem's own app at the simulated Atlassian. */
export const APP = { clientId: 'tandem-client', clientSecret: 'secret-of-the-tandem-client' };

export interface RemoteKitOptions {
  readonly simulator: Simulator;
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  readonly typedAllowed?: boolean;
  /** Where providers send people back to; {@link CALLBACK} unless said. */
  readonly callbackUrl?: string;
  /** Comes between: sees each request to a provider or site, and may answer it instead. */
  readonly between?: (ask: Ask, send: SendHttp) => Promise<Result<Reply, SendFailure>>;
}

/** The simulated sites are on this machine. */
const checkAddress = createSiteAddressCheck({
  rule: createAddressRule({ http: 'localhost-too', allowed: ['localhost', '127.0.0.1'] }),
  resolve: resolveHost,
});

export type RemoteKit = ReturnType<typeof createRemoteKit>;

/** What one process has of app/connections for sites without the app, on a database that others may share. */
export function createRemoteKit({
  simulator,
  database,
  secretBox,
  clock,
  typedAllowed = true,
  callbackUrl = CALLBACK,
  between,
}: RemoteKitOptions) {
  const direct = createSendHttp(axios.create({ proxy: false }));
  const send: SendHttp = between === undefined ? direct : (ask) => between(ask, direct);
  const identity = simulator.identity?.url ?? '';
  const audited: AuditEntry[] = [];
  const stores = {
    connections: createPostgresConnectionStore(database),
    credentials: createPostgresCredentialStore(database),
    links: createPostgresApplicationLinkStore(database),
  };
  const parts = {
    ...stores,
    secretBox,
    clock,
    makeId: makeRandomId,
    makeSecret: makeRandomSecret,
    app: APP,
    atlassian: { authUrl: identity, apiUrl: identity },
    callbackUrl,
    send: { given: send, vouched: send },
    logger: createLogger('silent'),
    audit: { note: async (_tenantId: TenantId, entry: AuditEntry) => void audited.push(entry) },
    typedAllowed,
  };
  return {
    ...stores,
    audited,
    transports: createRemoteTransports(parts),
    providers: createAuthenticationProviders(parts),
    typed: createTypedAuthentication(parts),
    applicationLinks: createApplicationLinks(parts),
    probe: createSiteProbe({ ...parts, send, checkAddress }),
    /** Status of a signed `GET /myself`, with a second try where the transport says so, as the Jira client does it. */
    async callMyself({ tenantId, connectionId }: RemoteConnection): Promise<number | string> {
      const reached = await parts.credentials
        .read({ tenantId, connectionId })
        .then(() => this.transports.reach(tenantId, connectionId));
      if (!reached.ok) return reached.failure;
      return callOnce(reached.value, '/rest/api/2/myself?expand=groups&fields=a%20b', direct);
    },
    callOnce: (transport: Signed, path: string) => callOnce(transport, path, direct),
  };
}

type Signed = Extract<Awaited<ReturnType<ReturnType<typeof createRemoteTransports>['reach']>>, { ok: true }>['value'];

async function callOnce(transport: Signed, path: string, send: SendHttp, tries = 2): Promise<number | string> {
  const signed = await transport.authorize('GET', path);
  if (!signed.ok) return signed.failure.kind;
  const sent = await send({ method: 'GET', url: `${transport.baseUrl}${path}`, headers: { ...signed.value } });
  if (!sent.ok) return sent.failure;
  if (sent.value.status !== 401 || tries === 1 || (await transport.refused(signed.value)) === 'over') return sent.value.status;
  return callOnce(transport, path, send, tries - 1);
}

export const TENANT = '00000000-0000-4000-8000-000000000001' as TenantId;

/** A new connection, stored, to which nobody has consented yet. */
export async function addConnection(
  kit: Pick<RemoteKit, 'connections'>,
  given: Pick<RemoteConnection, 'kind' | 'siteUrl' | 'product'> & Partial<RemoteConnection>,
): Promise<RemoteConnection> {
  const connection = buildRemoteConnection({
    tenantId: TENANT,
    apiUrl: given.siteUrl,
    version: null,
    ...given,
    connectionId: makeRandomId() as ConnectionId,
  });
  await kit.connections.insert(connection);
  return connection;
}

/** Makes Tandem's app known to the simulated Atlassian. */
export async function registerApp(simulator: Simulator, clientSecret = APP.clientSecret): Promise<void> {
  const body = { name: 'Tandem', redirectUris: [CALLBACK], clientId: APP.clientId, clientSecret };
  await control(`${simulator.identity?.url ?? ''}/__sim/apps`, body);
}

export async function control(url: string, body: unknown): Promise<Record<string, string>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, string>;
}

/** An admin of the Data Center site makes an application link for OAuth 2.0, and its data are typed into Tandem. */
export async function linkOAuth2(kit: RemoteKit, site: DataCenterSite, scope: LinkScope = 'ADMIN', typedSecret?: string) {
  const made = await control(`${site.url}/__sim/links/oauth2`, { name: 'Tandem', redirectUris: [CALLBACK], scope });
  const { clientId = '', clientSecret = '' } = made;
  const link = await kit.applicationLinks.add(TENANT, {
    kind: 'oauth2',
    siteUrl: site.url,
    name: 'Tandem',
    clientId,
    clientSecret: typedSecret ?? clientSecret,
    scope,
  });
  return { link, clientSecret };
}

/** Tandem makes a key pair, and an admin of the Data Center site pastes the public key. */
export async function linkOAuth1(kit: RemoteKit, site: DataCenterSite): Promise<ApplicationLink> {
  const link = await kit.applicationLinks.add(TENANT, { kind: 'oauth1', siteUrl: site.url, name: 'Tandem' });
  const consumer = { name: 'Tandem', consumerKey: link.clientId, publicKey: link.publicKey };
  await control(`${site.url}/__sim/links/oauth1`, consumer);
  return link;
}

const answerOf = (location: string): { answer: ConsentAnswer; state: string | null } => {
  const query = new URL(location).searchParams;
  return {
    state: query.get('state'),
    answer: {
      code: query.get('code'),
      error: query.get('error'),
      requestToken: query.get('oauth_token'),
      verifier: query.get('oauth_verifier'),
    },
  };
};

/** A browser with cookies that follows no redirect by itself. */
function browser() {
  let cookie = '';
  return async (url: string, form?: Record<string, string>) => {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie, ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form).toString() }),
    });
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return { location: response.headers.get('location') ?? '', page: await response.text() };
  };
}

const hiddenField = (page: string, name: string): string =>
  (new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '').replaceAll('&amp;', '&');

/** A person of the Data Center site follows the address, logs in and says yes or no. */
export async function consentAtDataCenter(
  site: DataCenterSite,
  url: string,
  userName: string,
  decision: 'allow' | 'deny' = 'allow',
) {
  const go = browser();
  const login = await go((await go(url)).location);
  const destination = hiddenField(login.page, 'os_destination');
  const loggedIn = await go(`${site.url}/login.jsp`, {
    username: userName,
    password: `password-of-${userName}`,
    os_destination: destination,
  });
  const asked = await go(loggedIn.location);
  if (asked.location.startsWith(CALLBACK)) return answerOf(asked.location);
  const { page } = asked.location === '' ? asked : await go(asked.location);
  const action = new URL((/<form method="post" action="([^"]*)"/.exec(page)?.[1] ?? '').replaceAll('&amp;', '&'), site.url);
  const names = ['request', 'oauth_token'].filter((name) => page.includes(`name="${name}"`));
  const fields = Object.fromEntries(names.map((name) => [name, hiddenField(page, name)]));
  return answerOf((await go(action.href, { ...fields, decision })).location);
}

/** A person says on Atlassian's page for which site and account. */
export async function consentAtAtlassian(
  simulator: Simulator,
  url: string,
  siteName: 'acme' | 'globex',
  decision: 'allow' | 'deny' = 'allow',
) {
  const go = browser();
  const { page } = await go(url);
  const { heart } = simulator.sites[siteName];
  const [user] = [...heart.users.values()].filter(({ accountType }) => accountType === 'atlassian');
  const person = `${heart.cloudId} ${user?.accountId ?? ''}`;
  const consent = hiddenField(page, 'consent');
  return answerOf((await go(`${simulator.identity?.url ?? ''}/authorize`, { consent, decision, person })).location);
}
