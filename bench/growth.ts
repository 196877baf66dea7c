import { z } from 'zod';
import type { EffectId, FieldId } from '../app/core/ids.ts';
import { fieldPiece } from '../app/core/piece.ts';
import { createInbox } from '../app/lanes/inbox.ts';
import { createLanes } from '../app/lanes/lanes.ts';
import { turnLanes } from '../app/lanes/turn-lanes.ts';
import { systemClock } from '../app/platform/clock.ts';
import { createDatabase, type Database } from '../app/platform/database.ts';
import { makeRandomId } from '../app/platform/ids.ts';
import { migrateUp } from '../app/platform/migrate.ts';
import { createSynchronizationStore } from '../app/store/synchronization-store.ts';
import { createTurnStore } from '../app/store/turn-store.ts';
import {
  baseOf,
  buildDelivery,
  buildEffect,
  buildHistoryLine,
  buildRecord,
  buildSynchronization,
  issue,
  issueKey,
  synchronizationId,
  tenant,
} from '../test/contract/ledger-world.ts';
import { cpuOfPostgres } from './cpu.ts';
import { percentiles } from './percentiles.ts';
import type { Cost, Measure, Scenario } from './scenario.ts';
import { comeToRest, seedPairs, seedTenants } from './seed-ledger.ts';
import { startDurablePostgres } from './stand.ts';

const PAIRS = [100, 1_000, 10_000, 100_000, 1_000_000];
const TENANTS = [1, 10, 100, 1_000, 10_000];
const PAIRS_EACH = 10;
const WARM_UP = 300;
/** Rounds at each size, of which the cheapest counts: what else the machine does can only add to it. */
const ROUNDS = 4;
const CHANGES = 250;
const LEASE_MS = 60_000;
const SUMMARY = fieldPiece('summary' as FieldId);

/** The app's own stores on one Postgres. */
function openLedger(database: Database) {
  const onWake = (): void => undefined;
  return {
    inbox: createInbox({ database, onWake }),
    lanes: createLanes({ database, onWake }),
    turns: createTurnStore({ database, lanes: turnLanes, makeId: makeRandomId, onWake }),
  };
}

type Ledger = ReturnType<typeof openLedger>;

/** All that the ledger does for one change that crosses, without Jira: received, claimed, read, intended, recorded. */
async function change({ inbox, lanes, turns }: Ledger, owner: number, item: number): Promise<number> {
  const began = performance.now();
  await inbox.receive(
    buildDelivery({
      siteTenantId: tenant(owner),
      deliveryId: makeRandomId(),
      issueId: issue(item),
      issueKey: issueKey(`SUP-${item}`),
    }),
  );
  const [claim] = await lanes.claim(1, LEASE_MS);
  const memory = claim === undefined ? null : await turns.read(claim);
  if (claim === undefined || memory === null || memory.pair === null) throw new Error(`Item ${item} has no lane or no pair.`);
  const effect = buildEffect({ effectId: makeRandomId() as EffectId });
  const intended = await turns.intend(claim, [effect]);
  const completed = await turns.complete(
    claim,
    buildRecord({
      pair: memory.pair,
      pieces: new Map([[SUMMARY, baseOf(makeRandomId())]]),
      effects: [{ ...effect, state: 'confirmed' }],
      history: [buildHistoryLine({ pairId: memory.pair.pairId })],
    }),
  );
  if (intended !== 'written' || completed !== 'written')
    throw new Error(`The change of item ${item} was ${intended}, ${completed}.`);
  return performance.now() - began;
}

const backend = z.object({ pid: z.number() });

/** Changes of items all over the ledger, one after the other, so that none shares a statement or a commit with another. */
async function costOf(
  database: Database,
  ledger: Ledger,
  size: number,
  pick: () => { owner: number; item: number },
): Promise<Cost> {
  const [{ pid } = { pid: 0 }] = await database.rows('SELECT pg_backend_pid() AS pid', [], backend);
  const times: number[] = [];
  const run = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      const { owner, item } = pick();
      times.push(await change(ledger, owner, item));
    }
  };
  await run(WARM_UP);
  times.length = 0;
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const [own, postgres] = [process.cpuUsage(), cpuOfPostgres(pid) ?? Number.NaN];
    await run(CHANGES);
    const spent = process.cpuUsage(own);
    rounds.push((spent.user + spent.system) / 1000 + ((cpuOfPostgres(pid) ?? Number.NaN) - postgres) * 1000);
  }
  return { size, cpu: Math.min(...rounds) / CHANGES, p50: percentiles(times).p50 };
}

const among = (count: number): number => 1 + Math.floor(Math.random() * count);

/**
 * Sized for a million pairs. After a checkpoint the first change of each page is logged with the whole page: how often that happens says
 * how long ago the checkpoint was, not how much there is, so it is left out.
 */
const SETTINGS = { shared_buffers: '1GB', max_wal_size: '20GB', checkpoint_timeout: '1h', full_page_writes: 'off' };

async function onLedger(work: (database: Database, ledger: Ledger) => Promise<readonly Cost[]>): Promise<readonly Cost[]> {
  const postgres = await startDurablePostgres(SETTINGS);
  const database = createDatabase({ url: postgres.url, poolSize: 8, clock: systemClock, statementTimeoutMs: 600_000 });
  try {
    await migrateUp(database.sequelize);
    await database.execute('INSERT INTO tenant (tenant_id) VALUES ($1)', [tenant(1)]);
    await createSynchronizationStore(database).insert(buildSynchronization());
    return await work(database, openLedger(database));
  } finally {
    await database.close();
    await postgres.stop();
  }
}

/** The first size is measured twice, and counts the second time: until then this process is still warming up. */
const withWarmUp = (sizes: readonly number[]): readonly number[] => [...sizes.slice(0, 1), ...sizes];

/** What a change costs while the pairs of one synchronization grow. */
export const growthOfPairs = (): Promise<readonly Cost[]> =>
  onLedger(async (database, ledger) => {
    const costs: Cost[] = [];
    let seeded = 0;
    for (const pairs of withWarmUp(PAIRS)) {
      await seedPairs(database, tenant(1), synchronizationId(1), { from: seeded + 1, to: pairs });
      seeded = pairs;
      await comeToRest(database);
      costs.push(await costOf(database, ledger, pairs, () => ({ owner: 1, item: among(pairs) })));
    }
    return costs.slice(1);
  });

/** What a change costs while tenants come, each with some pairs. */
export const growthOfTenants = (): Promise<readonly Cost[]> =>
  onLedger(async (database, ledger) => {
    const costs: Cost[] = [];
    let seeded = 0;
    for (const tenants of withWarmUp(TENANTS)) {
      await seedTenants(database, tenant(1), synchronizationId(1), { from: Math.max(2, seeded + 1), to: tenants });
      for (let n = seeded + 1; n <= tenants; n += 1) {
        await seedPairs(database, tenant(n), synchronizationId(n), { from: 1, to: PAIRS_EACH });
      }
      seeded = tenants;
      await comeToRest(database);
      costs.push(await costOf(database, ledger, tenants, () => ({ owner: among(tenants), item: among(PAIRS_EACH) })));
    }
    return costs.slice(1);
  });

const measuresOf = (what: string, costs: readonly Cost[]): readonly Measure[] => {
  const [first, last] = [costs[0], costs.at(-1)];
  return [
    ...costs.map((cost) => ({ name: `CPU per change with ${cost.size} ${what}`, value: cost.cpu, unit: 'ms', target: null })),
    {
      name: `CPU per change: ${last?.size} ÷ ${first?.size} ${what}`,
      value: (last?.cpu ?? Number.NaN) / (first?.cpu ?? Number.NaN),
      unit: '×',
      target: { atMost: 1.2 },
    },
  ];
};

/** Whether a change costs the same however much there is. Takes some minutes, most of them to fill Postgres. */
export const growth: Scenario = {
  name: 'growth',
  long: true,
  measure: async (run): Promise<readonly Measure[]> => [
    ...measuresOf('pairs', await run.pairs()),
    ...measuresOf('tenants', await run.tenants()),
  ],
};
