import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Connection } from '../app/contract/connections.ts';
import { type AttackWorld, createAttackWorld } from './attacks/attack-world.ts';
import { linkOf, openBrowser, parameterOf, press } from './attacks/consents.ts';
import { environmentOf, type StartedProcess, startProcess } from './child-process.ts';
import { freePort } from './free-port.ts';
import { until } from './two-sites.ts';

/*
 * A process is killed while somebody lets Tandem into a site. What another process, or the same one started again, makes of what is left.
 */
const LIMIT_MS = 60_000;

/** A site that stops answering at one address. */
interface StubbornSite {
  readonly url: string;
  /** The address at which it hangs; null: nowhere. */
  hangAt: string | null;
  /** Requests that hang now. */
  readonly hanging: number;
  close(): void;
}

const ANSWERS: Readonly<Record<string, object>> = {
  '/rest/api/2/serverInfo': { baseUrl: 'http://127.0.0.1', version: '10.3.0', deploymentType: 'Server' },
  '/rest/api/2/myself': { key: 'user-1', displayName: 'Sync user' },
  '/rest/oauth2/latest/token': {
    ...{ access_token: 'an-access-token', refresh_token: 'a-refresh-token', token_type: 'Bearer', expires_in: 7200 },
  },
};

async function openStubborn(): Promise<StubbornSite> {
  let hanging = 0;
  const server: Server = createServer((incoming, outgoing) => {
    const { pathname } = new URL(incoming.url ?? '', 'http://site');
    if (pathname === site.hangAt) {
      hanging += 1;
      return;
    }
    outgoing.writeHead(pathname in ANSWERS ? 200 : 404, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify(ANSWERS[pathname] ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens.');
  const site = {
    url: `http://127.0.0.1:${address.port}`,
    hangAt: null as string | null,
    get hanging() {
      return hanging;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return site;
}

let attacks: AttackWorld;
let site: StubbornSite;
let doomed: StartedProcess;
let doomedUrl: string;
beforeAll(async () => {
  attacks = await createAttackWorld();
}, LIMIT_MS);
afterAll(() => attacks.close());
beforeEach(async () => {
  site = await openStubborn();
  const port = await freePort();
  doomedUrl = `http://localhost:${port}`;
  doomed = startProcess({ ...environmentOf(attacks.config), PORT: String(port), ROLE: 'web', LOG_LEVEL: 'info' });
  await until(() => doomed.output().includes('Tandem is running'));
}, LIMIT_MS);
afterEach(async () => {
  doomed.kill('SIGKILL');
  await doomed.ended;
  site.close();
});

/** Sends a request to the process that dies of it, once the site has got what came of it. */
async function dieOf(path: string, init: RequestInit): Promise<void> {
  const answer = fetch(`${doomedUrl}${path}`, init).then(
    ({ status }) => `answered ${status}`,
    () => 'died',
  );
  await Promise.race([until(() => site.hanging > 0), answer]);
  doomed.kill('SIGKILL');
  expect(await answer).toBe('died');
  site.hangAt = null;
}

const read = ({ connectionId }: Connection): Promise<Connection> => attacks.acme.page('GET', `/connections/${connectionId}`);

it.each(['/rest/oauth2/latest/token', '/rest/api/2/myself'])(
  'killed while %s is asked, after a consent: the link is used up, nothing counts, and a new link does',
  async (path) => {
    const applicationLink = { name: 'Tandem', clientId: 'client', clientSecret: 'client-secret' };
    const body = { kind: 'oauth2-data-center', siteUrl: site.url, applicationLink };
    const connection = await attacks.acme.page<Connection>('POST', '/connections', body);
    const [person, link] = [openBrowser(attacks), await linkOf(attacks, connection)];
    const back = `/oauth/callback?code=a-code&state=${parameterOf(await press(person, link), 'state')}`;
    const cookie = [...person.cookies].map((pair) => pair.join('=')).join('; ');
    site.hangAt = path;
    await dieOf(back, { headers: { cookie } });

    expect(await read(connection)).toMatchObject({ state: 'awaiting-authentication', syncUser: null });
    const again = [await person.get(back), await person.get(link)];
    expect(again.map(({ status, code }) => `${status} ${code}`)).toEqual(['410 link-used', '410 link-used']);
    const anew = await press(person, await linkOf(attacks, connection));
    const done = await person.get(`/oauth/callback?code=another-code&state=${parameterOf(anew, 'state')}`);
    expect([done.status, (await read(connection)).state]).toEqual([200, 'working']);
  },
  LIMIT_MS,
);

it(
  'killed while typed credentials are tried: what is left can be given them, or be removed',
  async () => {
    const known = new Set(
      (await attacks.acme.page<{ connections: Connection[] }>('GET', '/connections')).connections.map(
        ({ connectionId }) => connectionId,
      ),
    );
    site.hangAt = '/rest/api/2/myself';
    await dieOf('/api/v1/connections', {
      method: 'POST',
      headers: { authorization: `JWT ${attacks.acme.contextToken()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'personal-token', siteUrl: site.url, token: 'a-token' }),
    });
    const { connections } = await attacks.acme.page<{ connections: Connection[] }>('GET', '/connections');
    const left = connections.filter(({ connectionId }) => !known.has(connectionId));
    expect(left).toEqual([expect.objectContaining({ state: 'awaiting-authentication', syncUser: null })]);
    const [one] = left;
    const path = `/connections/${one?.connectionId}`;
    const given = await attacks.acme.page<Connection>('PATCH', path, {
      credentials: { kind: 'personal-token', token: 'a-token' },
    });
    expect(given.state).toBe('working');
    await attacks.acme.page('DELETE', path);
  },
  LIMIT_MS,
);
