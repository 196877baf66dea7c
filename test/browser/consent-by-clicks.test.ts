import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import OAuth from 'oauth-1.0a';
import * as oauth from 'oauth4webapi';
import type { Page } from 'playwright-core';
import type { DataCenterSite } from '../../simulator/datacenter/data-center-site.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { startWatchedBrowser, type WatchedBrowser } from './watched-browser.ts';

/** People who log in to the simulated Jiras and say yes or no to an application, by clicks in a real browser. */
const LIMIT_MS = 60_000;
const insecure = { [oauth.allowInsecureRequests]: true } as const;

let browser: WatchedBrowser;
let simulator: Simulator;
let site: DataCenterSite;
let callback: Server;
let redirectUri: string;

beforeAll(async () => {
  callback = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><link rel="icon" href="data:,"><h1>Back at the application</h1>');
  });
  await new Promise<void>((resolve) => callback.listen(0, 'localhost', resolve));
  redirectUri = `http://localhost:${(callback.address() as AddressInfo).port}/callback`;
  simulator = await startSimulator({ dataCenter: { initech: {} }, identity: {} });
  if (simulator.dataCenter.initech === undefined) throw new Error('It was asked for');
  site = simulator.dataCenter.initech;
  browser = await startWatchedBrowser();
}, LIMIT_MS);
afterAll(async () => {
  await browser.close();
  await simulator.close();
  await new Promise((resolve) => callback.close(resolve));
});
afterEach(async () => {
  await browser.closePages();
  expect(browser.takeTroubles()).toEqual([]);
});

async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS_TO'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' });
}

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

async function logIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Username').fill(name);
  await page.getByLabel('Password').fill(`password-of-${name}`);
  await shoot(page, 'consent-log-in');
  await press(page, 'Log in');
}

/** Waits until the browser is back at the application, and reads what it brought along. */
async function broughtBack(page: Page): Promise<URL> {
  await page.getByRole('heading', { name: 'Back at the application' }).waitFor();
  const address = new URL(page.url());
  expect(`${address.origin}${address.pathname}`).toBe(redirectUri);
  return address;
}

/** As the administrator of the Data Center site. */
async function openLinks(): Promise<Page> {
  const page = await browser.open();
  await page.goto(`${site.url}/plugins/servlet/applinks/listApplicationLinks`);
  await logIn(page, 'bkovacs');
  await page.getByRole('heading', { name: 'Application links of Initech Platform' }).waitFor();
  return page;
}

async function linkByOAuth2(): Promise<{ client: oauth.Client; authentication: oauth.ClientAuth }> {
  const page = await openLinks();
  const form = page.getByRole('form', { name: 'OAuth 2.0' });
  await form.getByLabel('Name').fill('Tandem');
  await form.getByLabel('Redirect URL').fill(redirectUri);
  await form.getByLabel('Permission').selectOption({ label: 'Write' });
  await form.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'Tandem is linked' }).waitFor();
  await shoot(page, 'application-link');
  const shown = page.getByRole('region', { name: 'Credentials' });
  const read = async (row: string): Promise<string> =>
    (await shown.getByRole('row', { name: row }).locator('code').textContent()) ?? '';
  return {
    client: { client_id: await read('Client ID') },
    authentication: oauth.ClientSecretPost(await read('Client secret')),
  };
}

const answerTo = async (address: string, authorization: string): Promise<unknown> => {
  const response = await fetch(address, { headers: { authorization } });
  return response.json();
};

/** A request to authorize with PKCE, as an application begins it. */
async function begin(address: string, clientId: string, more: Readonly<Record<string, string>>) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(address);
  url.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...more,
  }).toString();
  return { address: url.href, verifier, state };
}

it(
  'OAuth 2.0 of Data Center: an administrator links the application, a person lets it in or does not',
  async () => {
    const { client, authentication } = await linkByOAuth2();
    const base = `${site.url}/rest/oauth2/latest`;
    const server: oauth.AuthorizationServer = { issuer: site.url, token_endpoint: `${base}/token` };
    const maya = await browser.open();

    const no = await begin(`${base}/authorize`, client.client_id, { scope: 'WRITE' });
    await maya.goto(no.address);
    await logIn(maya, 'mwright');
    await maya.getByRole('heading', { name: 'Tandem asks for access to Initech Platform' }).waitFor();
    await press(maya, 'Deny');
    const denied = await broughtBack(maya);
    expect(Object.fromEntries(denied.searchParams)).toEqual({ error: 'access_denied', state: no.state });

    const yes = await begin(`${base}/authorize`, client.client_id, { scope: 'WRITE' });
    await maya.goto(yes.address);
    await maya.getByText('Maya Wright').waitFor();
    await maya.getByText('See and change what you can change').waitFor();
    await shoot(maya, 'consent-data-center');
    await press(maya, 'Allow');
    const parameters = oauth.validateAuthResponse(server, client, await broughtBack(maya), yes.state);
    const swapped = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      parameters,
      redirectUri,
      yes.verifier,
      insecure,
    );
    const granted = await oauth.processAuthorizationCodeResponse(server, client, swapped);
    expect(await answerTo(`${site.url}/rest/api/2/myself`, `Bearer ${granted.access_token}`)).toMatchObject({ name: 'mwright' });
  },
  LIMIT_MS,
);

/** An OAuth 1.0a application with a key of its own. */
function signedApplication(consumerKey: string) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signer = new OAuth({
    consumer: { key: consumerKey, secret: '' },
    signature_method: 'RSA-SHA1',
    hash_function: (text) => createSign('RSA-SHA1').update(text).sign(privateKey, 'base64'),
  });
  const headerFor = (method: string, url: string, data: Record<string, string>, token?: OAuth.Token): string =>
    signer.toHeader(signer.authorize({ url, method, data }, token)).Authorization;
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    headerFor,
    /** Asks a servlet of the site for a token. */
    ask: async (servlet: string, data: Record<string, string>, token?: OAuth.Token): Promise<OAuth.Token> => {
      const url = `${site.url}/plugins/servlet/oauth/${servlet}`;
      const response = await fetch(url, { method: 'POST', headers: { authorization: headerFor('POST', url, data, token) } });
      const fields = new URLSearchParams(await response.text());
      return { key: fields.get('oauth_token') ?? '', secret: fields.get('oauth_token_secret') ?? '' };
    },
  };
}

it(
  'OAuth 1.0a of Data Center: an administrator registers the consumer, a person lets it in or does not',
  async () => {
    const application = signedApplication('tandem');
    const page = await openLinks();
    const form = page.getByRole('form', { name: 'OAuth 1.0a' });
    await form.getByLabel('Consumer name').fill('Tandem');
    await form.getByLabel('Consumer key').fill('tandem');
    await form.getByLabel('Public key').fill(application.publicKey);
    await form.getByRole('button', { name: 'Create consumer' }).click();
    await page.getByRole('row').filter({ hasText: 'OAuth 1.0a' }).waitFor();
    const olaf = await browser.open();
    const authorize = `${site.url}/plugins/servlet/oauth/authorize`;

    const refused = await application.ask('request-token', { oauth_callback: redirectUri });
    await olaf.goto(`${authorize}?oauth_token=${refused.key}`);
    await logIn(olaf, 'ojansen');
    await press(olaf, 'Deny');
    expect((await broughtBack(olaf)).searchParams.get('oauth_verifier')).toBe('denied');

    const asked = await application.ask('request-token', { oauth_callback: redirectUri });
    await olaf.goto(`${authorize}?oauth_token=${asked.key}`);
    await olaf.getByRole('heading', { name: 'Tandem asks for access to Initech Platform' }).waitFor();
    await olaf.getByText('Olaf Jansen').waitFor();
    await shoot(olaf, 'consent-oauth-1');
    await press(olaf, 'Allow');
    const verifier = (await broughtBack(olaf)).searchParams.get('oauth_verifier') ?? '';
    const token = await application.ask('access-token', { oauth_verifier: verifier }, asked);
    const address = `${site.url}/rest/api/2/myself`;
    expect(await answerTo(address, application.headerFor('GET', address, {}, token))).toMatchObject({ name: 'ojansen' });
  },
  LIMIT_MS,
);

it(
  'OAuth 2.0 (3LO) of Cloud: a person chooses the site and the account, or does not',
  async () => {
    const url = simulator.identity?.url ?? '';
    const registered = await fetch(`${url}/__sim/apps`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Tandem', redirectUris: [redirectUri] }),
    });
    const { clientId, clientSecret } = (await registered.json()) as { clientId: string; clientSecret: string };
    const client: oauth.Client = { client_id: clientId };
    const server: oauth.AuthorizationServer = { issuer: url, token_endpoint: `${url}/oauth/token` };
    const asking = { audience: 'api.atlassian.com', scope: 'read:jira-work read:jira-user offline_access', prompt: 'consent' };
    const page = await browser.open();

    const no = await begin(`${url}/authorize`, clientId, asking);
    await page.goto(no.address);
    await press(page, 'Deny');
    const denied = await broughtBack(page);
    expect([denied.searchParams.get('error'), denied.searchParams.get('state')]).toEqual(['access_denied', no.state]);

    const yes = await begin(`${url}/authorize`, clientId, asking);
    await page.goto(yes.address);
    await page.getByRole('heading', { name: 'Tandem asks for access to your Atlassian account' }).waitFor();
    await page.getByText('See projects, work items and comments').waitFor();
    const { heart } = simulator.sites.globex;
    const chosen = [...heart.users.values()].find((user) => user.displayName === 'Noah Becker');
    await page.getByLabel('Site and account').selectOption({ label: `${heart.title} – Noah Becker` });
    await shoot(page, 'consent-cloud');
    await press(page, 'Allow');
    const parameters = oauth.validateAuthResponse(server, client, await broughtBack(page), yes.state);
    const authentication = oauth.ClientSecretPost(clientSecret);
    const swapped = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      parameters,
      redirectUri,
      yes.verifier,
      insecure,
    );
    const bearer = `Bearer ${(await oauth.processAuthorizationCodeResponse(server, client, swapped)).access_token}`;
    const resources = (await answerTo(`${url}/oauth/token/accessible-resources`, bearer)) as { id: string; url: string }[];
    expect(resources).toMatchObject([{ id: heart.cloudId, url: simulator.sites.globex.url }]);
    expect(await answerTo(`${url}/ex/jira/${resources[0]?.id}/rest/api/3/myself`, bearer)).toMatchObject({
      accountId: chosen?.accountId,
    });
  },
  LIMIT_MS,
);
