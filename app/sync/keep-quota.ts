import { fail, succeed } from '../core/failure.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { ConnectionId, TenantId } from '../core/ids.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { APP_POINTS_PER_HOUR, type Spending, spendPoints, totalOf } from '../core/spend-points.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { HourAccount } from './points-account.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { PricedCall, Quota, QuotaNews, RateLimited } from './ports.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { APP, accounts, type PoolName } from './quota-accounts.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createQuotaBook, type QuotaBook, type QuotaBookPorts } from './quota-book.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface QuotaPorts extends QuotaBookPorts {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly clock: { now(): number; sleepUntil(at: number, signal?: AbortSignal): Promise<void> };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** {@link Quota}, with the task that keeps it together with the other processes. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface KeptQuota extends Quota {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Writes down what was spent, about once a second, until `signal` aborts; then a last time. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  run(signal: AbortSignal): Promise<void>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const WRITE_EVERY_MS = 1_000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** What a call is counted against. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
interface Pool {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly name: PoolName;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly scope: 'app' | 'site';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Who has it. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly tenantId: TenantId;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly connectionId: ConnectionId;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly account: HourAccount;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Points an hour; null: Jira never told of a quota, so there is none to keep to. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly budget: number | null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/**
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 * Jira's quotas, kept to by all processes together: each adds what it spent to accounts in the store about once a second and reads what
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 * the others did, and remembers there the limits that it met (SPEC Q). Between two looks a process knows its own calls exactly and
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 * those of others as of a second ago.
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export function createQuota(ports: QuotaPorts): KeptQuota {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const book = createQuotaBook(ports);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    take: (call) => takePoints(call, book, ports.clock.now),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    async run(signal) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      while (!signal.aborted) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        await ports.clock.sleepUntil(ports.clock.now() + WRITE_EVERY_MS, signal);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        await book.exchange().catch(ports.onError);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
async function takePoints(call: PricedCall, book: QuotaBook, now: () => number): ReturnType<Quota['take']> {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  await book.ready();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const { siteTenantId, connectionId, endpoint, purpose, points } = call;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const closed = book.closedBy(APP.tenantId, APP.connectionId, '') ?? book.closedBy(siteTenantId, connectionId, endpoint);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (closed !== null) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    return fail({ kind: 'rate-limited', scope: closed.scope === 'held' ? 'site' : closed.scope, retryAt: closed.until });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const pool = poolOf(call, book);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  await book.know(pool.account);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const paid = book.account(purpose.payer, accounts.paidInto(pool.name));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  paid.paysInto(pool.account);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const decided = decide(call, pool, paid, now());
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (decided.kind !== 'go') return fail(await holdBack(call, pool, book, decided));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  // The site's account and the pool are one where the site has a quota of its own.
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const charged = [...new Set([pool.account, paid, book.account(siteTenantId, accounts.site(connectionId))])];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  for (const account of charged) account.take(purpose.work, points);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return succeed({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    async settle(news) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      for (const account of charged) account.settle(purpose.work, points, news.points);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      await learnSize(call, news, book);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (news.met !== null) await meet(call, news.met, book);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const decide = (
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  { purpose: { work }, points }: PricedCall,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  { account, budget }: Pool,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  paid: HourAccount,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  now: number,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
): Spending =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  budget === null
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ? { kind: 'go' }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    : spendPoints({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        pool: { budget, spent: account.standing(), payers: account.payers() },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        paid: totalOf(paid.standing()),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        work,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        points,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        now,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** A site's own quota if it has one, else the app's. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
function poolOf({ siteTenantId, connectionId }: PricedCall, book: QuotaBook): Pool {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const own = book.sizeOf(siteTenantId, connectionId);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (own !== null) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const account = book.account(siteTenantId, accounts.site(connectionId));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    return { name: connectionId, scope: 'site', tenantId: siteTenantId, connectionId, account, budget: own };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const budget = book.sizeOf(APP.tenantId, APP.connectionId);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return { ...APP, name: 'app', scope: 'app', account: book.account(APP.tenantId, accounts.app), budget };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/**
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 * A pool that is empty closes to all. What is held back from one tenant's work closes that work of that tenant; in the pool of another
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 * site it may have work elsewhere, so there the lane alone waits.
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
async function holdBack(
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  { siteTenantId, purpose: { payer, work } }: PricedCall,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  { scope, tenantId, connectionId }: Pool,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  book: QuotaBook,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  { kind, until }: Exclude<Spending, { kind: 'go' }>,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
): Promise<RateLimited> {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (kind === 'exhausted') await book.close({ tenantId, connectionId, endpoint: '', scope, holdsFrom: 'edit', until });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  else if (scope === 'app' || payer === siteTenantId) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const connection = APP.connectionId;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await book.close({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      tenantId: payer,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      connectionId: connection,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      endpoint: `held ${work}`,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      scope: 'held',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      holdsFrom: work,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      until,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return { kind: 'rate-limited', scope, retryAt: until };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** A limit that Jira told. One of an item concerns its lane alone. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
async function meet(
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  { siteTenantId, connectionId, endpoint }: PricedCall,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  { scope, retryAt: until }: RateLimited,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  book: QuotaBook,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
): Promise<void> {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const site = { tenantId: siteTenantId, connectionId, until };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  switch (scope) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    case 'app':
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      return book.close({ ...APP, endpoint: '', scope, holdsFrom: 'edit', until });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    case 'site':
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      return book.close({ ...site, endpoint: '', scope, holdsFrom: 'edit' });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    case 'endpoint':
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      return book.close({ ...site, endpoint, scope, holdsFrom: null });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    case 'item':
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Jira names the quota that it counts a call against, and its size; when it refuses for the app's, there is at least the usual one. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
async function learnSize({ siteTenantId, connectionId }: PricedCall, { quota, met }: QuotaNews, book: QuotaBook): Promise<void> {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const own = book.sizeOf(siteTenantId, connectionId);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const app = book.sizeOf(APP.tenantId, APP.connectionId);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (quota?.of === 'site') {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    if (own !== quota.pointsPerHour) await book.resize(siteTenantId, connectionId, quota.pointsPerHour);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    return;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const size = quota?.pointsPerHour ?? (met?.scope === 'app' ? (app ?? APP_POINTS_PER_HOUR) : null);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (size === null) return;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (own !== null) await book.resize(siteTenantId, connectionId, null);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (app !== size) await book.resize(APP.tenantId, APP.connectionId, size);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
