import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { RunnableConfig } from '../app/compose-parts.ts';
import { readConfig } from '../app/config/read-config.ts';
import { createLanes } from '../app/lanes/lanes.ts';
import { type Running, run } from '../app/main.ts';
import { systemClock } from '../app/platform/clock.ts';
import { createLogger } from '../app/platform/logger.ts';
import { EVERYTHING, type PageApi, pageApiOf, synchronizeSpaces } from '../scripts/page-api.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulator/start-simulator.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { freePort } from './free-port.ts';

export interface InstalledSites {
  readonly world: Simulator;
  readonly config: RunnableConfig;
  readonly database: TestDatabase;
  readonly url: string;
  /** The API as the pages of SUP (acme) and ENG (globex) use it. */
  readonly support: PageApi;
  readonly engineering: PageApi;
  /**
   * Resolves when the app has nothing left to do: no webhook is under way, no lane is dirty or in hand, no existing items are still to be
   * listed and no scan is due or in hand. The last two only where the work is done in this process.
   */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface TwoSites extends InstalledSites {
  /** The running synchronization of SUP and ENG. */
  readonly synchronizationId: string;
}

export interface InstalledSitesOptions {
  /** Roles in this process; `web` leaves the work to processes that the test starts. */
  readonly role?: 'web' | 'all';
  readonly simulator?: SimulatorOptions;
}

export interface TwoSitesOptions extends InstalledSitesOptions {
  readonly content?: typeof EVERYTHING;
  readonly existingItems?: 'leave' | 'synchronize';
}

/** Simulated sites, real Postgres, the app over HTTP, installed on both. */
export async function startInstalledSites(options: InstalledSitesOptions = {}): Promise<InstalledSites> {
  const world = await startSimulator(options.simulator ?? {});
  const database = await createTestDatabase();
  const config = testConfig(await freePort(), database.url, world, options.role ?? 'all');
  const running = await orElse(run(config, createLogger('silent')), () => close(world, database, null));
  await orElse(install(world, config.publicUrl), () => close(world, database, running));
  const { acme, globex } = world.sites;
  return {
    world,
    config,
    database,
    url: config.publicUrl,
    support: pageApiOf(acme, 'SUP', config.publicUrl),
    engineering: pageApiOf(globex, 'ENG', config.publicUrl),
    settle: () => settle(world, database, config.role),
    close: () => close(world, database, running),
  };
}

async function install({ sites }: Simulator, publicUrl: string): Promise<void> {
  for (const site of [sites.acme, sites.globex]) {
    const installed = await site.connect.install(`${publicUrl}/atlassian-connect.json`);
    if (!installed.ok) throw new Error(installed.detail);
  }
}

/** What fails to start leaves nothing open: else the test fails, and its process never ends. */
async function orElse<Value>(starting: Promise<Value>, close: () => Promise<void>): Promise<Value> {
  try {
    return await starting;
  } catch (error) {
    await close();
    throw error;
  }
}

/** {@link startInstalledSites}, with one synchronization of everything running between SUP and ENG, its start worked off. */
export async function startTwoSites(options: TwoSitesOptions = {}): Promise<TwoSites> {
  const sites = await startInstalledSites(options);
  const request = {
    partner: { kind: 'other-site' as const, siteUrl: sites.world.sites.globex.url, projectKey: 'ENG' },
    name: 'Support and Engineering',
    description: '',
    content: options.content ?? EVERYTHING,
  };
  const start = async () => {
    const made = await synchronizeSpaces(sites.support, sites.engineering, request, options.existingItems ?? 'leave');
    if (sites.config.role === 'all') await sites.settle();
    return made;
  };
  const { synchronizationId } = await orElse(start(), sites.close);
  return { ...sites, synchronizationId };
}

function testConfig(port: number, databaseUrl: string, world: Simulator, role: 'web' | 'all'): RunnableConfig {
  const file: unknown = JSON.parse(readFileSync(new URL('../config.json', import.meta.url), 'utf8'));
  const encryptionKey = randomBytes(32).toString('hex');
  const read = readConfig(
    {
      NODE_ENV: 'test',
      ROLE: role,
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      TANDEM_ENCRYPTION_KEY: encryptionKey,
      CONNECT_KEYS_CDN_URL: world.keyServerUrl,
      CONNECT_ALL_JS_URL: `${world.sites.acme.url}/atlassian-connect/all.js`,
      LOG_LEVEL: 'silent',
    },
    file,
  );
  if (!read.ok) throw new Error(read.failure.map(({ setting, problem }) => `${setting} ${problem}`).join('; '));
  return { ...read.value, databaseUrl, encryptionKeys: { current: encryptionKey, older: [] } };
}

/** How often to look; every look is a condition, none a guess how long something takes. */
const LOOK_EVERY_MS = 25;

/** Longer than any test waits for one thing: a wait whose test has timed out must not keep the process alive for ever. */
const GIVE_UP_MS = 16 * 60_000;

/** Waits until `isTrue`; the test's own time-out ends a wait for something that never happens. */
export async function until(isTrue: () => Promise<boolean> | boolean): Promise<void> {
  const end = systemClock.now() + GIVE_UP_MS;
  while (!(await isTrue())) {
    if (systemClock.now() > end) throw new Error('It never came true.');
    await systemClock.sleepUntil(systemClock.now() + LOOK_EVERY_MS);
  }
}

/** A start makes the scans of its sites due, and they come within seconds: what a test counts must not be theirs. */
const OPEN_ROUNDS = `
  SELECT (SELECT count(*) FROM site_scan WHERE due_at <= now() OR lease_until IS NOT NULL)
       + (SELECT count(*) FROM synchronization WHERE state = 'running' AND 'epoch' IN (a_scanned_until, b_scanned_until)) AS open`;
const openRow = z.object({ open: z.coerce.number() });

async function settle(world: Simulator, database: TestDatabase, role: RunnableConfig['role']): Promise<void> {
  const lanes = createLanes({ database, onWake: () => undefined });
  const isQuiet = async (): Promise<boolean> => {
    // First the rounds: what they find becomes work of lanes.
    const [rounds] = role === 'web' ? [] : await database.rows(OPEN_ROUNDS, [], openRow);
    const { due, leased, waiting } = await lanes.count();
    return (rounds?.open ?? 0) + due + leased + waiting === 0;
  };
  // Asked twice: a turn that ended while the webhooks were waited for may have caused others.
  await until(async () => {
    if (!(await isQuiet())) return false;
    await world.idle();
    return isQuiet();
  });
}

async function close(world: Simulator, database: TestDatabase, running: Running | null): Promise<void> {
  await running?.stop();
  await world.close();
  await database.drop();
}
