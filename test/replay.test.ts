import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readRecording } from '../scripts/replay/recording.ts';
import { type ReplayWorld, replayRecording } from '../scripts/replay/replay-recording.ts';
import { openSite } from '../scripts/replay/simulated-site.ts';
import { signOf, tellResult } from '../scripts/replay/tell-result.ts';
import { listShared } from './shared-data.ts';
import { type InstalledSites, startInstalledSites } from './two-sites.ts';

/**
 * What becomes of each recording: the verdict, then the pieces that were carried over, or the code of the reason. Cloud's
 * recordings lie in webhooks-cloud, those of servers, which name people otherwise and say less, in webhooks-server.
 */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'payloads/webhooks-cloud': {
    'mm-webhook-cloud-comment-deleted': 'applied comment:A:10757',
    'mm-webhook-cloud-issue-created-many-fields': 'applied created',
    'mm-webhook-cloud-issue-updated-custom-field': 'unchanged',
    'mm-webhook-issue-assigned-empty-changelog': 'unchanged',
    'mm-webhook-issue-created': 'applied created',
    'mm-webhook-issue-created-no-description': 'applied created',
    'mm-webhook-issue-created-with-security-level': 'applied created',
    'mm-webhook-issue-deleted': 'declined item=item-missing',
    'mm-webhook-issue-updated-assigned': 'unchanged',
    'mm-webhook-issue-updated-assigned-nobody': 'unchanged',
    'mm-webhook-issue-updated-attachments': 'unchanged',
    'mm-webhook-issue-updated-fix-version': 'unchanged',
    'mm-webhook-issue-updated-issue-type': 'unchanged',
    'mm-webhook-issue-updated-labels': 'applied field:labels',
    'mm-webhook-issue-updated-lowered-priority': 'applied field:priority',
    'mm-webhook-issue-updated-multiple-custom-fields': 'unchanged',
    'mm-webhook-issue-updated-multiple-values': 'unchanged',
    'mm-webhook-issue-updated-raised-priority': 'applied field:priority',
    'mm-webhook-issue-updated-rank': 'unchanged',
    'mm-webhook-issue-updated-renamed': 'applied field:summary',
    'mm-webhook-issue-updated-reopened-one-changelog': 'unchanged',
    'mm-webhook-issue-updated-resolved': 'applied status',
    'mm-webhook-issue-updated-resolved-one-changelog': 'unchanged',
    'mm-webhook-issue-updated-started-working': 'applied status',
    'mm-webhook-server-old-issue-updated-no-event-type-assigned': 'unchanged',
    'mm-webhook-server-old-issue-updated-no-event-type-edited': 'applied field:description',
    'mobitel-comment-deleted': 'applied comment:A:10757',
    'mobitel-epic-created': 'applied created',
    'mobitel-issue-created': 'applied created',
    'mobitel-issue-updated-description-update': 'applied field:description',
    'mobitel-issue-updated-rank-changed': 'unchanged',
    'mobitel-issue-updated-status-changed': 'applied status',
    'mobitel-project-created': 'declined event-unused',
    'zulip-attachment_created': 'declined event-unused',
    'zulip-worklog_deleted': 'declined event-unused',
  },
  'payloads/webhooks-server': {
    'mm-webhook-server-comment-created': 'applied comment:A:10082',
    'mm-webhook-server-comment-deleted': 'applied comment:A:10084',
    'mm-webhook-server-issue-updated-closed': 'applied status',
    'mm-webhook-server-issue-updated-comment-deleted': 'applied comment:A:990003',
    'mm-webhook-server-issue-updated-comment-edited': 'applied comment:A:10084',
    'mm-webhook-server-issue-updated-commented-3': 'applied comment:A:10118',
    'mm-webhook-server-issue-updated-commented-mention-user': 'applied comment:A:10082',
    'mm-webhook-server-issue-updated-in-progress': 'applied status',
    'mm-webhook-server-issue-updated-reopened': 'applied status',
    'mm-webhook-server-old-issue-updated-no-event-type-comment-edited': 'applied comment:A:10084',
    'mm-webhook-server-old-issue-updated-no-event-type-commented': 'applied comment:A:10082',
    'mobitel-issue-updated-commented': 'applied comment:A:31023',
    'mobitel-issue-updated-generic': 'applied created comment:A:32353 comment:A:32355 comment:A:32356 comment:A:32357',
  },
};

const SHARED = fileURLToPath(new URL('../../shared/', import.meta.url));

let sites: InstalledSites;
let world: ReplayWorld;

beforeAll(async () => {
  sites = await startInstalledSites();
  const { acme, globex } = sites.world.sites;
  world = { source: await openSite(acme.url), partner: await openSite(globex.url) };
  for (const { key } of await world.source.projects()) await world.source.forgetSpace(key);
});
afterAll(async () => {
  await sites.close();
});

/** Replays a body and shows all that is told of it when it comes to another end than expected. */
async function expectReplay(file: string, body: string, sign: string): Promise<void> {
  const result = await replayRecording(world, readRecording(file, body));
  const told = signOf(result) === sign ? '' : tellResult(result);
  expect([signOf(result), told]).toEqual([sign, '']);
  expect(tellResult(result)).toMatch(/answer: (accepted|declined) \([a-z-]+\): [A-Z].*\.$/m);
}

describe.each(Object.entries(EXPECTED))('recordings of %s', (folder, expected) => {
  const files = listShared(folder);
  if (files.length === 0) {
    it('are not replayed: ../shared is not here', () => {
      expect(process.env['CI']).not.toBe('true');
    });
    return;
  }

  it('all have an expected end', () => {
    expect(files.map((file) => path.basename(file, '.json')).sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(Object.entries(expected))(
    '%s: %s',
    async (name, sign) => {
      await expectReplay(name, readFileSync(`${SHARED}${folder}/${name}.json`, 'utf8'), sign);
    },
    60_000,
  );
});

if (listShared('payloads/webhooks-server').length > 0)
  it('a recording of comments has the same end where copying them takes so long that the next look comes in between', async () => {
    const name = 'mobitel-issue-updated-generic';
    const { control } = sites.world.sites.globex;
    control.latencyMs = 100;
    try {
      const folder = 'payloads/webhooks-server';
      await expectReplay(name, readFileSync(`${SHARED}${folder}/${name}.json`, 'utf8'), EXPECTED[folder]?.[name] ?? '');
    } finally {
      control.latencyMs = 0;
    }
  }, 60_000);

const fields = {
  project: { id: '60001', key: 'ODD', name: 'Odd bodies' },
  issuetype: { id: '60011', name: 'Task' },
  status: { id: '60021', name: 'To Do' },
  priority: { id: '3', name: 'Medium' },
  summary: 'An ordinary summary',
  labels: [],
};
const updated = (changes: object, items: readonly object[], issue: object = {}): unknown => ({
  timestamp: 1,
  webhookEvent: 'jira:issue_updated',
  issue_event_type_name: 'issue_updated',
  issue: { id: '61000', key: 'ODD-1', fields: { ...fields, ...changes }, ...issue },
  changelog: { id: '1', items },
});
const changed = (fieldId: string, before: string | null, after: string | null): object => ({
  field: fieldId,
  fieldtype: 'jira',
  fieldId,
  from: null,
  fromString: before,
  to: null,
  toString: after,
});
const UNICODE = '🚲 Ünïcödé — «العربية» 漢字 e\u0301 \u200d👩‍👧 "quotes" <b>&amp;</b>';
const manyFields = Array.from({ length: 5000 }, (_, number) => changed(`customfield_${number}`, `${number}`, 'x'.repeat(100)));

const ODD: readonly (readonly [name: string, body: unknown, sign: string])[] = [
  ['an event that nobody knows', { webhookEvent: 'sprint_exploded', sprint: { id: 1 } }, 'declined event-unused'],
  ['no event at all', { issue: { id: '61000' } }, 'declined webhook-malformed'],
  ['an event about no item', { webhookEvent: 'jira:issue_updated', issue: null }, 'declined item-unnamed'],
  ['an item id that is no number', updated({}, [], { id: 'ODD-1' }), 'declined item-unnamed'],
  ['numbers where Jira has text', updated({}, [], { id: 61_000, key: 7 }), 'unchanged'],
  [
    'null wherever null can be',
    {
      webhookEvent: 'jira:issue_updated',
      issue: { id: '61000', key: null, fields: null },
      changelog: null,
      comment: null,
      user: null,
    },
    'unchanged',
  ],
  [
    'fields named like parts of every object',
    updated({}, [changed('__proto__', 'a', 'b'), changed('constructor', 'a', 'b'), {}]),
    'unchanged',
  ],
  [
    'a changelog of 5,000 fields',
    updated({ summary: 'New' }, [...manyFields, changed('summary', 'Old', 'New')]),
    'applied field:summary',
  ],
  [
    'all of Unicode',
    updated({ summary: UNICODE, labels: ['naïve-ß', '漢字'] }, [
      changed('summary', 'Old', UNICODE),
      changed('labels', 'ok', 'naïve-ß 漢字'),
    ]),
    'applied field:summary field:labels',
  ],
  [
    'a description that was removed',
    updated({ description: null }, [changed('description', 'There was one', null)]),
    'applied field:description',
  ],
  ['an item moved here from another space', updated({}, [changed('Key', 'AWAY-7', 'ODD-1')]), 'applied created'],
  [
    'a changelog that says other things than the item',
    updated({ summary: 'Later still' }, [changed('summary', 'Old', 'New')]),
    'applied field:summary',
  ],
  ['a list', [], 'declined webhook-malformed'],
  ['null', null, 'declined webhook-malformed'],
];

describe('bodies that no Jira was seen to send', () => {
  it.each(ODD)('%s', async (name, body, sign) => {
    await expectReplay(name, JSON.stringify(body), sign);
  });

  it.each([
    ['cut off', '{"webhookEvent":"jira:issue_updated","issue":{"id":"610'],
    ['empty', ''],
    ['not text at all', '\u0000\u0001\ufffd'],
  ])('%s', async (name, body) => {
    await expectReplay(name, body, 'declined json-malformed');
  });
});
