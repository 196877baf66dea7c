import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { createObserve } from '../app/compose-observe.ts';
import { createCommentEventBox } from '../app/connections/comment-event-box.ts';
import { createObservationBox } from '../app/connections/observation-box.ts';
import { createSecretBox } from '../app/connections/secret-box.ts';
import { createTenantKeys } from '../app/connections/tenant-keys.ts';
import { createWebhookAddresses } from '../app/connections/webhook-addresses.ts';
import type { ConnectionId, FieldId, ProjectId } from '../app/core/ids.ts';
import { systemClock } from '../app/platform/clock.ts';
import type { RemoteConnection, WantedWebhook } from '../app/sync/connection-ports.ts';
import { createNoteEvent } from '../app/sync/note-event.ts';
import { createNoteRefusal } from '../app/sync/note-refusal.ts';
import type { Delivery } from '../app/sync/ports.ts';
import type { WebhookAddresses } from '../app/sync/webhook-ports.ts';
import { webhooksConnectionPost } from '../app/web/routes/webhooks-connection-post.ts';
import { buildConnection } from './factories/connections.ts';
import { createMemoryAudit } from './fakes/memory-audit.ts';
import { createMemoryConnectionStore, type MemoryConnectionStore } from './fakes/memory-connection-store.ts';
import { type Person, personOn, plain } from './person.ts';
import { type RemoteWay, type RemoteWays, startRemoteWays, WAY_NAMES } from './remote-ways.ts';

const secretBox = createSecretBox({ current: Buffer.alloc(32, 7), older: [] });
const observations = createObservationBox(secretBox);
const audit = createMemoryAudit();

let remote: RemoteWays;
let server: Server;
let addresses: WebhookAddresses;
let connections: MemoryConnectionStore;
let received: Delivery[];

beforeAll(async () => {
  remote = await startRemoteWays();
  connections = createMemoryConnectionStore(systemClock);
  const app = express();
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  addresses = createWebhookAddresses(createTenantKeys(Buffer.alloc(32, 7)), `http://127.0.0.1:${port}`);
  const ports = {
    addresses,
    connections,
    clientSecret: remote.clientSecret,
    noteEvent: createNoteEvent({ connections, clock: systemClock }),
    noteRefusal: createNoteRefusal(audit, systemClock),
    clock: systemClock,
    inbox: {
      receive: async (delivery: Delivery) => {
        received.push(delivery);
        return { kind: 'accepted', lanes: 1 } as const;
      },
    },
    observe: createObserve({ observations, commentEvents: createCommentEventBox(secretBox) }),
  };
  app.post('/webhooks/connection/:token', webhooksConnectionPost(ports));
});
afterAll(async () => {
  await remote.close();
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});
beforeEach(() => {
  received = [];
  made += 1;
});
afterEach(() => {
  for (const way of remote.ways.values()) way.lose();
});

/** Of this test alone: what one test noted must not be another one's. */
let made = 0;
const connectionOf = ({ kind, product, version }: RemoteWay): RemoteConnection => {
  const connectionId = `00000000-0000-4000-8002-${String(made).padStart(12, '0')}` as ConnectionId;
  return buildConnection({ connectionId, kind, product, version });
};

const wantedOf = (way: RemoteWay, more: Partial<WantedWebhook> = {}): WantedWebhook => {
  const connection = connectionOf(way);
  return {
    address: addresses.addressOf(connection),
    secret: addresses.secretOf(connection),
    projectIds: [way.spaces[0]],
    ...more,
  };
};

/** Registers our webhook there and remembers it, as the care for connections does. */
async function connect(way: RemoteWay, more: Partial<WantedWebhook> = {}): Promise<void> {
  const registered = await way.calls.registerWebhook(wantedOf(way, more));
  if (!registered.ok) throw new Error(JSON.stringify(registered.failure));
  await connections.insert({ ...connectionOf(way), webhook: registered.value });
}

const settle = async (): Promise<Delivery[]> => {
  await remote.idle();
  return received;
};

describe.each(WAY_NAMES)('events of a site by %s', (name) => {
  let way: RemoteWay;
  let person: Person;
  beforeEach(() => {
    way = remote.way(name);
    person = personOn(way.site);
  });

  it('arrive, believed, with what routing needs', async () => {
    await connect(way);
    const item = person.create(way.spaceKey, 'Task', { summary: 'First', description: plain('Text') });
    person.edit(item, { summary: 'Second' });
    const comment = person.comment(item, plain('Said'));
    person.editComment(item, comment.id, plain('Said better'));
    person.deleteComment(item, comment.id);
    person.remove(item);
    const events = await settle();
    const seen = new Set(events.map(({ event }) => event));
    for (const event of [
      'jira:issue_created',
      'jira:issue_updated',
      'jira:issue_deleted',
      'comment_created',
      'comment_updated',
      'comment_deleted',
    ])
      expect([...seen]).toContain(event);
    expect(events.every(({ issueId }) => issueId === item.id)).toBe(true);
    expect(connections.now(connectionOf(way)).lastEventAt).not.toBeNull();
    expect(audit.lines.filter(({ subject }) => subject === connectionOf(way).connectionId)).toEqual([]);
  });

  it('tell a changed field, so that nobody has to look', async () => {
    await connect(way);
    const item = person.create(way.spaceKey, 'Task', { summary: 'First' });
    await settle();
    received = [];
    person.edit(item, { summary: 'Second', labels: ['a', 'b'] });
    const [event] = await settle();
    const told = event?.sealedObservation == null ? null : observations.open(event.siteTenantId, event.sealedObservation);
    expect(told?.fields.get('summary' as FieldId)).toEqual({ kind: 'text', text: 'Second' });
    expect(told?.changes.toSorted((one, other) => (one.field < other.field ? -1 : 1))).toMatchObject([
      { field: 'labels', from: { kind: 'set', members: [] }, to: { kind: 'set', members: ['a', 'b'] } },
      { field: 'summary', from: { kind: 'text', text: 'First' }, to: { kind: 'text', text: 'Second' } },
    ]);
  });

  it('of other spaces do not come', async () => {
    await connect(way, { projectIds: ['99999' as ProjectId] });
    person.create(way.spaceKey, 'Task', { summary: 'Elsewhere' });
    expect(await settle()).toEqual([]);
  });

  it('come again after the site lost the webhook and it was renewed', async () => {
    await connect(way);
    way.lose();
    const { webhook } = connections.now(connectionOf(way));
    if (webhook.kind !== 'registered') throw new Error('It was registered.');
    const renewed = await way.calls.renewWebhook(webhook, wantedOf(way));
    if (!renewed.ok) throw new Error(JSON.stringify(renewed.failure));
    await connections.insert({ ...connectionOf(way), webhook: renewed.value });
    person.create(way.spaceKey, 'Task', { summary: 'Heard' });
    expect(await settle()).toMatchObject([{ event: 'jira:issue_created' }]);
  });

  const forges = name === 'Data Center 9.12' ? 'are believed by the address alone' : 'signed with another secret are refused';
  it(forges, async () => {
    await connect(way, { secret: 'not-ours' });
    // Atlassian signs these by the secret of the app, so nothing that is registered changes them: as of another kind they are not proven.
    if (name === '3LO') await connections.insert({ ...connectionOf(way), kind: 'api-token' });
    person.create(way.spaceKey, 'Task', { summary: 'Forged' });
    expect(await settle()).toHaveLength(name === 'Data Center 9.12' ? 1 : 0);
  });
});
