import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { AuditPage } from '../app/contract/administration.ts';
import type { SynchronizationDetail } from '../app/contract/synchronizations.ts';
import type { TenantId } from '../app/core/ids.ts';
import { systemClock } from '../app/platform/clock.ts';
import { administrationOn, tenantCommand } from '../scripts/administration.ts';
import { readAllOf } from './fill-tables.ts';
import { type Person, personOn, twinOf } from './person.ts';
import { startTwoSites, type TwoSites } from './two-sites.ts';

const APP_KEY = 'com.tandem.jira';

let two: TwoSites;
let priya: Person;
let noah: Person;
beforeAll(async () => {
  two = await startTwoSites({ simulator: { indexLagMs: 0 } });
  priya = personOn(two.world.sites.acme, 'Priya Raman');
  noah = personOn(two.world.sites.globex, 'Noah Becker');
});
afterAll(() => two.close());

const detailFor = (page: TwoSites['support']) => page<SynchronizationDetail>('GET', `/synchronizations/${two.synchronizationId}`);
const logOf = async (page: TwoSites['support']): Promise<readonly string[]> =>
  (await page<AuditPage>('GET', '/audit')).lines.map(({ action, actor, detail }) => `${action} ${actor.kind} ${detail}`);

it('[S1] stops a site that removes the app at once, lets it come back with everything, and erases it when it is told to', async () => {
  const { acme } = two.world.sites;
  const administration = administrationOn(two.database);
  const [leaving] = (await administration.tenants.list()).filter(({ name }) => name === acme.url);
  const tenantId = leaving?.tenantId ?? ('' as TenantId);
  const item = priya.create('SUP', 'Task', { summary: 'Before' });
  await two.settle();
  const twin = twinOf(two.world.sites.globex, item);

  await acme.connect.uninstall(APP_KEY);
  expect((await detailFor(two.engineering)).status).toBe('stopped');
  expect(await logOf(two.engineering)).toContain('synchronization.stopped partner partner-left');
  await expect(
    two.engineering('POST', `/synchronizations/${two.synchronizationId}/start`, { existingItems: 'leave' }),
  ).rejects.toThrow(/partner-unreachable/);
  const eraseAt = (await administration.tenants.read(tenantId))?.eraseAt ?? 0;
  expect(Math.round((eraseAt - systemClock.now()) / 86_400_000)).toBe(30);
  priya.edit(item, { summary: 'While it was away' });

  await acme.connect.install(`${two.url}/atlassian-connect.json`);
  expect((await administration.tenants.read(tenantId))?.eraseAt).toBeNull();
  await two.support('POST', `/synchronizations/${two.synchronizationId}/start`, { existingItems: 'leave' });
  await two.settle();
  expect((await noah.look(twin))?.summary).toBe('While it was away');

  await acme.connect.uninstall(APP_KEY);
  await tenantCommand(administration, ['erase', tenantId, '--yes']);
  expect([...(await readAllOf(two.database, tenantId)).keys()]).toEqual([]);
  expect(await logOf(two.engineering)).toContain('synchronization.deleted partner partner-erased');
  expect(await two.engineering('GET', '/synchronizations')).toEqual({ synchronizations: [] });
});
