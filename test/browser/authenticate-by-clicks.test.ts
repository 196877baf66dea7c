import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { AuthenticationLink, Connection, ConnectionHealth, CreateConnection } from '../../app/contract/connections.ts';
import type { PageApi } from '../../scripts/page-api.ts';
import type { DataCenterSite } from '../../simulator/datacenter/data-center-site.ts';
import { type OpenStage, openStage } from '../flows/stage.ts';
import { startWatchedBrowser, type WatchedBrowser } from './watched-browser.ts';

/** *Authenticate* and *Copy link*: people who let Tandem into sites without the app, by clicks in a real browser. */
const LIMIT_MS = 90_000;

let browser: WatchedBrowser;
let stage: OpenStage;
let support: PageApi;

beforeAll(async () => {
  browser = await startWatchedBrowser();
  stage = await openStage(browser);
  await stage.install(stage.acme);
  support = stage.page(stage.acme, 'SUP');
}, LIMIT_MS);
afterAll(async () => {
  await stage.close();
  await browser.close();
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
const connect = (body: CreateConnection): Promise<Connection> => support('POST', '/connections', body);
const read = ({ connectionId }: Connection): Promise<Connection> => support('GET', `/connections/${connectionId}`);

async function linkOf({ connectionId }: Connection, madeFor: 'me' | 'somebody'): Promise<string> {
  const made = await support<AuthenticationLink>('POST', `/connections/${connectionId}/authentication-links`, { for: madeFor });
  return made.url;
}

/** Opens a one-time link in a window of its own, sees who asks for what, and goes on to the site. */
async function follow(url: string, site: string): Promise<Page> {
  const page = await browser.open();
  await page.goto(url);
  await page.getByRole('heading', { name: `Let Tandem into ${site}?` }).waitFor();
  await page.getByRole('heading', { name: 'Log in as the sync user' }).waitFor();
  await shoot(page, 'let-tandem-in');
  await press(page, 'Continue');
  return page;
}

async function logIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Username').fill(name);
  await page.getByLabel('Password').fill(`password-of-${name}`);
  await press(page, 'Log in');
}

const control = async (site: DataCenterSite, what: string, body: object): Promise<Record<string, string>> => {
  const answer = await fetch(`${site.url}/__sim/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Record<string, string>;
};

/** What a person of the site is called, by the name they log in with. */
const nameOf = (site: DataCenterSite, userName: string): string =>
  [...site.heart.users.values()].find((user) => user.userName === userName)?.displayName ?? '';

const hostOf = (url: string): string => url.replace('http://', '');

async function connectByOAuth2(site: DataCenterSite): Promise<Connection> {
  const wanted = { name: 'Tandem', redirectUris: [`${stage.url}/oauth/callback`], scope: 'ADMIN' };
  const { clientId = '', clientSecret = '' } = await control(site, 'links/oauth2', wanted);
  const applicationLink = { name: 'Tandem', clientId, clientSecret, scope: 'ADMIN' as const };
  return connect({ kind: 'oauth2-data-center', siteUrl: site.url, applicationLink });
}

it(
  'OAuth 2.0 of Data Center: by the person who asked, denied first, then as the sync user, then replaced by another one',
  async () => {
    const { initech: site } = stage;
    const connection = await connectByOAuth2(site);
    expect(connection).toMatchObject({ state: 'awaiting-authentication', product: 'data-center' });
    const link = await linkOf(connection, 'me');

    const page = await follow(link, hostOf(site.url));
    await logIn(page, 'lduarte');
    await press(page, 'Deny');
    await page.getByRole('heading', { name: 'The consent was denied on the page of the site.' }).waitFor();
    await page.getByText('consent-denied').waitFor();
    expect(browser.takeTroubles()).toEqual([expect.stringContaining('403')]);

    await page.goto(link);
    await press(page, 'Continue');
    await press(page, 'Allow');
    await page.getByRole('heading', { name: `${hostOf(site.url)} is connected` }).waitFor();
    await page.getByText(nameOf(site, 'lduarte'), { exact: true }).waitFor();
    await shoot(page, 'site-connected');
    expect(await read(connection)).toMatchObject({ state: 'working', syncUser: { name: nameOf(site, 'lduarte') } });

    await page.goto(link);
    await page.getByText('link-used').waitFor();
    await shoot(page, 'link-used');
    expect(browser.takeTroubles()).toEqual([expect.stringContaining('410')]);

    const other = await follow(await linkOf(connection, 'somebody'), hostOf(site.url));
    await logIn(other, 'mwright');
    await press(other, 'Allow');
    await other.getByRole('heading', { name: 'is connected' }).waitFor();
    await other.getByText('Until now').waitFor();
    const health = await support<ConnectionHealth>('GET', `/connections/${connection.connectionId}/health`);
    expect(health.connection).toMatchObject({ state: 'working', syncUser: { name: nameOf(site, 'mwright') } });
  },
  LIMIT_MS,
);

it(
  'OAuth 1.0a: by whoever is sent the link',
  async () => {
    const { umbrella: site } = stage;
    const connection = await connect({ kind: 'oauth1', siteUrl: site.url, applicationLink: { name: 'Tandem' } });
    const consumer = connection.applicationLink;
    await control(site, 'links/oauth1', {
      name: 'Tandem',
      consumerKey: consumer?.clientId,
      publicKey: consumer?.publicKey,
      callbackUrl: `${stage.url}/oauth/callback`,
    });
    const link = await linkOf(connection, 'somebody');
    const page = await follow(link, hostOf(site.url));
    await logIn(page, 'rcosta');
    await press(page, 'Deny');
    await page.getByText('consent-denied').waitFor();
    expect(browser.takeTroubles()).toEqual([expect.stringContaining('403')]);
    await page.goto(link);
    await press(page, 'Continue');
    await press(page, 'Allow');
    await page.getByRole('heading', { name: `${hostOf(site.url)} is connected` }).waitFor();
    expect(await read(connection)).toMatchObject({ state: 'working', kind: 'oauth1' });
  },
  LIMIT_MS,
);

it(
  'OAuth 2.0 (3LO) of Cloud: the site that is asked for counts, no other',
  async () => {
    const { globex, acme } = stage;
    const connection = await connect({ kind: 'oauth2-cloud', siteUrl: globex.url });
    const link = await linkOf(connection, 'somebody');
    const choose = async (page: Page, site: typeof globex): Promise<void> => {
      await page.getByLabel('Site and account').waitFor();
      const labels = await page.getByLabel('Site and account').locator('option').allTextContents();
      const label = labels.find((one) => one.startsWith(site.heart.title)) ?? '';
      await page.getByLabel('Site and account').selectOption({ label });
      await press(page, 'Allow');
    };
    const page = await follow(link, hostOf(globex.url));
    await choose(page, acme);
    await page.getByText('consent-other-site').waitFor();
    expect(browser.takeTroubles()).toEqual([expect.stringContaining('409')]);
    expect(await read(connection)).toMatchObject({ state: 'awaiting-authentication', syncUser: null });
    await page.goto(link);
    await press(page, 'Continue');
    await choose(page, globex);
    await page.getByRole('heading', { name: `${hostOf(globex.url)} is connected` }).waitFor();
    expect(await read(connection)).toMatchObject({ state: 'working', product: 'cloud' });
  },
  LIMIT_MS,
);

it(
  'the page says who asks, by name, and can be read in the dark',
  async () => {
    const connection = await connect({ kind: 'oauth2-cloud', siteUrl: stage.globex.url });
    const page = await browser.open();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(await linkOf(connection, 'somebody'));
    const admin = [...stage.acme.heart.users.values()].find((user) => user.siteAdmin);
    await page
      .getByText(`${admin?.displayName} of ${hostOf(stage.acme.url)}`)
      .first()
      .waitFor();
    const style = (property: string) => page.evaluate(`getComputedStyle(document.body).${property}`);
    expect([await style('backgroundColor'), await style('color')]).toEqual(['rgb(31, 31, 33)', 'rgb(206, 207, 210)']);
    await shoot(page, 'let-tandem-in-dark');
  },
  LIMIT_MS,
);
