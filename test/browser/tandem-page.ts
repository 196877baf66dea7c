import type { FrameLocator, Page } from 'playwright-core';

/** Through the settings of the space, as its administrator; the page of the app inside the frame. */
export async function openTandem(page: Page, siteUrl: string, space: string, person: string): Promise<FrameLocator> {
  await page.goto(`${siteUrl}/projects/${space}`);
  await page.getByLabel('You are').selectOption({ label: `${person} (space admin)` });
  await page.getByRole('link', { name: 'Space settings' }).click();
  await page.getByRole('main').getByRole('link', { name: 'Tandem' }).click();
  const frame = page.frameLocator('#app-frame iframe');
  await frame.getByRole('heading', { name: 'Synchronizations' }).waitFor();
  return frame;
}

/** With SCREENSHOTS_TO=docs/screenshots the pictures of the documentation are taken on the way. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS_TO'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' });
}

/** Presses a button of the row, or of the dialog that it opens. */
export const press = (frame: FrameLocator, name: string): Promise<void> =>
  frame.getByRole('button', { name, exact: true }).click();
