import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dataCenterBodies } from '../../simulator/datacenter/dc-webhook-body.ts';
import { sayDataCenter } from '../../simulator/datacenter/speak.ts';
import { addComment } from '../../simulator/heart/comments.ts';
import { createIssue } from '../../simulator/heart/create-issue.ts';
import { availableTransitions, editIssue, transitionIssue } from '../../simulator/heart/edit-issue.ts';
import type { Actor, Issue, Site, SiteEvent, User } from '../../simulator/heart/site.ts';
import { issueShape } from '../../simulator/shapes/issue.ts';
import { webhookBody } from '../../simulator/shapes/webhook-body.ts';
import type { SimulatedSite } from '../../simulator/simulated-site.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { listShared, readShared } from '../../test/shared-data.ts';
import type { FieldId, ProjectId } from '../core/ids.ts';
import type { Item } from '../core/item.ts';
import type { Observation } from '../core/observation.ts';
import { CLOUD } from './cloud/cloud-dialect.ts';
import { DATA_CENTER } from './datacenter/data-center-dialect.ts';
import { mapItem } from './map-item.ts';
import { readCommentEvent, readObservation } from './webhook-observation.ts';

const PLAIN = ['summary', 'labels', 'priority', 'duedate'] as FieldId[];

const body = {
  webhookEvent: 'jira:issue_updated',
  timestamp: 1_800_000_000_999,
  issue: {
    id: '10001',
    key: 'SUP-1',
    fields: {
      project: { id: '10000', key: 'SUP' },
      issuetype: { id: '3', name: 'Task', subtask: false },
      status: { id: '1', name: 'Open', statusCategory: { key: 'new' } },
      created: '2027-01-15T08:00:00.000+0000',
      updated: '2027-01-15T09:00:00.000+0100',
      summary: 'Printer on fire',
      description: 'It *burns*',
      labels: ['hot'],
      priority: { id: '2', name: 'High', iconUrl: 'x' },
      duedate: null,
      customfield_10001: 'somebody’s own',
    },
  },
  changelog: {
    id: '77',
    items: [
      { field: 'labels', fieldtype: 'jira', fieldId: 'labels', from: null, fromString: '', to: null, toString: 'hot' },
      { field: 'assignee', fieldtype: 'jira', fieldId: 'assignee', from: null, fromString: null, to: 'a', toString: 'Ana' },
    ],
  },
};
const { fields } = body.issue;
const without = (field: string) => Object.fromEntries(Object.entries(fields).filter(([name]) => name !== field));
const withFields = (changed: object) => ({ ...body, issue: { ...body.issue, fields: changed } });

describe('the observation of a webhook', () => {
  it('is the item with its plain fields, and what the event changed of them', () => {
    const updatedAt = Date.UTC(2027, 0, 15, 8);
    expect(readObservation(body)).toEqual({
      event: 'updated',
      issueId: '10001',
      issueKey: 'SUP-1',
      projectId: '10000',
      type: { id: '3', name: 'Task' },
      status: { id: '1', name: 'Open' },
      createdAt: Date.UTC(2027, 0, 15, 8),
      updatedAt,
      fields: new Map<string, unknown>([
        ['summary', { kind: 'text', text: 'Printer on fire' }],
        ['priority', { kind: 'option', id: '2', name: 'High' }],
        ['labels', { kind: 'set', members: ['hot'] }],
        ['duedate', { kind: 'empty' }],
      ]),
      richFilled: ['description'],
      changes: [
        {
          id: 77,
          at: updatedAt,
          field: 'labels',
          from: { kind: 'set', members: [] },
          to: { kind: 'set', members: ['hot'] },
          fromText: null,
          toText: null,
        },
      ],
      changeId: 77,
    });
  });

  it('says which rich text is filled, as wiki markup or as a document', () => {
    const filled = (description: unknown) => readObservation(withFields({ ...fields, description }))?.richFilled;
    expect([filled(null), filled(''), filled('x'), filled({ type: 'doc', content: [] })]).toEqual([
      [],
      [],
      ['description'],
      ['description'],
    ]);
  });

  it('tells that there is no text, but not of a text that is not offered', () => {
    const description = 'description' as FieldId;
    const told = (shown: Record<string, unknown>) => readObservation(withFields(shown))?.fields.get(description);
    const withoutIt = Object.fromEntries(Object.entries(fields).filter(([field]) => field !== description));
    expect([told({ ...fields, description: null }), told({ ...fields, description: 'x' }), told(withoutIt)]).toEqual([
      { kind: 'empty' },
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['no number', undefined],
    ['a number that is none', 'x'],
    ['another form', {}],
  ])('is told without one where the changelog has %s', (_name, id) => {
    const read = readObservation({ ...body, changelog: { ...body.changelog, id } });
    expect(read).toMatchObject({ changeId: null, changes: [{ id: null, field: 'labels' }] });
  });

  it('is told without a number by Data Center, which names no field ids: its numbers are in no order', () => {
    const items = body.changelog.items.map(({ fieldId: _fieldId, ...item }) => item);
    expect(readObservation({ ...body, changelog: { ...body.changelog, items } })?.changeId).toBeNull();
  });

  it('of a creation has no changes, and needs no changelog', () => {
    expect(readObservation({ ...body, webhookEvent: 'jira:issue_created' })).toMatchObject({ event: 'created', changes: [] });
    const { changelog: _changelog, ...bare } = body;
    expect(readObservation({ ...bare, webhookEvent: 'jira:issue_created' })).toMatchObject({ event: 'created' });
    expect(readObservation(bare)).toBeNull();
  });

  const incomplete: [string, unknown][] = [
    ['nothing', null],
    ['a list', []],
    ['a deletion', { ...body, webhookEvent: 'jira:issue_deleted' }],
    ['a comment', { ...body, webhookEvent: 'comment_created' }],
    ['an update that brings a comment', { ...body, comment: { id: '5', body: 'x' } }],
    ['an update that does not say what it changed', { ...body, changelog: { items: [] } }],
    ['an update that changed something without a name', { ...body, changelog: { items: [{ field: '' }] } }],
    ['a changelog of another form', { ...body, changelog: { items: 'labels' } }],
    ['an item without its key', { ...body, issue: { id: '10001', fields } }],
    ...[...PLAIN, 'project', 'issuetype', 'status', 'created', 'updated'].map((field): [string, unknown] => [
      `an item without its ${field}`,
      withFields(without(field)),
    ]),
    ['a time that is none', withFields({ ...fields, updated: 'yesterday' })],
    ['a due date that is none', withFields({ ...fields, duedate: '24/Dec/26' })],
    ['labels that are no list', withFields({ ...fields, labels: 'hot' })],
    ['a priority without a name', withFields({ ...fields, priority: { id: '2' } })],
  ];
  it.each(incomplete)('is none for %s', (_name, given) => expect(readObservation(given)).toBeNull());
});

describe('a comment in a webhook', () => {
  const comment = {
    id: '9',
    body: 'It *burns*',
    created: '2027-01-15T08:00:00.000+0000',
    updated: '2027-01-15T09:00:00.000+0000',
  };
  const edited = { webhookEvent: 'comment_updated', comment, issue: { id: '10001' } };

  it.each<[string, string]>([
    ['comment_updated', 'edited'],
    ['comment_deleted', 'deleted'],
  ])('of %s was %s; its words are told, and since when it had them', (webhookEvent, kind) => {
    const told = { kind, commentId: '9', editedAt: Date.UTC(2027, 0, 15, 9), words: 'It *burns*' };
    expect(readCommentEvent({ ...edited, webhookEvent })).toEqual(told);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a new comment', { ...edited, webhookEvent: 'comment_created' }],
    ['an item', body],
    ['one without its words', { ...edited, comment: { ...comment, body: { type: 'doc' } } }],
    ['one without its time', { ...edited, comment: { ...comment, updated: null } }],
  ])('is none for %s', (_, given) => expect(readCommentEvent(given)).toBeNull());

  it.each([
    ['webhooks-server/mm-webhook-server-issue-updated-comment-edited', 'edited'],
    ['webhooks-server/mm-webhook-server-comment-deleted', 'deleted'],
    ['webhooks-cloud/mm-webhook-cloud-comment-deleted', 'deleted'],
  ])('is read from what was recorded: %s', (name, kind) => {
    const recorded = readShared(`payloads/${name}.json`) as { comment: typeof comment } | null;
    const { id, body: words, updated } = recorded?.comment ?? comment;
    const read = readCommentEvent(
      recorded ?? { ...edited, webhookEvent: kind === 'edited' ? 'comment_updated' : 'comment_deleted' },
    );
    expect(read).toEqual({ kind, commentId: id, editedAt: Date.parse(updated), words });
  });
});

describe('recorded webhooks of Jira Cloud', () => {
  const names = listShared('payloads/webhooks-cloud');
  const toldWhole = names.filter(
    (name) => /issue-(created|updated)|epic-created/.test(name) && !/mobitel-issue-created/.test(name),
  );

  it.each(toldWhole)('%s is told whole', (name) => {
    const { issue, changelog } = readShared(name) as typeof body;
    const read = readObservation(readShared(name));
    expect(read?.fields.get('summary' as FieldId)).toEqual({ kind: 'text', text: issue.fields.summary });
    expect(read?.status.id).toBe(issue.fields.status.id);
    // Every value of a field that we know could be told, and the newest one is what the item shows.
    for (const { field, from, to } of read?.changes ?? []) {
      if (field === 'description') continue;
      expect([field, from === null, to === null]).toEqual([field, false, false]);
      expect(changelog.items.some(({ fieldId }) => fieldId === field || fieldId === undefined)).toBe(true);
    }
  });

  it.each(names.filter((name) => !toldWhole.includes(name)))('%s is to be looked at', (name) => {
    expect(readObservation(readShared(name))).toBeNull();
  });

  it.each([
    [
      'labels',
      'mm-webhook-issue-updated-labels',
      { from: { kind: 'set', members: ['bad', 'test-label'] }, to: { kind: 'set', members: ['sad', 'test-label'] } },
    ],
    [
      'a priority',
      'mm-webhook-issue-updated-raised-priority',
      { from: { kind: 'option', id: '4', name: 'Low' }, to: { kind: 'option', id: '2', name: 'High' } },
    ],
    [
      'a summary',
      'mm-webhook-issue-updated-renamed',
      { from: { kind: 'text', text: 'Unit test summary' }, to: { kind: 'text', text: 'Unit test summary 1' } },
    ],
    [
      'a status',
      'mobitel-issue-updated-status-changed',
      { from: { kind: 'option', id: '10257', name: 'To Do' }, to: { kind: 'option', id: '10258', name: 'In Progress' } },
    ],
    ['a description', 'mobitel-issue-updated-description-update', { from: null, to: null, fromText: 'Лалалалл' }],
  ])('a change of %s', (_name, file, change) => {
    if (names.length === 0) return;
    expect(readObservation(readShared(`payloads/webhooks-cloud/${file}.json`))?.changes).toEqual([
      expect.objectContaining(change),
    ]);
  });
});

describe('recorded webhooks of Jira Server', () => {
  const names = listShared('payloads/webhooks-server');
  const toldWhole = names.filter((name) => /issue-updated-(closed|in-progress|reopened)/.test(name));

  it.each(toldWhole)('%s is told whole, though no change of it names its field by id', (name) => {
    const { issue, changelog } = readShared(name) as typeof body;
    const read = readObservation(readShared(name));
    expect(read?.status).toEqual({ id: issue.fields.status.id, name: issue.fields.status.name });
    const line = changelog.items.find(({ field }) => field === 'status');
    expect(read?.changes).toEqual([
      expect.objectContaining({
        field: 'status',
        from: { kind: 'option', id: line?.from, name: line?.fromString },
        to: { kind: 'option', id: line?.to, name: line?.toString },
      }),
    ]);
  });

  it.each(names.filter((name) => !toldWhole.includes(name)))('%s is to be looked at', (name) => {
    expect(readObservation(readShared(name))).toBeNull();
  });
});

/** What a site of each product sends of an event, and how it shows an item then. */
const PRODUCTS = [
  {
    name: 'Cloud',
    dialect: CLOUD,
    bodies: (heart: Site, event: SiteEvent): readonly unknown[] => [webhookBody(heart, event)],
    shown: (heart: Site, issue: Issue, user: User): unknown => issueShape(heart, '3', issue, EVERYTHING, user),
  },
  {
    name: 'Data Center',
    dialect: DATA_CENTER,
    bodies: (heart: Site, event: SiteEvent): readonly unknown[] => dataCenterBodies(heart, event).map((sent) => sent.body),
    shown: (heart: Site, issue: Issue, user: User): unknown =>
      sayDataCenter(heart, issueShape(heart, '2', issue, EVERYTHING, user)),
  },
];
const EVERYTHING = { fields: ['*all'], properties: [], expand: new Set(['changelog']) };

describe.each(PRODUCTS)('what the simulated site of $name sends', ({ name, dialect, bodies, shown }) => {
  let simulator: Simulator;
  let site: SimulatedSite;
  let actor: Actor;
  let sent: Observation[];
  beforeEach(async () => {
    simulator = await startSimulator({ webhooks: { paused: true }, dataCenter: { initech: {} } });
    site = name === 'Cloud' || simulator.dataCenter.initech === undefined ? simulator.sites.acme : simulator.dataCenter.initech;
    const admin = [...site.heart.users.values()].find(({ siteAdmin }) => siteAdmin);
    if (admin === undefined) throw new Error('the seed world has an administrator');
    actor = { user: admin, through: { kind: 'person' }, trace: null };
    sent = [];
    site.heart.listeners.add((event: SiteEvent) => {
      for (const told of bodies(site.heart, event)) {
        const observation = readObservation(JSON.parse(JSON.stringify(told)));
        if (observation !== null) sent.push(observation);
      }
    });
  });
  afterEach(() => simulator.close());

  const projectId = () => [...site.heart.projects.values()].find(({ key }) => key === 'SUP' || key === 'PLAT')?.id as ProjectId;
  const anIssue = (): Issue => {
    const issue = [...site.heart.issues.values()].find((one) => one.projectId === projectId());
    if (issue === undefined) throw new Error('the seed world has items');
    return issue;
  };
  const edit = (issue: Issue, changed: object): void => {
    const outcome = editIssue(site.heart, actor, issue, { fields: { ...changed }, update: {}, properties: [] }, 'adf');
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
  };
  /** The item as a read at this moment shows it. */
  const look = (issue: Issue): Item => {
    const answer: unknown = JSON.parse(JSON.stringify(shown(site.heart, issue, actor.user)));
    const item = mapItem(dialect, dialect.shapes.issue.parse(answer), [...PLAIN, 'description' as FieldId], []);
    if (typeof item === 'string') throw new Error(item);
    return item;
  };
  const description = { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'New' }] }] };

  it('tells the same as a read at that moment, after any edit', () => {
    const issue = anIssue();
    const edits: object[] = [
      { summary: 'Another summary, with  two blanks' },
      { labels: ['b', 'a', 'ü'], priority: { id: '1' } },
      { labels: [], duedate: '2027-02-28' },
      { duedate: '2027-03-01', summary: 'Third' },
      { duedate: null, description },
      { description: null, labels: ['a'] },
    ];
    for (const changed of edits) {
      edit(issue, changed);
      const item = look(issue);
      const told = sent.at(-1);
      expect(told).toMatchObject({
        event: 'updated',
        issueKey: item.issueKey,
        projectId: item.projectId,
        updatedAt: item.updatedAt,
      });
      for (const field of PLAIN) expect([field, told?.fields.get(field)]).toEqual([field, item.fields.get(field)]);
      expect(told?.richFilled).toEqual(item.fields.get('description' as FieldId)?.kind === 'rich' ? ['description'] : []);
      expect(told?.changes).toHaveLength(Object.keys(changed).length);
      expect(item.changes.slice(-Object.keys(changed).length)).toEqual(told?.changes);
    }
    expect(sent).toHaveLength(edits.length);
  });

  it('tells each change from the value that the item showed before', () => {
    const issue = anIssue();
    let before = look(issue);
    for (const changed of [
      { labels: ['x'] },
      { priority: { id: '1' } },
      { duedate: '2027-02-28' },
      { duedate: null },
      { summary: 'S' },
    ]) {
      edit(issue, changed);
      const [change] = sent.at(-1)?.changes ?? [];
      expect(change?.from).toEqual(before.fields.get(change?.field as FieldId));
      before = look(issue);
      expect(change?.to).toEqual(before.fields.get(change?.field as FieldId));
    }
  });

  it('tells a status by what it was and became', () => {
    const issue = anIssue();
    const before = look(issue);
    const step = availableTransitions(site.heart, issue).find(({ to }) => to !== before.status.id);
    const status = { id: step?.to ?? '', name: site.heart.statuses.get(step?.to ?? '')?.name };
    transitionIssue(site.heart, actor, issue, step?.id ?? '', { fields: {}, update: {} }, 'adf');
    const change = { from: { kind: 'option', ...before.status }, to: { kind: 'option', ...status } };
    expect(sent.at(-1)).toMatchObject({
      status,
      changes: expect.arrayContaining([expect.objectContaining({ field: 'status', ...change })]),
    });
  });

  it('tells nothing of a comment, however it is told: that has to be looked at', () => {
    const comment = { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'x' }] }] };
    addComment(site.heart, actor, anIssue(), { body: comment }, 'adf');
    expect(sent).toEqual([]);
  });

  it('tells a new item, with or without a changelog', () => {
    const fields = { project: { id: projectId() }, issuetype: { name: 'Task' }, summary: 'New', labels: ['a'] };
    const made = createIssue(site.heart, actor, { fields, update: {}, properties: [] }, 'adf');
    if (!made.ok) throw new Error('it is made');
    expect(sent).toEqual([expect.objectContaining({ event: 'created', issueKey: made.value.key, changes: [] })]);
    expect(sent[0]?.fields).toEqual(new Map([...look(made.value).fields].filter(([field]) => sent[0]?.fields.has(field))));
  });

  it('reads carry the newest forty changes, oldest first', () => {
    const issue = anIssue();
    for (let n = 0; n < 45; n += 1) edit(issue, { summary: `Summary ${n}` });
    const { changes } = look(issue);
    expect(changes.map(({ to }) => to)).toEqual(
      Array.from({ length: 40 }, (_, n) => ({ kind: 'text', text: `Summary ${n + 5}` })),
    );
  });
});
