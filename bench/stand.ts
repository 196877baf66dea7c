import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { createLanes } from '../app/lanes/lanes.ts';
import { systemClock } from '../app/platform/clock.ts';
import { createDatabase, type Database } from '../app/platform/database.ts';
import { startEmbeddedPostgres } from '../app/platform/embedded-postgres.ts';
import { createPageApi, EVERYTHING, synchronizeSpaces } from '../scripts/page-api.ts';
import { type CpuUse, cpuOf, cpuOfPostgres } from './cpu.ts';
import type { Twins } from './load.ts';
import { freePort, startAnnouncing, startAnswering } from './processes.ts';
import { type RemoteSite, reachSite } from './remote-site.ts';

const APP_KEY = 'com.tandem.jira';

export interface SimulatedSites {
  readonly acme: RemoteSite;
  readonly globex: RemoteSite;
  readonly keyServer: string;
  readonly pid: number;
  close(): Promise<void>;
}

const addresses = z.object({ acme: z.string(), globex: z.string(), keyServer: z.string() });

/** The simulated world in a process of its own. */
export async function startSites(): Promise<SimulatedSites> {
  const { part, announced } = await startAnnouncing({
    script: 'scripts/simulator.ts',
    args: ['--json', '--acme', '0', '--globex', '0', '--keys', '0'],
  });
  const { acme, globex, keyServer } = addresses.parse(announced);
  return { acme: await reachSite(acme), globex: await reachSite(globex), keyServer, pid: part.pid, close: part.stop };
}

/** A Postgres of one's own that writes to disk as in production: only then a stored delivery is a stored delivery. */
export const startDurablePostgres = (): ReturnType<typeof startEmbeddedPostgres> =>
  startEmbeddedPostgres({
    folder: path.join(tmpdir(), `tandem-bench-${randomBytes(6).toString('hex')}`),
    lifetime: 'temporary',
    settings: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' },
  });

export interface TandemOptions {
  readonly databaseUrl: string;
  readonly keyServer: string;
  readonly role: 'all' | 'web';
  readonly profileFolder?: string | undefined;
}

/** The app as it is deployed: `scripts/start.ts` with settings from the environment. */
export async function startTandem({ databaseUrl, keyServer, role, profileFolder }: TandemOptions) {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const env = {
    ROLE: role,
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    TANDEM_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    CONNECT_KEYS_CDN_URL: keyServer,
    LOG_LEVEL: 'warn',
  };
  const part = await startAnswering({ script: 'scripts/start.ts', env, profileFolder }, `${url}/readyz`);
  return { url, part };
}

/** Everything, each in its own process, with one running synchronization SUP ↔ ENG. */
export interface Stand {
  readonly sites: SimulatedSites;
  readonly database: Database;
  /** CPU seconds used so far; null where the system does not tell. */
  cpu(): Promise<CpuUse | null>;
  /** Makes `count` items in SUP and waits until they have twins. */
  makeTwins(count: number): Promise<Twins>;
  /** Resolves when no webhook is under way and no lane is dirty, waiting or in hand. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 50;

export async function startStand(profileFolder?: string): Promise<Stand> {
  const postgres = await startDurablePostgres();
  const sites = await startSites();
  const tandem = await startTandem({ databaseUrl: postgres.url, keyServer: sites.keyServer, role: 'all', profileFolder });
  const { acme, globex } = sites;
  for (const site of [acme, globex])
    await site.control('POST', '/apps', { descriptorUrl: `${tandem.url}/atlassian-connect.json` });
  const pageApi = (site: RemoteSite, project: string) => createPageApi(tandem.url, () => site.contextToken(APP_KEY, project));
  const partner = { kind: 'other-site' as const, siteUrl: globex.url, projectKey: 'ENG' };
  const request = { partner, name: 'Bench', description: '', content: EVERYTHING };
  await synchronizeSpaces(pageApi(acme, 'SUP'), pageApi(globex, 'ENG'), request, 'leave');
  const database = createDatabase({ url: postgres.url, poolSize: 2, clock: systemClock });
  const settle = (): Promise<void> => untilSettled(sites, database);
  return {
    sites,
    database,
    cpu: () => readCpu({ tandem: tandem.part.pid, simulator: sites.pid }, database),
    settle,
    async makeTwins(count) {
      const items = Array.from({ length: count }, (_, n) => ({ summary: `Load ${n}` }));
      const ids = new Set(await acme.create('SUP', items));
      await settle();
      return readTwins(database, ids);
    },
    async close() {
      await database.close();
      await tandem.part.stop();
      await sites.close();
      await postgres.stop();
    },
  };
}

async function readCpu(pids: { tandem: number; simulator: number }, database: Database): Promise<CpuUse | null> {
  const [backend] = await database.rows('SELECT pg_backend_pid() AS pid', [], z.object({ pid: z.number() }));
  const [tandem, simulator, postgres] = [cpuOf(pids.tandem), cpuOf(pids.simulator), cpuOfPostgres(backend?.pid ?? 0)];
  return tandem === null || simulator === null || postgres === null ? null : { tandem, postgres, simulator };
}

async function untilSettled({ acme, globex }: SimulatedSites, database: Database): Promise<void> {
  const lanes = createLanes({ database, onWake: () => undefined });
  for (;;) {
    await Promise.all([acme.control('GET', '/webhooks/idle'), globex.control('GET', '/webhooks/idle')]);
    const { due, leased, waiting } = await lanes.count();
    if (due + leased + waiting === 0) return;
    await delay(LOOK_EVERY_MS);
  }
}

async function readTwins(database: Database, ids: ReadonlySet<string>): Promise<Twins> {
  const rows = await database.rows(
    'SELECT a_issue_id, b_issue_id FROM pair',
    [],
    z.object({ a_issue_id: z.string(), b_issue_id: z.string() }),
  );
  const twins = new Map(rows.filter((row) => ids.has(row.a_issue_id)).map((row) => [row.a_issue_id, row.b_issue_id]));
  if (twins.size !== ids.size) throw new Error(`${ids.size - twins.size} items got no twin.`);
  return twins;
}
