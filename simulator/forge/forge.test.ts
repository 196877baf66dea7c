import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import { editIssue } from '../heart/edit-issue.ts';
import type { Issue } from '../heart/site.ts';
import type { Simulator } from '../start-simulator.ts';
import { startSimulator } from '../start-simulator.ts';
import type { ForgeInstallation } from './forge-tokens.ts';
import { readManifest } from './manifest.ts';

const APP_ID = 'ari:cloud:ecosystem::app/0f8a3a10-58a1-4bc6-8a34-0d5f0f9f1b11';

interface Call {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

let simulator: Simulator;
let remote: http.Server;
let remoteUrl: string;
let calls: Call[];
let answers: number[];

const manifest = (ignoreSelf: boolean, scopes = ['read:jira-work', 'write:jira-work']): string => `
app:
  id: ${APP_ID}
  runtime: { name: nodejs22.x }
remotes:
  - key: backend
    baseUrl: ${remoteUrl}
    operations: [compute]
    auth: { appSystemToken: { enabled: true } }
modules:
  endpoint:
    - { key: events, remote: backend, route: { path: /forge/events } }
    - { key: page, remote: backend, route: { path: /forge/page }, auth: { appUserToken: { enabled: true } } }
  trigger:
    - key: told
      endpoint: events
      events: ["avi:jira:created:issue", "avi:jira:updated:issue", "avi:jira:assigned:issue", "avi:jira:commented:issue", "avi:forge:installed:app", "avi:forge:upgraded:app", "avi:forge:uninstalled:app"]
      filter: { ignoreSelf: ${ignoreSelf} }
permissions:
  scopes: [${scopes.map((scope) => `"${scope}"`).join(', ')}]
`;

beforeEach(async () => {
  calls = [];
  answers = [];
  remote = http.createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      calls.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(text) as Record<string, unknown> });
      response.writeHead(answers.shift() ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => remote.listen(0, '127.0.0.1', resolve));
  remoteUrl = `http://localhost:${(remote.address() as AddressInfo).port}`;
  simulator = await startSimulator({ indexLagMs: 0, webhooks: { retryDelayMs: 0 } });
});

afterEach(async () => {
  await simulator.close();
  await new Promise<void>((resolve) => {
    remote.close(() => resolve());
    remote.closeAllConnections();
  });
});

const acme = () => simulator.sites.acme;
const person = () => {
  const user = [...acme().heart.users.values()].find((candidate) => candidate.siteAdmin && candidate.accountType === 'atlassian');
  if (user === undefined) throw new Error('acme has an administrator');
  return user;
};
const anIssue = (): Issue => {
  const [issue] = acme().heart.issues.values();
  if (issue === undefined) throw new Error('acme has issues');
  return issue;
};
const installed = async (text: string): Promise<ForgeInstallation> => {
  const installation = acme().forge.install(text, person().accountId);
  await simulator.idle();
  calls = [];
  return installation;
};
const changeByPerson = (fields: Record<string, unknown>): void => {
  const actor = { user: person(), through: { kind: 'person' as const }, trace: null };
  editIssue(acme().heart, actor, anIssue(), { fields, update: {}, properties: [] }, 'adf');
};

/** As a remote does it: by the published keys alone. */
const verified = async (call: Call | undefined): Promise<JWTPayload> => {
  const keys = createRemoteJWKSet(new URL(`${simulator.keyServerUrl}/.well-known/jwks.json`));
  const token = String(call?.headers.authorization).replace('Bearer ', '');
  const { payload } = await jwtVerify(token, keys, { audience: APP_ID, issuer: 'forge/invocation-token' });
  return payload;
};

const asApp = (token: unknown, method: string, path: string, body?: unknown, trace = 'tandem/1/e1/summary/mac') =>
  fetch(`${acme().url}/ex/jira/${acme().heart.cloudId}${path}`, {
    method,
    headers: { authorization: `Bearer ${String(token)}`, 'content-type': 'application/json', 'x-atlassian-webhook-trace': trace },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe('lifecycle', () => {
  it('tells the remote of installation, upgrade and removal', async () => {
    const first = acme().forge.install(manifest(true), person().accountId);
    await acme().forge.idle();
    const second = acme().forge.install(manifest(true), person().accountId);
    await acme().forge.idle();
    expect(acme().forge.uninstall(APP_ID)).toBe(true);
    await acme().forge.idle();
    expect(second.id).toBe(first.id);
    expect(calls.map(({ path }) => path)).toEqual(['/forge/events', '/forge/events', '/forge/events']);
    expect(calls[0]?.body).toEqual({
      id: first.id.split('/')[1],
      context: `ari:cloud:jira::site/${acme().heart.cloudId}`,
      installerAccountId: person().accountId,
      app: { id: APP_ID.split('/')[1], version: '1.0.0' },
      environment: { id: first.environmentId },
    });
    expect(calls[1]?.body).toMatchObject({ upgraderAccountId: person().accountId, app: { version: '2.0.0' } });
    expect(
      acme()
        .forge.sent()
        .map(({ eventType }) => eventType),
    ).toEqual(['avi:forge:installed:app', 'avi:forge:upgraded:app', 'avi:forge:uninstalled:app']);
  });

  it('is among what a saved world keeps', async () => {
    const { id } = await installed(manifest(true));
    const again = await startSimulator({ saved: simulator.save() });
    expect(again.sites.acme.forge.installations.get(APP_ID)?.id).toBe(id);
    await again.close();
  });
});

describe('the invocation token', () => {
  it('can be verified by the published keys and names installation, gateway and site', async () => {
    acme().forge.install(manifest(true), person().accountId);
    await simulator.idle();
    expect(await verified(calls[0])).toMatchObject({
      iss: 'forge/invocation-token',
      aud: APP_ID,
      app: {
        id: APP_ID,
        installationId: acme().forge.installations.get(APP_ID)?.id,
        apiBaseUrl: `${acme().url}/ex/jira/${acme().heart.cloudId}`,
      },
      context: { cloudId: acme().heart.cloudId, moduleKey: 'told' },
    });
  });

  it('carries the person only when a page called', async () => {
    await installed(manifest(true));
    await acme().forge.invoke(APP_ID, 'page', { accountId: person().accountId, moduleKey: 'settings', body: { ask: 1 } });
    expect(calls[0]).toMatchObject({ path: '/forge/page', body: { ask: 1 } });
    expect(await verified(calls[0])).toMatchObject({ principal: person().accountId, context: { moduleKey: 'settings' } });
    const myself = await asApp(calls[0]?.headers['x-forge-oauth-user'], 'GET', '/rest/api/3/myself');
    expect(await myself.json()).toMatchObject({ accountId: person().accountId });
  });

  it.each([
    [{ forget: false }, true],
    [{ forget: true }, false],
  ])('after a rotation %j an older token is good: %s', async (options, good) => {
    acme().forge.install(manifest(true), person().accountId);
    await simulator.idle();
    const before = calls[0];
    simulator.forgeKeys.rotate(options);
    const stillGood = await verified(before).then(
      () => true,
      () => false,
    );
    expect(stillGood).toBe(good);
    changeByPerson({ summary: 'After the rotation' });
    await simulator.idle();
    expect(decodeProtectedHeader(String(calls[1]?.headers.authorization).slice(7)).kid).toBe(
      simulator.forgeKeys.jwks().keys[0]?.['kid'],
    );
    expect(await verified(calls[1])).toMatchObject({ aud: APP_ID });
  });
});

describe('product events', () => {
  it('tells of an edit with the change, people by account id alone', async () => {
    await installed(manifest(true));
    changeByPerson({ summary: 'Told to Forge' });
    await simulator.idle();
    expect(calls).toHaveLength(1);
    expect(calls[0]?.body).toMatchObject({
      eventType: 'avi:jira:updated:issue',
      selfGenerated: false,
      atlassianId: person().accountId,
      issue: {
        id: anIssue().id,
        key: anIssue().key,
        fields: { summary: 'Told to Forge', creator: { accountId: anIssue().creatorId } },
      },
      changelog: { items: [{ field: 'summary', toString: 'Told to Forge' }] },
    });
    expect(calls[0]?.body).not.toHaveProperty('webhookTraceValue');
  });

  it.each([
    [true, []],
    [false, ['tandem/1/e1/summary/mac']],
  ])('with ignoreSelf %s the traces of own writes that come back are %j', async (ignoreSelf, traces) => {
    await installed(manifest(ignoreSelf));
    changeByPerson({ summary: 'By a person' });
    await simulator.idle();
    const token = calls[0]?.headers['x-forge-oauth-system'];
    const written = await asApp(token, 'PUT', `/rest/api/3/issue/${anIssue().id}`, { fields: { summary: 'By the app' } });
    await simulator.idle();
    expect(written.status).toBe(204);
    const own = calls.filter(({ body }) => body['selfGenerated'] === true);
    expect(own.map(({ body }) => body['webhookTraceValue'])).toEqual(traces);
  });

  it.each([
    { name: 'a moment of weakness', given: [500, 503], attempts: 3, status: 204 },
    { name: 'a remote that stays down', given: [500, 500, 500, 500, 500, 500], attempts: 5, status: 500 },
    { name: 'a refusal', given: [401], attempts: 1, status: 401 },
  ])('tries again after $name', async ({ given, attempts, status }) => {
    await installed(manifest(true));
    answers = given;
    changeByPerson({ summary: 'Tried' });
    await simulator.idle();
    expect(acme().forge.sent().at(-1)).toMatchObject({ eventType: 'avi:jira:updated:issue', attempts, status });
  });
});

describe('app tokens', () => {
  const systemToken = async (scopes?: string[]): Promise<unknown> => {
    acme().forge.install(manifest(true, scopes), person().accountId);
    await simulator.idle();
    return calls[0]?.headers['x-forge-oauth-system'];
  };

  it('are good at the gateway and nowhere else', async () => {
    const token = await systemToken();
    const direct = await fetch(`${acme().url}/rest/api/3/myself`, { headers: { authorization: `Bearer ${String(token)}` } });
    const elsewhere = await fetch(`${acme().url}/ex/jira/${simulator.sites.globex.heart.cloudId}/rest/api/3/myself`, {
      headers: { authorization: `Bearer ${String(token)}` },
    });
    expect((await asApp(token, 'GET', '/rest/api/3/myself')).status).toBe(200);
    expect([direct.status, elsewhere.status]).toEqual([401, 404]);
  });

  it('grant what the manifest asks for and no more', async () => {
    const token = await systemToken(['read:jira-work']);
    const edit = await asApp(token, 'PUT', `/rest/api/3/issue/${anIssue().id}`, { fields: { summary: 'Not allowed' } });
    expect((await asApp(token, 'GET', `/rest/api/3/issue/${anIssue().id}`)).status).toBe(200);
    expect(edit.status).toBe(403);
  });

  it('end with the installation', async () => {
    const token = await systemToken();
    acme().forge.uninstall(APP_ID);
    await simulator.idle();
    expect((await asApp(token, 'GET', '/rest/api/3/myself')).status).toBe(401);
  });
});

describe('the manifest', () => {
  it.each([
    [
      'names no remote of that key',
      'remote: backend, route: { path: /forge/page }',
      'remote: other, route: { path: /forge/page }',
    ],
    ['names no endpoint of that key', 'endpoint: events\n', 'endpoint: nowhere\n'],
    ['has no app ARI', APP_ID, 'tandem'],
    ['has a key of a remote that is too long', 'key: backend', `key: ${'b'.repeat(24)}`],
  ])('is refused when it %s', (_name, from, to) => {
    expect(() => readManifest(manifest(true).replace(from, to))).toThrow();
  });
});
