import { beforeEach, describe, expect, it } from '@jest/globals';
import { issueFields } from '../shapes/issue.ts';
import { addComment } from './comments.ts';
import { createIssue } from './create-issue.ts';
import { createSite } from './create-site.ts';
import { availableTransitions, deleteIssue, editIssue, transitionIssue } from './edit-issue.ts';
import { addField, addOptions, changeOption } from './field-admin.ts';
import type { FieldKind } from './field-config.ts';
import { findIssue, seesComment } from './find-issue.ts';
import type { Outcome } from './outcome.ts';
import { search } from './search.ts';
import { addIssueType, addProject, addStandardSchemes, addStatus, addUser, openWorkflow } from './set-up.ts';
import type { Actor, Issue, IssueType, Site, User } from './site.ts';
import type { TransitionRules } from './workflow-rules.ts';
import { addWorklog } from './worklogs.ts';

let site: Site;
let admin: User;
let worker: User;

const clock = { now: () => Date.UTC(2026, 10, 22) };

/** Project PRO with a task, a sub-task and an epic; a worker who does not administer it. */
beforeEach(() => {
  site = createSite({ name: 's', title: 'S', baseUrl: 'http://s', clock, seed: 1, indexLagMs: 0 });
  addStandardSchemes(site);
  const statuses = [addStatus(site, '1', 'To Do', 'new'), addStatus(site, '2', 'Done', 'done')];
  const type = (id: string, name: string, more: Partial<IssueType> = {}) =>
    addIssueType(site, { id, name, description: '', subtask: false, workflow: openWorkflow(name, statuses), ...more });
  type('10', 'Task');
  type('11', 'Sub-task', { subtask: true });
  type('12', 'Epic', { hierarchyLevel: 1 });
  admin = addUser(site, { accountId: 'admin', displayName: 'Ada', emailAddress: 'ada@s.example', siteAdmin: true });
  worker = addUser(site, { accountId: 'worker', displayName: 'Will', emailAddress: 'will@s.example' });
  addProject(site, {
    id: '30',
    key: 'PRO',
    name: 'Project',
    leadAccountId: 'admin',
    issueTypeIds: ['10', '11', '12'],
    adminIds: ['admin'],
  });
});

const as = (user: User): Actor => ({ user, through: { kind: 'person' }, trace: null });
const NONE = { update: {}, properties: [] };
const create = (fields: Record<string, unknown>, user = admin): Outcome<Issue> =>
  createIssue(
    site,
    as(user),
    { ...NONE, fields: { project: { key: 'PRO' }, issuetype: { id: '10' }, summary: 'S', ...fields } },
    'adf',
  );
const made = (fields: Record<string, unknown> = {}, user = admin): Issue => {
  const outcome = create(fields, user);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
  return outcome.value;
};
const edit = (
  issue: Issue,
  fields: Record<string, unknown>,
  update: Record<string, unknown> = {},
  user = admin,
): Outcome<Issue> => editIssue(site, as(user), issue, { fields, update, properties: [] }, 'adf');
const shown = (issue: Issue, id: string): unknown => issueFields(site, '3', issue, [id], admin)[id];
const errorsOf = (outcome: Outcome<unknown>): unknown => (outcome.ok ? null : outcome.refusal.errors);
const project = () => {
  const found = site.projects.get('30');
  if (found === undefined) throw new Error('The project is there');
  return found;
};

/** A field of a kind with the options One and Two; Two has the child Inner. */
function field(kind: FieldKind) {
  const added = addField(site, { id: 'customfield_10100', name: 'Extra', kind });
  const context = added.contexts?.[0];
  if (context === undefined) throw new Error('A new field has a context');
  const options = addOptions(site, context, [{ value: 'One' }, { value: 'Two' }]);
  const ids = options.ok ? options.value.map(({ id }) => id) : [];
  addOptions(site, context, [{ value: 'Inner', parentId: ids[1] ?? '' }]);
  return { id: added.id, context, ids };
}

const DOCUMENT = { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Text' }] }] };

describe('custom fields', () => {
  it.each<[FieldKind, unknown, unknown, Record<string, unknown>]>([
    ['select', { value: 'One' }, { value: 'One' }, { toString: 'One' }],
    ['radiobuttons', { value: 'Two' }, { value: 'Two' }, { toString: 'Two' }],
    ['multiselect', [{ value: 'One' }, { value: 'Two' }], [{ value: 'One' }, { value: 'Two' }], { toString: 'One,Two' }],
    ['multicheckboxes', [{ value: 'Two' }], [{ value: 'Two' }], { toString: 'Two' }],
    ['cascadingselect', { value: 'Two', child: { value: 'Inner' } }, { value: 'Two', child: { value: 'Inner' } }, { to: null }],
    ['float', 1.5, 1.5, { to: null, toString: '1.5' }],
    ['jsw-story-points', 5, 5, { toString: '5' }],
    ['datepicker', '2026-12-01', '2026-12-01', { to: '2026-12-01', toString: '01/Dec/26' }],
    ['datetime', '2026-12-01T10:00:00.000+0100', '2026-12-01T09:00:00.000+0000', {}],
    ['url', 'https://a.example/', 'https://a.example/', { toString: 'https://a.example/' }],
    ['userpicker', { accountId: 'worker' }, { accountId: 'worker' }, { to: 'worker', toString: 'Will' }],
    ['multiuserpicker', [{ accountId: 'worker' }], [{ accountId: 'worker' }], { toString: '[Will]' }],
    ['textfield', 'Words', 'Words', { to: null, toString: 'Words' }],
    ['textarea', DOCUMENT, DOCUMENT, { toString: 'Text' }],
    ['labels', ['b', 'a'], ['a', 'b'], { toString: 'a b' }],
    ['atlassian-team', 'a-team', { id: 'a-team' }, { toString: 'a-team' }],
    ['cmdb-object-cftype', [{ id: 'w:1', workspaceId: 'w', objectId: '1' }], [{ objectId: '1' }], {}],
  ])('of the kind %s are set, shown, written down and emptied', (kind, value, expected, change) => {
    const { id } = field(kind);
    const issue = made();
    expect(edit(issue, { [id]: value }).ok).toBe(true);
    if (typeof expected === 'object') expect(shown(issue, id)).toMatchObject(expected as object);
    else expect(shown(issue, id)).toBe(expected);
    expect(issue.changes.at(-1)?.items).toMatchObject([{ field: 'Extra', fieldtype: 'custom', fieldId: id, ...change }]);
    const changes = issue.changes.length;
    edit(issue, { [id]: value });
    expect(issue.changes).toHaveLength(changes);
    edit(issue, { [id]: null });
    expect(issue.custom.has(id)).toBe(false);
  });

  it.each<[FieldKind, unknown, string]>([
    ['select', { value: 'Nine' }, "Option value 'Nine' is not valid"],
    ['select', { id: 9 }, "Option id '9' is not valid"],
    ['multiselect', 'One', 'data was not an array'],
    ['cascadingselect', { value: 'Nine' }, "Could not find valid 'id' or 'value' in the Parent Option object."],
    ['float', '1', 'Operation value must be a number'],
    ['datepicker', 'soon', 'Error parsing date string: soon'],
    ['datetime', '2026-12-01', 'Error parsing time: 2026-12-01'],
    ['url', 'nowhere', 'Not a valid URL'],
    ['textfield', 1, 'Operation value must be a string'],
    ['labels', ['two words'], "The label 'two words' contains spaces which is invalid."],
  ])('of the kind %s refuse %j', (kind, value, message) => {
    const { id } = field(kind);
    expect(errorsOf(create({ [id]: value }))).toEqual({ [id]: message });
  });

  it('are added to and removed from by the names of their options', () => {
    const { id } = field('multiselect');
    const issue = made({ [id]: [{ value: 'One' }] });
    edit(issue, {}, { [id]: [{ add: { value: 'Two' } }, { remove: { value: 'One' } }] });
    expect(shown(issue, id)).toMatchObject([{ value: 'Two' }]);
  });

  it('show a renamed option by its new name, and take a disabled one no more', () => {
    const { id, context, ids } = field('select');
    const issue = made({ [id]: { value: 'One' } });
    changeOption(context, { id: ids[0] ?? '', value: 'First', disabled: true });
    expect(shown(issue, id)).toMatchObject({ value: 'First' });
    expect(errorsOf(create({ [id]: { value: 'First' } }))).toEqual({ [id]: "Option value 'First' is not valid" });
  });

  it('are only where their contexts are', () => {
    const { id, context } = field('select');
    context.projectIds = new Set(['99']);
    expect(errorsOf(create({ [id]: { value: 'One' } }))).toEqual({
      [id]: `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`,
    });
  });
});

describe('screens', () => {
  it('differ between create and edit, and an overriding app does not mind', () => {
    project().offEdit.add('environment');
    const issue = made({ environment: DOCUMENT });
    expect(errorsOf(edit(issue, { environment: null }))).toHaveProperty('environment');
    const override = editIssue(site, as(admin), issue, { fields: { environment: null }, ...NONE, override: true }, 'adf');
    expect(override.ok).toBe(true);
  });

  it('insist on required fields, unless there is a default', () => {
    const { id, context, ids } = field('select');
    project().required.add(id);
    expect(errorsOf(create({}))).toEqual({ [id]: 'Extra is required.' });
    context.defaultValue = ids[1];
    const issue = made();
    expect(shown(issue, id)).toMatchObject({ value: 'Two' });
    expect(errorsOf(edit(issue, { [id]: null }))).toEqual({ [id]: 'Extra is required.' });
  });
});

describe('hierarchy', () => {
  it('puts sub-tasks below tasks and tasks below epics, and nothing else', () => {
    const [epic, task] = [made({ issuetype: { id: '12' } }), made()];
    expect(errorsOf(create({ issuetype: { id: '11' } }))).toEqual({
      parent: 'Issue type is a sub-task but parent issue key or id not specified.',
    });
    expect(errorsOf(create({ issuetype: { id: '11' }, parent: { key: epic.key } }))).toEqual({
      parent: 'Given parent work item does not belong to appropriate hierarchy.',
    });
    const subtask = made({ issuetype: { id: '11' }, parent: { key: task.key } });
    expect(shown(task, 'subtasks')).toMatchObject([{ key: subtask.key }]);
    edit(task, { parent: { id: epic.id } });
    expect(task.changes.at(-1)?.items).toMatchObject([{ field: 'IssueParentAssociation', to: epic.id, toString: epic.key }]);
    const found = search(site, admin, { jql: `parent = ${epic.key}`, maxResults: 10, pageToken: null });
    expect(found).toMatchObject({ value: { issues: [{ key: task.key }] } });
    edit(task, {}, { parent: [{ set: { none: true } }] });
    expect(task.parentId).toBe(null);
    expect(deleteIssue(site, as(admin), task)).toMatchObject({ ok: false, refusal: { status: 400 } });
    expect(deleteIssue(site, as(admin), task, true).ok).toBe(true);
    expect(site.issues.has(subtask.id)).toBe(false);
  });
});

describe('workflows', () => {
  const rule = (rules: TransitionRules): void => {
    const workflow = site.issueTypes.get('10')?.workflow;
    workflow?.transitions.splice(0, 10, { id: '5', name: 'Finish', from: null, to: '2', rules });
  };
  const finish = (issue: Issue, fields: Record<string, unknown> = {}, user = admin) =>
    transitionIssue(site, as(user), issue, '5', { fields, update: {} }, 'adf');

  it('offer a transition only to those whom its conditions let through', () => {
    rule({ conditions: [{ kind: 'only-assignee' }] });
    const issue = made({ assignee: { accountId: 'worker' } });
    expect(availableTransitions(site, issue, admin)).toEqual([]);
    expect(finish(issue)).toMatchObject({ refusal: { errorMessages: ["Transition id '5' is not valid for this issue."] } });
    expect(finish(issue, {}, worker).ok).toBe(true);
  });

  it('want the fields of their screens, and set what they are told', () => {
    rule({
      screen: ['resolution', 'environment'],
      required: ['resolution'],
      postFunctions: [{ kind: 'clear-field', fieldId: 'labels' }],
    });
    site.resolutions.set('7', { id: '7', name: "Won't do" });
    const issue = made({ labels: ['a'] });
    expect(errorsOf(finish(issue))).toEqual({ resolution: 'Resolution is required.' });
    expect(errorsOf(finish(issue, { summary: 'No' }))).toHaveProperty('summary');
    expect(finish(issue, { resolution: { name: "Won't do" } }).ok).toBe(true);
    expect(issue).toMatchObject({ resolutionId: '7', labels: [], resolvedAt: clock.now() });
  });

  it('can leave an issue unresolved in a status that is done, and say no by a validator', () => {
    rule({ postFunctions: [], validators: [{ kind: 'field-required', fieldId: 'environment', message: 'Where was it?' }] });
    const issue = made();
    expect(finish(issue)).toMatchObject({ refusal: { errorMessages: ['Where was it?'] } });
    edit(issue, { environment: DOCUMENT });
    expect(finish(issue).ok).toBe(true);
    expect(issue).toMatchObject({ statusId: '2', resolutionId: null });
  });
});

describe('comments', () => {
  const comment = (issue: Issue, input: Record<string, unknown>) =>
    addComment(site, as(admin), issue, { body: DOCUMENT, ...input }, 'adf');

  it('are answered in threads of one level, seen by those who see what they answer', () => {
    const issue = made();
    const visibility = { type: 'role', value: 'Administrators' };
    comment(issue, { visibility });
    const [root] = issue.comments;
    expect(comment(issue, { parentId: root?.id }).ok).toBe(true);
    expect(issue.comments[1]).toMatchObject({ parentId: root?.id, visibility });
    expect(errorsOf(comment(issue, { parentId: issue.comments[1]?.id }))).toHaveProperty('parentId');
    expect(errorsOf(comment(issue, { parentId: root?.id, visibility }))).toHaveProperty('commentLevel');
  });

  it('of service projects are internal by a property', () => {
    const issue = made();
    comment(issue, { properties: [{ key: 'sd.public.comment', value: { internal: true } }] });
    expect(issue.comments[0]).toMatchObject({ jsdPublic: false });
  });
});

describe('security', () => {
  it('hides issues from all whom their level does not name, in searches too', () => {
    const level = { id: '60', name: 'Inner circle', description: '', participants: false };
    site.securityLevels.set('60', { ...level, accountIds: new Set(['admin']), groupIds: new Set(), roleIds: new Set() });
    project().securityLevelIds.push('60');
    const issue = made({ security: { name: 'Inner circle' } });
    expect(findIssue(site, worker, issue.key).ok).toBe(false);
    const found = search(site, worker, { jql: 'level is not EMPTY', maxResults: 10, pageToken: null });
    expect(found).toMatchObject({ value: { issues: [] } });
    expect(errorsOf(create({ security: { id: '60' } }, worker))).toHaveProperty('security');
  });

  it('shows restricted comments and worklogs to their group alone', () => {
    site.groups.set('g', { id: 'g', name: 'insiders', members: new Set() });
    const issue = made();
    const visibility = { type: 'group', value: 'insiders' };
    addComment(site, as(admin), issue, { body: DOCUMENT, visibility }, 'adf');
    addWorklog(site, as(admin), issue, { timeSpent: '1h', visibility }, 'adf', { how: 'auto' });
    const [comment] = issue.comments;
    const sees = (): boolean => comment !== undefined && seesComment(site, issue, worker, comment);
    const logs = (): unknown => issueFields(site, '3', issue, ['worklog'], worker)['worklog'];
    expect([sees(), logs()]).toMatchObject([false, { total: 0 }]);
    site.groups.get('g')?.members.add('worker');
    expect([sees(), logs()]).toMatchObject([true, { total: 1 }]);
  });
});
