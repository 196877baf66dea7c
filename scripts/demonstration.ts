import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Config } from '../app/config/read-config.ts';
import { type Running, run } from '../app/main.ts';
import { startEmbeddedPostgres } from '../app/platform/embedded-postgres.ts';
import { createLogger } from '../app/platform/logger.ts';
import { asPlainUser } from '../app/platform/plain-user.ts';
import { createMountPages } from '../simulator/pages/mount-pages.ts';
import { type Simulator, startSimulator } from '../simulator/start-simulator.ts';
import { EVERYTHING, pageApiOf, synchronizeSpaces } from './page-api.ts';
import { createWorldFile, type WorldFile } from './world-file.ts';

const DATA = fileURLToPath(new URL('../.data', import.meta.url));

/** Where the addresses begin; the next free port is taken where one is in use. */
const FIRST_PORTS = { acme: 3001, globex: 3002 };

/** What the sites forget when the process is killed. Tandem's own database forgets nothing, so this must be short. */
const KEEP_EVERY_MS = 250;

/**
 * The demonstration: own Postgres and the simulated world in ./.data, the app installed on both sites through the real handshake,
 * and one running synchronization. Everything in this process but Postgres; all of it ends with `stop`.
 */
export async function startDemonstration(config: Config): Promise<{ stop(): Promise<void> }> {
  const parts: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const part of parts.splice(0).reverse()) await part.stop();
  };
  try {
    await startParts(config, parts);
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(config: Config, parts: { stop(): Promise<void> }[]): Promise<void> {
  mkdirSync(DATA, { recursive: true });
  say('Starting Postgres…');
  const postgres = await startEmbeddedPostgres({ folder: path.join(DATA, 'postgres'), lifetime: 'persistent' });
  parts.push(postgres);
  if (postgres.remark !== null) say(postgres.remark);
  const databaseUrl = await asPlainUser(await ensureDatabase(postgres.url));

  say('Starting two simulated Jira sites…');
  const savedWorld = createWorldFile(path.join(DATA, 'world'));
  const world = await startWorld(savedWorld);
  let kept: Buffer | null = null;
  const keep = (): void => {
    const present = world.save();
    if (kept?.equals(present) !== true) savedWorld.write(present);
    kept = present;
  };
  const keeping = setInterval(keep, KEEP_EVERY_MS);
  parts.push({
    async stop() {
      clearInterval(keeping);
      await world.close();
      keep();
    },
  });

  say('Starting Tandem…');
  const tandem = await startTandem(config, databaseUrl, world);
  parts.push(tandem.running);
  await setUp(world, tandem.url);
  keep();
  sayReady(world, tandem.url);
}

async function startWorld(savedWorld: WorldFile): Promise<Simulator> {
  const ports = { acme: await freePort(FIRST_PORTS.acme), globex: await freePort(FIRST_PORTS.globex) };
  const saved = savedWorld.read();
  if (saved === null) return startSimulator({ ports, pages: createMountPages() });
  try {
    return await startSimulator({ ports, pages: createMountPages(), saved });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The simulated sites saved in ${DATA} cannot be read (${reason}). Remove that folder to begin anew.`);
  }
}

async function startTandem(config: Config, databaseUrl: string, world: Simulator): Promise<{ running: Running; url: string }> {
  const port = process.env['PORT'] === undefined || config.port === 0 ? await freePort(config.port) : config.port;
  const url = `http://localhost:${port}`;
  const running = await run(
    {
      ...config,
      role: 'all',
      port,
      publicUrl: url,
      databaseUrl,
      encryptionKeys: { current: ensureKey(), older: [] },
      installKeyServers: [world.keyServerUrl],
      connectScriptUrl: `${world.sites.acme.url}/atlassian-connect/all.js`,
      allowedSiteHosts: ['localhost'],
    },
    // What happens is shown in the browser; the terminal keeps the addresses.
    createLogger(process.env['LOG_LEVEL'] === undefined ? 'warn' : config.logLevel),
  );
  return { running, url };
}

/** Installs the app on both sites (again, if it was there: addresses may have changed) and makes the first synchronization. */
async function setUp(world: Simulator, url: string): Promise<void> {
  const { acme, globex } = world.sites;
  for (const site of [acme, globex]) {
    const installed = await site.connect.install(`${url}/atlassian-connect.json`);
    if (!installed.ok) throw new Error(`Tandem could not be installed on ${site.url}: ${installed.detail}`);
  }
  const support = pageApiOf(acme, 'SUP', url);
  const known = await support<{ synchronizations: readonly unknown[] }>('GET', '/synchronizations');
  if (known.synchronizations.length > 0) return;
  const request = {
    partner: { kind: 'other-site' as const, siteUrl: globex.url, projectKey: 'ENG' },
    name: 'Support ↔ Engineering',
    description: 'What customers report, and what engineering does about it.',
    content: EVERYTHING,
  };
  await synchronizeSpaces(support, pageApiOf(globex, 'ENG', url), request, 'synchronize');
}

async function ensureDatabase(serverUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = 'tandem'");
    if (found.rowCount === 0) await client.query('CREATE DATABASE tandem');
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = '/tandem';
  return url.href;
}

/** Made at the first start and kept beside the data that it seals. */
function ensureKey(): string {
  const keyFile = path.join(DATA, 'encryption-key');
  if (!existsSync(keyFile)) writeFileSync(keyFile, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  const key = readFileSync(keyFile, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/i.test(key)) {
    throw new Error(`${keyFile} does not hold a key (64 hexadecimal characters). Put it back, or remove ${DATA} to begin anew.`);
  }
  return key;
}

/** `wanted`, or a free one where that is taken. */
async function freePort(wanted: number): Promise<number> {
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? 0;
}

const tryPort = (port: number): Promise<number | null> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(port, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function sayReady(world: Simulator, url: string): void {
  const { acme, globex } = world.sites;
  say(`
Tandem is ready.

  Jira site "acme"     ${acme.url}/projects/SUP
  Jira site "globex"   ${globex.url}/projects/ENG
  Tandem               ${url}   (installed on both; descriptor at /atlassian-connect.json)

Try this:
  1. Open both spaces side by side. Edit an item, comment on it or move its status in one: the other follows within a second.
  2. Create an item in one of them: its twin appears in the other.
  3. Open Space settings > Tandem in one of them: see the synchronization, stop it, make another one.

Both sites keep what you do in ./.data. Remove that folder to begin anew. Stop with Ctrl-C.
`);
}
