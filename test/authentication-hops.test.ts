import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request, { type Response } from 'supertest';
import type { AuditPage } from '../app/contract/administration.ts';
import type { AuthenticationLink, Connection, CreateConnection } from '../app/contract/connections.ts';
import type { ConsentAnswer } from '../app/sync/authentication-ports.ts';
import type { PageApi } from '../scripts/page-api.ts';
import { type OpenStage, openStage } from './flows/stage.ts';
import { consentAtAtlassian, consentAtDataCenter, control } from './remote-sites.ts';

/** The hops of a consent over HTTP: the app on Postgres behind its walls, and the simulated providers. Browsers are in test/browser. */
const LIMIT_MS = 60_000;

let stage: OpenStage;
let support: PageApi;
beforeAll(async () => {
  const nobody = async () => undefined;
  const noBrowser = {
    open: () => Promise.reject(new Error('No browser')),
    takeTroubles: () => [],
    closePages: nobody,
    close: nobody,
  };
  stage = await openStage(noBrowser);
  await stage.install(stage.acme);
  support = stage.page(stage.acme, 'SUP');
}, LIMIT_MS);
afterAll(() => stage.close());

const connect = (body: CreateConnection): Promise<Connection> => support('POST', '/connections', body);
const read = ({ connectionId }: Connection): Promise<Connection> => support('GET', `/connections/${connectionId}`);
const callback = (): string => `${stage.url}/oauth/callback`;

async function byOAuth2(): Promise<Connection> {
  const wanted = { name: 'Tandem', redirectUris: [callback()], scope: 'ADMIN' };
  const { clientId = '', clientSecret = '' } = await control(`${stage.initech.url}/__sim/links/oauth2`, wanted);
  const applicationLink = { name: 'Tandem', clientId, clientSecret, scope: 'ADMIN' as const };
  return connect({ kind: 'oauth2-data-center', siteUrl: stage.initech.url, applicationLink });
}

async function byOAuth1(): Promise<Connection> {
  const connection = await connect({ kind: 'oauth1', siteUrl: stage.umbrella.url, applicationLink: { name: 'Tandem' } });
  const { clientId: consumerKey, publicKey } = connection.applicationLink ?? {};
  await control(`${stage.umbrella.url}/__sim/links/oauth1`, { name: 'Tandem', consumerKey, publicKey, callbackUrl: callback() });
  return connection;
}

const bySite = (): Promise<Connection> => connect({ kind: 'oauth2-cloud', siteUrl: stage.globex.url });

async function linkOf({ connectionId }: Connection, madeFor: 'me' | 'somebody' = 'me'): Promise<string> {
  const made = await support<AuthenticationLink>('POST', `/connections/${connectionId}/authentication-links`, { for: madeFor });
  return new URL(made.url).pathname;
}

/** A browser: what it keeps of the cookies it is given. */
function browser() {
  const jar = new Map<string, string>();
  const keep = (response: Response): Response => {
    for (const text of response.get('Set-Cookie') ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      jar.set(name, value);
    }
    return response;
  };
  const cookies = (): string => [...jar].map((pair) => pair.join('=')).join('; ');
  return {
    get: async (path: string): Promise<Response> => keep(await request(stage.url).get(path).set('Cookie', cookies())),
    post: async (path: string, fields: object): Promise<Response> =>
      keep(await request(stage.url).post(path).set('Cookie', cookies()).type('form').send(fields)),
  };
}
type Browser = ReturnType<typeof browser>;

/** Opens the link and presses the button; where the browser is led. */
async function press(person: Browser, path: string): Promise<string> {
  const seen = /name="seen" value="([^"]+)"/.exec((await person.get(path)).text)?.[1];
  const sent = await person.post(path, { seen });
  expect(sent.status).toBe(200);
  return (sent.get('Refresh') ?? '').replace('0; url=', '');
}

const pathOf = ({ answer, state }: { answer: ConsentAnswer; state: string | null }): string => {
  const { code, error, requestToken, verifier } = answer;
  const said = { state, code, error, oauth_token: requestToken, oauth_verifier: verifier };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(said)) if (value !== null) query.set(name, value);
  return `/oauth/callback?${query.toString()}`;
};

/** Somebody says yes at the site: the address that the site then sends the browser to. */
const consent = {
  'oauth2-data-center': async (url: string) => pathOf(await consentAtDataCenter(stage.initech, url, 'lduarte')),
  oauth1: async (url: string) => pathOf(await consentAtDataCenter(stage.umbrella, url, 'rcosta')),
  'oauth2-cloud': async (url: string) => pathOf(await consentAtAtlassian(stage.world, url, 'globex')),
};
const make = { 'oauth2-data-center': byOAuth2, oauth1: byOAuth1, 'oauth2-cloud': bySite };
const KINDS = ['oauth2-data-center', 'oauth1', 'oauth2-cloud'] as const;

const codeIn = (page: Response): string => /<code>([a-z-]+)<\/code>/.exec(page.text)?.[1] ?? '';
/** What the audit log says of a connection, the newest first. */
async function auditOf({ connectionId }: Connection): Promise<string[]> {
  const { lines } = await support<AuditPage>('GET', '/audit?limit=200');
  return lines
    .filter(({ subject }) => subject === connectionId)
    .map(({ action, outcome, detail }) => (outcome === 'refused' ? `${action} ${detail}` : action));
}

describe.each(KINDS)('a consent by %s', (kind) => {
  it('ends well, is in the audit log, and its link is used up', async () => {
    const connection = await make[kind]();
    const path = await linkOf(connection, 'somebody');
    const person = browser();
    const back = await consent[kind](await press(person, path));
    const done = await person.get(back);
    expect([done.status, codeIn(done)]).toEqual([200, '']);
    expect(await read(connection)).toMatchObject({ state: 'working', syncUser: { name: expect.stringMatching(/\w/) } });
    const again = await Promise.all([person.get(back), person.get(path)]);
    expect(again.map((page) => `${page.status} ${codeIn(page)}`)).toEqual(['410 link-used', '410 link-used']);
    expect(await auditOf(connection)).toEqual([
      'connection.authenticated link-used',
      'connection.authenticated link-used',
      'connection.authenticated',
      'connection.link-made',
      'connection.created',
    ]);
  });

  it.each<[string, (person: Browser, back: string) => Promise<Response>, string]>([
    ['in another browser', (_person, back) => browser().get(back), '403 consent-other-browser'],
    ['without its state', (person, back) => person.get(back.replace(/state=[^&]+&?/, '')), '400 consent-unknown'],
    ['with a forged state', (person, back) => person.get(back.replace(/state=[^&]{4}/, 'state=AAAA')), '400 consent-unknown'],
  ])('counts for nothing %s', async (_title, answer, expected) => {
    const connection = await make[kind]();
    const person = browser();
    const refused = await answer(person, await consent[kind](await press(person, await linkOf(connection))));
    expect(`${refused.status} ${codeIn(refused)}`).toBe(expected);
    expect(await read(connection)).toMatchObject({ state: 'awaiting-authentication', syncUser: null });
  });

  it('counts for nothing with the answer to another attempt of the same browser', async () => {
    const [mine, other] = [await make[kind](), await make[kind]()];
    const person = browser();
    const first = await consent[kind](await press(person, await linkOf(mine)));
    const path = await linkOf(other);
    const second = await consent[kind](await press(person, path));
    const mixed = new URLSearchParams(new URL(second, stage.url).search);
    mixed.set('state', new URL(first, stage.url).searchParams.get('state') ?? '');
    const refused = await person.get(`/oauth/callback?${mixed.toString()}`);
    expect([refused.status >= 400, codeIn(refused)]).toEqual([true, expect.stringMatching(/./)]);
    expect(await read(mine)).toMatchObject({ state: 'awaiting-authentication', syncUser: null });
    expect((await auditOf(mine))[0]).toBe(`connection.authenticated ${codeIn(refused)}`);
    // The link that was not tampered with is open still.
    expect((await person.get(await consent[kind](await press(person, path)))).status).toBe(200);
  });

  it('leads nowhere but to the provider, whatever the request says', async () => {
    const connection = await make[kind]();
    const evil = 'https://evil.example/';
    const path = `${await linkOf(connection)}?next=${evil}&redirect_uri=${evil}&url=${evil}`;
    const led = new URL(await press(browser(), path));
    expect(led.origin).toBe(new URL(kind === 'oauth2-cloud' ? (stage.world.identity?.url ?? '') : connection.siteUrl).origin);
    expect(led.href).not.toContain('evil');
  });
});

it('denied at the site, the link stays open', async () => {
  const connection = await byOAuth2();
  const path = await linkOf(connection);
  const person = browser();
  const no = await person.get(pathOf(await consentAtDataCenter(stage.initech, await press(person, path), 'lduarte', 'deny')));
  expect(`${no.status} ${codeIn(no)}`).toBe('403 consent-denied');
  expect((await person.get(await consent['oauth2-data-center'](await press(person, path)))).status).toBe(200);
});

it('a consent for another site is not taken', async () => {
  const connection = await bySite();
  const person = browser();
  const url = await press(person, await linkOf(connection));
  const other = await person.get(pathOf(await consentAtAtlassian(stage.world, url, 'acme')));
  expect(`${other.status} ${codeIn(other)}`).toBe('409 consent-other-site');
  expect(await read(connection)).toMatchObject({ state: 'awaiting-authentication' });
});

it('a form of another site asks nobody for consent', async () => {
  const connection = await byOAuth2();
  const refused = await browser().post(await linkOf(connection), {});
  expect([refused.status, codeIn(refused), refused.get('Refresh')]).toEqual([403, 'page-not-seen', undefined]);
  expect((await auditOf(connection))[0]).toBe('connection.authenticated page-not-seen');
});

it('the health of a connection says who works there and what that user lacks', async () => {
  const connection = await byOAuth2();
  const person = browser();
  await person.get(await consent['oauth2-data-center'](await press(person, await linkOf(connection))));
  expect(await support('GET', `/connections/${connection.connectionId}/health`)).toMatchObject({
    answers: 'yes',
    connection: { state: 'working', cause: null },
    authenticateBy: `/api/v1/connections/${connection.connectionId}/authentication-links`,
  });
  const { spaces } = await support<{ spaces: unknown[] }>('GET', `/connections/${connection.connectionId}/spaces`);
  expect(spaces).toEqual([expect.objectContaining({ projectKey: 'PLAT' })]);
});
