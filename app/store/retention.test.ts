import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  buildDelivery,
  buildEffect,
  buildHistoryLine,
  buildKept,
  buildPair,
  buildRecord,
  buildSynchronization,
  effectId,
  issue,
  type LedgerWorld,
  LONG_LEASE_MS,
  synchronizationId,
  tenant,
} from '../../test/contract/ledger-world.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createPostgresLedgerWorld } from '../../test/postgres-ledger-world.ts';
import type { EffectId } from '../core/ids.ts';
import { systemClock } from '../platform/clock.ts';
import { makeRandomId } from '../platform/ids.ts';
import type { Retention } from '../sync/healing-ports.ts';
import { PERIODS } from '../sync/run-retention.ts';
import { createRetention } from './retention.ts';
import { createScanMemory } from './scan-memory.ts';

const DAY = 86_400_000;
const AN_HOUR = 3_600_000;
const countRow = z.object({ rows: z.coerce.number() });

let database: TestDatabase;
let world: LedgerWorld;
let retention: Retention;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  world = await createPostgresLedgerWorld(database);
  retention = createRetention(database);
  await world.addTenant(tenant(1));
  await world.synchronizations.insert(buildSynchronization());
});

const TABLES = ['inbox', 'effect', 'history', 'kept_value', 'unpaired_look', 'found_late'];
const count = async (table: string): Promise<number> => {
  const [counted] = await database.rows(`SELECT count(*) AS rows FROM ${table} WHERE tenant_id = $1`, [tenant(1)], countRow);
  return counted?.rows ?? 0;
};
const counts = async () =>
  Object.fromEntries(await Promise.all(TABLES.map(async (table) => [table, await count(table)] as const)));

/** A change of issue 1, from its webhook to the end of its turn. */
const change = async (n: number, now = systemClock.now()): Promise<void> => {
  await world.inbox.receive(buildDelivery({ deliveryId: `delivery-${n}` }));
  const [claim] = await world.lanes.claim(1, LONG_LEASE_MS);
  if (claim === undefined) throw new Error('No lane was due.');
  const effect = buildEffect({ effectId: makeRandomId() as EffectId, state: 'confirmed', intendedAt: now });
  const lost = buildKept({ fingerprint: `lost-${n}`, keptAt: now - DAY, until: now + DAY });
  await world.turns.complete(
    claim,
    buildRecord({ pair: buildPair(), effects: [effect], history: [buildHistoryLine({ at: now })], kept: [lost] }),
  );
};

/** Time passes for all rows. */
const age = async (days: number): Promise<void> => {
  const ago = `interval '${days} days'`;
  for (const [table, column] of [
    ['inbox', 'received_at'],
    ['effect', 'intended_at'],
    ['history', 'at'],
    ['kept_value', 'until'],
    ['unpaired_look', 'updated_at'],
    ['tenant', 'pruned_at'],
  ])
    await database.execute(`UPDATE ${table} SET ${column} = ${column} - ${ago}`, []);
};

const pruneAll = async (limit = 1000): Promise<number> => {
  for (let rounds = 1; ; rounds += 1) if (await retention.prune(tenant(1), PERIODS, limit)) return rounds;
};

describe('what is past its time', () => {
  it('goes, and what is not stays', async () => {
    await change(1);
    await createScanMemory(database).noteLooked(tenant(1), synchronizationId(1), 'A', [
      { issueId: issue(5), updatedAt: systemClock.now() },
    ]);
    await createScanMemory(database).countFoundLate(tenant(1), synchronizationId(1), systemClock.now() - 89 * DAY, 1);
    const before = await counts();
    await pruneAll();
    expect(await counts()).toEqual(before);
    await age(2);
    await pruneAll();
    expect(await counts()).toEqual({ ...before, kept_value: 0 });
    await age(6);
    await pruneAll();
    expect(await counts()).toEqual({ ...before, kept_value: 0, inbox: 0, effect: 0 });
  });

  it('is removed in small parts', async () => {
    for (let n = 0; n < 7; n += 1) await change(n);
    await age(10);
    expect(await pruneAll(2)).toBe(4);
    expect([await count('inbox'), await count('effect')]).toEqual([0, 0]);
  });

  it('leaves the newest lines of the history, however old they are', async () => {
    for (let n = 0; n < 5; n += 1) await change(n, systemClock.now() + n);
    await age(100);
    for (let rounds = 0; rounds < 2; rounds += 1) await retention.prune(tenant(1), { ...PERIODS, historyNewest: 2 }, 1000);
    expect(await count('history')).toBe(3);
  });

  it('is of one tenant alone', async () => {
    await change(1);
    await age(100);
    await retention.prune(tenant(2), PERIODS, 1000);
    expect(await count('inbox')).toBe(1);
  });
});

describe('what has to stay', () => {
  it('is every effect whose outcome is open, and those that name what they made', async () => {
    await world.inbox.receive(buildDelivery());
    const [claim] = await world.lanes.claim(1, LONG_LEASE_MS);
    if (claim === undefined) throw new Error('No lane was due.');
    const effects = [
      buildEffect({ effectId: effectId(1), state: 'intended' }),
      buildEffect({ effectId: effectId(2), kind: 'create-item', state: 'confirmed', remoteId: '7' }),
      buildEffect({ effectId: effectId(3), kind: 'create-comment', state: 'confirmed', remoteId: '8' }),
      buildEffect({ effectId: effectId(4), kind: 'create-item', state: 'refused' }),
      buildEffect({ effectId: effectId(5), kind: 'transition', state: 'abandoned' }),
    ];
    await world.turns.complete(
      claim,
      buildRecord({ pair: buildPair(), effects: effects.map((one) => ({ ...one, intendedAt: 0 })) }),
    );
    await pruneAll();
    const kept = await Promise.all(effects.map(async (one) => (await world.turns.readEffect(tenant(1), one.effectId)) !== null));
    expect(kept).toEqual([true, true, true, false, false]);
  });
});

it('tables stay flat however many changes pass through', async () => {
  const sizes: object[] = [];
  for (let month = 0; month < 4; month += 1) {
    for (let n = 0; n < 20; n += 1) await change(month * 100 + n);
    await age(30);
    await pruneAll();
    sizes.push(await counts());
  }
  const { history: _newest, ...last } = sizes.at(-1) as Record<string, number>;
  expect(last).toEqual({ inbox: 0, effect: 0, kept_value: 0, unpaired_look: 0, found_late: 0 });
  expect(await count('lane')).toBe(1);
});

describe('what webhooks told', () => {
  const toldOf = async (): Promise<readonly string[]> => {
    const [lane] = await database.rows(
      'SELECT told FROM lane WHERE tenant_id = $1',
      [tenant(1)],
      z.object({ told: z.array(z.string()) }),
    );
    return lane?.told ?? [];
  };
  const tell = () => world.inbox.receive(buildDelivery({ sealedObservation: 'v1.sealed' }));

  it('is forgotten by lanes of synchronizations that do not run: they look instead', async () => {
    await tell();
    await pruneAll();
    expect(await toldOf()).toEqual(['A:v1.sealed']);
    await world.synchronizations.update(tenant(1), synchronizationId(1), { state: 'stopped' });
    await pruneAll();
    expect(await toldOf()).toEqual(['A:look', 'B:look']);
    expect(await pruneAll()).toBe(1);
  });

  it('is forgotten by lanes that got nowhere for about a day', async () => {
    await tell();
    await database.execute('UPDATE lane SET attempts = 301', []);
    await pruneAll();
    expect(await toldOf()).toEqual(['A:look', 'B:look']);
  });

  it('stays with a lane that is in hand', async () => {
    await tell();
    await world.lanes.claim(1, LONG_LEASE_MS);
    await world.inbox.receive(buildDelivery({ deliveryId: '2', sealedObservation: 'v1.meanwhile' }));
    await world.synchronizations.update(tenant(1), synchronizationId(1), { state: 'stopped' });
    await pruneAll();
    expect(await toldOf()).toContain('A:v1.meanwhile');
  });
});

describe('whose turn it is', () => {
  it('each tenant once in a time, one of any number of processes', async () => {
    await world.addTenant(tenant(2));
    await age(1);
    const [first, second] = await Promise.all([retention.claimDue(9, AN_HOUR), retention.claimDue(9, AN_HOUR)]);
    expect([...first, ...second].sort()).toEqual([tenant(1), tenant(2)]);
    expect(await retention.claimDue(9, AN_HOUR)).toEqual([]);
    await age(1);
    expect((await retention.claimDue(1, AN_HOUR)).length).toBe(1);
  });
});
