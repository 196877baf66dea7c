import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { webhookBody } from '../../simulator/shapes/webhook-body.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { readShared, sharedIsHere } from '../shared-data.ts';
import { DIFFERENCES } from './recorded-differences.ts';
import { differences, shapeOf } from './shape.ts';

/**
 * The simulated site's own webhooks and answers against recordings of real Cloud sites: the same keys of the same types, but
 * for the differences in recorded-differences.ts. The recordings lie beside the project in development and CI, and are absent
 * in a public clone.
 */
let simulator: Simulator;
/** Webhook bodies of the site by their event and type name. */
const own = new Map<string, unknown[]>();
const answers = new Map<string, unknown>();

const DOCUMENT = { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Text' }] }] };

async function call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const { heart, url } = simulator.sites.acme;
  const user = [...heart.users.values()].find((candidate) => candidate.siteAdmin && candidate.accountType === 'atlassian');
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${user?.emailAddress}:${user?.apiToken}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status).toBeLessThan(300);
  const text = await response.text();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** A life of one item, with all that a webhook tells of. */
async function live(): Promise<void> {
  const [person] = simulator.sites.acme.heart.users.values();
  const { id } = await call('POST', '/rest/api/2/issue', {
    fields: {
      project: { key: 'SUP' },
      issuetype: { name: 'Bug' },
      summary: 'Lived through',
      description: 'Text',
      labels: ['a'],
      priority: { name: 'High' },
      assignee: { accountId: person?.accountId },
    },
  });
  const path = `/rest/api/2/issue/${String(id)}`;
  for (const fields of [
    { summary: 'Renamed' },
    { description: 'Other text' },
    { labels: ['a', 'b'] },
    { priority: { name: 'Low' } },
    { assignee: null },
    { assignee: { accountId: person?.accountId } },
  ])
    await call('PUT', path, { fields });
  const offered = await call('GET', `${path}/transitions`);
  answers.set('transitions', offered);
  for (const transition of (offered['transitions'] as { id: string }[]).slice(1, 3))
    await call('POST', `${path}/transitions`, { transition: { id: transition.id } });
  const comment = await call('POST', `/rest/api/3/issue/${String(id)}/comment`, { body: DOCUMENT });
  answers.set('issue', await call('GET', `/rest/api/3/issue/${String(id)}?expand=changelog`));
  answers.set('createmeta', await call('GET', '/rest/api/2/issue/createmeta/SUP/issuetypes'));
  answers.set('serverinfo', await call('GET', '/rest/api/2/serverInfo'));
  answers.set('users', await call('GET', `/rest/api/3/user/search?query=${String(person?.displayName.split(' ')[0])}`));
  await call('DELETE', `${path}/comment/${String(comment['id'])}`);
  await call('DELETE', path);
}

beforeAll(async () => {
  simulator = await startSimulator({ indexLagMs: 0 });
  const { heart } = simulator.sites.acme;
  heart.listeners.add((event) => {
    const body = JSON.parse(JSON.stringify(webhookBody(heart, event))) as Record<string, unknown>;
    const name = `${String(body['webhookEvent'])} ${String(body['issue_event_type_name'] ?? '')}`.trim();
    own.set(name, [...(own.get(name) ?? []), body]);
  });
  await live();
});

afterAll(async () => {
  await simulator.close();
});

const unexplained = (source: string, found: readonly string[]): string[] =>
  found.filter((one) => !DIFFERENCES.some(({ where, of }) => where.test(one) && (of === undefined || of.test(source))));

/** The event of each recorded webhook that this file's item lives through. */
const WEBHOOKS: readonly (readonly [string, string])[] = [
  ['mm-webhook-issue-created', 'jira:issue_created issue_created'],
  ['mm-webhook-issue-created-no-description', 'jira:issue_created issue_created'],
  ['mm-webhook-cloud-issue-created-many-fields', 'jira:issue_created issue_created'],
  ['mobitel-issue-created', 'jira:issue_created issue_created'],
  ['mm-webhook-issue-updated-renamed', 'jira:issue_updated issue_updated'],
  ['mm-webhook-issue-updated-labels', 'jira:issue_updated issue_updated'],
  ['mm-webhook-issue-updated-lowered-priority', 'jira:issue_updated issue_updated'],
  ['mm-webhook-issue-updated-raised-priority', 'jira:issue_updated issue_updated'],
  ['mobitel-issue-updated-description-update', 'jira:issue_updated issue_updated'],
  ['mm-webhook-issue-updated-assigned', 'jira:issue_updated issue_assigned'],
  ['mm-webhook-issue-updated-assigned-nobody', 'jira:issue_updated issue_assigned'],
  ['mm-webhook-issue-updated-started-working', 'jira:issue_updated issue_generic'],
  ['mm-webhook-issue-updated-resolved', 'jira:issue_updated issue_generic'],
  ['mobitel-issue-updated-status-changed', 'jira:issue_updated issue_generic'],
  ['mm-webhook-issue-deleted', 'jira:issue_deleted'],
  ['mm-webhook-cloud-comment-deleted', 'comment_deleted'],
  ['mobitel-comment-deleted', 'comment_deleted'],
];

/** Those who kept these shortened them: everything in them must be here, not the other way round. */
const ANSWERS: readonly (readonly [string, string])[] = [
  ['ankit-issue-1', 'issue'],
  ['ankit-issue-2', 'issue'],
  ['ankit-transitions', 'transitions'],
  ['ankit-createmetav9', 'createmeta'],
  ['ankit-serverinfo', 'serverinfo'],
  ['ankit-users', 'users'],
];

describe('recordings of Cloud', () => {
  if (!sharedIsHere()) {
    it('are not compared with: ../shared is not here', () => {
      expect(process.env['CI']).not.toBe('true');
    });
    return;
  }

  it.each(WEBHOOKS)('the webhook %s has the shape of ours', (file, event) => {
    const recorded = readShared(`payloads/webhooks-cloud/${file}.json`);
    expect(own.has(event)).toBe(true);
    expect(unexplained(file, differences(shapeOf(own.get(event) ?? []), shapeOf([recorded]), true))).toEqual([]);
  });

  it.each(ANSWERS)('all that the answer %s has is in ours', (file, name) => {
    const recorded = readShared(`payloads/api-cloud/${file}.json`);
    expect(unexplained(file, differences(shapeOf([answers.get(name)]), shapeOf([recorded]), false))).toEqual([]);
  });

  it('differ nowhere else: each difference in the table is still met', () => {
    const met = [
      ...WEBHOOKS.flatMap(([file, event]) =>
        differences(shapeOf(own.get(event) ?? []), shapeOf([readShared(`payloads/webhooks-cloud/${file}.json`)]), true).map(
          (one) => ({ file, one }),
        ),
      ),
      ...ANSWERS.flatMap(([file, name]) =>
        differences(shapeOf([answers.get(name)]), shapeOf([readShared(`payloads/api-cloud/${file}.json`)]), false).map((one) => ({
          file,
          one,
        })),
      ),
    ];
    const stale = DIFFERENCES.filter(
      ({ where, of }) => !met.some(({ file, one }) => where.test(one) && (of === undefined || of.test(file))),
    );
    expect(stale.map(({ where }) => String(where))).toEqual([]);
  });
});
