import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import request from 'supertest';
import { type ConnectWorld, createConnectWorld } from '../../test/fakes/connect-world.ts';
import { readShared, sharedIsHere } from '../../test/shared-data.ts';
import type { Descriptor } from '../hosts/connect/render-descriptor.ts';
import { readWebhook } from '../hosts/jira-webhook.ts';

let world: ConnectWorld;
let descriptor: Descriptor;

beforeAll(async () => {
  world = await createConnectWorld();
  descriptor = (await request(world.app).get('/atlassian-connect.json').expect(200)).body;
});
afterAll(async () => {
  await world.close();
});

/** draft-04 as a current validator reads it: its `$schema` is dropped; `apiMigrations` is behind the platform and left open. */
const readSchema = (): object | null => {
  const schema = readShared('specs/connect-jira-global-schema.json');
  if (schema === null) return null;
  const { $schema: _draft, ...rest } = schema as { $schema: string; properties: Record<string, unknown> };
  return { ...rest, properties: { ...rest.properties, apiMigrations: { type: 'object' } } };
};

describe('the descriptor', () => {
  it('is what Atlassian’s schema asks for', () => {
    const schema = readSchema();
    expect(schema === null).toBe(!sharedIsHere());
    if (schema === null) return;
    const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
    validate(descriptor);
    expect(validate.errors).toBeNull();
    expect(validate({ ...descriptor, modules: { webhooks: [{ event: 'jira:issue_created' }] } })).toBe(false);
  });

  it('asks for no more rights than it uses', () => {
    expect(descriptor.scopes).toEqual(['READ', 'WRITE', 'DELETE']);
  });

  it('names the address it is at', () => {
    expect(descriptor.links.self).toBe(`${descriptor.baseUrl}/atlassian-connect.json`);
  });

  const callsOf = (): { method: 'get' | 'post'; url: string }[] => [
    ...Object.values(descriptor.lifecycle).map((url) => ({ method: 'post' as const, url: String(url) })),
    ...descriptor.modules.webhooks.map(({ url }) => ({ method: 'post' as const, url })),
    ...descriptor.modules.jiraProjectAdminTabPanels.map(({ url }) => ({ method: 'get' as const, url })),
  ];

  it('names only addresses that are there and let no stranger in', async () => {
    const calls = callsOf();
    expect(calls.length).toBeGreaterThanOrEqual(11);
    for (const { method, url } of calls) {
      const body = {
        key: descriptor.key,
        clientKey: 'stranger',
        sharedSecret: 'x'.repeat(32),
        baseUrl: 'https://x.atlassian.net',
      };
      const asked = request(world.app)[method](url.replaceAll(/\{[^}]+\}/g, '1'));
      const answer = method === 'post' ? await asked.send(body) : await asked;
      // `disabled` of a site that is not installed is answered and ignored (AC-2561).
      const expected = url === '/disabled' ? 204 : 401;
      expect({ url, status: answer.status }).toEqual({ url, status: expected });
    }
    expect(world.inbox.stored).toEqual([]);
    expect(world.stopped).toEqual([]);
  });

  it('subscribes exactly to the events that are used', () => {
    const events = descriptor.modules.webhooks.map(({ event }) => event);
    const used = events.filter((webhookEvent) => readWebhook({ webhookEvent, issue: { id: '1' } }).kind === 'hint');
    expect(used).toEqual(events);
    expect(readWebhook({ webhookEvent: 'worklog_created', issue: { id: '1' } }).kind).toBe('declined');
  });
});
