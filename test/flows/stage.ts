import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { RunnableConfig } from '../../app/compose-parts.ts';
import { readConfig } from '../../app/config/read-config.ts';
import { run } from '../../app/main.ts';
import { systemClock } from '../../app/platform/clock.ts';
import { createLogger } from '../../app/platform/logger.ts';
import { createPageApi, type PageApi, pageApiOf } from '../../scripts/page-api.ts';
import type { DataCenterSite } from '../../simulator/datacenter/data-center-site.ts';
import type { SimulatedSite } from '../../simulator/simulated-site.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import type { WatchedBrowser } from '../browser/watched-browser.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { freePort } from '../free-port.ts';
import { until } from '../two-sites.ts';

/** One step of a flow as it was carried out. */
export interface Step {
  readonly name: string;
  readonly ms: number;
}

/** An empty installation of the app beside a simulated world: nothing is installed, connected or synchronized. */
export interface Stage {
  readonly world: Simulator;
  readonly acme: SimulatedSite;
  readonly globex: SimulatedSite;
  /** Jira 10.3 below `/jira`. */
  readonly initech: DataCenterSite;
  /** Jira 9.12 at the root. */
  readonly umbrella: DataCenterSite;
  /** Where the app answers. */
  readonly url: string;
  readonly database: TestDatabase;
  /** A window with cookies of its own. */
  openWindow(): Promise<Page>;
  /** Installs the app on a Cloud site from its descriptor's address. */
  install(site: SimulatedSite): Promise<void>;
  /** The API as the page in that space uses it, for an administrator of the site. */
  page(site: SimulatedSite, projectKey: string): PageApi;
  /** The API for a program, by an API token. */
  program(token: string): PageApi;
  /** Waits until something is true; gives up after minutes. */
  within(isTrue: () => Promise<boolean> | boolean): Promise<void>;
  /** Carries out one step; what it throws ends the flow and names it. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export interface OpenStage extends Stage {
  readonly steps: readonly Step[];
  close(): Promise<void>;
}

/** The name under which the app is registered at Atlassian's accounts in the simulated world. */
const ATLASSIAN_APP = { clientId: 'tandem-of-the-flows', clientSecret: 'secret-of-tandem-at-the-accounts' };

export async function openStage(browser: WatchedBrowser): Promise<OpenStage> {
  const world = await startSimulator({ indexLagMs: 0, dataCenter: { initech: {}, umbrella: {} }, identity: {} });
  const database = await createTestDatabase();
  const config = await stageConfig(database.url, world);
  await registerAtAtlassian(world, config.publicUrl);
  const running = await run(config, createLogger('silent'));
  const { initech, umbrella } = world.dataCenter;
  if (initech === undefined || umbrella === undefined) throw new Error('Both Data Center sites were asked for.');
  const steps: Step[] = [];
  return {
    world,
    ...world.sites,
    initech,
    umbrella,
    url: config.publicUrl,
    database,
    steps,
    openWindow: () => browser.open(),
    async install(site) {
      const installed = await site.connect.install(`${config.publicUrl}/atlassian-connect.json`);
      if (!installed.ok) throw new Error(installed.detail);
    },
    page: (site, projectKey) => pageApiOf(site, projectKey, config.publicUrl),
    program: (token) => createPageApi(config.publicUrl, () => token, 'Bearer'),
    within: until,
    async step(name, work) {
      const from = systemClock.now();
      try {
        const done = await work();
        steps.push({ name, ms: systemClock.now() - from });
        return done;
      } catch (error) {
        throw new Error(`${name}: ${error instanceof Error ? error.message : 'failed'}`, { cause: error });
      }
    },
    async close() {
      await running.stop();
      await world.close();
      await database.drop();
    },
  };
}

async function stageConfig(databaseUrl: string, world: Simulator): Promise<RunnableConfig> {
  const file: unknown = JSON.parse(readFileSync(new URL('../../config.json', import.meta.url), 'utf8'));
  const encryptionKey = randomBytes(32).toString('hex');
  const identity = world.identity?.url ?? '';
  const read = readConfig(
    {
      NODE_ENV: 'test',
      ROLE: 'all',
      PORT: String(await freePort()),
      DATABASE_URL: databaseUrl,
      TANDEM_ENCRYPTION_KEY: encryptionKey,
      CONNECT_KEYS_CDN_URL: world.keyServerUrl,
      CONNECT_ALL_JS_URL: `${world.sites.acme.url}/atlassian-connect/all.js`,
      ATLASSIAN_CLIENT_ID: ATLASSIAN_APP.clientId,
      ATLASSIAN_CLIENT_SECRET: ATLASSIAN_APP.clientSecret,
      ATLASSIAN_AUTH_URL: identity,
      ATLASSIAN_API_URL: identity,
      LOG_LEVEL: 'silent',
    },
    file,
  );
  if (!read.ok) throw new Error(read.failure.map(({ setting, problem }) => `${setting} ${problem}`).join('; '));
  return { ...read.value, databaseUrl, encryptionKeys: { current: encryptionKey, older: [] } };
}

async function registerAtAtlassian(world: Simulator, publicUrl: string): Promise<void> {
  const answer = await fetch(`${world.identity?.url}/__sim/apps`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Tandem', redirectUris: [`${publicUrl}/oauth/callback`], ...ATLASSIAN_APP }),
  });
  if (!answer.ok) throw new Error(`The simulated accounts answered ${answer.status}: ${await answer.text()}`);
}
