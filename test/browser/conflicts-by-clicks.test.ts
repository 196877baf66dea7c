import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { EVERYTHING } from '../../scripts/page-api.ts';
import { createMountPages } from '../../simulator/pages/mount-pages.ts';
import { aMomentLater } from '../ledgers.ts';
import { personOn, plain, twinOf } from '../person.ts';
import { startTwoSites, type TwoSites } from '../two-sites.ts';
import { ensureUi } from './ensure-ui.ts';
import { openTandem, press, shoot } from './tandem-page.ts';
import { startWatchedBrowser, type WatchedBrowser } from './watched-browser.ts';

/** What two people did to the same fields at the same time, settled by clicks in a real browser. */
const LIMIT_MS = 120_000;

let browser: WatchedBrowser;
let two: TwoSites;

beforeAll(async () => {
  await ensureUi();
  browser = await startWatchedBrowser();
  const fields = EVERYTHING.fields.map((field) => ({
    ...field,
    conflict: field.field === 'summary' ? ('ask' as const) : field.conflict,
  }));
  two = await startTwoSites({ content: { ...EVERYTHING, fields, strict: true }, simulator: { pages: createMountPages() } });
}, 240_000);
afterAll(async () => {
  await browser.close();
  await two.close();
});

it(
  'an administrator puts back what lost and decides what waits',
  async () => {
    const { acme, globex } = two.world.sites;
    const [priya, noah] = [personOn(acme, 'Priya Raman'), personOn(globex, 'Noah Becker')];
    const page = await browser.open();
    const frame = await openTandem(page, acme.url, 'SUP', 'Jonas Okafor');
    const dialog = frame.getByRole('dialog');
    const openConflicts = async (): Promise<void> => {
      await press(frame, 'More actions for Support and Engineering');
      await frame.getByRole('menuitem', { name: 'Conflicts' }).click();
    };
    await openConflicts();
    await dialog.getByRole('heading', { name: 'No conflicts' }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });

    const a = priya.create('SUP', 'Task', { summary: 'Reset mail is late', description: plain('Twelve minutes.') });
    await two.settle();
    const b = twinOf(globex, a);
    for (const { webhooks } of [acme, globex]) webhooks.change({ paused: true });
    noah.edit(b, { summary: 'Reset mail waits in the queue', description: plain('The queue was full.\nIt is drained now.') });
    await aMomentLater(acme);
    priya.edit(a, { summary: 'Password reset mail is late', description: plain('Twelve minutes, since Monday.') });
    for (const { webhooks } of [acme, globex]) webhooks.change({ paused: false });
    await two.settle();

    await openConflicts();
    await dialog.getByRole('button', { name: 'Show both values' }).click();
    await dialog.getByText('Reset mail waits in the queue').waitFor();
    await dialog.getByRole('button', { name: 'Show value' }).click();
    await dialog.getByText('The queue was full.').waitFor();
    await shoot(page, 'conflicts');
    await dialog.getByRole('button', { name: `Put back ${a.key} ↔ ${b.key}: Description` }).click();
    await dialog.getByRole('heading', { name: 'Values that lost' }).waitFor({ state: 'detached' });
    const keep = dialog.getByRole('button', { name: `Keep ENG: ${a.key} ↔ ${b.key}: Summary` });
    await keep.click();
    await keep.waitFor({ state: 'detached' });
    await two.settle();
    await page.keyboard.press('Escape');
    await openConflicts();
    await dialog.getByRole('button', { name: /^Put back/ }).waitFor();
    expect([a.summary, b.summary]).toEqual(Array(2).fill('Reset mail waits in the queue'));
    expect(JSON.stringify([a.description, b.description])).not.toContain('Monday');
    expect(browser.takeTroubles()).toEqual([]);
  },
  LIMIT_MS,
);
