import { expect } from '@jest/globals';
import { z } from 'zod';
import type { WebhookSecrets } from '../app/contract/webhooks.ts';
import type { PageApi } from '../scripts/page-api.ts';
import { CONTENT, TYPED } from './canary-texts.ts';
import type { TestDatabase } from './database.ts';
import type { Canary } from './find-leaks.ts';

/** A call whose answer does not matter, however it ends. */
const call = async (url: string, method: string, path: string, headers: Record<string, string>, body?: string): Promise<number> =>
  (await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) })).status;

/** Calls that are refused at the door, each with something in it that is nobody's business. */
export async function knockWrongly(url: string): Promise<void> {
  const json = { 'content-type': 'application/json' };
  const statuses = [
    await call(url, 'GET', '/api/v1/synchronizations', { authorization: `JWT ${TYPED.jwt}` }),
    await call(url, 'GET', '/api/v1/synchronizations', { authorization: `Bearer ${TYPED.apiToken}` }),
    await call(url, 'GET', `/api/v1/synchronizations?jwt=${TYPED.jwt}`, {}),
    await call(
      url,
      'POST',
      '/webhooks/jira/issue_updated',
      { ...json, authorization: `JWT ${TYPED.jwt}` },
      `{"${TYPED.malformed}`,
    ),
    await call(url, 'POST', `/webhooks/connection/${TYPED.jwt}`, json, JSON.stringify({ issue: CONTENT.summary })),
    await call(url, 'POST', '/lifecycle/installed', json, JSON.stringify({ sharedSecret: TYPED.password })),
    await call(url, 'GET', `/authenticate/${TYPED.jwt}`, {}),
    await call(url, 'GET', `/Authenticate/${TYPED.apiToken}`, {}),
    await call(url, 'POST', `/WEBHOOKS/connection/${TYPED.apiToken}`, json, '{}'),
    await call(url, 'GET', `/oauth/callback?state=${TYPED.jwt}&code=${TYPED.password}`, {}),
    await call(url, 'GET', `/nowhere/${TYPED.jwt}?token=${TYPED.apiToken}`, { cookie: `tandem-seen=${TYPED.password}` }),
  ];
  expect(statuses.filter((status) => status < 400)).toEqual([]);
}

/** Bodies that are refused by someone who may come in. */
export async function enterWrongly(api: PageApi): Promise<void> {
  const wrong: [Parameters<PageApi>[0], string, object][] = [
    ['POST', '/synchronizations', { unknown: TYPED.unknownKey }],
    ['PUT', '/licence', { licence: { id: TYPED.unknownKey }, signature: TYPED.password }],
    ['POST', '/tokens', { name: 'x', scopes: [TYPED.unknownKey], expiresInDays: 1 }],
    ['POST', '/connections/probe', { siteUrl: `https://maria:${TYPED.password}@jira.example.com` }],
    ['POST', '/set-ups', { route: 'any', partner: { siteUrl: `https://maria:${TYPED.password}@jira.example.com` } }],
  ];
  for (const [method, route, body] of wrong) await expect(api(method, route, body)).rejects.toThrow(/answered 4\d\d/);
}

const idsRow = z.object({ id: z.string() });
const idsOf = async (database: TestDatabase, sql: string): Promise<string[]> =>
  (await database.rows(sql, [], idsRow)).map(({ id }) => id);

/** Everything that can be asked, by somebody who may. What is not there in this world is answered 404. */
export async function lookEverywhere(api: PageApi, database: TestDatabase): Promise<Canary[]> {
  const synchronizations = await idsOf(database, 'SELECT synchronization_id AS id FROM synchronization');
  const kept = await database.rows("SELECT synchronization_id || '/kept/' || kept_id AS id FROM kept_value", [], idsRow);
  const connections = await idsOf(database, 'SELECT connection_id AS id FROM remote_connection');
  const parts = ['', '/history', '/conflicts', '/found-late', '/terms', '/terms/versions', '/terms/left'];
  const routes = [
    ...['/context', '/spaces', '/synchronizations', '/set-ups', '/settings', '/tokens', '/licence', '/audit'],
    ...['/connections', '/application-links'],
    ...synchronizations.flatMap((id) => parts.map((part) => `/synchronizations/${id}${part}`)),
    ...kept.map(({ id }) => `/synchronizations/${id}`),
    ...connections.flatMap((id) => ['', '/webhook', '/health', '/spaces'].map((part) => `/connections/${id}${part}`)),
  ];
  const refused: string[] = [];
  for (const route of routes) await api('GET', route).catch((error: Error) => refused.push(error.message));
  expect(refused.filter((message) => !/answered (404|409|503)/.test(message))).toEqual([]);
  expect(refused.length).toBeLessThan(routes.length / 3);
  return (await Promise.all(connections.map((id) => showSecrets(api, id)))).flat();
}

/** What an admin is shown to paste at a site without the app. */
async function showSecrets(api: PageApi, connectionId: string): Promise<Canary[]> {
  const { instructions } = await api<WebhookSecrets>('POST', `/connections/${connectionId}/webhook/secrets`);
  return instructions.steps.flatMap(({ copy }) =>
    copy.flatMap(({ value }) => {
      if (value.includes('/webhooks/connection/'))
        return { name: 'the address of a webhook', text: value.split('.').at(-1) ?? '' };
      return /^[A-Za-z0-9_-]{32,}$/.test(value) ? { name: 'the secret of a webhook', text: value } : [];
    }),
  );
}

/** Makes an API token and uses it rightly and wrongly; answers with its secret. */
export async function useApiTokens(url: string, api: PageApi): Promise<Canary> {
  const { secret } = await api<{ secret: string }>('POST', '/tokens', { name: 'script', scopes: ['read'], expiresInDays: 1 });
  expect(await call(url, 'GET', '/api/v1/synchronizations', { authorization: `Bearer ${secret}` })).toBe(200);
  expect(await call(url, 'GET', '/api/v1/tokens', { authorization: `Bearer ${secret}` })).toBe(403);
  expect(await call(url, 'GET', '/api/v1/synchronizations', { authorization: `Bearer ${secret.slice(0, -2)}xx` })).toBe(401);
  return { name: 'API token', text: secret.slice(-43) };
}
