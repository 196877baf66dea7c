import { beforeEach, expect, it } from '@jest/globals';
import { createMemoryQuotaStore } from '../../lab/memory/memory-quota-store.ts';
import { emptyTables } from '../../lab/memory/tables.ts';
import type { TenantId } from '../core/ids.ts';
import { hourOf, NO_POINTS } from '../core/spend-points.ts';
import { createQuotaBook, type QuotaBook } from './quota-book.ts';
import type { QuotaStore } from './quota-ports.ts';

const ACME = 'tenant-acme' as TenantId;
const START = Date.UTC(2026, 10, 22, 10);
const HOUR_MS = 3_600_000;

let now: number;
let store: QuotaStore;
let book: QuotaBook;
beforeEach(() => {
  now = START;
  const clock = { now: () => now };
  store = createMemoryQuotaStore(emptyTables(), clock);
  book = createQuotaBook({
    store,
    clock,
    onError(error) {
      throw error;
    },
  });
});

it('gives an account of the present hour where two ended while the store was asked', async () => {
  const { add } = store;
  const held = Promise.withResolvers<void>();
  let asked = 0;
  store.add = async (...given) => {
    asked += 1;
    if (asked > 10) throw new Error('Asked again and again.');
    await held.promise;
    return add(...given);
  };
  const exchanging = book.exchange();
  const known = book.know(ACME, 'site');
  now += 2 * HOUR_MS;
  held.resolve();
  await exchanging;
  expect((await known).hour).toBe(hourOf(now));
});

it('writes down what was spent in the hour in which it was, also when that ends meanwhile', async () => {
  const { prune } = store;
  const held = Promise.withResolvers<void>();
  store.prune = async (hour) => {
    await held.promise;
    return prune(hour);
  };
  book.account(ACME, 'site').settle('edit', 0, 5);
  const exchanging = book.exchange();
  now += HOUR_MS;
  book.account(ACME, 'site').settle('edit', 0, 7);
  held.resolve();
  await exchanging;
  await book.exchange();
  const spentIn = async (hour: number) => (await store.read(ACME, hour)).map(({ points }) => points);
  expect(await spentIn(hourOf(START))).toEqual([{ ...NO_POINTS, edit: 5 }]);
  expect(await spentIn(hourOf(now))).toEqual([{ ...NO_POINTS, edit: 7 }]);
});
