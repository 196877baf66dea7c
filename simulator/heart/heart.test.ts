import { beforeEach, describe, expect, it } from '@jest/globals';
import { documentOf, paragraphOf } from './adf.ts';
import { addComment, deleteComment, editComment } from './comments.ts';
import { createIssue } from './create-issue.ts';
import { createSite } from './create-site.ts';
import { availableTransitions, deleteIssue, editIssue, moveIssue, transitionIssue } from './edit-issue.ts';
import { findIssue } from './find-issue.ts';
import type { Outcome, Refusal } from './outcome.ts';
import { countMatches, search } from './search.ts';
import { addIssueType, addProject, addStandardSchemes, addStatus, addUser, chainedWorkflow, openWorkflow } from './set-up.ts';
import type { Actor, Issue, Site, SiteEvent } from './site.ts';
import { fromWikiText } from './wiki-text.ts';

const clock = { at: 0, now: () => clock.at };
const LAG = 2000;
let site: Site;
let admin: Actor;
let member: Actor;
let events: SiteEvent[];

beforeEach(() => {
  clock.at = Date.UTC(2026, 10, 22, 12);
  site = createSite({ name: 'test', title: 'Test', baseUrl: 'http://test', clock, seed: 1, indexLagMs: LAG });
  addStandardSchemes(site);
  const statuses = [
    addStatus(site, '1', 'To Do', 'new'),
    addStatus(site, '3', 'In Progress', 'indeterminate'),
    addStatus(site, '9', 'Done', 'done'),
  ];
  addIssueType(site, { id: '20', name: 'Task', description: '', subtask: false, workflow: openWorkflow('open', statuses) });
  addIssueType(site, { id: '21', name: 'Bug', description: '', subtask: false, workflow: chainedWorkflow('chained', statuses) });
  const person = (accountId: string, displayName: string, siteAdmin: boolean): Actor => ({
    user: addUser(site, { accountId, displayName, emailAddress: `${accountId}@example.com`, siteAdmin }),
    through: { kind: 'person' },
    trace: null,
  });
  admin = person('ada', 'Ada Admin', true);
  member = person('max', 'Max Member', false);
  addProject(site, { id: '30', key: 'ONE', name: 'One', leadAccountId: 'ada', issueTypeIds: ['20', '21'], adminIds: ['ada'] });
  addProject(site, { id: '31', key: 'TWO', name: 'Two', leadAccountId: 'ada', issueTypeIds: ['20'], adminIds: ['ada'] });
  events = [];
  site.listeners.add((event) => events.push(event));
});

const settled = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
  return outcome.value;
};
const refusalOf = <T>(outcome: Outcome<T>): Refusal | null => (outcome.ok ? null : outcome.refusal);
const create = (fields: Record<string, unknown> = {}, actor = admin) =>
  createIssue(
    site,
    actor,
    { fields: { project: { key: 'ONE' }, issuetype: { name: 'Task' }, summary: 'A', ...fields }, update: {}, properties: [] },
    'adf',
  );
const edit = (issue: Issue, fields: Record<string, unknown>, update: Record<string, unknown> = {}, actor = admin) =>
  editIssue(site, actor, issue, { fields, update, properties: [] }, 'adf');
const text = (value: string) => documentOf(paragraphOf(value));

describe('creating', () => {
  it('numbers issues per project and ids over all', () => {
    const made = [create(), create({ project: { id: '31' } }), create()].map(settled);
    expect(made.map(({ id, key }) => [id, key])).toEqual([
      ['10000', 'ONE-1'],
      ['10001', 'TWO-1'],
      ['10002', 'ONE-2'],
    ]);
  });

  it.each([
    ['no summary', { summary: '' }, { summary: 'You must specify a summary of the issue.' }],
    ['255 characters and one', { summary: 'x'.repeat(256) }, { summary: 'Summary must be less than 255 characters.' }],
    [
      'a line end in the summary',
      { summary: 'a\nb' },
      { summary: 'The summary is invalid because it contains newline characters.' },
    ],
    ['a label with a space', { labels: ['a b'] }, { labels: "The label 'a b' contains spaces which is invalid." }],
    ['an unknown priority', { priority: { name: 'Urgent' } }, { priority: 'The priority selected is invalid.' }],
    ['a day that is none', { duedate: '2026-02-30' }, { duedate: 'Error parsing date string: 2026-02-30' }],
    [
      'text where ADF belongs',
      { description: 'x' },
      { description: 'Operation value must be an Atlassian Document (see the Atlassian Document Format)' },
    ],
    [
      'too long a text',
      { description: text('x'.repeat(32_768)) },
      { description: 'The entered text is too long. It exceeds the allowed limit of 32,767 characters.' },
    ],
    [
      'an unknown field',
      { colour: 'red' },
      { colour: "Field 'colour' cannot be set. It is not on the appropriate screen, or unknown." },
    ],
    ['an unknown type', { issuetype: { name: 'Epic' } }, { issuetype: 'Specify a valid issue type' }],
    ['an unknown project', { project: { key: 'NIL' } }, { project: 'Specify a valid project ID or key' }],
  ])('refuses %s', (_what, fields, errors) => {
    expect(refusalOf(create(fields))).toEqual({ status: 400, errorMessages: [], errors });
    expect(site.issues.size).toBe(0);
  });

  it.each([
    ['a summary of 255', { summary: 'x'.repeat(255) }],
    ['a text of 32,767', { description: text('x'.repeat(32_767)) }],
  ])('takes %s characters', (_what, fields) => {
    expect(refusalOf(create(fields))).toBeNull();
  });

  it('refuses a field that is off the project’s screens', () => {
    site.projects.get('30')?.hiddenFields.add('labels');
    expect(refusalOf(create({ labels: ['a'] }))?.errors).toHaveProperty('labels');
  });
});

describe('editing', () => {
  it.each([
    ['summary', { summary: 'B' }, { from: null, fromString: 'A', to: null, toString: 'B' }],
    ['labels', { labels: ['z', 'b', 'b'] }, { from: null, fromString: '', to: null, toString: 'b z' }],
    ['priority', { priority: { id: '1' } }, { from: '3', fromString: 'Medium', to: '1', toString: 'Highest' }],
    ['duedate', { duedate: '2026-12-24' }, { from: null, fromString: null, to: '2026-12-24', toString: '2026-12-24 00:00:00.0' }],
    ['assignee', { assignee: { accountId: 'max' } }, { from: null, fromString: null, to: 'max', toString: 'Max Member' }],
    ['description', { description: text('Hello') }, { from: null, fromString: null, to: null, toString: 'Hello' }],
  ])('of %s is written down as Jira does', (field, fields, item) => {
    const issue = settled(create());
    settled(edit(issue, fields));
    expect(issue.changes.at(-1)?.items).toEqual([{ field, fieldtype: 'jira', fieldId: field, ...item }]);
  });

  it('with nothing new leaves no trace', () => {
    const issue = settled(create());
    clock.at += 1000;
    settled(edit(issue, { summary: 'A', labels: [] }));
    expect([issue.changes.length, issue.updated, events.length]).toEqual([0, clock.at - 1000, 1]);
  });

  it.each([
    [
      [{ add: 'b' }, { add: 'a' }],
      ['a', 'b', 'old'],
    ],
    [[{ remove: 'old' }], []],
    [
      [{ set: ['x'] }, { add: 'y' }],
      ['x', 'y'],
    ],
  ])('labels by verbs %j', (labels, expected) => {
    const issue = settled(create({ labels: ['old'] }));
    settled(edit(issue, {}, { labels }));
    expect(issue.labels).toEqual(expected);
  });

  it('is refused whole when one field is wrong', () => {
    const issue = settled(create());
    expect(refusalOf(edit(issue, { summary: 'B', duedate: 'soon' }))?.errors).toHaveProperty('duedate');
    expect(issue.summary).toBe('A');
  });

  it('needs the permission, and an unseen issue is not there', () => {
    const issue = settled(create());
    site.projects.get('30')?.grants.set('EDIT_ISSUES', 'nobody');
    expect(refusalOf(edit(issue, { summary: 'B' }, {}, member))?.status).toBe(403);
    site.projects.get('30')?.grants.set('BROWSE_PROJECTS', new Set(['ada']));
    expect(refusalOf(findIssue(site, member.user, issue.id))).toMatchObject({
      status: 404,
      errorMessages: ['Issue does not exist or you do not have permission to see it.'],
    });
  });
});

describe('the workflow', () => {
  const names = (issue: Issue): string[] => availableTransitions(site, issue).map((transition) => transition.name);
  const take = (issue: Issue, name: string): Issue => {
    const id = availableTransitions(site, issue).find((transition) => transition.name === name)?.id ?? 'none';
    return settled(transitionIssue(site, admin, issue, id, { fields: {}, update: {} }, 'adf'));
  };

  it('offers only what leads on from the status', () => {
    expect(names(settled(create()))).toEqual(['To Do', 'In Progress', 'Done']);
    const bug = settled(create({ issuetype: { name: 'Bug' } }));
    expect(names(bug)).toEqual(['In Progress']);
    expect(names(take(bug, 'In Progress'))).toEqual(['To Do', 'Done']);
  });

  it('sets the resolution on the way into done and clears it on the way out', () => {
    const issue = take(settled(create()), 'Done');
    expect(issue.changes.at(-1)?.items.map(({ field, toString: to }) => [field, to])).toEqual([
      ['resolution', 'Done'],
      ['status', 'Done'],
    ]);
    take(issue, 'To Do');
    expect([issue.resolutionId, issue.changes.at(-1)?.items[0]?.toString]).toEqual([null, null]);
    expect(events.at(-1)).toMatchObject({ kind: 'issue-updated', typeName: 'issue_generic' });
  });

  it('refuses a transition that is not offered', () => {
    const bug = settled(create({ issuetype: { name: 'Bug' } }));
    expect(refusalOf(transitionIssue(site, admin, bug, '31', { fields: {}, update: {} }, 'adf'))?.status).toBe(400);
  });
});

describe('comments', () => {
  it('move the issue’s time but are not in its changelog', () => {
    const issue = settled(create());
    clock.at += 5;
    const comment = settled(addComment(site, admin, issue, { body: text('Hi'), properties: [{ key: 'k', value: 1 }] }, 'adf'));
    clock.at += 5;
    settled(editComment(site, admin, issue, comment, { body: text('Ho') }, 'adf'));
    expect([comment.properties.get('k'), comment.updated, issue.updated, issue.changes]).toEqual([1, clock.at, clock.at, []]);
    settled(deleteComment(site, admin, issue, comment));
    expect(events.map((event) => event.kind)).toEqual(['issue-created', 'comment-created', 'comment-updated', 'comment-deleted']);
  });

  it.each([[null], [documentOf()], [text(' ')]])('cannot be empty: %j', (body) => {
    expect(refusalOf(addComment(site, admin, settled(create()), { body }, 'adf'))?.errors).toEqual({
      comment: 'Comment body can not be empty!',
    });
  });

  it('of others are not for members to change', () => {
    const issue = settled(create());
    const comment = settled(addComment(site, admin, issue, { body: text('Hi') }, 'adf'));
    expect(refusalOf(deleteComment(site, member, issue, comment))?.status).toBe(400);
  });
});

describe('moving and deleting', () => {
  it('gives a new key, keeps the id and lets the old key lead on', () => {
    const issue = settled(create());
    settled(moveIssue(site, admin, issue, 'TWO'));
    expect([issue.id, issue.key, settled(findIssue(site, admin.user, 'ONE-1')).key]).toEqual(['10000', 'TWO-1', 'TWO-1']);
    expect(issue.changes.at(-1)?.items.map(({ field, fromString, toString: to }) => [field, fromString, to])).toEqual([
      ['project', 'One', 'Two'],
      ['Key', 'ONE-1', 'TWO-1'],
    ]);
    expect(events.at(-1)).toMatchObject({ typeName: 'issue_moved' });
  });

  it('takes the comments along', () => {
    const issue = settled(create());
    settled(addComment(site, admin, issue, { body: text('Hi') }, 'adf'));
    settled(deleteIssue(site, admin, issue));
    expect(findIssue(site, admin.user, issue.id).ok).toBe(false);
    expect(events.slice(-2).map((event) => [event.kind, 'secondary' in event && event.secondary])).toEqual([
      ['issue-deleted', false],
      ['comment-deleted', true],
    ]);
  });
});

describe('searching', () => {
  const keys = (jql: string): string[] =>
    settled(search(site, admin.user, { jql, maxResults: 50, pageToken: null })).issues.map((issue) => issue.key);

  it('learns of writes only after the lag', () => {
    const issue = settled(create());
    expect(keys('project = ONE')).toEqual([]);
    clock.at += LAG - 1;
    expect(keys('project = ONE')).toEqual([]);
    clock.at += 1;
    expect(keys('project = ONE')).toEqual(['ONE-1']);
    settled(edit(issue, { labels: ['new'] }));
    expect(keys('labels = new')).toEqual([]);
    clock.at += LAG;
    expect(keys('labels = new')).toEqual(['ONE-1']);
  });

  describe('by', () => {
    beforeEach(() => {
      settled(create({ summary: 'Red apple', labels: ['fruit'], priority: { name: 'High' } }));
      clock.at += 60_000;
      settled(create({ summary: 'Green pear', issuetype: { name: 'Bug' }, duedate: '2026-12-01' }));
      clock.at += 60_000;
      settled(create({ summary: 'Blue sky', project: { key: 'TWO' }, assignee: { accountId: 'max' } }));
      clock.at += LAG;
    });

    it.each([
      ['project = ONE ORDER BY key ASC', ['ONE-1', 'ONE-2']],
      ['project = "30" order by key desc', ['ONE-2', 'ONE-1']],
      ['project in (ONE, TWO) AND type = Task ORDER BY created', ['ONE-1', 'TWO-1']],
      ['id in (10000, 10002) ORDER BY id', ['ONE-1', 'TWO-1']],
      ['key = ONE-2', ['ONE-2']],
      ['project = ONE AND key > ONE-1', ['ONE-2']],
      ['project = ONE AND NOT key = ONE-2', ['ONE-1']],
      ['(labels = fruit OR issuetype = Bug) AND status = "To Do" ORDER BY key', ['ONE-1', 'ONE-2']],
      ['issuetype NOT IN (Bug) ORDER BY key', ['ONE-1', 'TWO-1']],
      ['updated >= -1m', ['TWO-1']],
      [`${'updated >= -90s'.replace('90s', '2m')} ORDER BY updated ASC`, ['ONE-2', 'TWO-1']],
      [`updated >= ${Date.UTC(2026, 10, 22, 12, 1)} ORDER BY updated ASC`, ['ONE-2', 'TWO-1']],
      [`updated > ${Date.UTC(2026, 10, 22, 12, 1)}`, ['TWO-1']],
      ['created < "2026-11-22 12:01"', ['ONE-1']],
      ['created >= "2026/11/22 12:02"', ['TWO-1']],
      ['priority = High', ['ONE-1']],
      ['assignee = max', ['TWO-1']],
      ['assignee is EMPTY ORDER BY key', ['ONE-1', 'ONE-2']],
      ['due is not empty', ['ONE-2']],
      ['summary ~ "pear"', ['ONE-2']],
      ['statusCategory != Done AND project = TWO', ['TWO-1']],
    ])('%s', (jql, expected) => {
      expect(keys(jql)).toEqual(expected);
    });

    it.each([
      ['', 'Unbounded'],
      ['ORDER BY key', 'Unbounded'],
      ['colour = red', "Field 'colour' does not exist"],
      ['project = NIL', "The value 'NIL' does not exist for the field 'project'."],
      ['key = ONE-99', "An issue with key 'ONE-99' does not exist for field 'key'."],
      ['updated >= soon', "Date value 'soon'"],
      ['project = ONE AND', 'Error in the JQL Query'],
      ['project = ONE project = TWO', 'Error in the JQL Query'],
    ])('refuses %j', (jql, message) => {
      const refusal = refusalOf(search(site, admin.user, { jql, maxResults: 50, pageToken: null }));
      expect(refusal?.status).toBe(400);
      expect(refusal?.errorMessages[0]).toContain(message);
    });

    it('goes page by page, and rows that change meanwhile shift nothing', () => {
      const jql = 'project in (ONE, TWO) ORDER BY key ASC';
      const first = settled(search(site, admin.user, { jql, maxResults: 1, pageToken: null }));
      settled(deleteIssue(site, admin, settled(findIssue(site, admin.user, 'ONE-1'))));
      clock.at += LAG;
      const second = settled(search(site, admin.user, { jql, maxResults: 5, pageToken: first.nextPageToken }));
      expect([first.issues.map((issue) => issue.key), second.issues.map((issue) => issue.key), second.nextPageToken]).toEqual([
        ['ONE-1'],
        ['ONE-2', 'TWO-1'],
        null,
      ]);
    });

    it('counts, and shows only what the person may see', () => {
      expect(settled(countMatches(site, admin.user, 'created < now()'))).toBe(3);
      site.projects.get('30')?.grants.set('BROWSE_PROJECTS', 'nobody');
      expect(settled(countMatches(site, member.user, 'created < now()'))).toBe(1);
      const hidden = search(site, member.user, { jql: 'project = 30', maxResults: 5, pageToken: null });
      expect(hidden).toMatchObject({ refusal: { errorMessages: ["The value '30' does not exist for the field 'project'."] } });
    });
  });
});

describe('wiki text', () => {
  it.each([['one'], ['one\n\ntwo'], ['one\ntwo\n\nthree']])('comes back from ADF: %j', (wiki) => {
    const issue = settled(create());
    settled(editIssue(site, admin, issue, { fields: { description: wiki }, update: {}, properties: [] }, 'wiki'));
    expect(issue.description).toEqual(fromWikiText(wiki));
    expect(issue.changes.at(-1)?.items[0]?.toString).toBe(wiki);
  });
});
