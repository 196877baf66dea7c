import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { addComment } from '../../../simulator/heart/comments.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { editIssue } from '../../../simulator/heart/edit-issue.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { Actor, Issue } from '../../../simulator/heart/site.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { SimulatedSite } from '../../../simulator/simulated-site.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { type Simulator, startSimulator } from '../../../simulator/start-simulator.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { Failure, Result } from '../../core/failure.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { AccountId, CommentId, EffectId, FieldId, IssueId, ProjectId, SynchronizationId } from '../../core/ids.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { AdfNode, FieldValue, TwinMark } from '../../core/item.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { systemClock } from '../../platform/clock.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { FieldWrite, Jira } from '../../sync/ports.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { type Agents, createAgents } from '../agents.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createJiraClient, createJiraHttp, type RequestRecord } from '../client.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createPace } from '../pace-calls.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createRateGate } from '../rate-gate.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createCloudJira } from './cloud-jira.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const FIELDS = ['summary', 'description', 'priority', 'labels', 'duedate'] as FieldId[];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const TRACE = 'tandem/1/test';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const field = (id: string): FieldId => id as FieldId;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const text = (shown: string): AdfNode => ({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  type: 'doc',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  version: 1,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  content: [{ type: 'paragraph', content: [{ type: 'text', text: shown }] }],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const write = (id: string, value: FieldValue): FieldWrite => ({ field: field(id), value });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const mark = (effectId: string): TwinMark => ({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  synchronizationId: 'sync-1' as SynchronizationId,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  effectId: effectId as EffectId,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  originSide: 'A',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  originIssueId: '10001' as IssueId,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  through: ['space-1'],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const valueIn = <T>(result: Result<T>): T => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (!result.ok) throw new Error(`failed: ${JSON.stringify(result.failure)}`);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return result.value;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const failureIn = (result: Result<unknown>): Failure => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (result.ok) throw new Error('expected a failure');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return result.failure;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let simulator: Simulator;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let agents: Agents;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let site: SimulatedSite;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let actor: Actor;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let jira: Jira;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
let records: RequestRecord[];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
beforeAll(async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  agents = createAgents({ connectTimeoutMs: 5000 });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
afterAll(() => agents.close());
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Starts the world and reaches acme as its administrator. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const open = async (indexLagMs: number): Promise<void> => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  simulator = await startSimulator({ indexLagMs, webhooks: { paused: true } });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  site = simulator.sites.acme;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const admin = [...site.heart.users.values()].find(({ siteAdmin }) => siteAdmin);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (admin === undefined) throw new Error('the seed world has an administrator');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  actor = { user: admin, through: { kind: 'person' }, trace: null };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  records = [];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const basic = Buffer.from(`${admin.emailAddress}:${admin.apiToken}`).toString('base64');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  jira = createCloudJira(
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    createJiraClient({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      transport: { baseUrl: site.url, authorize: () => ({ Authorization: `Basic ${basic}` }) },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      http: createJiraHttp(agents),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      clock: systemClock,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      gates: { connection: createRateGate(), app: createRateGate() },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      pace: createPace(),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      budget: null,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      record: (request) => records.push(request),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  );
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
beforeEach(() => open(60_000));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
afterEach(() => simulator.close());
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const projectId = (key: string): ProjectId =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  [...site.heart.projects.values()].find((project) => project.key === key)?.id as ProjectId;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const typeId = (name: string): string => [...site.heart.issueTypes.values()].find((type) => type.name === name)?.id ?? '';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const anIssue = (): Issue => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const issue = [...site.heart.issues.values()].find(({ projectId: of }) => of === projectId('SUP'));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (issue === undefined) throw new Error('the seed world has items');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return issue;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const idOf = (issue: Issue): IssueId => issue.id as IssueId;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const points = (): number => records.reduce((sum, record) => sum + record.points, 0);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** What the simulated site charges for the same calls. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const charged = (): number => site.heart.ledger.points('all');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const createTwin = (effectId: string, summary = 'Twin') =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  jira.createItem({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    projectId: projectId('SUP'),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    typeId: typeId('Bug'),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    fields: [write('summary', { kind: 'text', text: summary })],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    mark: mark(effectId),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    trace: TRACE,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('reading an item', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('gives fields, status, type, comments and times in one request of 2 points', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const issue = anIssue();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    site.heart.ledger.reset();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const item = valueIn(await jira.readItem(idOf(issue), FIELDS));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect([records.length, points(), charged()]).toEqual([1, 2, 2]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item).toMatchObject({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      issueId: issue.id,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      issueKey: issue.key,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      projectId: issue.projectId,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      updatedAt: issue.updated,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      createdAt: issue.created,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item.fields.get(field('summary'))).toEqual({ kind: 'text', text: issue.summary });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item.fields.get(field('labels'))).toEqual({ kind: 'set', members: issue.labels });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item.fields.get(field('description'))?.kind).toBe('rich');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item.status.id).toBe(issue.statusId);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item.comments).toHaveLength(issue.comments.length);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item.twinMarks).toEqual([]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('gives only the fields asked for', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const item = valueIn(await jira.readItem(idOf(anIssue()), [field('summary')]));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect([...item.fields.keys()]).toEqual(['summary']);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('knows when each field last changed', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const issue = anIssue();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const before = valueIn(await jira.readItem(idOf(issue), FIELDS)).changedAt.get('summary');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const outcome = editIssue(site.heart, actor, issue, { fields: { summary: 'Changed' }, update: {}, properties: [] }, 'adf');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(outcome.ok).toBe(true);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const item = valueIn(await jira.readItem(idOf(issue), FIELDS));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item.changedAt.get('summary')).toBe(issue.updated);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item.changedAt.get('summary')).not.toBe(before);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('reads all comments of a long discussion, however many pages', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const issue = anIssue();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const before = issue.comments.length;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (let n = 0; n < 230; n += 1) addComment(site.heart, actor, issue, { body: text(`comment ${n}`) }, 'adf');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const item = valueIn(await jira.readItem(idOf(issue), FIELDS));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(new Set(item.comments.map(({ commentId }) => commentId)).size).toBe(before + 230);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item.comments.at(-1)?.body).toEqual(text('comment 229'));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('says which comments are restricted', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const issue = anIssue();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    addComment(site.heart, actor, issue, { body: text('for few'), visibility: { type: 'role', value: 'Administrators' } }, 'adf');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(valueIn(await jira.readItem(idOf(issue), [])).comments.at(-1)?.restricted).toBe(true);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('says that a stranger’s item is missing', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(failureIn(await jira.readItem('99999999' as IssueId, FIELDS))).toEqual({ kind: 'missing' });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('creating an item', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('makes it with its mark in one request of 1 point', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    site.heart.ledger.reset();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const created = valueIn(await createTwin('effect-1', 'Made'));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect([records.length, points(), charged()]).toEqual([1, 1, 1]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const item = valueIn(await jira.readItem(created.issueId, FIELDS));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item.twinMarks).toEqual([mark('effect-1')]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item.issueKey).toBe(created.issueKey);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item.fields.get(field('duedate'))).toEqual({ kind: 'empty' });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('writes every kind of field', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const fields = [
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      write('summary', { kind: 'text', text: 'All' }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      write('description', { kind: 'rich', document: text('long') }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      write('labels', { kind: 'set', members: ['a', 'b'] }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      write('duedate', { kind: 'date', date: '2027-02-28' }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      write('priority', { kind: 'option', id: '', name: 'High' }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const created = valueIn(
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      await jira.createItem({ projectId: projectId('SUP'), typeId: typeId('Task'), fields, mark: mark('e'), trace: TRACE }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    );
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const item = valueIn(await jira.readItem(created.issueId, FIELDS));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (const { field: id, value } of fields.slice(0, 4)) expect(item.fields.get(id)).toEqual(value);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item.fields.get(field('priority'))).toMatchObject({ kind: 'option', name: 'High' });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('leaves out empty values', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const fields = [
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      write('summary', { kind: 'text', text: 'x' }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      write('description', { kind: 'empty' }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      write('priority', { kind: 'empty' }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const created = await jira.createItem({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      projectId: projectId('SUP'),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      typeId: typeId('Task'),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      fields,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      mark: mark('e'),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      trace: TRACE,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(created.ok).toBe(true);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('names the field that Jira refuses', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const fields = [
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      write('summary', { kind: 'text', text: 'x' }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      write('priority', { kind: 'option', id: '', name: 'No such' }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const failure = failureIn(
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      await jira.createItem({ projectId: projectId('SUP'), typeId: typeId('Task'), fields, mark: mark('e'), trace: TRACE }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    );
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(failure).toMatchObject({ kind: 'rejected', fields: ['priority'] });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('writing fields', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('puts all of them in one request of 1 point, and gives the item as it is then', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const issue = anIssue();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    site.heart.ledger.reset();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const writes = [
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      write('summary', { kind: 'text', text: 'New' }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      write('labels', { kind: 'set', members: ['x'] }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      write('duedate', { kind: 'empty' }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const item = valueIn(await jira.writeFields(idOf(issue), writes, FIELDS, TRACE));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect([records.length, points(), charged()]).toEqual([1, 1, 1]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (const { field: id, value } of writes) expect(item.fields.get(id)).toEqual(value);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item.updatedAt).toBe(issue.updated);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item.comments).toHaveLength(issue.comments.length);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(item.changedAt.get('summary')).toBe(issue.updated);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it.each<[string, FieldWrite, Failure['kind']]>([
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['a summary too long', write('summary', { kind: 'text', text: 'x'.repeat(256) }), 'too-large'],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['a text too long', write('description', { kind: 'rich', document: text('x'.repeat(40_000)) }), 'too-large'],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['an unknown option', write('priority', { kind: 'option', id: '', name: 'No such' }), 'rejected'],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ['a label with a blank', write('labels', { kind: 'set', members: ['two words'] }), 'rejected'],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ])('%s', async (_name, one, kind) => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(failureIn(await jira.writeFields(idOf(anIssue()), [one], FIELDS, TRACE)).kind).toBe(kind);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('is uncertain when the answer is lost after the work was done', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const issue = anIssue();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    site.faults.add({ method: 'PUT', when: 'after', status: null, times: 1 });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const lost = await jira.writeFields(idOf(issue), [write('summary', { kind: 'text', text: 'Done anyway' })], FIELDS, TRACE);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(failureIn(lost).kind).toBe('uncertain');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(issue.summary).toBe('Done anyway');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('status', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('offers transitions and takes one', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const issue = anIssue();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const transitions = valueIn(await jira.readTransitions(idOf(issue)));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const other = transitions.find(({ to }) => to.id !== issue.statusId);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    if (other === undefined) throw new Error('the workflow is open');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(valueIn(await jira.applyTransition(idOf(issue), other.id, TRACE))).toBeNull();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(issue.statusId).toBe(other.to.id);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('refuses an unknown transition', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(failureIn(await jira.applyTransition(idOf(anIssue()), '987', TRACE)).kind).toBe('rejected');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('comments', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('are made, found by effect, edited and deleted', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const issue = anIssue();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const made = valueIn(await jira.createComment(idOf(issue), text('one'), 'effect-7' as EffectId, TRACE));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(made).toMatchObject({ body: text('one'), restricted: false, authorId: actor.user.accountId });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(valueIn(await jira.findComment(idOf(issue), 'effect-7' as EffectId))?.commentId).toBe(made.commentId);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(valueIn(await jira.findComment(idOf(issue), 'effect-8' as EffectId))).toBeNull();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const edited = valueIn(await jira.editComment(idOf(issue), made.commentId, text('two'), TRACE));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(edited).toMatchObject({ commentId: made.commentId, body: text('two') });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(valueIn(await jira.findComment(idOf(issue), 'effect-7' as EffectId))?.body).toEqual(text('two'));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(valueIn(await jira.deleteComment(idOf(issue), made.commentId, TRACE))).toBeNull();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(failureIn(await jira.deleteComment(idOf(issue), made.commentId, TRACE))).toEqual({ kind: 'missing' });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('finds one among hundreds, whose answer was lost', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const issue = anIssue();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    site.faults.add({ method: 'POST', path: '/comment', when: 'after', status: 502, times: 1 });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(failureIn(await jira.createComment(idOf(issue), text('lost'), 'effect-9' as EffectId, TRACE)).kind).toBe('uncertain');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (let n = 0; n < 150; n += 1) addComment(site.heart, actor, issue, { body: text(`later ${n}`) }, 'adf');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(valueIn(await jira.findComment(idOf(issue), 'effect-9' as EffectId))?.body).toEqual(text('lost'));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('a comment of an item that is gone is missing', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(failureIn(await jira.editComment('99999999' as IssueId, '1' as CommentId, text('x'), TRACE))).toEqual({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      kind: 'missing',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('finding a twin whose answer was lost', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const newestNumber = (): number => [...site.heart.projects.values()].find(({ key }) => key === 'SUP')?.lastNumber ?? 0;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const find = (afterNumber: number, effectId: string) =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    jira.findTwin({ projectKey: 'SUP', afterNumber, effectId: effectId as EffectId });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('finds it by direct read while the search index does not know it yet', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const afterNumber = newestNumber();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    site.faults.add({ method: 'POST', path: '/issue', when: 'after', status: null, times: 1 });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(failureIn(await createTwin('effect-1')).kind).toBe('uncertain');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(valueIn(await find(afterNumber, 'effect-1'))?.issueKey).toBe(`SUP-${afterNumber + 1}`);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    // One search, one window of which one item exists.
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(records.slice(1).map(({ endpoint }) => endpoint)).toEqual(['POST /search/jql', 'POST /issue/bulkfetch']);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('says null when the request never arrived', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const afterNumber = newestNumber();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    site.faults.add({ method: 'POST', path: '/issue', when: 'before', status: 503, times: 1 });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(failureIn(await createTwin('effect-1')).kind).toBe('uncertain');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(valueIn(await find(afterNumber, 'effect-1'))).toBeNull();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('finds it behind hundreds of items that others made meanwhile', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const afterNumber = newestNumber();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (let n = 0; n < 205; n += 1) valueIn(await createTwin(`other-${n}`));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    valueIn(await createTwin('effect-1'));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (let n = 0; n < 5; n += 1) valueIn(await createTwin(`later-${n}`));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(valueIn(await find(afterNumber, 'effect-1'))?.issueKey).toBe(`SUP-${afterNumber + 206}`);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(valueIn(await find(afterNumber, 'never-made'))).toBeNull();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('does not find what lies before', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    valueIn(await createTwin('effect-1'));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(valueIn(await find(newestNumber(), 'effect-1'))).toBeNull();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('listing what changed', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const listChanged = (since: number, pageToken: string | null) =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    jira.listChanged({ spaces: [{ projectId: projectId('SUP'), since }], fields: FIELDS, pageToken });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('goes oldest first, page by page, from the millisecond given', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const items = [...site.heart.issues.values()]
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      .filter(({ projectId: of }) => of === projectId('SUP'))
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      .sort((a, b) => a.updated - b.updated);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const first = items[1];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    if (first === undefined) throw new Error('the seed world has items');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const page = valueIn(await listChanged(first.updated, null));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(page.items.map(({ issueKey }) => issueKey)).toEqual(items.slice(1).map(({ key }) => key));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(page.items[0]).toMatchObject({ issueId: first.id, issueKey: first.key, updatedAt: first.updated });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(page.nextPageToken).toBeNull();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('hands on to the next page', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await simulator.close();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await open(0);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (let n = 0; n < 120; n += 1) valueIn(await createTwin(`e-${n}`));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const seen: string[] = [];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    let pageToken: string | null = null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    let pages = 0;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    do {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const page: { items: readonly { issueKey: string }[]; nextPageToken: string | null } = valueIn(
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        await listChanged(0, pageToken),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      );
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      seen.push(...page.items.map(({ issueKey }) => issueKey));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      pageToken = page.nextPageToken;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      pages += 1;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    } while (pageToken !== null);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(pages).toBeGreaterThan(1);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(new Set(seen).size).toBe(
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      [...site.heart.issues.values()].filter(({ projectId: of }) => of === projectId('SUP')).length,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    );
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('spaces', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('are listed by key', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(valueIn(await jira.listSpaces()).map(({ projectKey, name }) => [projectKey, name])).toEqual([
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      ['OPS', 'Operations'],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      ['SUP', 'Support'],
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    ]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('show types with their statuses, and priorities; by key and by id', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const shape = valueIn(await jira.readSpaceShape('SUP'));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(valueIn(await jira.readSpaceShape(shape.projectId))).toEqual(shape);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(shape).toMatchObject({ projectKey: 'SUP', projectName: 'Support' });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(shape.types.map(({ name }) => name).sort()).toEqual(['Bug', 'Story', 'Task']);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(shape.types[0]?.statuses.map(({ name }) => name)).toEqual(['To Do', 'In Progress', 'Done']);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(shape.priorities.map(({ name }) => name)).toContain('High');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(failureIn(await jira.readSpaceShape('NONE'))).toEqual({ kind: 'missing' });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('are administered by site admins and project admins only', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const people = [...site.heart.users.values()].filter(({ accountType }) => accountType === 'atlassian');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const answers = await Promise.all(
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      people.slice(0, 3).map(({ accountId }) => jira.mayAdministerSpace(accountId as AccountId, projectId('SUP'))),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    );
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(answers.map(valueIn)).toEqual([true, true, false]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('are listed for a person as far as that person may browse them', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const [, , third] = [...site.heart.users.values()];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    if (third === undefined) throw new Error('the seed world has people');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    site.heart.projects.get(projectId('OPS'))?.grants.set('BROWSE_PROJECTS', 'nobody');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(valueIn(await jira.listSpaces(third.accountId as AccountId)).map(({ projectKey }) => projectKey)).toEqual(['SUP']);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(valueIn(await jira.listSpaces())).toHaveLength(2);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
describe('limits', () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('a site’s limit lets nothing more out until its moment', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    site.faults.add({ when: 'before', status: 429, retryAfterSeconds: 30, reason: 'jira-quota-tenant-based', times: 1 });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const limited = failureIn(await jira.readItem(idOf(anIssue()), FIELDS));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(limited).toMatchObject({ kind: 'rate-limited', scope: 'site' });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const before = site.heart.ledger.entries.length;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(failureIn(await createTwin('e'))).toEqual(limited);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(site.heart.ledger.entries.length).toBe(before);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(records).toHaveLength(1);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  it('an item’s limit holds nobody else up', async () => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    site.faults.add({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      method: 'PUT',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      when: 'before',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      status: 429,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      retryAfterSeconds: 3,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      reason: 'jira-per-issue-on-write',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      times: 1,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const writes = [write('summary', { kind: 'text', text: 'x' })];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect(failureIn(await jira.writeFields(idOf(anIssue()), writes, FIELDS, TRACE))).toMatchObject({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      kind: 'rate-limited',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      scope: 'item',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    expect((await jira.writeFields(idOf(anIssue()), writes, FIELDS, TRACE)).ok).toBe(true);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
