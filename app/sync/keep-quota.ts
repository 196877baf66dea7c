import { fail, succeed } from '../core/failure.ts';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import { APP, APP_POINTS_PER_HOUR, hourCounted, type Spending, spendPoints, totalOf, type Work } from '../core/spend-points.ts';
import type { HourAccount } from './points-account.ts';
import { accounts, type PoolName } from './quota-accounts.ts';
import { createQuotaBook, type QuotaBook, type QuotaBookPorts } from './quota-book.ts';
import type { PricedCall, Quota, QuotaNews, RateLimited } from './quota-ports.ts';

export interface QuotaPorts extends QuotaBookPorts {
  readonly clock: { now(): number; sleepUntil(at: number, signal?: AbortSignal): Promise<void> };
}

/** {@link Quota}, with the task that keeps it together with the other processes. */
export interface KeptQuota extends Quota {
  /** Writes down what was spent, about once a second, until `signal` aborts; then a last time. */
  run(signal: AbortSignal): Promise<void>;
}

const WRITE_EVERY_MS = 1_000;

/** What a call is counted against. */
interface Pool {
  readonly name: PoolName;
  readonly scope: 'app' | 'site';
  /** Who has it. */
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly account: HourAccount;
  /** Points an hour; null: Jira never told of a quota, so there is none to keep to. */
  readonly budget: number | null;
}

/**
 * Jira's quotas, kept to by all processes together: each adds what it spent to accounts in the store about once a second and reads what
 * the others did, and remembers there the limits that it met (SPEC Q). Between two looks a process knows its own calls exactly and
 * those of others as of a second ago.
 */
export function createQuota(ports: QuotaPorts): KeptQuota {
  const book = createQuotaBook(ports);
  return {
    take: (call) => takePoints(call, book, ports.clock.now),
    async run(signal) {
      while (!signal.aborted) {
        await ports.clock.sleepUntil(ports.clock.now() + WRITE_EVERY_MS, signal);
        await book.exchange().catch(ports.onError);
      }
    },
  };
}

async function takePoints(call: PricedCall, book: QuotaBook, now: () => number): ReturnType<Quota['take']> {
  await book.ready();
  const { siteTenantId, connectionId, endpoint, purpose, points } = call;
  const closed = book.closedBy(APP.tenantId, APP.connectionId, '') ?? book.closedBy(siteTenantId, connectionId, endpoint);
  if (closed !== null) {
    return fail({ kind: 'rate-limited', scope: closed.scope === 'held' ? 'site' : closed.scope, retryAt: closed.until });
  }
  const pool = await poolOf(call, book);
  const paid = book.account(purpose.payer, accounts.paidInto(pool.name));
  paid.paysInto(pool.account);
  const decided = decide(call, pool, paid, now());
  if (decided.kind !== 'go') return fail(await holdBack(call, pool, book, decided));
  // The site's account and the pool are one where the site has a quota of its own.
  const charged = [...new Set([pool.account, paid, book.account(siteTenantId, accounts.site(connectionId))])];
  for (const account of charged) account.take(purpose.work, points);
  return succeed({
    async settle(news) {
      for (const account of charged) account.settle(purpose.work, points, news.points);
      const { quota, met } = news;
      if (quota?.of === pool.scope) hear(pool.account, quota, now());
      await learnSize(call, news, book);
      if (met !== null) await meet(call, met, book);
    },
  });
}

const decide = (
  { purpose: { work }, points }: PricedCall,
  { account, budget }: Pool,
  paid: HourAccount,
  now: number,
): Spending =>
  budget === null
    ? { kind: 'go' }
    : spendPoints({
        pool: { budget, spent: account.standing(), payers: account.payers() },
        paid: totalOf(paid.standing()),
        work,
        points,
        now,
      });

/** A site's own quota if it has one, else the app's. */
async function poolOf({ siteTenantId, connectionId }: PricedCall, book: QuotaBook): Promise<Pool> {
  const own = book.sizeOf(siteTenantId, connectionId);
  if (own !== null) {
    const account = await book.know(siteTenantId, accounts.site(connectionId));
    return { name: connectionId, scope: 'site', tenantId: siteTenantId, connectionId, account, budget: own };
  }
  const budget = book.sizeOf(APP.tenantId, APP.connectionId);
  return { ...APP, name: 'app', scope: 'app', account: await book.know(APP.tenantId, accounts.app), budget };
}

/** Jira's word counts for its hour alone: an answer of the old one, read in the new one, would close this to all. */
function hear(account: HourAccount, { pointsPerHour, left }: NonNullable<QuotaNews['quota']>, now: number): void {
  if (left === null || hourCounted(now, left.resetsInMs) !== account.hour) return;
  account.hear(pointsPerHour - left.points);
}

/** All work of a tenant needs its own site; what a site that it reaches with credentials closes out learns it in its turn. */
const stoppedBy = ({ hasApp }: PricedCall): Work | null => (hasApp ? 'edit' : null);

/**
 * A pool that is empty closes to all; where only this call is too dear its lane alone waits. What is held back from one tenant's work
 * closes that work of that tenant; in the pool of a site that is not its own it may have work elsewhere, so there the lane alone waits.
 */
async function holdBack(
  call: PricedCall,
  { scope, tenantId, connectionId }: Pool,
  book: QuotaBook,
  { kind, until }: Exclude<Spending, { kind: 'go' }>,
): Promise<RateLimited> {
  const { siteTenantId, hasApp, purpose } = call;
  const { payer, work } = purpose;
  const holdsFrom = scope === 'app' ? 'edit' : stoppedBy(call);
  if (kind === 'exhausted') await book.close({ tenantId, connectionId, endpoint: '', scope, holdsFrom, until });
  if (kind === 'held' && (scope === 'app' || (hasApp && payer === siteTenantId))) {
    const connection = APP.connectionId;
    await book.close({
      tenantId: payer,
      connectionId: connection,
      endpoint: `held ${work}`,
      scope: 'held',
      holdsFrom: work,
      until,
    });
  }
  return { kind: 'rate-limited', scope, retryAt: until };
}

/** A limit that Jira told. One of an item concerns its lane alone. */
async function meet(call: PricedCall, { scope, retryAt: until }: RateLimited, book: QuotaBook): Promise<void> {
  const { siteTenantId, connectionId, endpoint } = call;
  const site = { tenantId: siteTenantId, connectionId, until };
  switch (scope) {
    case 'app':
      return book.close({ ...APP, endpoint: '', scope, holdsFrom: 'edit', until });
    case 'site':
      return book.close({ ...site, endpoint: '', scope, holdsFrom: stoppedBy(call) });
    case 'endpoint':
      return book.close({ ...site, endpoint, scope, holdsFrom: null });
    case 'item':
  }
}

/** Jira names the quota that it counts a call against, and its size; when it refuses for the app's, there is at least the usual one. */
async function learnSize({ siteTenantId, connectionId }: PricedCall, { quota, met }: QuotaNews, book: QuotaBook): Promise<void> {
  const own = book.sizeOf(siteTenantId, connectionId);
  const app = book.sizeOf(APP.tenantId, APP.connectionId);
  if (quota?.of === 'site') {
    if (own !== quota.pointsPerHour) await book.resize(siteTenantId, connectionId, quota.pointsPerHour);
    return;
  }
  const size = quota?.pointsPerHour ?? (met?.scope === 'app' ? (app ?? APP_POINTS_PER_HOUR) : null);
  if (size === null) return;
  if (own !== null) await book.resize(siteTenantId, connectionId, null);
  if (app !== size) await book.resize(APP.tenantId, APP.connectionId, size);
}
