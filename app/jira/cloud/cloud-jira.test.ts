import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addComment } from '../../../simulator/heart/comments.ts';
import { editIssue } from '../../../simulator/heart/edit-issue.ts';
import type { Actor, Issue } from '../../../simulator/heart/site.ts';
import type { SimulatedSite } from '../../../simulator/simulated-site.ts';
import { type Simulator, startSimulator } from '../../../simulator/start-simulator.ts';
import { plainTransport } from '../../../test/fakes/plain-transport.ts';
import type { Failure, Result } from '../../core/failure.ts';
import type { AccountId, CommentId, EffectId, FieldId, IssueId, ProjectId, SynchronizationId } from '../../core/ids.ts';
import type { AdfNode, FieldValue, TwinMark } from '../../core/item.ts';
import { systemClock } from '../../platform/clock.ts';
import type { FieldWrite, Jira } from '../../sync/ports.ts';
import { type Agents, createAgents } from '../agents.ts';
import { createJiraClient, createJiraHttp, type RequestRecord } from '../client.ts';
import { createPace } from '../pace-calls.ts';
import { createRateGate } from '../rate-gate.ts';
import { createCloudJira } from './cloud-jira.ts';

const FIELDS = ['summary', 'description', 'priority', 'labels', 'duedate'] as FieldId[];
const TRACE = 'tandem/1/test';
const field = (id: string): FieldId => id as FieldId;
const text = (shown: string): AdfNode => ({
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text: shown }] }],
});
const write = (id: string, value: FieldValue): FieldWrite => ({ field: field(id), value });
const mark = (effectId: string): TwinMark => ({
  synchronizationId: 'sync-1' as SynchronizationId,
  effectId: effectId as EffectId,
  originSide: 'A',
  originIssueId: '10001' as IssueId,
  through: ['space-1'],
});

const valueIn = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`failed: ${JSON.stringify(result.failure)}`);
  return result.value;
};
const failureIn = (result: Result<unknown>): Failure => {
  if (result.ok) throw new Error('expected a failure');
  return result.failure;
};

let simulator: Simulator;
let agents: Agents;
let site: SimulatedSite;
let actor: Actor;
let jira: Jira;
let records: RequestRecord[];

beforeAll(async () => {
  agents = createAgents({ connectTimeoutMs: 5000 });
});
afterAll(() => agents.close());

/** Starts the world and reaches acme as its administrator. */
const open = async (indexLagMs: number): Promise<void> => {
  simulator = await startSimulator({ indexLagMs, webhooks: { paused: true } });
  site = simulator.sites.acme;
  const admin = [...site.heart.users.values()].find(({ siteAdmin }) => siteAdmin);
  if (admin === undefined) throw new Error('the seed world has an administrator');
  actor = { user: admin, through: { kind: 'person' }, trace: null };
  records = [];
  const basic = Buffer.from(`${admin.emailAddress}:${admin.apiToken}`).toString('base64');
  jira = createCloudJira(
    createJiraClient({
      transport: plainTransport(site.url, `Basic ${basic}`),
      http: createJiraHttp(agents),
      clock: systemClock,
      gates: { connection: createRateGate(), app: createRateGate() },
      pace: createPace(),
      budget: null,
      record: (request) => records.push(request),
    }),
  );
};

beforeEach(() => open(60_000));
afterEach(() => simulator.close());

const projectId = (key: string): ProjectId =>
  [...site.heart.projects.values()].find((project) => project.key === key)?.id as ProjectId;
const typeId = (name: string): string => [...site.heart.issueTypes.values()].find((type) => type.name === name)?.id ?? '';
const anIssue = (): Issue => {
  const issue = [...site.heart.issues.values()].find(({ projectId: of }) => of === projectId('SUP'));
  if (issue === undefined) throw new Error('the seed world has items');
  return issue;
};
const idOf = (issue: Issue): IssueId => issue.id as IssueId;
const points = (): number => records.reduce((sum, record) => sum + record.points, 0);
/** What the simulated site charges for the same calls. */
const charged = (): number => site.heart.ledger.points('all');

const createTwin = (effectId: string, summary = 'Twin') =>
  jira.createItem({
    projectId: projectId('SUP'),
    typeId: typeId('Bug'),
    fields: [write('summary', { kind: 'text', text: summary })],
    mark: mark(effectId),
    trace: TRACE,
  });

describe('reading an item', () => {
  it('gives fields, status, type, comments and times in one request of 2 points', async () => {
    const issue = anIssue();
    site.heart.ledger.reset();
    const item = valueIn(await jira.readItem(idOf(issue), FIELDS));
    expect([records.length, points(), charged()]).toEqual([1, 2, 2]);
    expect(item).toMatchObject({
      issueId: issue.id,
      issueKey: issue.key,
      projectId: issue.projectId,
      updatedAt: issue.updated,
      createdAt: issue.created,
    });
    expect(item.fields.get(field('summary'))).toEqual({ kind: 'text', text: issue.summary });
    expect(item.fields.get(field('labels'))).toEqual({ kind: 'set', members: issue.labels });
    expect(item.fields.get(field('description'))?.kind).toBe('rich');
    expect(item.status.id).toBe(issue.statusId);
    expect(item.comments).toHaveLength(issue.comments.length);
    expect(item.twinMarks).toEqual([]);
  });

  it('gives only the fields asked for', async () => {
    const item = valueIn(await jira.readItem(idOf(anIssue()), [field('summary')]));
    expect([...item.fields.keys()]).toEqual(['summary']);
  });

  it('knows when each field last changed', async () => {
    const issue = anIssue();
    const before = valueIn(await jira.readItem(idOf(issue), FIELDS)).changedAt.get('summary');
    const outcome = editIssue(site.heart, actor, issue, { fields: { summary: 'Changed' }, update: {}, properties: [] }, 'adf');
    expect(outcome.ok).toBe(true);
    const item = valueIn(await jira.readItem(idOf(issue), FIELDS));
    expect(item.changedAt.get('summary')).toBe(issue.updated);
    expect(item.changedAt.get('summary')).not.toBe(before);
  });

  it('reads all comments of a long discussion, however many pages', async () => {
    const issue = anIssue();
    const before = issue.comments.length;
    for (let n = 0; n < 230; n += 1) addComment(site.heart, actor, issue, { body: text(`comment ${n}`) }, 'adf');
    const item = valueIn(await jira.readItem(idOf(issue), FIELDS));
    expect(new Set(item.comments.map(({ commentId }) => commentId)).size).toBe(before + 230);
    expect(item.comments.at(-1)?.body).toEqual(text('comment 229'));
  });

  it('says which comments are restricted', async () => {
    const issue = anIssue();
    addComment(site.heart, actor, issue, { body: text('for few'), visibility: { type: 'role', value: 'Administrators' } }, 'adf');
    expect(valueIn(await jira.readItem(idOf(issue), [])).comments.at(-1)?.restricted).toBe(true);
  });

  it('says that a stranger’s item is missing', async () => {
    expect(failureIn(await jira.readItem('99999999' as IssueId, FIELDS))).toEqual({ kind: 'missing' });
  });
});

describe('creating an item', () => {
  it('makes it with its mark in one request of 1 point', async () => {
    site.heart.ledger.reset();
    const created = valueIn(await createTwin('effect-1', 'Made'));
    expect([records.length, points(), charged()]).toEqual([1, 1, 1]);
    const item = valueIn(await jira.readItem(created.issueId, FIELDS));
    expect(item.twinMarks).toEqual([mark('effect-1')]);
    expect(item.issueKey).toBe(created.issueKey);
    expect(item.fields.get(field('duedate'))).toEqual({ kind: 'empty' });
  });

  it('writes every kind of field', async () => {
    const fields = [
      write('summary', { kind: 'text', text: 'All' }),
      write('description', { kind: 'rich', document: text('long') }),
      write('labels', { kind: 'set', members: ['a', 'b'] }),
      write('duedate', { kind: 'date', date: '2027-02-28' }),
      write('priority', { kind: 'option', id: '', name: 'High' }),
    ];
    const created = valueIn(
      await jira.createItem({ projectId: projectId('SUP'), typeId: typeId('Task'), fields, mark: mark('e'), trace: TRACE }),
    );
    const item = valueIn(await jira.readItem(created.issueId, FIELDS));
    for (const { field: id, value } of fields.slice(0, 4)) expect(item.fields.get(id)).toEqual(value);
    expect(item.fields.get(field('priority'))).toMatchObject({ kind: 'option', name: 'High' });
  });

  it('leaves out empty values', async () => {
    const fields = [
      write('summary', { kind: 'text', text: 'x' }),
      write('description', { kind: 'empty' }),
      write('priority', { kind: 'empty' }),
    ];
    const created = await jira.createItem({
      projectId: projectId('SUP'),
      typeId: typeId('Task'),
      fields,
      mark: mark('e'),
      trace: TRACE,
    });
    expect(created.ok).toBe(true);
  });

  it('names the field that Jira refuses', async () => {
    const fields = [
      write('summary', { kind: 'text', text: 'x' }),
      write('priority', { kind: 'option', id: '', name: 'No such' }),
    ];
    const failure = failureIn(
      await jira.createItem({ projectId: projectId('SUP'), typeId: typeId('Task'), fields, mark: mark('e'), trace: TRACE }),
    );
    expect(failure).toMatchObject({ kind: 'rejected', fields: ['priority'] });
  });
});

describe('writing fields', () => {
  it('puts all of them in one request of 1 point, and gives the item as it is then', async () => {
    const issue = anIssue();
    site.heart.ledger.reset();
    const writes = [
      write('summary', { kind: 'text', text: 'New' }),
      write('labels', { kind: 'set', members: ['x'] }),
      write('duedate', { kind: 'empty' }),
    ];
    const item = valueIn(await jira.writeFields(idOf(issue), writes, FIELDS, TRACE));
    expect([records.length, points(), charged()]).toEqual([1, 1, 1]);
    for (const { field: id, value } of writes) expect(item.fields.get(id)).toEqual(value);
    expect(item.updatedAt).toBe(issue.updated);
    expect(item.comments).toHaveLength(issue.comments.length);
    expect(item.changedAt.get('summary')).toBe(issue.updated);
  });

  it.each<[string, FieldWrite, Failure['kind']]>([
    ['a summary too long', write('summary', { kind: 'text', text: 'x'.repeat(256) }), 'too-large'],
    ['a text too long', write('description', { kind: 'rich', document: text('x'.repeat(40_000)) }), 'too-large'],
    ['an unknown option', write('priority', { kind: 'option', id: '', name: 'No such' }), 'rejected'],
    ['a label with a blank', write('labels', { kind: 'set', members: ['two words'] }), 'rejected'],
  ])('%s', async (_name, one, kind) => {
    expect(failureIn(await jira.writeFields(idOf(anIssue()), [one], FIELDS, TRACE)).kind).toBe(kind);
  });

  it('is uncertain when the answer is lost after the work was done', async () => {
    const issue = anIssue();
    site.faults.add({ method: 'PUT', when: 'after', status: null, times: 1 });
    const lost = await jira.writeFields(idOf(issue), [write('summary', { kind: 'text', text: 'Done anyway' })], FIELDS, TRACE);
    expect(failureIn(lost).kind).toBe('uncertain');
    expect(issue.summary).toBe('Done anyway');
  });
});

describe('status', () => {
  it('offers transitions and takes one', async () => {
    const issue = anIssue();
    const transitions = valueIn(await jira.readTransitions(idOf(issue)));
    const other = transitions.find(({ to }) => to.id !== issue.statusId);
    if (other === undefined) throw new Error('the workflow is open');
    expect(valueIn(await jira.applyTransition(idOf(issue), other.id, TRACE))).toBeNull();
    expect(issue.statusId).toBe(other.to.id);
  });
  it('refuses an unknown transition', async () => {
    expect(failureIn(await jira.applyTransition(idOf(anIssue()), '987', TRACE)).kind).toBe('rejected');
  });
});

describe('comments', () => {
  it('are made, found by effect, edited and deleted', async () => {
    const issue = anIssue();
    const made = valueIn(await jira.createComment(idOf(issue), text('one'), 'effect-7' as EffectId, TRACE));
    expect(made).toMatchObject({ body: text('one'), restricted: false, authorId: actor.user.accountId });
    expect(valueIn(await jira.findComment(idOf(issue), 'effect-7' as EffectId))?.commentId).toBe(made.commentId);
    expect(valueIn(await jira.findComment(idOf(issue), 'effect-8' as EffectId))).toBeNull();
    const edited = valueIn(await jira.editComment(idOf(issue), made.commentId, text('two'), TRACE));
    expect(edited).toMatchObject({ commentId: made.commentId, body: text('two') });
    expect(valueIn(await jira.findComment(idOf(issue), 'effect-7' as EffectId))?.body).toEqual(text('two'));
    expect(valueIn(await jira.deleteComment(idOf(issue), made.commentId, TRACE))).toBeNull();
    expect(failureIn(await jira.deleteComment(idOf(issue), made.commentId, TRACE))).toEqual({ kind: 'missing' });
  });

  it('finds one among hundreds, whose answer was lost', async () => {
    const issue = anIssue();
    site.faults.add({ method: 'POST', path: '/comment', when: 'after', status: 502, times: 1 });
    expect(failureIn(await jira.createComment(idOf(issue), text('lost'), 'effect-9' as EffectId, TRACE)).kind).toBe('uncertain');
    for (let n = 0; n < 150; n += 1) addComment(site.heart, actor, issue, { body: text(`later ${n}`) }, 'adf');
    expect(valueIn(await jira.findComment(idOf(issue), 'effect-9' as EffectId))?.body).toEqual(text('lost'));
  });

  it('a comment of an item that is gone is missing', async () => {
    expect(failureIn(await jira.editComment('99999999' as IssueId, '1' as CommentId, text('x'), TRACE))).toEqual({
      kind: 'missing',
    });
  });
});

describe('finding a twin whose answer was lost', () => {
  const newestNumber = (): number => [...site.heart.projects.values()].find(({ key }) => key === 'SUP')?.lastNumber ?? 0;
  const find = (afterNumber: number, effectId: string) =>
    jira.findTwin({ projectKey: 'SUP', afterNumber, effectId: effectId as EffectId });

  it('finds it by direct read while the search index does not know it yet', async () => {
    const afterNumber = newestNumber();
    site.faults.add({ method: 'POST', path: '/issue', when: 'after', status: null, times: 1 });
    expect(failureIn(await createTwin('effect-1')).kind).toBe('uncertain');
    expect(valueIn(await find(afterNumber, 'effect-1'))?.issueKey).toBe(`SUP-${afterNumber + 1}`);
    // One search, one window of which one item exists.
    expect(records.slice(1).map(({ endpoint }) => endpoint)).toEqual(['POST /search/jql', 'POST /issue/bulkfetch']);
  });

  it('says null when the request never arrived', async () => {
    const afterNumber = newestNumber();
    site.faults.add({ method: 'POST', path: '/issue', when: 'before', status: 503, times: 1 });
    expect(failureIn(await createTwin('effect-1')).kind).toBe('uncertain');
    expect(valueIn(await find(afterNumber, 'effect-1'))).toBeNull();
  });

  it('finds it behind hundreds of items that others made meanwhile', async () => {
    const afterNumber = newestNumber();
    for (let n = 0; n < 205; n += 1) valueIn(await createTwin(`other-${n}`));
    valueIn(await createTwin('effect-1'));
    for (let n = 0; n < 5; n += 1) valueIn(await createTwin(`later-${n}`));
    expect(valueIn(await find(afterNumber, 'effect-1'))?.issueKey).toBe(`SUP-${afterNumber + 206}`);
    expect(valueIn(await find(afterNumber, 'never-made'))).toBeNull();
  });

  it('does not find what lies before', async () => {
    valueIn(await createTwin('effect-1'));
    expect(valueIn(await find(newestNumber(), 'effect-1'))).toBeNull();
  });
});

describe('listing what changed', () => {
  const listChanged = (since: number, pageToken: string | null) =>
    jira.listChanged({ spaces: [{ projectId: projectId('SUP'), since }], fields: FIELDS, pageToken });

  it('goes oldest first, page by page, from the millisecond given', async () => {
    const items = [...site.heart.issues.values()]
      .filter(({ projectId: of }) => of === projectId('SUP'))
      .sort((a, b) => a.updated - b.updated);
    const first = items[1];
    if (first === undefined) throw new Error('the seed world has items');
    const page = valueIn(await listChanged(first.updated, null));
    expect(page.items.map(({ issueKey }) => issueKey)).toEqual(items.slice(1).map(({ key }) => key));
    expect(page.items[0]).toMatchObject({ issueId: first.id, issueKey: first.key, updatedAt: first.updated });
    expect(page.nextPageToken).toBeNull();
  });

  it('hands on to the next page', async () => {
    await simulator.close();
    await open(0);
    for (let n = 0; n < 120; n += 1) valueIn(await createTwin(`e-${n}`));
    const seen: string[] = [];
    let pageToken: string | null = null;
    let pages = 0;
    do {
      const page: { items: readonly { issueKey: string }[]; nextPageToken: string | null } = valueIn(
        await listChanged(0, pageToken),
      );
      seen.push(...page.items.map(({ issueKey }) => issueKey));
      pageToken = page.nextPageToken;
      pages += 1;
    } while (pageToken !== null);
    expect(pages).toBeGreaterThan(1);
    expect(new Set(seen).size).toBe(
      [...site.heart.issues.values()].filter(({ projectId: of }) => of === projectId('SUP')).length,
    );
  });
});

describe('spaces', () => {
  it('are listed by key', async () => {
    expect(valueIn(await jira.listSpaces()).map(({ projectKey, name }) => [projectKey, name])).toEqual([
      ['OPS', 'Operations'],
      ['SUP', 'Support'],
    ]);
  });

  it('show types with their statuses, and priorities; by key and by id', async () => {
    const shape = valueIn(await jira.readSpaceShape('SUP'));
    expect(valueIn(await jira.readSpaceShape(shape.projectId))).toEqual(shape);
    expect(shape).toMatchObject({ projectKey: 'SUP', projectName: 'Support' });
    expect(shape.types.map(({ name }) => name).sort()).toEqual(['Bug', 'Story', 'Task']);
    expect(shape.types[0]?.statuses.map(({ name }) => name)).toEqual(['To Do', 'In Progress', 'Done']);
    expect(shape.priorities.map(({ name }) => name)).toContain('High');
    expect(failureIn(await jira.readSpaceShape('NONE'))).toEqual({ kind: 'missing' });
  });

  it('have no priorities where no type has the field, which each of them is asked for', async () => {
    const project = [...site.heart.projects.values()].find(({ key }) => key === 'SUP');
    project?.hiddenFields.add('priority');
    site.heart.ledger.reset();
    const shape = valueIn(await jira.readSpaceShape('SUP'));
    project?.hiddenFields.delete('priority');
    expect(shape.priorities).toEqual([]);
    const asked = site.heart.ledger.entries.filter(({ path }) => path.endsWith('/issuetypes/{issueTypeId}'));
    expect(asked).toHaveLength(shape.types.length);
  });

  it('are administered by site admins and project admins only', async () => {
    const people = [...site.heart.users.values()].filter(({ accountType }) => accountType === 'atlassian');
    const answers = await Promise.all(
      people.slice(0, 3).map(({ accountId }) => jira.readAdminRights(accountId as AccountId, projectId('SUP'))),
    );
    expect(answers.map(valueIn)).toEqual([
      { site: true, space: true },
      { site: false, space: true },
      { site: false, space: false },
    ]);
  });

  it('tells the groups of a person, and finds a group by exactly its name', async () => {
    const [first, second] = [...site.heart.users.values()].map(({ accountId }) => accountId as AccountId);
    if (first === undefined || second === undefined) throw new Error('the seed world has people');
    site.heart.groups.set('g-1', { id: 'g-1', name: 'sync-team', members: new Set([first]) });
    site.heart.groups.set('g-2', { id: 'g-2', name: 'sync-team-leads', members: new Set([first]) });
    const team = { groupId: 'g-1', name: 'sync-team' };
    expect(valueIn(await jira.listGroupsOf(first))).toEqual([team, { groupId: 'g-2', name: 'sync-team-leads' }]);
    expect(valueIn(await jira.listGroupsOf(second))).toEqual([]);
    expect(valueIn(await jira.findGroup('sync-team'))).toEqual(team);
    expect(valueIn(await jira.findGroup('sync'))).toBeNull();
  });

  it('are listed for a person as far as that person may browse them', async () => {
    const [, , third] = [...site.heart.users.values()];
    if (third === undefined) throw new Error('the seed world has people');
    site.heart.projects.get(projectId('OPS'))?.grants.set('BROWSE_PROJECTS', 'nobody');
    expect(valueIn(await jira.listSpaces(third.accountId as AccountId)).map(({ projectKey }) => projectKey)).toEqual(['SUP']);
    expect(valueIn(await jira.listSpaces())).toHaveLength(2);
  });
});

describe('limits', () => {
  it('a site’s limit lets nothing more out until its moment', async () => {
    site.faults.add({ when: 'before', status: 429, retryAfterSeconds: 30, reason: 'jira-quota-tenant-based', times: 1 });
    const limited = failureIn(await jira.readItem(idOf(anIssue()), FIELDS));
    expect(limited).toMatchObject({ kind: 'rate-limited', scope: 'site' });
    const before = site.heart.ledger.entries.length;
    expect(failureIn(await createTwin('e'))).toEqual(limited);
    expect(site.heart.ledger.entries.length).toBe(before);
    expect(records).toHaveLength(1);
  });

  it('an item’s limit holds nobody else up', async () => {
    site.faults.add({
      method: 'PUT',
      when: 'before',
      status: 429,
      retryAfterSeconds: 3,
      reason: 'jira-per-issue-on-write',
      times: 1,
    });
    const writes = [write('summary', { kind: 'text', text: 'x' })];
    expect(failureIn(await jira.writeFields(idOf(anIssue()), writes, FIELDS, TRACE))).toMatchObject({
      kind: 'rate-limited',
      scope: 'item',
    });
    expect((await jira.writeFields(idOf(anIssue()), writes, FIELDS, TRACE)).ok).toBe(true);
  });
});
