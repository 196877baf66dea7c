import { randomBytes } from 'node:crypto';
import type { SynchronizationDetail } from '../app/contract/synchronizations.ts';
import { systemClock } from '../app/platform/clock.ts';
import { createDatabase, type Database } from '../app/platform/database.ts';
import { EVERYTHING, type PageApi, pageApiOf, synchronizeSpaces } from '../scripts/page-api.ts';
import { type Simulator, startSimulator } from '../simulator/start-simulator.ts';
import { freePort } from '../test/free-port.ts';
import { hireRealCrew, type RealCrew } from './real-crew.ts';
import { WORKERS } from './real-plan.ts';
import { type RealPostgres, startRealPostgres } from './real-postgres.ts';
import { type Couple, placeOf } from './sites.ts';

/** Postgres, the sites over real sockets, and the app in processes of its own. */
export interface RealWorld {
  readonly simulator: Simulator;
  readonly postgres: RealPostgres;
  readonly database: Database;
  readonly crew: RealCrew;
  readonly couple: Couple;
  readonly support: PageApi;
  /** Leaves no process and no folder behind, however far it came. */
  close(): Promise<void>;
}

/** Jira waits minutes before it tries again; there is no time for that here, and a dead process must not use the attempts up. */
const WEBHOOKS = { retryDelayMs: 1_000, maxRetries: 120 };
const READY_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** Looks until it is so; whether it came to that in time. */
export async function within(ms: number, isSo: () => Promise<boolean> | boolean): Promise<boolean> {
  const end = systemClock.now() + ms;
  while (!(await isSo())) {
    if (systemClock.now() >= end) return false;
    await systemClock.sleepUntil(systemClock.now() + LOOK_EVERY_MS);
  }
  return true;
}

const environmentsOf = (url: string, databaseUrl: string, keyServer: string): Record<string, string>[] => {
  const common = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    DATABASE_URL: databaseUrl,
    TANDEM_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    CONNECT_KEYS_CDN_URL: keyServer,
    PUBLIC_URL: url,
    // They end with the process that started them, whichever way it ends.
    npm_lifecycle_event: 'lab',
  };
  const workers = Array.from({ length: WORKERS }, () => ({ ...common, ROLE: 'worker' }));
  return [...workers, { ...common, ROLE: 'web', PORT: new URL(url).port }];
};

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );

/** Starts everything; what was opened before a failure is closed. */
export async function openRealWorld(seed: number, onOpen: (close: () => Promise<void>) => void): Promise<RealWorld> {
  const closers: (() => Promise<void>)[] = [];
  let closing: Promise<void> | null = null;
  const closeAll = async (): Promise<void> => {
    for (let one = closers.pop(); one !== undefined; one = closers.pop()) await one();
  };
  const close = (): Promise<void> => {
    closing ??= closeAll();
    return closing;
  };
  onOpen(close);
  try {
    const starting = startRealPostgres();
    // Known before it has started, so that whoever interrupts us then leaves none behind. That it did not start is said below.
    closers.push(async () => (await starting.catch(() => null))?.stop());
    const postgres = await starting;
    const simulator = await startSimulator({ seed, webhooks: WEBHOOKS });
    closers.push(() => simulator.close());
    const database = createDatabase({ url: postgres.url, poolSize: 2, clock: systemClock });
    closers.push(() => database.close());
    const url = `http://localhost:${await freePort()}`;
    const crew = hireRealCrew(environmentsOf(url, postgres.url, simulator.keyServerUrl));
    closers.push(() => crew.destroy());
    if (!(await within(READY_WITHIN_MS, () => isReady(url)))) throw new Error(`The app did not start: ${crew.output()}`);
    const { acme, globex } = simulator.sites;
    for (const { connect } of [acme, globex]) {
      const installed = await connect.install(`${url}/atlassian-connect.json`);
      if (!installed.ok) throw new Error(`The app could not be installed: ${installed.detail}`);
    }
    const support = pageApiOf(acme, 'SUP', url);
    const { synchronizationId } = await synchronize(support, pageApiOf(globex, 'ENG', url), globex.url);
    const places = { A: placeOf(acme, 'SUP'), B: placeOf(globex, 'ENG') };
    const couple = { ...places, synchronizationId, canary: `canary0x${seed}` };
    return { simulator, postgres, database, crew, couple, support, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const synchronize = (from: PageApi, to: PageApi, siteUrl: string): Promise<SynchronizationDetail> =>
  synchronizeSpaces(
    from,
    to,
    { partner: { kind: 'other-site', siteUrl, projectKey: 'ENG' }, name: 'Laboratory', description: '', content: EVERYTHING },
    'leave',
  );
