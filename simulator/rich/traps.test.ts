import { beforeEach, describe, expect, it } from '@jest/globals';
import { createIssue } from '../heart/create-issue.ts';
import { availableTransitions, editIssue, transitionIssue } from '../heart/edit-issue.ts';
import type { Outcome } from '../heart/outcome.ts';
import { addUser } from '../heart/set-up.ts';
import type { Actor, Issue, Site, User } from '../heart/site.ts';
import { createVirtualClock } from '../transport/virtual-clock.ts';
import { buildSmallWorld } from '../world.ts';
import { settled } from './rich-past.ts';
import { DAY_NEEDED } from './rich-workflows.ts';
import { addRichProjects } from './world-rich.ts';

let site: Site;
let app: Actor;

/** A fresh acme, and the user of an app as it is after its install. */
beforeEach(() => {
  const clock = createVirtualClock(1_800_000_000_000);
  const urls = { acme: 'http://acme', globex: 'http://globex' };
  site = addRichProjects(buildSmallWorld({ clocks: { acme: clock, globex: clock }, seed: 1, indexLagMs: 0, urls }).acme, 'acme');
  const user = addUser(site, { accountId: 'app', accountType: 'app', displayName: 'App', emailAddress: '' });
  app = { user, through: { kind: 'app', appKey: 'app' }, trace: null };
});

type Fields = Readonly<Record<string, unknown>>;
const fieldId = (name: string): string => [...site.customFields.values()].find((field) => field.name === name)?.id ?? '';
const NOTHING = { update: {}, properties: [] };
const IMPACT = 'Customer impact';

const create = (type: string, fields: Fields = {}): Outcome<Issue> => {
  const project = { key: type === 'Request' ? 'DESK' : 'SHOP' };
  const impact = type === 'Bug' ? { [fieldId(IMPACT)]: 'Some' } : {};
  const all = { project, issuetype: { name: type }, summary: 'Trap', ...impact, ...fields };
  return createIssue(site, app, { ...NOTHING, fields: all }, 'adf');
};
const made = (type: string, fields: Fields = {}): Issue => settled(create(type, fields));

/** By the name of the transition, whether it is offered or not. */
function take(issue: Issue, name: string, fields: Fields = {}, actor = app): Outcome<Issue> {
  const all = site.issueTypes.get(issue.typeId)?.workflow.transitions ?? [];
  const id = all.find((transition) => transition.name === name)?.id;
  if (id === undefined) throw new Error(`There is no transition ${name}`);
  return transitionIssue(site, actor, issue, id, { fields, update: {} }, 'adf');
}
const statusOf = (issue: Issue): string | undefined => site.statuses.get(issue.statusId)?.name;
const adminOf = (): User => {
  const admin = [...site.users.values()].find(({ siteAdmin }) => siteAdmin);
  if (admin === undefined) throw new Error('The site has an administrator');
  return admin;
};

interface Trap {
  readonly trap: string;
  readonly type: string;
  readonly before?: readonly string[];
  readonly fields?: Fields;
  readonly take: string;
  readonly with?: Fields;
  readonly messages?: readonly unknown[];
  readonly errors?: Readonly<Record<string, string>>;
}

const NOT_OFFERED: readonly unknown[] = [expect.stringMatching(/^Transition id '\d+' is not valid for this issue\.$/)];
const DUE = { duedate: '2027-02-01' };

const TRAPS: readonly Trap[] = [
  { trap: 'no direct way', type: 'Story', take: 'Done', messages: NOT_OFFERED },
  {
    trap: 'a condition that refuses the app',
    type: 'Change',
    fields: DUE,
    before: ['Plan'],
    take: 'Approve',
    messages: NOT_OFFERED,
  },
  { trap: 'only the assignee', type: 'Request', take: 'Take up', messages: NOT_OFFERED },
  { trap: 'a validator that needs a field', type: 'Change', take: 'Plan', messages: [DAY_NEEDED] },
  { trap: 'a screen that needs a resolution', type: 'Bug', take: 'Resolve', errors: { resolution: 'Resolution is required.' } },
  {
    trap: 'a field off the screen of the transition',
    type: 'Bug',
    take: 'Resolve',
    with: { resolution: { name: 'Done' }, duedate: '2027-02-01' },
    errors: { duedate: "Field 'duedate' cannot be set. It is not on the appropriate screen, or unknown." },
  },
];

describe('the traps of the workflows', () => {
  it.each(TRAPS)('refuses: $trap', ({ type, fields, before = [], take: name, with: given, messages = [], errors = {} }) => {
    const issue = made(type, fields);
    for (const each of before) settled(take(issue, each));
    const status = issue.statusId;
    expect(take(issue, name, given)).toMatchObject({ ok: false, refusal: { status: 400, errorMessages: messages, errors } });
    expect(issue.statusId).toBe(status);
  });

  it('asks for a permission that the app lacks', () => {
    const issue = made('Request', { assignee: { accountId: 'app' } });
    settled(take(issue, 'Take up'));
    expect(take(issue, 'Answer')).toMatchObject({
      ok: false,
      refusal: { errorMessages: ['User does not have the ADMINISTER_PROJECTS permission'] },
    });
  });

  it('finishes nothing before its parts are finished', () => {
    const change = made('Change');
    const part = made('Sub-task', { parent: { key: change.key } });
    expect(take(change, 'Finish').ok).toBe(false);
    settled(take(part, 'Done'));
    expect(take(change, 'Finish').ok).toBe(true);
  });

  it('sets and clears the resolution by post functions', () => {
    const bug = made('Bug');
    settled(take(bug, 'Close as duplicate'));
    expect(site.resolutions.get(bug.resolutionId ?? '')?.name).toBe('Duplicate');
    settled(take(bug, 'Reopen'));
    expect([bug.resolutionId, statusOf(bug)]).toEqual([null, 'To Do']);
  });

  it('clears a field and assigns by post functions', () => {
    const change = made('Change', DUE);
    settled(take(change, 'Plan'));
    const admin: Actor = { ...app, user: adminOf() };
    settled(take(change, 'Approve', {}, admin));
    settled(take(change, 'Release'));
    expect(change.assigneeId).toBe('app');
    settled(take(change, 'Plan anew'));
    expect(change.dueDate).toBeNull();
  });

  it('loops: a transition leads back to where it was taken, and is offered again', () => {
    const bug = made('Bug');
    settled(take(bug, 'Start work'));
    settled(take(bug, 'Add a note'));
    expect(statusOf(bug)).toBe('In Progress');
    expect(availableTransitions(site, bug, app.user).map(({ name }) => name)).toContain('Add a note');
  });

  it('calls two statuses by one name, in different categories', () => {
    const request = made('Request');
    const categories = [request.statusId];
    settled(take(request, 'Ask the customer'));
    categories.push(request.statusId);
    expect(categories.map((id) => site.statuses.get(id)).map((status) => [status?.name, status?.category.key])).toEqual([
      ['Waiting', 'new'],
      ['Waiting', 'indeterminate'],
    ]);
  });
});

describe('the traps of the fields', () => {
  const OFF = (id: string): string => `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`;

  it('requires a field when a bug is made, and of no other type', () => {
    expect(create('Bug', { [fieldId(IMPACT)]: null })).toMatchObject({
      ok: false,
      refusal: { status: 400, errors: { [fieldId(IMPACT)]: `${IMPACT} is required.` } },
    });
    expect(create('Story').ok).toBe(true);
    expect(create('Story', { [fieldId(IMPACT)]: 'Some' })).toMatchObject({
      refusal: { errors: { [fieldId(IMPACT)]: OFF(fieldId(IMPACT)) } },
    });
  });

  it('takes a field when an item is made, but not later', () => {
    const id = fieldId('Noticed at');
    const story = made('Story', { [id]: '2027-01-01T08:00:00.000+0000' });
    const edit = editIssue(site, app, story, { ...NOTHING, fields: { [id]: null } }, 'adf');
    expect(edit).toMatchObject({ ok: false, refusal: { errors: { [id]: OFF(id) } } });
  });

  it('offers bugs other options than stories, one by default, one disabled', () => {
    const id = fieldId('Severity');
    expect(made('Bug').custom.get(id)).toBeDefined();
    expect(made('Story').custom.get(id)).toBeUndefined();
    const refusal = (value: string) => ({ refusal: { errors: { [id]: `Option value '${value}' is not valid` } } });
    expect(create('Bug', { [id]: { value: 'Major' } })).toMatchObject(refusal('Major'));
    expect(create('Bug', { [id]: { value: 'Showstopper' } })).toMatchObject(refusal('Showstopper'));
    expect(create('Story', { [id]: { value: 'Major' } }).ok).toBe(true);
  });
});
