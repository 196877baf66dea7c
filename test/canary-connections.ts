import type { Connection } from '../app/contract/connections.ts';
import { EVERYTHING, type PageApi } from '../scripts/page-api.ts';
import type { DataCenterSite } from '../simulator/datacenter/data-center-site.ts';
import type { Simulator } from '../simulator/start-simulator.ts';
import type { Canary } from './find-leaks.ts';
import { control } from './remote-sites.ts';
import { createWebPerson, formAddress, hiddenField, type WebPage, type WebPerson } from './web-person.ts';

/** What it takes to get into sites without the app, as people do. */
export interface ConnectingKit {
  readonly world: Simulator;
  /** The API as an administrator of acme uses it. */
  readonly api: PageApi;
  /** Where the app answers. */
  readonly url: string;
  /** What is handed out in the course. */
  readonly note: (canary: Canary) => void;
}

const siteOf = ({ dataCenter }: Simulator, name: 'initech' | 'umbrella'): DataCenterSite => {
  const site = dataCenter[name];
  if (site === undefined) throw new Error(`${name} was not asked for.`);
  return site;
};

/** From the one-time link to the page of the site. */
async function beginConsent({ api, note }: ConnectingKit, { connectionId }: Connection, person: WebPerson): Promise<WebPage> {
  const { url } = await api<{ url: string }>('POST', `/connections/${connectionId}/authentication-links`, { for: 'me' });
  note({ name: 'a one-time link', text: url.slice(-43) });
  const page = await person.open(url);
  const onward = await person.submit(url, { seen: hiddenField(page, 'seen') ?? '' });
  const next = /<a href="([^"]*)" rel="noreferrer">/.exec(onward.html)?.[1] ?? '';
  return person.open(next.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&'));
}

/** Logs in at a Data Center site and allows it; answers with the page to which the site led back. */
async function consentAtDataCenter(kit: ConnectingKit, site: DataCenterSite, connection: Connection, user: string) {
  const person = createWebPerson();
  const login = await beginConsent(kit, connection, person);
  const destination = hiddenField(login, 'os_destination') ?? '';
  const credentials = { username: user, password: `password-of-${user}`, os_destination: destination };
  const asked = await person.submit(`${site.url}/login.jsp`, credentials);
  const fields = ['request', 'oauth_token'].flatMap((name) => {
    const value = hiddenField(asked, name);
    return value === null ? [] : [[name, value]];
  });
  return person.submit(formAddress(asked), { ...Object.fromEntries(fields), decision: 'allow' });
}

async function consentAtAtlassian(kit: ConnectingKit, connection: Connection) {
  const person = createWebPerson();
  const page = await beginConsent(kit, connection, person);
  const { heart } = kit.world.sites.globex;
  const [user] = [...heart.users.values()].filter(({ accountType }) => accountType === 'atlassian');
  const chosen = { consent: hiddenField(page, 'consent') ?? '', person: `${heart.cloudId} ${user?.accountId ?? ''}` };
  return person.submit(formAddress(page), { ...chosen, decision: 'allow' });
}

const ensureDone = (page: WebPage): void => {
  if (page.status !== 200 || !page.html.includes('is connected')) throw new Error(`It ended with ${page.status}.`);
};

/** By OAuth 2.0: first with a wrong client secret, then with the right one. */
async function connectByOAuth2(kit: ConnectingKit, wrongSecret: string): Promise<Connection> {
  const site = siteOf(kit.world, 'initech');
  const redirectUris = [`${kit.url}/oauth/callback`];
  const { clientId = '', clientSecret = '' } = await control(`${site.url}/__sim/links/oauth2`, {
    ...{ name: 'Tandem', redirectUris, scope: 'ADMIN' },
  });
  const connection = await kit.api<Connection>('POST', '/connections', {
    ...{ kind: 'oauth2-data-center', siteUrl: site.url },
    applicationLink: { name: 'Tandem', clientId, clientSecret: wrongSecret, scope: 'ADMIN' },
  });
  const refused = await consentAtDataCenter(kit, site, connection, 'bkovacs');
  if (refused.status < 400) throw new Error('A wrong client secret was taken.');
  await kit.api('PATCH', `/connections/${connection.connectionId}`, { applicationLink: { clientSecret } });
  ensureDone(await consentAtDataCenter(kit, site, connection, 'bkovacs'));
  return connection;
}

async function connectByOAuth1(kit: ConnectingKit): Promise<Connection> {
  const site = siteOf(kit.world, 'initech');
  const connection = await kit.api<Connection>('POST', '/connections', { kind: 'oauth1', siteUrl: site.url });
  const { clientId, publicKey } = connection.applicationLink ?? {};
  await control(`${site.url}/__sim/links/oauth1`, { name: 'Tandem', consumerKey: clientId, publicKey });
  ensureDone(await consentAtDataCenter(kit, site, connection, 'bkovacs'));
  return connection;
}

async function connectByCloudConsent(kit: ConnectingKit): Promise<Connection> {
  const siteUrl = kit.world.sites.globex.url;
  const connection = await kit.api<Connection>('POST', '/connections', { kind: 'oauth2-cloud', siteUrl });
  ensureDone(await consentAtAtlassian(kit, connection));
  return connection;
}

/** What is typed in: wrong at first, then right. */
async function connectByTyping(kit: ConnectingKit, wrong: string): Promise<Connection[]> {
  const umbrella = siteOf(kit.world, 'umbrella');
  const { globex } = kit.world.sites;
  const { token = '' } = await control(`${umbrella.url}/__sim/personal-tokens`, { user: 'ihansen' });
  const [person] = [...globex.heart.users.values()].filter(
    ({ accountType, siteAdmin }) => siteAdmin && accountType === 'atlassian',
  );
  const { emailAddress: email = '', apiToken = '' } = person ?? {};
  kit.note({ name: 'a typed token', text: token });
  kit.note({ name: 'a typed token', text: apiToken });
  kit.note({ name: 'an e-mail address', text: email });
  const typed = [
    [{ kind: 'personal-token', siteUrl: umbrella.url }, 'token', token],
    [{ kind: 'api-token', siteUrl: globex.url, email }, 'token', apiToken],
    [{ kind: 'password', siteUrl: umbrella.url, userName: 'ihansen' }, 'password', 'password-of-ihansen'],
  ] as const;
  const made: Connection[] = [];
  for (const [body, field, right] of typed) {
    await kit.api('POST', '/connections', { ...body, [field]: wrong }).then(
      () => Promise.reject(new Error('A wrong secret was taken.')),
      () => undefined,
    );
    made.push(await kit.api<Connection>('POST', '/connections', { ...body, [field]: right }));
  }
  return made;
}

/** Every kind of connection, each tried wrongly first where that is possible, and looked at. */
export async function connectInEveryWay(kit: ConnectingKit, wrong: string): Promise<{ readonly dataCenter: Connection }> {
  const dataCenter = await connectByOAuth2(kit, wrong);
  const others = [await connectByOAuth1(kit), await connectByCloudConsent(kit), ...(await connectByTyping(kit, wrong))];
  for (const { connectionId } of [dataCenter, ...others]) {
    await kit.api('GET', `/connections/${connectionId}`);
    await kit.api('GET', `/connections/${connectionId}/health`);
    await kit.api('GET', `/connections/${connectionId}/spaces`);
  }
  await kit.api('GET', '/connections');
  await kit.api('GET', '/application-links');
  return { dataCenter };
}

/** A synchronization of the caller's space and one behind that connection, which stands stopped. */
export async function setUpOver(api: PageApi, connectionId: string, projectKey: string): Promise<string> {
  const partner = { connectionId, projectKey };
  const { setUpId } = await api<{ setUpId: string }>('POST', '/set-ups', { route: 'any', partner });
  await api('PATCH', `/set-ups/${setUpId}`, { name: 'Support and the other side', content: EVERYTHING });
  const made = await api<{ synchronizationId: string }>('POST', `/set-ups/${setUpId}/finish`);
  return made.synchronizationId;
}
