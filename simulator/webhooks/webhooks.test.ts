import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import jwt from 'atlassian-jwt';
import { addComment } from '../heart/comments.ts';
import { createIssue } from '../heart/create-issue.ts';
import { deleteIssue, editIssue } from '../heart/edit-issue.ts';
import { findIssue } from '../heart/find-issue.ts';
import type { Actor, Issue } from '../heart/site.ts';
import { fromWikiText } from '../heart/wiki-text.ts';
import type { Simulator } from '../start-simulator.ts';
import { startSimulator } from '../start-simulator.ts';
import type { WebhookSwitches } from './outbox.ts';

interface Received {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

/** A little app: serves a descriptor, says yes to its lifecycle, and keeps the webhooks it gets. */
class App {
  readonly received: Received[] = [];
  /** Statuses for the next webhooks; 200 after them. */
  readonly answers: number[] = [];
  secret = '';
  private readonly server = http.createServer((request, response) => this.answer(request, response));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private descriptor(): Record<string, unknown> {
    const events = [
      'jira:issue_created',
      'jira:issue_updated',
      'jira:issue_deleted',
      'comment_created',
      'comment_updated',
      'comment_deleted',
    ];
    return {
      key: 'test-app',
      name: 'Test app',
      baseUrl: this.url,
      authentication: { type: 'jwt' },
      scopes: ['READ', 'WRITE', 'DELETE'],
      lifecycle: { installed: '/installed' },
      modules: {
        webhooks: events.map((event) => ({
          event,
          url: `/hooks?issue={issue.id}&event=${encodeURIComponent(event)}`,
          ...(event === 'jira:issue_created' ? { propertyKeys: ['wanted'] } : {}),
        })),
      },
    };
  }

  private answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      if (request.url === '/descriptor.json') {
        response.end(JSON.stringify(this.descriptor()));
        return;
      }
      const body = JSON.parse(text) as Record<string, unknown>;
      if (request.url === '/installed') this.secret = String(body['sharedSecret']);
      else {
        this.received.push({ path: request.url ?? '', headers: request.headers, body });
        response.statusCode = this.answers.shift() ?? 200;
      }
      response.end();
    });
  }
}

let app: App;
let simulator: Simulator;

async function begin(webhooks: Partial<WebhookSwitches>, seed = 1): Promise<void> {
  simulator = await startSimulator({ webhooks, seed });
  const outcome = await simulator.sites.acme.connect.install(`${app.url}/descriptor.json`);
  expect(outcome.ok).toBe(true);
}

beforeEach(async () => {
  app = new App();
  await app.start();
});

afterEach(async () => {
  await simulator.close();
  await app.stop();
});

const heart = () => simulator.sites.acme.heart;
const present = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('The seed world lacks what this test needs');
  return value;
};
const person = (): Actor => ({ user: present([...heart().users.values()][0]), through: { kind: 'person' }, trace: null });
const appActor = (trace: string): Actor => ({
  user: present(simulator.sites.acme.connect.installations.get('test-app')).appUser,
  through: { kind: 'app', appKey: 'test-app' },
  trace,
});
const issue = (key = 'SUP-1'): Issue => {
  const found = findIssue(heart(), person().user, key);
  if (!found.ok) throw new Error(`${key} is not there`);
  return found.value;
};
const rename = (summary: string, actor = person(), key = 'SUP-1') =>
  editIssue(heart(), actor, issue(key), { fields: { summary }, update: {}, properties: [] }, 'adf');

describe('a webhook', () => {
  it('is signed as Connect signs: HS256 with the shared secret, iss the clientKey, qsh of the request', async () => {
    await begin({});
    rename('Renamed');
    await simulator.idle();
    const [delivery] = app.received;
    const claims = jwt.decodeSymmetric(
      String(delivery?.headers.authorization).replace('JWT ', ''),
      app.secret,
      jwt.SymmetricAlgorithm.HS256,
    );
    expect(claims).toMatchObject({
      iss: simulator.sites.acme.connect.installations.get('test-app')?.clientKey,
      qsh: jwt.createQueryStringHash(jwt.fromMethodAndUrl('POST', delivery?.path ?? '')),
    });
    expect(claims.exp - claims.iat).toBe(180);
    expect(delivery?.path).toContain(`issue=${issue().id}`);
  });

  it('shows the properties that its module named, from the creation on, and no others', async () => {
    await begin({});
    const input = {
      fields: { project: { key: 'SUP' }, issuetype: { name: 'Task' }, summary: 'With properties' },
      update: {},
      properties: [
        { key: 'wanted', value: { n: 1 } },
        { key: 'other', value: 2 },
      ],
    };
    expect(createIssue(heart(), person(), input, 'adf').ok).toBe(true);
    await simulator.idle();
    expect(app.received.map(({ body }) => body['issue'])).toMatchObject([{ properties: { wanted: { n: 1 } } }]);
    expect(JSON.stringify(app.received)).not.toContain('other');
  });

  it('has the recorded shape of an edit', async () => {
    await begin({});
    rename('Renamed');
    await simulator.idle();
    expect(app.received[0]?.body).toMatchObject({
      timestamp: expect.any(Number),
      webhookEvent: 'jira:issue_updated',
      issue_event_type_name: 'issue_updated',
      user: { displayName: 'Mia Lindqvist' },
      issue: {
        id: issue().id,
        key: 'SUP-1',
        self: `${heart().baseUrl}/rest/api/2/issue/${issue().id}`,
        fields: { summary: 'Renamed', description: expect.any(String), project: { key: 'SUP' } },
      },
      changelog: {
        items: [
          {
            field: 'summary',
            fieldtype: 'jira',
            fieldId: 'summary',
            from: null,
            fromString: 'Invoice PDF shows the wrong VAT rate for Norwegian customers',
            to: null,
            toString: 'Renamed',
          },
        ],
      },
    });
    expect(app.received[0]?.body['user']).not.toHaveProperty('emailAddress');
  });

  it('of a comment comes alone, with a trimmed issue, and has no user', async () => {
    await begin({});
    const before = issue().updated;
    addComment(heart(), person(), issue(), { body: fromWikiText('Hello') }, 'adf');
    await simulator.idle();
    expect(app.received.map((received) => received.body['webhookEvent'])).toEqual(['comment_created']);
    const [{ body } = { body: {} }] = app.received;
    expect(Object.keys(body).sort()).toEqual(['comment', 'issue', 'timestamp', 'webhookEvent']);
    expect(body).toMatchObject({ comment: { body: 'Hello' } });
    expect(Object.keys((body as { issue: { fields: object } }).issue.fields).sort()).toEqual([
      'assignee',
      'issuetype',
      'priority',
      'project',
      'status',
      'summary',
    ]);
    expect(issue().updated).toBeGreaterThan(before);
  });

  it('brings the trace of the app’s own write back, and none for a person’s', async () => {
    await begin({});
    rename('By the app', appActor('tandem/1/effect'));
    rename('By a person');
    await simulator.idle();
    expect(
      app.received
        .map(({ body, headers }) => [
          (body as { issue: { fields: { summary: string } } }).issue.fields.summary,
          headers['x-atlassian-webhook-trace'],
        ])
        .sort(),
    ).toEqual([
      ['By a person', undefined],
      ['By the app', 'tandem/1/effect'],
    ]);
  });

  it('shows the state at the moment of the event, however late it is sent', async () => {
    await begin({ paused: true });
    rename('First');
    rename('Second');
    simulator.sites.acme.webhooks.change({ paused: false });
    await simulator.idle();
    expect(
      app.received.map(({ body }) => (body as { issue: { fields: { summary: string } } }).issue.fields.summary).sort(),
    ).toEqual(['First', 'Second']);
  });

  it('of a deleted issue is primary, those of its comments are secondary', async () => {
    await begin({});
    deleteIssue(heart(), person(), issue('SUP-2'));
    await simulator.idle();
    expect(app.received.map(({ body, headers }) => [body['webhookEvent'], headers['x-atlassian-webhook-flow']]).sort()).toEqual([
      ['comment_deleted', 'Secondary'],
      ['jira:issue_deleted', 'Primary'],
    ]);
  });
});

describe('delivery', () => {
  it.each([408, 409, 425, 429, 500, 503])('is tried again after %i, under the same identifier', async (status) => {
    await begin({ retryDelayMs: 0 });
    app.answers.push(status, status);
    rename('Renamed');
    await simulator.idle();
    expect(app.received.map(({ headers }) => headers['x-atlassian-webhook-retry'])).toEqual([undefined, '1', '2']);
    expect(new Set(app.received.map(({ headers }) => headers['x-atlassian-webhook-identifier'])).size).toBe(1);
    expect(simulator.sites.acme.webhooks.counts()).toMatchObject({ delivered: 1 });
  });

  it.each([400, 401, 404])('is over after %i', async (status) => {
    await begin({ retryDelayMs: 0 });
    app.answers.push(status);
    rename('Renamed');
    await simulator.idle();
    expect(app.received).toHaveLength(1);
    expect(simulator.sites.acme.webhooks.counts()).toMatchObject({ refused: 1 });
  });

  it('is given up after five retries and listed as failed', async () => {
    await begin({ retryDelayMs: 0 });
    app.answers.push(...Array.from({ length: 10 }, () => 503));
    rename('Renamed');
    await simulator.idle();
    expect(app.received).toHaveLength(6);
    expect(simulator.sites.acme.webhooks.failed()).toHaveLength(1);
  });

  it('is dropped or doubled by chance, the same way for the same seed', async () => {
    const run = async (): Promise<number[]> => {
      await begin({ dropRate: 0.3, duplicateRate: 0.3 }, 7);
      for (let turn = 0; turn < 40; turn += 1) rename(`Turn ${turn}`);
      await simulator.idle();
      const times = new Map<string, number>();
      for (const { body } of app.received) {
        const { summary } = (body as { issue: { fields: { summary: string } } }).issue.fields;
        times.set(summary, (times.get(summary) ?? 0) + 1);
      }
      app.received.length = 0;
      return Array.from({ length: 40 }, (_, turn) => times.get(`Turn ${turn}`) ?? 0);
    };
    const first = await run();
    await simulator.close();
    expect(new Set(first)).toEqual(new Set([0, 1, 2]));
    expect(await run()).toEqual(first);
  });

  it('goes out of order when told to', async () => {
    await begin({ reorderMs: 60 });
    for (let turn = 0; turn < 20; turn += 1) rename(`Turn ${String(turn).padStart(2, '0')}`);
    await simulator.idle();
    const order = app.received.map(({ body }) => (body as { issue: { fields: { summary: string } } }).issue.fields.summary);
    expect(order).toHaveLength(20);
    expect(order).not.toEqual([...order].sort());
  });

  it('carries ten thousand for five hundred issues', async () => {
    await begin({});
    const made = Array.from({ length: 500 }, (_, position) =>
      createIssue(
        heart(),
        person(),
        {
          fields: { project: { key: 'SUP' }, issuetype: { name: 'Task' }, summary: `Item ${position}` },
          update: {},
          properties: [],
        },
        'adf',
      ),
    );
    for (let turn = 1; turn < 20; turn += 1)
      for (const outcome of made) if (outcome.ok) rename(`Turn ${turn}`, person(), outcome.value.key);
    await simulator.idle();
    expect(app.received).toHaveLength(10_000);
  }, 60_000);

  it('sends a recorded body as it stands, signed as the site', async () => {
    await begin({});
    expect(simulator.sites.acme.webhooks.deliverRaw({ webhookEvent: 'comment_deleted', comment: { id: '1' } })).toBe(1);
    await simulator.idle();
    expect(app.received[0]?.body).toEqual({ webhookEvent: 'comment_deleted', comment: { id: '1' } });
  });
});
