import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { FrameLocator, Page } from 'playwright-core';
import { createMountPages } from '../../simulator/pages/mount-pages.ts';
import { type InstalledSites, startInstalledSites } from '../two-sites.ts';
import { ensureUi } from './ensure-ui.ts';
import { openTandem, press, shoot } from './tandem-page.ts';
import { startWatchedBrowser, type WatchedBrowser } from './watched-browser.ts';

/**
 * Everything by clicks, in a real browser, with Atlassian's own host script around the page. With SCREENSHOTS_TO=docs/screenshots
 * the pictures of the documentation are taken on the way.
 */
const LIMIT_MS = 120_000;

let browser: WatchedBrowser;
let sites: InstalledSites;

beforeAll(async () => {
  await ensureUi();
  browser = await startWatchedBrowser();
}, 240_000);
afterAll(async () => {
  await browser.close();
});
beforeEach(async () => {
  sites = await startInstalledSites({ simulator: { pages: createMountPages() } });
}, LIMIT_MS);
afterEach(async () => {
  await browser.closePages();
  await sites.close();
  expect(browser.takeTroubles()).toEqual([]);
});

const confirm = (frame: FrameLocator, name: string): Promise<void> =>
  frame.getByRole('dialog').getByRole('button', { name, exact: true }).click();

async function requestFromOtherSite(page: Page, frame: FrameLocator, siteUrl: string): Promise<void> {
  await press(frame, 'New synchronization');
  await frame.getByLabel('On another Jira site').click();
  await frame.getByLabel('Address of the Jira site').fill(siteUrl);
  await frame.getByLabel('Space key').fill('ENG');
  await press(frame, 'Next');
  await frame.getByLabel('Name').fill('Support and Engineering');
  await frame.getByLabel('Description').fill('What customers report, and what engineering does about it.');
  await press(frame, 'Next');
  await frame.getByRole('checkbox', { name: 'Due date' }).uncheck();
  await shoot(page, 'choose-content');
  await press(frame, 'Next');
  await frame.getByRole('heading', { name: 'Does this look right?' }).waitFor();
  await press(frame, 'Send request');
  await frame.getByText('Request sent', { exact: true }).waitFor();
}

async function viewRequest(frame: FrameLocator): Promise<void> {
  await press(frame, 'View request');
  await frame.getByRole('dialog').getByText('asks to keep that space in step').waitFor();
}

/** As an administrator of the other space who looks at the request. */
async function acceptAndStart(frame: FrameLocator): Promise<void> {
  await confirm(frame, 'Accept');
  await frame.getByText('Stopped', { exact: true }).waitFor();
  await press(frame, 'Start');
  await confirm(frame, 'Start');
  await frame.getByText('Running', { exact: true }).waitFor();
}

async function declineAndSendAgain(page: Page, siteUrl: string): Promise<void> {
  const asked = await openTandem(page, siteUrl, 'OPS', 'Jonas Okafor');
  await viewRequest(asked);
  await asked.getByLabel('If you decline: why').fill('Which items?');
  await confirm(asked, 'Decline');
  await asked.getByText('Declined', { exact: true }).waitFor();
  const asking = await openTandem(page, siteUrl, 'SUP', 'Jonas Okafor');
  await press(asking, 'View request');
  await asking.getByText('Which items?', { exact: true }).waitFor();
  await confirm(asking, 'Send again');
  await asking.getByText('Request sent', { exact: true }).waitFor();
}

async function changeSummary(page: Page, summary: string): Promise<void> {
  await page.getByTitle('Click to edit').first().click();
  await page.getByLabel('Summary', { exact: true }).fill(summary);
  await page.getByRole('button', { name: 'Save' }).first().click();
  await page.locator('h1').getByText(summary).waitFor();
}

it(
  'two administrators connect two sites, and an edit crosses both ways',
  async () => {
    const { acme, globex } = sites.world.sites;
    const jonas = await browser.open();
    const noah = await browser.open();
    const support = await openTandem(jonas, acme.url, 'SUP', 'Jonas Okafor');
    await requestFromOtherSite(jonas, support, globex.url);
    const engineering = await openTandem(noah, globex.url, 'ENG', 'Noah Becker');
    await viewRequest(engineering);
    await shoot(noah, 'incoming-request');
    await acceptAndStart(engineering);

    await jonas.goto(`${acme.url}/projects/SUP`);
    await jonas.getByRole('link', { name: 'SUP-2' }).click();
    await changeSummary(jonas, 'Password reset mail takes twelve minutes');
    await noah.goto(`${globex.url}/projects/ENG`);
    const row = noah.getByRole('row').filter({ hasText: 'Password reset mail takes twelve minutes' });
    await row.waitFor();
    await shoot(noah, 'space');
    await row.getByRole('link').first().click();
    await changeSummary(noah, 'Reset mail waits in the queue');
    await jonas.locator('h1').getByText('Reset mail waits in the queue').waitFor();
    await noah.getByLabel('New comment').fill('The queue was full. It is drained, mails go out at once again.');
    await noah.getByRole('button', { name: 'Comment', exact: true }).click();
    await jonas.getByRole('paragraph').filter({ hasText: 'The queue was full.' }).waitFor();
    await shoot(jonas, 'item');

    const again = await openTandem(jonas, acme.url, 'SUP', 'Jonas Okafor');
    await again.getByText('Running', { exact: true }).waitFor();
    await shoot(jonas, 'synchronizations');
    await press(again, 'More actions for Support and Engineering');
    await again.getByRole('menuitem', { name: 'History' }).click();
    await again.getByRole('dialog').getByText('Twin created').waitFor();
    await shoot(jonas, 'history');
  },
  LIMIT_MS,
);

it(
  'two spaces of one site, stopped and deleted after a confirmation',
  async () => {
    const { acme } = sites.world.sites;
    const jonas = await browser.open();
    const support = await openTandem(jonas, acme.url, 'SUP', 'Jonas Okafor');
    await press(support, 'New synchronization');
    await support.getByLabel('On this site').click();
    await support.getByRole('combobox', { name: 'Space' }).fill('Oper');
    await support.getByRole('option', { name: /Operations/ }).click();
    await press(support, 'Next');
    await support.getByLabel('Name').fill('Support and Operations');
    await press(support, 'Next');
    await press(support, 'Next');
    await press(support, 'Send request');
    await support.getByText('Request sent', { exact: true }).waitFor();

    await declineAndSendAgain(jonas, acme.url);
    const operations = await openTandem(jonas, acme.url, 'OPS', 'Jonas Okafor');
    await viewRequest(operations);
    await acceptAndStart(operations);
    await press(operations, 'More actions for Support and Operations');
    expect(await operations.getByRole('menuitem', { name: /Delete/ }).isDisabled()).toBe(true);
    await jonas.keyboard.press('Escape');
    await press(operations, 'Stop');
    await confirm(operations, 'Stop');
    await operations.getByText('Stopped', { exact: true }).waitFor();
    await press(operations, 'More actions for Support and Operations');
    await operations.getByRole('menuitem', { name: /Delete/ }).click();
    await confirm(operations, 'Cancel');
    await operations.getByText('Stopped', { exact: true }).waitFor();
    await press(operations, 'More actions for Support and Operations');
    await operations.getByRole('menuitem', { name: /Delete/ }).click();
    await confirm(operations, 'Delete');
    await operations.getByText('Keep this space in step with another one').waitFor();
  },
  LIMIT_MS,
);
