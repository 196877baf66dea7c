import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPostgresInstallationStore } from '../app/connections/postgres-installation-store.ts';
import type { TenantId } from '../app/core/ids.ts';
import { makeRandomId } from '../app/platform/ids.ts';
import { createAuditLog } from '../app/store/audit-log.ts';
import { createSynchronizationStore } from '../app/store/synchronization-store.ts';
import { createTenants } from '../app/store/tenants.ts';
import type { Audit } from '../app/sync/audit-ports.ts';
import { type ErasurePorts, eraseTenant, stopTenant } from '../app/sync/erase-tenant.ts';
import type { SynchronizationStore } from '../app/sync/ports.ts';
import { buildInstallation } from './contract/installation-store.contract.ts';
import { buildSynchronization, connection, NOON, project, synchronizationId, tenant } from './contract/ledger-world.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { dropChecks, fillEveryTable, readAllOf } from './fill-tables.ts';

const [LEAVING, PARTNER] = [tenant(1), tenant(2)];
const DAY_MS = 86_400_000;

let database: TestDatabase;
let ports: ErasurePorts & { readonly synchronizations: SynchronizationStore; readonly audit: Audit };
const time = { now: NOON };
/** Tenants whose webhooks were taken away from the sites they connected. */
let closed: string[];
beforeEach(async () => {
  database = await createTestDatabase();
  closed = [];
  const clock = { now: () => time.now, sleepUntil: async () => undefined };
  const logger = {
    error: (fields: object) => {
      throw new Error(JSON.stringify(fields));
    },
  };
  ports = {
    tenants: createTenants(database),
    synchronizations: createSynchronizationStore(database),
    audit: createAuditLog({ database, clock, makeId: makeRandomId, logger }),
    clock,
    closeWebhooks: async (tenantId) => void closed.push(tenantId),
  };
});
afterEach(() => database.drop());

/** Every table with a row in which that tenant is named in any column. */
const tablesNaming = async (tenantId: TenantId): Promise<readonly string[]> => [...(await readAllOf(database, tenantId)).keys()];

const install = (n: number, clientKey: string) =>
  createPostgresInstallationStore(database).record(
    buildInstallation({ tenantId: tenant(n), connectionId: connection(n), clientKey, state: 'enabled', uninstalledAt: null }),
  );

const at = (site: number, space: number) => ({
  siteTenantId: tenant(site),
  connectionId: connection(site),
  projectId: project(space),
  projectKey: `SP${space}`,
});

const actionsOf = async (tenantId: TenantId): Promise<readonly string[]> =>
  (await ports.audit.list(tenantId, { before: null, limit: 50 })).map(({ action, detail }) => `${action} ${detail}`).sort();

/** One that the leaving tenant owns, one that its partner owns with it, one of the partner alone. */
async function insertSynchronizations(): Promise<void> {
  const own = buildSynchronization();
  const shared = { A: at(2, 2), B: at(1, 1) };
  const theirs = buildSynchronization({ tenantId: PARTNER, synchronizationId: synchronizationId(2), sides: shared });
  const apart = { A: at(2, 2), B: at(2, 3) };
  const foreign = buildSynchronization({ tenantId: PARTNER, synchronizationId: synchronizationId(3), sides: apart });
  for (const one of [own, theirs, foreign]) await ports.synchronizations.insert(one);
}

describe('a tenant that leaves', () => {
  beforeEach(async () => {
    expect(await install(1, 'acme')).toBe('recorded');
    expect(await install(2, 'globex')).toBe('recorded');
    await insertSynchronizations();
  });

  it('is kept as long as its time has not come, and altogether when it comes back', async () => {
    await ports.tenants.planErasure(LEAVING, NOON + 30 * DAY_MS);
    expect(await ports.tenants.listLeaving(NOON + 29 * DAY_MS, 10)).toEqual([]);
    expect(await eraseTenant(ports, LEAVING)).toBe(false);
    expect((await ports.tenants.read(LEAVING))?.eraseAt).toBe(NOON + 30 * DAY_MS);
    await ports.tenants.planErasure(LEAVING, NOON + 60 * DAY_MS);
    expect((await ports.tenants.read(LEAVING))?.eraseAt).toBe(NOON + 30 * DAY_MS);
    expect(await install(1, 'acme')).toBe('recorded');
    expect((await ports.tenants.read(LEAVING))?.eraseAt).toBeNull();
    expect(await ports.tenants.listLeaving(NOON + 90 * DAY_MS, 10)).toEqual([]);
  });

  it('stops at once what runs with it, and its partners are told why', async () => {
    await stopTenant(ports, LEAVING);
    const states = (await createSynchronizationStore(database).listOfSite(PARTNER)).map((one) => [
      one.synchronizationId,
      one.state,
    ]);
    expect(states.sort()).toEqual([
      [synchronizationId(1), 'stopped'],
      [synchronizationId(2), 'stopped'],
      [synchronizationId(3), 'running'],
    ]);
    expect(await actionsOf(PARTNER)).toEqual(['synchronization.stopped partner-left', 'synchronization.stopped partner-left']);
  });

  it('leaves no row in any table, and none with its name, when its time has come', async () => {
    await dropChecks(database);
    const tables = await fillEveryTable(database, LEAVING);
    expect(await tablesNaming(LEAVING)).toEqual(tables);
    await ports.tenants.planErasure(LEAVING, NOON);
    expect(await ports.tenants.listLeaving(NOON, 10)).toEqual([LEAVING]);

    expect(await eraseTenant(ports, LEAVING)).toBe(true);

    expect(closed).toEqual([LEAVING]);
    expect(await tablesNaming(LEAVING)).toEqual([]);
    const left = await createSynchronizationStore(database).listOfSite(PARTNER);
    expect(left.map((one) => one.synchronizationId)).toEqual([synchronizationId(3)]);
    expect(await actionsOf(PARTNER)).toEqual([
      'synchronization.deleted partner-erased',
      'synchronization.deleted partner-erased',
    ]);
    expect(await tablesNaming(PARTNER)).toEqual(expect.arrayContaining(['tenant', 'connection', 'site_directory', 'audit']));
  });

  it('comes back as another tenant when the site installs the app while it is being erased, or after', async () => {
    await ports.tenants.planErasure(LEAVING, NOON);
    expect(await ports.tenants.beginErasure(LEAVING, NOON)).toBe(true);
    // An installation that read the old tenant just before: it has to look again, and finds none.
    expect(await install(1, 'acme')).toBe('taken');
    expect(await createPostgresInstallationStore(database).readByClientKey('acme')).toBeNull();
    // Whoever began it died: the next one goes on.
    expect(await ports.tenants.listLeaving(NOON, 10)).toEqual([LEAVING]);
    expect(await eraseTenant(ports, LEAVING)).toBe(true);
    expect(await tablesNaming(LEAVING)).toEqual([]);
  });
});
