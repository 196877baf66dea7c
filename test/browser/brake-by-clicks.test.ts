import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createMountPages } from '../../simulator/pages/mount-pages.ts';
import { personOn, twinOf } from '../person.ts';
import { startTwoSites, type TwoSites } from '../two-sites.ts';
import { ensureUi } from './ensure-ui.ts';
import { openTandem, press, shoot } from './tandem-page.ts';
import { startWatchedBrowser, type WatchedBrowser } from './watched-browser.ts';

/** What a person sees when a script emptied many fields, and what the two answers do. With SCREENSHOTS_TO the pictures are taken. */
const LIMIT_MS = 120_000;
const ITEMS = 30;

let browser: WatchedBrowser;
let two: TwoSites;
beforeAll(async () => {
  await ensureUi();
  browser = await startWatchedBrowser();
  two = await startTwoSites({ simulator: { pages: createMountPages() } });
}, 240_000);
afterAll(async () => {
  await browser.close();
  await two.close();
});

it(
  'many emptied fields are stopped, shown, and brought back by one button',
  async () => {
    const { acme, globex } = two.world.sites;
    const priya = personOn(acme, 'Priya Raman');
    const items = Array.from({ length: ITEMS }, (_, n) =>
      priya.create('SUP', 'Task', { summary: `Order ${n}`, duedate: '2026-12-31' }),
    );
    await two.settle();
    for (const item of items) priya.edit(item, { duedate: null });
    await two.settle();

    const page = await browser.open();
    const frame = await openTandem(page, acme.url, 'SUP', 'Jonas Okafor');
    await frame.getByText('Stopped: emptied fields').waitFor();
    await shoot(page, 'brake-row');
    await press(frame, 'Decide');
    const dialog = frame.getByRole('dialog');
    await dialog.getByText('10 emptied fields wait for your decision.').waitFor();
    await shoot(page, 'brake');
    await dialog.getByRole('button', { name: 'Bring back' }).click();
    await frame.getByText('Stopped: emptied fields').waitFor({ state: 'detached' });
    await two.settle();
    const emptied = items.filter(({ dueDate }) => dueDate === null);
    expect(emptied).toHaveLength(ITEMS - 10);
    for (const item of items) expect(twinOf(globex, item).dueDate).toBe(item.dueDate);

    await frame.getByRole('button', { name: /More actions/ }).click();
    await frame.getByRole('menuitem', { name: 'History' }).click();
    await frame.getByRole('dialog').getByText('Taken back').waitFor();
    expect(browser.takeTroubles()).toEqual([]);
  },
  LIMIT_MS,
);
