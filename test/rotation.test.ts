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
import { freePort } from './free-port.ts';
import { documentOf, type Person, personAt } from './people.ts';
import { twinsOf } from './person.ts';
import { settingsFor } from './settings-for.ts';
import { until } from './two-sites.ts';

const TIMEOUT_MS = 90_000;
const newKey = (): string => randomBytes(32).toString('hex');
const bytes = (key: string): Buffer => Buffer.from(key, 'hex');

let world: Simulator;
let database: TestDatabase;
let port: number;
let running: Running;
/** The master keys that the app runs with. */
let keys: { readonly current: string; readonly older: readonly string[] };
let priya: Person;
let support: PageApi;

/** The app with those keys, in place of the one that runs. */
async function restart(wanted: typeof keys & { readonly next?: string }): Promise<void> {
  // A delivery to an app that is away comes again much later.
  await world.idle();
  await running?.stop();
  keys = wanted;
  const config = settingsFor({
    PORT: String(port),
    DATABASE_URL: database.url,
    TANDEM_ENCRYPTION_KEY: wanted.current,
    TANDEM_ENCRYPTION_KEYS_OLDER: wanted.older.join(','),
    TANDEM_ENCRYPTION_KEY_NEXT: wanted.next ?? '',
    CONNECT_KEYS_CDN_URL: world.keyServerUrl,
  });
  running = await run(config, createLogger('silent'));
}

beforeAll(async () => {
  world = await startSimulator({ indexLagMs: 0 });
  database = await createTestDatabase();
  port = await freePort();
  await restart({ current: newKey(), older: [] });
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

/** As `npm run rotate-keys` has them. */
const boxOf = ({ current, older }: typeof keys) => createSecretBox({ current: bytes(current), older: older.map(bytes) });

/** The next key becomes the current one. */
const turnOver = (next: string): Promise<void> => restart({ current: next, older: [keys.current, ...keys.older] });

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

      const next = newKey();
      await restart({ ...keys, next });
      await crosses(item, 'While the new one is only known');
      await turnOver(next);

      const [standings] = await Promise.all([
        resealRows(database, boxOf(keys), 'reseal'),
        crosses(item, 'While secrets are sealed anew'),
      ]);
      expect(standings.find(({ column }) => column === 'connection.sealed_secret')).toMatchObject({ moved: 2, unreadable: 0 });

      await until(async () => {
        const left = await resealRows(database, boxOf({ ...keys, older: [] }), 'look');
        return left.every((one) => one.left.size + one.unreadable === 0);
      });
      await crosses(item, 'Under the new key');
      expect(twinsOf(world.sites.globex, item)).toHaveLength(1);
      expect(await support('GET', '/synchronizations')).toMatchObject({ synchronizations: [{ errors: 0 }] });
    },
    TIMEOUT_MS,
  );

  it(
    'can be the only one when the old one has leaked: what was in step stays so, though no fingerprint is known any more',
    async () => {
      const { globex } = world.sites;
      await turnOver(newKey());
      const item = priya.create('SUP', { summary: 'In step', description: documentOf('As it was'), labels: ['one'] });
      priya.comment(item, 'Once');
      await until(() => twinsOf(globex, item)[0]?.comments.length === 1);
      await world.idle();
      await until(async () =>
        (await resealRows(database, boxOf(keys), 'reseal')).every((one) => one.moved + one.left.size === 0),
      );

      await restart({ ...keys, older: [] });
      const [twin] = twinsOf(globex, item);
      if (twin === undefined) throw new Error('There is no twin.');
      personAt(globex).edit(twin, { labels: ['one', 'two'] });
      await until(() => item.labels.length === 2);
      await crosses(item, 'Changed under the new key');
      priya.comment(item, 'Twice');
      await until(() => twin.comments.length === 2);
      await world.idle();
      expect([item, twin].map(({ summary, labels, comments }) => [summary, [...labels].sort(), comments.length])).toEqual(
        Array(2).fill(['Changed under the new key', ['one', 'two'], 2]),
      );
      expect(twinsOf(globex, item)).toHaveLength(1);
    },
    TIMEOUT_MS,
  );
});
