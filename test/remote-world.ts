import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { createSecretBox } from '../app/connections/secret-box.ts';
import type { Ask } from '../app/connections/send-http.ts';
import { type Clock, systemClock } from '../app/platform/clock.ts';
import type { RemoteConnection } from '../app/sync/connection-ports.ts';
import type { DataCenterSite } from '../simulator/datacenter/data-center-site.ts';
import { type Simulator, startSimulator } from '../simulator/start-simulator.ts';
import { systemTimers } from '../simulator/system-clock.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import {
  addConnection,
  consentAtAtlassian,
  consentAtDataCenter,
  control,
  createRemoteKit,
  linkOAuth1,
  linkOAuth2,
  type RemoteKit,
  type RemoteKitOptions,
  registerApp,
  TENANT,
} from './remote-sites.ts';

export const STATE = 'state-of-the-attempt';
export const HOUR_MS = 3_600_000;

/** Instead of sending a request for tokens; `send` sends it all the same. No answer arrives. */
type Instead = (ask: Ask, send: () => Promise<unknown>) => Promise<void>;

/** Sites of every kind, real Postgres, and time that can be moved on for all of them. One per test file; fresh kit and time for each test. */
export class RemoteWorld {
  readonly time = { offset: 0 };
  readonly clock: Clock = {
    now: () => systemClock.now() + this.time.offset,
    sleepUntil: (at) => systemClock.sleepUntil(at - this.time.offset),
  };
  readonly secretBox = createSecretBox({ current: randomBytes(32), older: [] });
  /** Requests for tokens that went out, by what for. */
  tokenCalls: string[] = [];
  instead: Instead | null = null;
  #simulator: Simulator | null = null;
  #database: TestDatabase | null = null;
  #kit: RemoteKit | null = null;

  get simulator(): Simulator {
    return there(this.#simulator);
  }
  get database(): TestDatabase {
    return there(this.#database);
  }
  /** What the one process has that most tests are about. */
  get kit(): RemoteKit {
    return there(this.#kit);
  }
  get initech(): DataCenterSite {
    return there(this.simulator.dataCenter.initech ?? null);
  }
  get umbrella(): DataCenterSite {
    return there(this.simulator.dataCenter.umbrella ?? null);
  }
  get acme() {
    return this.simulator.sites.acme;
  }

  async open(): Promise<void> {
    this.#simulator = await startSimulator({
      clock: { now: this.clock.now },
      timers: systemTimers,
      identity: {},
      dataCenter: { initech: {}, umbrella: { version: '11.3', contextPath: '/tracker' } },
    });
    this.#database = await createTestDatabase();
    await this.database.execute('INSERT INTO tenant (tenant_id) VALUES ($1)', [TENANT]);
  }
  async close(): Promise<void> {
    await this.simulator.close();
    await this.database.drop();
  }
  async begin(): Promise<void> {
    this.time.offset = 0;
    this.tokenCalls = [];
    this.instead = null;
    await registerApp(this.simulator);
    this.#kit = this.newKit();
  }

  /** Another process. */
  newKit(options: Partial<RemoteKitOptions> = {}): RemoteKit {
    const { simulator, database, secretBox, clock } = this;
    return createRemoteKit({
      ...{ simulator, database, secretBox, clock },
      between: async (ask, send) => {
        if (ask.form?.['grant_type'] === undefined) return send(ask);
        this.tokenCalls.push(ask.form['grant_type']);
        if (this.instead === null) return send(ask);
        await this.instead(ask, () => send(ask));
        return { ok: false, failure: 'unreachable' };
      },
      ...options,
    });
  }

  async read({ tenantId, connectionId }: RemoteConnection): Promise<RemoteConnection> {
    return there(await this.kit.connections.read(tenantId, connectionId));
  }
  async beginConsent(connection: RemoteConnection) {
    const begun = await this.kit.providers.begin(connection, STATE);
    if (!begun.ok) throw new Error(begun.failure.code);
    return begun.value;
  }
  /** The rest that follows a try that came to nothing is over. */
  async endRest(): Promise<void> {
    await this.database.execute('UPDATE remote_connection SET refresh_rest_until = now()', []);
  }

  async connectCloud(): Promise<RemoteConnection> {
    const connection = await addConnection(this.kit, { kind: 'oauth2-cloud', siteUrl: this.acme.url, product: 'cloud' });
    const begun = await this.beginConsent(connection);
    const said = await consentAtAtlassian(this.simulator, begun.url, 'acme');
    return this.#complete(connection, begun.sealed, said);
  }
  async connectDataCenter(site = this.initech, userName = 'mwright', known?: RemoteConnection): Promise<RemoteConnection> {
    const connection = known ?? (await this.#addLinked(site, 'oauth2-data-center'));
    const begun = await this.beginConsent(connection);
    return this.#complete(connection, begun.sealed, await consentAtDataCenter(site, begun.url, userName));
  }
  async connectOAuth1(site = this.initech, userName = 'mwright'): Promise<RemoteConnection> {
    const connection = await this.#addLinked(site, 'oauth1');
    const begun = await this.beginConsent(connection);
    return this.#complete(connection, begun.sealed, await consentAtDataCenter(site, begun.url, userName));
  }
  async #addLinked(site: DataCenterSite, kind: 'oauth1' | 'oauth2-data-center'): Promise<RemoteConnection> {
    const link = kind === 'oauth1' ? await linkOAuth1(this.kit, site) : (await linkOAuth2(this.kit, site)).link;
    const { applicationLinkId } = link;
    return addConnection(this.kit, { kind, siteUrl: site.url, product: 'data-center', applicationLinkId });
  }
  async #complete(
    connection: RemoteConnection,
    sealed: string,
    { answer, state }: Awaited<ReturnType<typeof consentAtAtlassian>>,
  ): Promise<RemoteConnection> {
    expect(state).toBe(STATE);
    const completed = await this.kit.providers.complete(connection, sealed, answer);
    if (!completed.ok) throw new Error(completed.failure.code);
    return completed.value.connection;
  }

  async enter(
    connection: Pick<RemoteConnection, 'kind' | 'siteUrl' | 'product'>,
    credentials: Parameters<RemoteKit['typed']['enter']>[1],
  ) {
    return this.kit.typed.enter(await addConnection(this.kit, connection), credentials);
  }
  /** The first person of the Cloud site. */
  get person() {
    const [user] = [...this.acme.heart.users.values()].filter(({ accountType }) => accountType === 'atlassian');
    return there(user ?? null);
  }
  async personalToken(site: DataCenterSite, user = 'lduarte'): Promise<string> {
    return (await control(`${site.url}/__sim/personal-tokens`, { user })).token ?? '';
  }
  /** So many calls at once, by turns of those processes; the outcomes without repetition. */
  async callAtOnce(count: number, connection: RemoteConnection, kits: readonly RemoteKit[] = [this.kit]) {
    const calls = Array.from({ length: count }, (_, place) => kits[place % kits.length]?.callMyself(connection));
    return [...new Set(await Promise.all(calls))];
  }
}

function there<Value>(value: Value | null): Value {
  if (value === null) throw new Error('It is not there');
  return value;
}

export function useRemoteWorld(): RemoteWorld {
  const world = new RemoteWorld();
  beforeAll(() => world.open());
  beforeEach(() => world.begin());
  afterAll(() => world.close());
  return world;
}
