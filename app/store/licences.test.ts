import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buildSynchronization, connection, project, synchronizationId, tenant } from '../../test/contract/ledger-world.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { heldBeforeCommit, somebodyWaits } from '../../test/held-transaction.ts';
import type { EndpointsMet, LicenceStore, SignedLicence } from '../sync/licence-ports.ts';
import { createLicences } from './licences.ts';
import { createSynchronizationStore } from './synchronization-store.ts';

const [ACME, GLOBEX] = [tenant(1), tenant(2)];
const HOLD_MS = 60_000;

let database: TestDatabase;
let licences: LicenceStore;
beforeAll(async () => {
  database = await createTestDatabase();
  licences = createLicences(database);
  for (const id of [ACME, GLOBEX]) await database.execute('INSERT INTO tenant (tenant_id) VALUES ($1)', [id]);
  for (const [number, owner] of [
    [11, ACME],
    [12, ACME],
    [13, GLOBEX],
  ] as const) {
    await database.execute(
      `INSERT INTO remote_connection (tenant_id, connection_id, kind, site_url, api_url, product, state, since, created_at, webhook)
       VALUES ($1, $2, 'oauth1', $3, $3, 'data-center', 'working', now(), now(), '{"kind":"none"}')`,
      [owner, connection(number), `https://jira${number}.example`],
    );
  }
});
afterAll(() => database.drop());

beforeEach(async () => {
  await database.execute('DELETE FROM synchronization', []);
  await database.execute('DELETE FROM licence', []);
});

/** Between a space of acme's own site and one that is reached by that connection. */
const insert = (number: number, remote: number, state: 'stopped' | 'running' = 'stopped'): Promise<void> =>
  createSynchronizationStore(database).insert(
    buildSynchronization({
      synchronizationId: synchronizationId(number),
      state,
      sides: {
        A: { siteTenantId: ACME, connectionId: connection(1), projectId: project(number), projectKey: `A${number}` },
        B: { siteTenantId: ACME, connectionId: connection(remote), projectId: project(number), projectKey: `B${number}` },
      },
    }),
  );

/** Up to one endpoint. */
const one = ({ own, others }: EndpointsMet): 'used-up' | null => (new Set([...own, ...others]).size > 1 ? 'used-up' : null);
const take = (number: number) => licences.take(ACME, synchronizationId(number), HOLD_MS, one);

describe('licences on Postgres', () => {
  const signed: SignedLicence = {
    licence: {
      product: 'tandem-remote',
      id: 'L-1',
      holder: 'Acme Ltd',
      site: null,
      tenant: null,
      issued: '2026-11-22',
      expires: '2027-11-22',
      endpoints: 2,
    },
    signature: 'signature',
  };

  it('keep the last one of each tenant, exactly as it was signed', async () => {
    expect(await licences.read(ACME)).toBeNull();
    await licences.write(ACME, { ...signed, signature: 'older' });
    await licences.write(ACME, signed);
    expect(await licences.read(ACME)).toEqual(signed);
    expect(await licences.read(GLOBEX)).toBeNull();
  });

  it('know which remote sites running synchronizations reach, each side by its connection', async () => {
    await insert(1, 11, 'running');
    await insert(2, 12);
    // Reached by the app, whatever number another tenant's connection has.
    await insert(3, 13, 'running');
    expect(await licences.listTaken(ACME)).toEqual([
      { synchronizationId: synchronizationId(1), siteUrl: 'https://jira11.example' },
    ]);
    expect(await licences.listTaken(GLOBEX)).toEqual([]);
  });

  it('ask nothing for a synchronization without remote sites', async () => {
    await insert(1, 2);
    const asked = licences.take(ACME, synchronizationId(1), HOLD_MS, () => 'refused');
    expect(await asked).toBeNull();
  });

  it('hold what is taken until it is let go or the time is over', async () => {
    await insert(1, 11);
    await insert(2, 12);
    expect(await take(1)).toBeNull();
    expect(await take(2)).toBe('used-up');
    await licences.letGo(ACME, synchronizationId(1));
    expect(await take(2)).toBeNull();
    expect(await take(1)).toBe('used-up');
    await database.execute("UPDATE licence_hold SET held_until = now() - interval '1 ms' WHERE tenant_id = $1", [ACME]);
    expect(await take(1)).toBeNull();
  });

  it('let only one of many starts at once take the last endpoint', async () => {
    await insert(1, 11);
    await insert(2, 12);
    const starts = await Promise.all([1, 2, 1, 2, 2, 1].map(take));
    const winners = new Set(starts.flatMap((refusal, at) => (refusal === null ? [[11, 12, 11, 12, 12, 11][at]] : [])));
    expect(winners.size).toBe(1);
    expect(starts.filter((refusal) => refusal === null)).toHaveLength(3);
  });

  it('go with the synchronization', async () => {
    await insert(1, 11);
    await take(1);
    await createSynchronizationStore(database).remove(ACME, synchronizationId(1));
    expect(await licences.listTaken(ACME)).toEqual([]);
  });

  it('take nothing for a synchronization that is removed in that moment', async () => {
    await insert(1, 11);
    const { changed, commit, ...held } = heldBeforeCommit(database);
    const removing = createSynchronizationStore(held.database).remove(ACME, synchronizationId(1));
    await changed;
    const taking = take(1);
    await somebodyWaits(database);
    commit();
    expect(await taking).toBeNull();
    await removing;
    expect(await licences.listTaken(ACME)).toEqual([]);
  });
});
