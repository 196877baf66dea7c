import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import axios from 'axios';
import { createAddressRule } from '../platform/given-address.ts';
import { createGuardedAgents, resolveHost } from '../platform/guarded-agents.ts';
import { createSendHttp, jsonOf } from './send-http.ts';

let server: Server;
let url: string;
const seen: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['content-type'] ?? ''}`);
    if (request.url === '/moved') response.writeHead(302, { location: '/elsewhere' }).end();
    else if (request.url === '/large') response.end('x'.repeat(1024 * 1024 + 1));
    else if (request.url === '/cut') request.socket.destroy();
    else response.writeHead(418, { 'X-Tea': 'yes' }).end('{"a":1}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const send = createSendHttp(axios.create({ proxy: false }));

it('gives back whatever was answered', async () => {
  const sent = await send({ method: 'POST', url: `${url}/tea`, form: { a: 'b c', d: '&' } });
  expect(sent).toMatchObject({ ok: true, value: { status: 418, headers: { 'x-tea': 'yes' }, body: '{"a":1}' } });
  expect(sent.ok && jsonOf(sent.value)).toEqual({ a: 1 });
  expect(seen).toContain('POST /tea application/x-www-form-urlencoded');
});

it('follows no redirect', async () => {
  expect(await send({ method: 'GET', url: `${url}/moved` })).toMatchObject({ ok: true, value: { status: 302 } });
  expect(seen.some((call) => call.includes('/elsewhere'))).toBe(false);
});

it.each(['/large', '/cut'])('has no answer: %s', async (path) =>
  expect(await send({ method: 'GET', url: `${url}${path}` })).toEqual({ ok: false, failure: 'unreachable' }),
);

it('says when the guard did not let it out', async () => {
  const guarded = createGuardedAgents({
    rule: createAddressRule({ http: 'never', allowed: [] }),
    resolve: resolveHost,
    connectTimeoutMs: 1_000,
  });
  const sendGuarded = createSendHttp(axios.create({ ...guarded, proxy: false }));
  const before = seen.length;
  expect(await sendGuarded({ method: 'GET', url })).toEqual({ ok: false, failure: 'forbidden-address' });
  expect(seen.length).toBe(before);
  guarded.close();
});

it('takes what is no JSON for nothing', () => expect(jsonOf({ status: 200, headers: {}, body: '<html>' })).toBeUndefined());
