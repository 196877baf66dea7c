import type { PersonalData, ReportAccounts } from './personal-data-ports.ts';

/** Atlassian takes no more in one call (developer.atlassian.com, user privacy guide for app developers). */
const ACCOUNTS_A_CALL = 90;
/** A cycle is days; a fresh account is reported, and an outage made up for, within hours. */
const LOOK_EVERY_MS = 6 * 3_600_000;
const ASK_EVERY_MS = 10 * 60_000;
/** Longer is not waited for: the next look goes on where this one stopped. */
const LONGEST_WAIT_MS = 3_600_000;

export interface ReportingPorts {
  readonly personalData: PersonalData;
  readonly report: ReportAccounts;
  readonly clock: { now(): number; sleepUntil(at: number, signal?: AbortSignal): Promise<void> };
  readonly logger: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

/**
 * Reports every account whose id is stored once in a cycle, forgets those that were closed and has those read anew that changed. What is
 * not reported because nobody answers stays due.
 */
export async function reportDue(ports: ReportingPorts, period: number, signal: AbortSignal): Promise<void> {
  const { personalData, report, clock, logger } = ports;
  await personalData.collect();
  let days = period;
  while (!signal.aborted) {
    const due = await personalData.listDue(days, ACCOUNTS_A_CALL);
    if (due.length === 0) return;
    const answer = await report(due);
    if (answer.kind === 'wait' && answer.ms <= LONGEST_WAIT_MS) {
      await clock.sleepUntil(clock.now() + answer.ms, signal);
      continue;
    }
    if (answer.kind !== 'answered') {
      logger.warn(
        { why: answer.kind === 'wait' ? 'asked to wait' : answer.why },
        'Stored accounts could not be reported to Atlassian',
      );
      return;
    }
    for (const accountId of answer.closed) await personalData.erase(accountId);
    for (const accountId of answer.updated) await personalData.refresh(accountId);
    await personalData.noteReported(due.map(({ accountId }) => accountId));
    if (answer.period !== null && answer.period !== days) {
      days = answer.period;
      await personalData.notePeriod(days);
    }
    logger.info(
      { reported: due.length, closed: answer.closed.length, updated: answer.updated.length },
      'Stored accounts were reported to Atlassian',
    );
  }
}

/** Does that in cycles until `signal` aborts. Any number of processes may run it; one of them looks at a time. */
export async function runReporting(ports: ReportingPorts, signal: AbortSignal): Promise<void> {
  const { personalData, clock, logger } = ports;
  while (!signal.aborted) {
    try {
      const period = await personalData.claimLook(LOOK_EVERY_MS);
      if (period !== null) await reportDue(ports, period, signal);
    } catch (error) {
      logger.error({ error: error instanceof Error ? error.name : 'unknown' }, 'Stored accounts could not be looked through');
    }
    await clock.sleepUntil(clock.now() + ASK_EVERY_MS, signal);
  }
}
