import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { createLanes } from '../app/lanes/lanes.ts';
import { systemClock } from '../app/platform/clock.ts';
import { createDatabase, type Database } from '../app/platform/database.ts';
import { startEmbeddedPostgres } from '../app/platform/embedded-postgres.ts';
import { createPageApi, EVERYTHING, synchronizeSpaces } from '../scripts/page-api.ts';
import type { Twins } from './arrival.ts';
import { type CpuUse, cpuOf, cpuOfPostgres } from './cpu.ts';
import { freePort, type Part, startAnnouncing, startAnswering, startSpeaking } from './processes.ts';
import { type RemoteSite, reachSite } from './remote-site.ts';
import { untilNothingIsMissing } from './until-nothing-is-missing.ts';

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
export const startDurablePostgres = (settings: Readonly<Record<string, string>> = {}): ReturnType<typeof startEmbeddedPostgres> =>
  startEmbeddedPostgres({
    folder: path.join(tmpdir(), `tandem-bench-${randomBytes(6).toString('hex')}`),
    lifetime: 'temporary',
    settings: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', ...settings },
  });

/** As in the Dockerfile. */
const DEPLOYED = ['--max-old-space-size=256', '--max-semi-space-size=16'];

export interface TandemOptions {
  readonly databaseUrl: string;
  readonly keyServer: string;
  readonly role: 'all' | 'web' | 'worker';
  /** The same for all processes of one Tandem. */
  readonly encryptionKey?: string;
  /** Turns at the same time in a process. */
  readonly concurrency?: number | undefined;
  readonly profileFolder?: string | undefined;
}

/** The app as it is deployed: `scripts/start.ts` with settings from the environment. A worker answers nothing, so it has no address. */
export async function startTandem(options: TandemOptions) {
  const { databaseUrl, keyServer, role, encryptionKey = randomBytes(32).toString('hex'), concurrency, profileFolder } = options;
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const env = {
    ROLE: role,
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    TANDEM_ENCRYPTION_KEY: encryptionKey,
    CONNECT_KEYS_CDN_URL: keyServer,
    LOG_LEVEL: role === 'worker' ? 'info' : 'warn',
    ...(concurrency === undefined ? {} : { WORKER_CONCURRENCY: String(concurrency) }),
  };
  const started = { script: 'scripts/start.ts', flags: DEPLOYED, env, profileFolder };
  const part = await (role === 'worker' ? startSpeaking(started, 'Tandem is running') : startAnswering(started, `${url}/readyz`));
  return { url, part };
}

export interface StandOptions {
  readonly profileFolder?: string | undefined;
  /** How many worker processes beside one for the web; without, one process is both. */
  readonly workers?: number;
  readonly concurrency?: number;
}

/** A space of one site and a space of the other. */
export interface Route {
  readonly from: RemoteSite;
  readonly space: string;
  readonly to: RemoteSite;
  readonly toSpace: string;
}

/** Everything, each in its own process, with one running synchronization SUP ↔ ENG. */
export interface Stand {
  readonly sites: SimulatedSites;
  readonly database: Database;
  /** The processes of the app: the web (or both in one) first, then the workers. */
  readonly parts: readonly Part[];
  /** CPU seconds used so far; null where the system does not tell. */
  cpu(): Promise<CpuUse | null>;
  /** Another running synchronization, owned by the site `from`. */
  synchronize(route: Route, existingItems?: 'leave' | 'synchronize'): Promise<void>;
  /** Makes `count` items in SUP, or in another space, and waits until they have twins. */
  makeTwins(count: number, route?: Route): Promise<Twins>;
  /** The twins of items of a side A; throws where one has none. */
  twinsOf(issueIds: Iterable<string>): Promise<Twins>;
  /** Resolves when no webhook is under way and no lane is dirty, waiting or in hand. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

async function startParts(databaseUrl: string, keyServer: string, { profileFolder, workers, concurrency }: StandOptions) {
  const shared = { databaseUrl, keyServer, encryptionKey: randomBytes(32).toString('hex'), concurrency, profileFolder };
  const first = await startTandem({ ...shared, role: workers === undefined ? 'all' : 'web' });
  const others = await Promise.all(Array.from({ length: workers ?? 0 }, () => startTandem({ ...shared, role: 'worker' })));
  return { url: first.url, parts: [first, ...others].map(({ part }) => part) };
}

export async function startStand(options: StandOptions = {}): Promise<Stand> {
  const postgres = await startDurablePostgres();
  const sites = await startSites();
  const { url, parts } = await startParts(postgres.url, sites.keyServer, options);
  const { acme, globex } = sites;
  for (const site of [acme, globex]) await site.control('POST', '/apps', { descriptorUrl: `${url}/atlassian-connect.json` });
  const database = createDatabase({ url: postgres.url, poolSize: 2, clock: systemClock });
  const settle = (): Promise<void> => untilSettled(sites, database);
  const main: Route = { from: acme, space: 'SUP', to: globex, toSpace: 'ENG' };
  const stand: Stand = {
    sites,
    database,
    parts,
    cpu: () => readCpu({ tandem: parts.map(({ pid }) => pid), simulator: sites.pid }, database),
    settle,
    synchronize: (route, existingItems = 'leave') => synchronizeRoute(url, route, existingItems),
    async makeTwins(count, route = main) {
      const items = Array.from({ length: count }, (_, n) => ({ summary: `Load ${n}` }));
      const ids = await route.from.create(route.space, items);
      await settle();
      return readTwins(database, new Set(ids));
    },
    twinsOf: (issueIds) => readTwins(database, new Set(issueIds)),
    async close() {
      await database.close();
      for (const part of parts.toReversed()) await part.stop();
      await sites.close();
      await postgres.stop();
    },
  };
  await stand.synchronize(main);
  return stand;
}

const synchronizeRoute = async (
  url: string,
  { from, space, to, toSpace }: Route,
  existingItems: 'leave' | 'synchronize',
): Promise<void> => {
  const pageApi = (site: RemoteSite, project: string) => createPageApi(url, () => site.contextToken(APP_KEY, project));
  const partner = { kind: 'other-site' as const, siteUrl: to.url, projectKey: toSpace };
  const request = { partner, name: `Bench ${space}`, description: '', content: EVERYTHING };
  await synchronizeSpaces(pageApi(from, space), pageApi(to, toSpace), request, existingItems);
};

async function readCpu(pids: { tandem: readonly number[]; simulator: number }, database: Database): Promise<CpuUse | null> {
  const [backend] = await database.rows('SELECT pg_backend_pid() AS pid', [], z.object({ pid: z.number() }));
  const used = pids.tandem.map(cpuOf);
  const tandem = used.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
  const [simulator, postgres] = [cpuOf(pids.simulator), cpuOfPostgres(backend?.pid ?? 0)];
  return tandem === null || simulator === null || postgres === null ? null : { tandem, postgres, simulator };
}

async function untilSettled({ acme, globex }: SimulatedSites, database: Database): Promise<void> {
  const lanes = createLanes({ database, onWake: () => undefined });
  /** How many webhooks there were, when all have come. */
  const webhooks = async (): Promise<string> =>
    JSON.stringify(await Promise.all([acme, globex].map((site) => site.control('GET', '/webhooks/idle'))));
  await untilNothingIsMissing(async () => {
    const before = await webhooks();
    const { due, leased, waiting } = await lanes.count();
    // A turn that ended between the two looks may have written something, of which a webhook tells.
    const isStill = due + leased + waiting === 0 && before === (await webhooks());
    return isStill ? null : `not at rest: ${due} lanes are due, ${leased} in hand, ${waiting} waiting`;
  });
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
