import type { TenantId } from '../core/ids.ts';
import type { Retention, RetentionPeriods } from './healing-ports.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How long what nobody needs any more is kept. */
export const PERIODS: RetentionPeriods = {
  // Jira sends a delivery again for about an hour and lists the given-up ones for three days; a day more on either side.
  inboxMs: 5 * DAY_MS,
  // Read by nobody once its outcome is known; a week to find out what happened.
  effectMs: 7 * DAY_MS,
  historyMs: 90 * DAY_MS,
  // What the API shows at most.
  historyNewest: 200,
  // Longer than a year, so that a yearly review finds all of it.
  auditMs: 400 * DAY_MS,
};

/** How often this process looks for tenants whose turn it is, and how often it is each one's turn. */
const LOOK_EVERY_MS = MINUTE_MS;
const EACH_EVERY_MS = 60 * MINUTE_MS;
const TENANTS_AT_ONCE = 500;
/** Rows a statement removes: some milliseconds of work, so that nobody waits behind it. */
const ROWS_AT_ONCE = 1_000;

export interface RetentionPorts {
  readonly retention: Retention;
  /** What is over by time and is not simply removed: requests, set-ups. */
  readonly expire: (tenantId: TenantId) => Promise<void>;
  readonly clock: { now(): number; sleepUntil(at: number, signal?: AbortSignal): Promise<void> };
  readonly logger: { error(fields: object, message: string): void };
}

/** Removes what is past its time until `signal` aborts. Any number of processes may run it. */
export async function runRetention(ports: RetentionPorts, signal: AbortSignal): Promise<void> {
  const { retention, clock } = ports;
  while (!signal.aborted) {
    await orLog(ports, async () => {
      for (const tenantId of await retention.claimDue(TENANTS_AT_ONCE, EACH_EVERY_MS)) {
        // What goes wrong with one tenant is no other's affair.
        await orLog(ports, () => removeOld(tenantId, ports, signal));
        if (signal.aborted) return;
      }
    });
    await clock.sleepUntil(clock.now() + LOOK_EVERY_MS, signal);
  }
}

async function removeOld(tenantId: TenantId, { retention, expire }: RetentionPorts, signal: AbortSignal): Promise<void> {
  await expire(tenantId);
  while (!signal.aborted && !(await retention.prune(tenantId, PERIODS, ROWS_AT_ONCE)));
}

async function orLog({ logger }: RetentionPorts, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    logger.error({ error: error instanceof Error ? error.name : 'unknown' }, 'Old rows could not be removed');
  }
}
