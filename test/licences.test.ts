import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from '../app/contract/connections.ts';
import type { LicenceFile, LicenceView } from '../app/contract/licence.ts';
import { signedTextOf } from '../app/core/licence.ts';
import { type Running, run } from '../app/main.ts';
import { makeEd25519Pair, signEd25519 } from '../app/platform/ed25519.ts';
import { createLogger } from '../app/platform/logger.ts';
import { type PageApi, pageApiOf } from '../scripts/page-api.ts';
import type { DataCenterSite } from '../simulator/datacenter/data-center-site.ts';
import { type Simulator, startSimulator } from '../simulator/start-simulator.ts';
import { setUpOver } from './canary-connections.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { freePort } from './free-port.ts';
import { control } from './remote-sites.ts';
import { settingsFor } from './settings-for.ts';

const TIMEOUT_MS = 60_000;
const issuer = makeEd25519Pair();

let world: Simulator;
let database: TestDatabase;
let running: Running;
let support: PageApi;

beforeAll(async () => {
  world = await startSimulator({ indexLagMs: 0, dataCenter: { initech: {}, umbrella: {} } });
  database = await createTestDatabase();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const config = settingsFor({
    PORT: String(port),
    DATABASE_URL: database.url,
    TANDEM_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    CONNECT_KEYS_CDN_URL: world.keyServerUrl,
    LICENCE_PUBLIC_KEY: issuer.publicKey,
  });
  running = await run(config, createLogger('silent'));
  const { acme } = world.sites;
  const installed = await acme.connect.install(`${url}/atlassian-connect.json`);
  if (!installed.ok) throw new Error(installed.detail);
  support = pageApiOf(acme, 'SUP', url);
}, TIMEOUT_MS);

afterAll(async () => {
  await running?.stop();
  await world?.close();
  await database?.drop();
}, TIMEOUT_MS);

const licenceFor = (site: string, endpoints: number): LicenceFile => {
  const licence: LicenceFile['licence'] = {
    ...{ product: 'tandem-remote', id: 'L-1', holder: 'Acme Ltd', tenant: null, issued: '2026-01-01', expires: '2999-12-31' },
    site,
    endpoints,
  };
  return { licence, signature: signEd25519(issuer, signedTextOf(licence)) };
};

/** A stopped synchronization with a space of that site, reached by somebody's token. */
async function setUpWith(name: 'initech' | 'umbrella', user: string): Promise<string> {
  const site: DataCenterSite | undefined = world.dataCenter[name];
  if (site === undefined) throw new Error(`${name} was asked for.`);
  const { token } = await control(`${site.url}/__sim/personal-tokens`, { user });
  const body = { kind: 'personal-token', siteUrl: site.url, token };
  const { connectionId } = await support<Connection>('POST', '/connections', body);
  const { spaces } = await support<{ spaces: { projectKey: string }[] }>('GET', `/connections/${connectionId}/spaces`);
  return setUpOver(support, connectionId, spaces[0]?.projectKey ?? '');
}

const start = (id: string) => support('POST', `/synchronizations/${id}/start`, { existingItems: 'leave' });
const stop = (id: string) => support('POST', `/synchronizations/${id}/stop`);
const codeOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => 'done',
    (error: Error) => /"code":"([a-z-]+)"/.exec(error.message)?.[1],
  );

describe('a licence for one site without the app', () => {
  it('lets synchronizations with one of two run, whichever started first', async () => {
    const [one, other] = [await setUpWith('initech', 'bkovacs'), await setUpWith('umbrella', 'ihansen')];
    expect(await codeOf(start(one))).toBe('licence-missing');
    const { url } = world.sites.acme;
    expect(await codeOf(support('PUT', '/licence', licenceFor('https://globex.example', 1)))).toBe('licence-of-other');
    expect(await support<LicenceView>('PUT', '/licence', licenceFor(url, 1))).toMatchObject({ state: 'valid', taken: [] });

    const both = await Promise.all([codeOf(start(one)), codeOf(start(other))]);
    expect([...both].sort()).toEqual(['done', 'licence-endpoints-used-up']);
    const [first, second] = both[0] === 'done' ? [one, other] : [other, one];
    expect((await support<LicenceView>('GET', '/licence')).taken).toMatchObject([{ synchronizations: 1 }]);
    expect(await codeOf(start(first))).toBe('done');
    await stop(first);
    expect(await codeOf(start(second))).toBe('done');
    expect(await codeOf(start(first))).toBe('licence-endpoints-used-up');

    await support('PUT', '/licence', licenceFor(url, 2));
    expect(await codeOf(start(first))).toBe('done');
    expect((await support<LicenceView>('GET', '/licence')).taken).toHaveLength(2);
  });
});
