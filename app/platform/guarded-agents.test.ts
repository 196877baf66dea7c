import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import axios from 'axios';
import { type AddressRule, createAddressRule } from './given-address.ts';
import { createGuardedAgents, createSiteAddressCheck, type GuardedAgents, type ResolveHost } from './guarded-agents.ts';

/** The one address that every machine has: allowed by one rule, forbidden by the other. */
const HERE = '127.0.0.1';
const RULE = createAddressRule({ http: 'localhost-too', allowed: [HERE] });
const STRICT = createAddressRule({ http: 'localhost-too', allowed: ['10.0.0.0/8'] });

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listen(server: Server | ReturnType<typeof createTlsServer>): Promise<number> {
  server.listen(0, HERE);
  await once(server, 'listening');
  closers.push(async () => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

const serve = (answer: RequestListener): Promise<number> => listen(createServer(answer));

/** A server that nobody may reach, and how many did. */
async function trap(): Promise<{ port: number; visitors: () => number }> {
  let visitors = 0;
  const server = createSocketServer((socket) => {
    visitors += 1;
    socket.destroy();
  });
  server.listen(0, HERE);
  await once(server, 'listening');
  closers.push(async () => {
    server.close();
    await once(server, 'close');
  });
  return { port: (server.address() as AddressInfo).port, visitors: () => visitors };
}

function guard(resolve: ResolveHost, rule: AddressRule = RULE): GuardedAgents {
  const agents = createGuardedAgents({ rule, resolve, connectTimeoutMs: 5000 });
  closers.push(async () => agents.close());
  return agents;
}

const resolving =
  (...ips: string[]): ResolveHost =>
  async () =>
    ips;

/** The status, or the code of what went wrong. */
const get = (url: string, agents: GuardedAgents, maxRedirects = 0): Promise<number | string | undefined> =>
  axios.get(url, { ...agents, maxRedirects, proxy: false, validateStatus: () => true }).then(
    ({ status }) => status,
    (error: unknown) => (axios.isAxiosError(error) ? error.code : 'not an error of axios'),
  );

describe('createGuardedAgents', () => {
  it('connects to the address that was checked, and leaves the host as it was asked', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const port = await serve((request, response) => {
      seen.push(request.headers);
      response.end();
    });
    expect(await get(`http://jira.example.test:${port}/`, guard(resolving(HERE)))).toBe(200);
    expect(seen.map(({ host }) => host)).toEqual([`jira.example.test:${port}`]);
  });

  it('refuses a name of which one address is forbidden', async () => {
    const { port, visitors } = await trap();
    expect(await get(`https://jira.example.test:${port}/`, guard(resolving('10.0.0.1', HERE), STRICT))).toBe(
      'ADDRESS_NOT_ALLOWED',
    );
    expect(await get(`https://jira.example.test:${port}/`, guard(resolving(HERE, '8.8.8.8'), STRICT))).toBe(
      'ADDRESS_NOT_ALLOWED',
    );
    expect(visitors()).toBe(0);
  });

  it('looks a name up once for each connection, so that it cannot change its mind between check and use', async () => {
    const ours = await serve((_request, response) => response.setHeader('Connection', 'close').end());
    const answers = [[HERE], ['10.0.0.1'], ['10.0.0.1']];
    const agents = guard(async () => answers.shift() ?? []);
    expect(await get(`http://jira.example.test:${ours}/`, agents)).toBe(200);
    expect(answers).toHaveLength(2);
    expect(await get(`http://jira.example.test:${ours}/`, agents)).toBe('ADDRESS_NOT_ALLOWED');
    expect(answers).toHaveLength(1);
  });

  it.each([HERE, '2130706433', '0x7f.0.0.1', '127.1', '[::1]', '[::ffff:127.0.0.1]', '192.168.0.1', '169.254.169.254'])(
    'refuses %s, for which nothing is looked up',
    async (host) => {
      const { port, visitors } = await trap();
      expect(await get(`http://${host}:${port}/`, guard(resolving(HERE), STRICT))).toBe('ADDRESS_NOT_ALLOWED');
      expect(visitors()).toBe(0);
    },
  );

  it('refuses http where it is for nobody, and to all but this machine', async () => {
    const port = await serve((_request, response) => response.end());
    const live = createAddressRule({ http: 'never', allowed: [HERE] });
    expect(await get(`http://jira.example.test:${port}/`, guard(resolving(HERE), live))).toBe('ADDRESS_NOT_ALLOWED');
    expect(await get(`http://${HERE}:${port}/`, guard(resolving(HERE), live))).toBe('ADDRESS_NOT_ALLOWED');
    expect(await get('http://jira.example.test/', guard(resolving('10.0.0.1'), STRICT))).toBe('ADDRESS_NOT_ALLOWED');
  });

  it('checks each hop, should somebody follow redirects with it', async () => {
    const port = await serve((_request, response) =>
      response.writeHead(302, { Location: 'http://169.254.169.254/latest/meta-data/' }).end(),
    );
    expect(await get(`http://jira.example.test:${port}/`, guard(resolving(HERE)), 3)).toBe('ADDRESS_NOT_ALLOWED');
  });

  it('asks for the certificate of the name, at the address that was checked', async () => {
    const names: string[] = [];
    const server = createTlsServer({
      SNICallback(name, answer) {
        names.push(name);
        answer(new Error('no certificate here'));
      },
    });
    server.on('tlsClientError', () => undefined);
    const port = await listen(server);
    expect(await get(`https://jira.example.test:${port}/`, guard(resolving(HERE)))).not.toBe('ADDRESS_NOT_ALLOWED');
    expect(names).toEqual(['jira.example.test']);
    expect(await get(`https://jira.example.test:${port}/`, guard(resolving(HERE), STRICT))).toBe('ADDRESS_NOT_ALLOWED');
    expect(names).toHaveLength(1);
  });

  it('gives up on a name whose address nobody tells', async () => {
    const silent = createGuardedAgents({ rule: RULE, resolve: () => new Promise(() => undefined), connectTimeoutMs: 50 });
    closers.push(async () => silent.close());
    expect(await get('http://jira.example.test/', silent)).toBe('CONNECT_TIMEOUT');
    expect(await get('https://jira.example.test/', silent)).toBe('CONNECT_TIMEOUT');
  });

  it('says when a name has no address', async () => {
    expect(await get('https://jira.example.test/', guard(resolving()))).toBe('ENOTFOUND');
    const unknown = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' });
    expect(
      await get(
        'https://jira.example.test/',
        guard(() => Promise.reject(unknown)),
      ),
    ).toBe('ENOTFOUND');
  });
});

describe('createSiteAddressCheck', () => {
  const check = (text: string, resolve: ResolveHost, rule = RULE) => createSiteAddressCheck({ rule, resolve })(text);

  it('takes a name with public addresses', async () => {
    expect(await check('jira.example.test/jira', resolving('8.8.8.8', '2606:4700::1'))).toEqual({
      ok: true,
      value: { siteUrl: 'https://jira.example.test/jira', host: 'jira.example.test' },
    });
  });

  it.each<[string, string[], string]>([
    ['https://jira.example.test', ['8.8.8.8', '10.0.0.1'], 'address-not-allowed'],
    ['https://jira.example.test', ['::ffff:8.8.8.8'], 'address-not-allowed'],
    ['https://jira.example.test', ['169.254.169.254'], 'address-not-allowed'],
    ['https://jira.example.test', [], 'address-unknown'],
    ['https://10.0.0.1', ['8.8.8.8'], 'address-not-allowed'],
    ['https://user@jira.example.test', ['8.8.8.8'], 'address-has-credentials'],
  ])('refuses %s at %j: %s', async (text, ips, failure) => {
    expect(await check(text, resolving(...ips))).toEqual({ ok: false, failure });
  });

  it('refuses a name that nobody knows', async () => {
    expect(await check('https://jira.example.test', () => Promise.reject(new Error('ENOTFOUND')))).toEqual({
      ok: false,
      failure: 'address-unknown',
    });
  });
});
