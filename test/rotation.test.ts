import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resealRows } from '../app/connections/reseal-rows.ts';
import { createSecretBox } from '../app/connections/secret-box.ts';
import { type Running, run } from '../app/main.ts';
import { createLogger } from '../app/platform/logger.ts';
import { EVERYTHING, type PageApi, pageApiOf, synchronizeSpaces } from '../scripts/page-api.ts';
import type { Issue } from '../simulator/heart/site.ts';
import { type Simulator, startSimulator } from '../simulator/start-simulator.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { type Person, personAt } from './people.ts';
import { twinsOf } from './person.ts';
import { settingsFor } from './settings-for.ts';
import { freePort, until } from './two-sites.ts';

const TIMEOUT_MS = 90_000;
const newKey = (): string => randomBytes(32).toString('hex');
const [OLD, NEW] = [newKey(), newKey()];
const bytes = (key: string): Buffer => Buffer.from(key, 'hex');

let world: Simulator;
let database: TestDatabase;
let port: number;
let running: Running;
let priya: Person;
let support: PageApi;

/** The app with those keys, in place of the one that runs. */
async function restart(keys: { current: string; older: string[]; next?: string }): Promise<void> {
  await running?.stop();
  const config = settingsFor({
    PORT: String(port),
    DATABASE_URL: database.url,
    TANDEM_ENCRYPTION_KEY: keys.current,
    TANDEM_ENCRYPTION_KEYS_OLDER: keys.older.join(','),
    TANDEM_ENCRYPTION_KEY_NEXT: keys.next ?? '',
    CONNECT_KEYS_CDN_URL: world.keyServerUrl,
  });
  running = await run(config, createLogger('silent'));
}

beforeAll(async () => {
  world = await startSimulator({ indexLagMs: 0 });
  database = await createTestDatabase();
  port = await freePort();
  await restart({ current: OLD, older: [] });
  const url = `http://localhost:${port}`;
  const { acme, globex } = world.sites;
  for (const { connect } of [acme, globex]) {
    const installed = await connect.install(`${url}/atlassian-connect.json`);
    if (!installed.ok) throw new Error(installed.detail);
  }
  priya = personAt(acme);
  support = pageApiOf(acme, 'SUP', url);
  const partner = { kind: 'other-site' as const, siteUrl: globex.url, projectKey: 'ENG' };
  const wish = { partner, name: 'Support and Engineering', description: '', content: EVERYTHING };
  await synchronizeSpaces(support, pageApiOf(globex, 'ENG', url), wish, 'leave');
}, TIMEOUT_MS);

afterAll(async () => {
  await running?.stop();
  await world?.close();
  await database?.drop();
}, TIMEOUT_MS);

async function crosses(item: Issue, summary: string): Promise<void> {
  priya.edit(item, { summary });
  await until(() => twinsOf(world.sites.globex, item)[0]?.summary === summary);
}

describe('a new master key', () => {
  it(
    'comes step by step while items cross, and nothing but fingerprints needs the old one in the end',
    async () => {
      const item = priya.create('SUP', { summary: 'Under the old key' });
      await until(() => twinsOf(world.sites.globex, item).length === 1);

      await restart({ current: OLD, older: [], next: NEW });
      await crosses(item, 'While the new one is only known');
      await restart({ current: NEW, older: [OLD] });

      const box = createSecretBox({ current: bytes(NEW), older: [bytes(OLD)] });
      const [standings] = await Promise.all([
        resealRows(database, box, 'reseal'),
        crosses(item, 'While secrets are sealed anew'),
      ]);
      expect(standings.find(({ column }) => column === 'connection.sealed_secret')).toMatchObject({ moved: 2, unreadable: 0 });

      await until(async () => {
        const left = await resealRows(database, createSecretBox({ current: bytes(NEW), older: [] }), 'look');
        return left.every((one) => one.left.size + one.unreadable === 0);
      });
      await crosses(item, 'Under the new key');
      expect(twinsOf(world.sites.globex, item)).toHaveLength(1);
      expect(await support('GET', '/synchronizations')).toMatchObject({ synchronizations: [{ errors: 0 }] });
    },
    TIMEOUT_MS,
  );
});
