import type { Page } from 'playwright-core';
import type { AuthenticationLink, Connection } from '../../app/contract/connections.ts';
import type { PageApi } from '../../scripts/page-api.ts';
import type { DataCenterSite } from '../../simulator/datacenter/data-center-site.ts';
import type { Stage } from './stage.ts';

/** People in a browser: an administrator who links the app, and whoever lets it in. */

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

async function logIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Username').fill(name);
  await page.getByLabel('Password').fill(`password-of-${name}`);
  await press(page, 'Log in');
}

/** The administrator's page of application links. */
async function openLinks(stage: Stage, site: DataCenterSite, admin: string): Promise<Page> {
  const page = await stage.openWindow();
  await page.goto(`${site.url}/plugins/servlet/applinks/listApplicationLinks`);
  await logIn(page, admin);
  await page.getByRole('heading', { name: 'Application links of' }).waitFor();
  return page;
}

/** An incoming OAuth 2.0 link, made by clicks as the instructions of the app say. */
export async function linkByOAuth2(
  stage: Stage,
  site: DataCenterSite,
  admin: string,
): Promise<{ clientId: string; clientSecret: string }> {
  const page = await openLinks(stage, site, admin);
  const form = page.getByRole('form', { name: 'OAuth 2.0' });
  await form.getByLabel('Name').fill('Tandem');
  await form.getByLabel('Redirect URL').fill(`${stage.url}/oauth/callback`);
  await form.getByLabel('Permission').selectOption({ label: 'Admin' });
  await form.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'Tandem is linked' }).waitFor();
  const shown = page.getByRole('region', { name: 'Credentials' });
  const read = async (row: string): Promise<string> =>
    (await shown.getByRole('row', { name: row }).locator('code').textContent()) ?? '';
  const credentials = { clientId: await read('Client ID'), clientSecret: await read('Client secret') };
  await page.close();
  return credentials;
}

/** An OAuth 1.0a consumer, registered by clicks with the key that the app shows. */
export async function linkByOAuth1(
  stage: Stage,
  site: DataCenterSite,
  admin: string,
  consumer: { clientId: string; publicKey: string },
): Promise<void> {
  const page = await openLinks(stage, site, admin);
  const form = page.getByRole('form', { name: 'OAuth 1.0a' });
  await form.getByLabel('Consumer name').fill('Tandem');
  await form.getByLabel('Consumer key').fill(consumer.clientId);
  await form.getByLabel('Public key').fill(consumer.publicKey);
  await form.getByRole('button', { name: 'Create consumer' }).click();
  await page.getByRole('row').filter({ hasText: 'OAuth 1.0a' }).waitFor();
  await page.close();
}

/** Opens a one-time link in a window of its own and goes on to the site. */
async function follow(stage: Stage, api: PageApi, { connectionId }: Pick<Connection, 'connectionId'>, who: 'me' | 'somebody') {
  const link = await api<AuthenticationLink>('POST', `/connections/${connectionId}/authentication-links`, { for: who });
  const page = await stage.openWindow();
  await page.goto(link.url);
  await page.getByRole('button', { name: 'Continue' }).click();
  return page;
}

async function seeItDone(stage: Stage, api: PageApi, page: Page, connectionId: string): Promise<void> {
  await page.getByRole('heading', { name: 'connected' }).waitFor();
  await page.close();
  const { state, syncUser } = await api<Connection>('GET', `/connections/${connectionId}`);
  if (state !== 'working' || syncUser === null) throw new Error(`The connection is ${state}.`);
  await stage.world.idle();
}

/** The sync user of a Data Center site logs in there and lets the app in. */
export async function consentAtDataCenter(
  stage: Stage,
  api: PageApi,
  connection: Pick<Connection, 'connectionId'>,
  { as, who = 'me' }: { as: string; who?: 'me' | 'somebody' },
): Promise<void> {
  const page = await follow(stage, api, connection, who);
  await logIn(page, as);
  await press(page, 'Allow');
  await seeItDone(stage, api, page, connection.connectionId);
}

/** The sync user of a Cloud site chooses it at Atlassian's accounts and lets the app in. */
export async function consentAtAtlassian(
  stage: Stage,
  api: PageApi,
  connection: Pick<Connection, 'connectionId'>,
  { as, who = 'somebody' }: { as: string; who?: 'me' | 'somebody' },
): Promise<void> {
  const page = await follow(stage, api, connection, who);
  await page.getByLabel('Site and account').selectOption({ label: `${stage.globex.heart.title} – ${as}` });
  await press(page, 'Allow');
  await seeItDone(stage, api, page, connection.connectionId);
}
