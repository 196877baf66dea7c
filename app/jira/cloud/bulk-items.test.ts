import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addComment } from '../../../simulator/heart/comments.ts';
import { createIssue } from '../../../simulator/heart/create-issue.ts';
import { deleteIssue, editIssue } from '../../../simulator/heart/edit-issue.ts';
import type { Actor, Issue } from '../../../simulator/heart/site.ts';
import type { SimulatedSite } from '../../../simulator/simulated-site.ts';
import { type Simulator, startSimulator } from '../../../simulator/start-simulator.ts';
import { plainTransport } from '../../../test/fakes/plain-transport.ts';
import type { Result } from '../../core/failure.ts';
import type { EffectId, FieldId, IssueId, ProjectId, SynchronizationId } from '../../core/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import type { CreationRequest, Jira } from '../../sync/ports.ts';
import { type Agents, createAgents } from '../agents.ts';
import { createJiraClient, createJiraHttp, type RequestRecord } from '../client.ts';
import { createPace } from '../pace-calls.ts';
import { createRateGate } from '../rate-gate.ts';
import { createCloudJira } from './cloud-jira.ts';

const FIELDS = ['summary', 'description', 'priority', 'labels', 'duedate'] as FieldId[];

const valueIn = <T>(result: Result<T> | undefined): T => {
  if (result?.ok !== true) throw new Error(`failed: ${JSON.stringify(result)}`);
  return result.value;
};

let simulator: Simulator;
let agents: Agents;
let site: SimulatedSite;
let actor: Actor;
let jira: Jira;
let records: RequestRecord[];

beforeAll(() => {
  agents = createAgents({ connectTimeoutMs: 5000 });
});
afterAll(() => agents.close());

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
  site.heart.ledger.reset();
};
beforeEach(() => open(2_000));
afterEach(() => simulator.close());

const project = () => {
  const found = [...site.heart.projects.values()].find(({ key }) => key === 'SUP');
  if (found === undefined) throw new Error('the seed world has SUP');
  return found;
};
const typeId = (): string => {
  const found = [...site.heart.issueTypes.values()].find(({ name }) => name === 'Task');
  if (found === undefined) throw new Error('the seed world has tasks');
  return found.id;
};
const idOf = ({ id }: Issue): IssueId => id as IssueId;
const document = (text: string) => ({
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

function anItem(n: number): Issue {
  const fields = { project: { key: 'SUP' }, issuetype: { name: 'Task' }, summary: `No ${n}`, description: document(`Text ${n}`) };
  const properties = [{ key: 'tandem.twin', value: markOf(n) }];
  const made = createIssue(site.heart, actor, { fields, update: {}, properties }, 'adf');
  if (!made.ok) throw new Error(JSON.stringify(made));
  return made.value;
}

const markOf = (n: number): CreationRequest['mark'] => ({
  synchronizationId: 'sync-1' as SynchronizationId,
  effectId: `effect-${n}` as EffectId,
  originSide: 'A',
  originIssueId: '10001' as IssueId,
  through: [],
});

describe('items read in one call', () => {
  it('are what each one alone would be, at one point each and one more', async () => {
    const items = Array.from({ length: 20 }, (_, n) => anItem(n));
    const [first] = items;
    if (first === undefined) throw new Error('no items');
    addComment(site.heart, actor, first, { body: document('said') }, 'adf');
    editIssue(site.heart, actor, first, { fields: { summary: 'Renamed' }, update: {}, properties: [] }, 'adf');
    const read = valueIn(await jira.readItems(items.map(idOf), FIELDS));
    expect(records).toEqual([{ endpoint: 'POST /issue/bulkfetch', points: 21, outcome: 'answered' }]);
    expect(site.heart.ledger.points('all')).toBe(21);
    for (const item of items) expect(read.get(idOf(item))).toEqual(await jira.readItem(idOf(item), FIELDS));
    expect(valueIn(read.get(idOf(first)))).toMatchObject({
      comments: [{}],
      changes: [{ field: 'summary' }],
      transitions: [{}, {}, {}],
    });
  });

  it('that are gone, or hidden, are missing, and the others are there', async () => {
    const [kept, gone] = [anItem(1), anItem(2)];
    deleteIssue(site.heart, actor, gone, false);
    const read = valueIn(await jira.readItems([idOf(kept), idOf(gone)], FIELDS));
    expect(read.get(idOf(gone))).toEqual({ ok: false, failure: { kind: 'missing' } });
    expect(valueIn(read.get(idOf(kept)))).toMatchObject({ issueKey: kept.key });
  });

  it('share the fate of the call', async () => {
    site.faults.add({ method: 'POST', path: '/issue/bulkfetch', when: 'before', status: 503, times: 1 });
    expect(await jira.readItems([idOf(anItem(1)), idOf(anItem(2))], FIELDS)).toMatchObject({
      ok: false,
      failure: { kind: 'unavailable' },
    });
  });
});

describe('the items of a space as they were made', () => {
  it('are listed whole, the oldest first, up to a moment, a page at a time', async () => {
    await simulator.close();
    await open(0);
    for (let n = 0; n < 103; n += 1) anItem(n);
    const items = [...site.heart.issues.values()].filter(({ projectId }) => projectId === project().id);
    const until = Math.max(...items.map(({ created }) => created));
    const request = { projectId: project().id as ProjectId, until, fields: FIELDS };
    const first = valueIn(await jira.listMade({ ...request, pageToken: null }));
    const second = valueIn(await jira.listMade({ ...request, pageToken: first.nextPageToken }));
    expect([first.items.length, second.nextPageToken]).toEqual([100, null]);
    expect([...first.items, ...second.items].map(({ issueKey }) => issueKey)).toEqual(items.map(({ key }) => key));
    expect(second.items.at(-1)?.item?.twinMarks).toEqual([markOf(102)]);
    const [oldest] = items;
    const older = valueIn(await jira.listMade({ ...request, until: oldest?.created ?? 0, pageToken: null }));
    expect(older.items.map(({ issueKey }) => issueKey)).toContain(oldest?.key);
    expect(older.items.length).toBeLessThan(items.length);
  });
});

describe('items made in one call', () => {
  const request = (n: number, duedate = '2027-01-02'): CreationRequest => ({
    projectId: project().id as ProjectId,
    typeId: typeId(),
    fields: [
      { field: 'summary' as FieldId, value: { kind: 'text', text: `Twin ${n}` } },
      { field: 'duedate' as FieldId, value: { kind: 'date', date: duedate } },
    ],
    mark: markOf(n),
    trace: `alone ${n}`,
  });
  const summaries = () =>
    [...site.heart.issues.values()].map(({ summary }) => summary).filter((summary) => summary.startsWith('Twin'));

  it('are told apart, carry their marks, and cost a point each', async () => {
    const made = await jira.createItems(
      Array.from({ length: 50 }, (_, n) => request(n)),
      'together',
    );
    expect(records).toEqual([{ endpoint: 'POST /issue/bulk', points: 50, outcome: 'answered' }]);
    expect(site.heart.ledger.points('all')).toBe(50);
    for (const [n, one] of made.entries()) {
      const issue = site.heart.issues.get(valueIn(one).issueId);
      expect([issue?.key, issue?.summary]).toEqual([valueIn(one).issueKey, `Twin ${n}`]);
      expect(issue?.properties.get('tandem.twin')).toEqual(markOf(n));
    }
  });

  it('of which some are refused: each hears its own reason, and the others are made', async () => {
    const made = await jira.createItems([request(0), request(1, 'never'), request(2), request(3, 'soon')], 'together');
    expect(made.map((one) => (one.ok ? 'made' : one.failure))).toMatchObject([
      'made',
      { kind: 'rejected', fields: ['duedate'] },
      'made',
      { kind: 'rejected', fields: ['duedate'] },
    ]);
    expect(made.map((one) => (one.ok ? site.heart.issues.get(one.value.issueId)?.summary : null))).toEqual([
      'Twin 0',
      null,
      'Twin 2',
      null,
    ]);
  });

  it('of which none is taken: each is sent alone and hears its own reason', async () => {
    const made = await jira.createItems([request(0, 'never'), request(1, 'soon')], 'together');
    expect(made).toMatchObject(Array(2).fill({ ok: false, failure: { kind: 'rejected', fields: ['duedate'] } }));
    expect(records.map(({ endpoint }) => endpoint)).toEqual(['POST /issue/bulk', 'POST /issue', 'POST /issue']);
    expect(summaries()).toEqual([]);
  });

  it('of which none is taken: who has lost its lane meanwhile sends nothing more', async () => {
    const isOurs = (): boolean => records.length === 0;
    const made = await jira.createItems([{ ...request(0, 'never'), isOurs }, request(1, 'soon')], 'together');
    expect(made).toMatchObject([{ failure: { kind: 'unavailable' } }, { failure: { kind: 'rejected' } }]);
    expect(records.map(({ endpoint }) => endpoint)).toEqual(['POST /issue/bulk', 'POST /issue']);
  });

  it('of which one has lost its lane before it is sent: that one is not made, and the others are', async () => {
    const made = await jira.createItems([request(0), { ...request(1), isOurs: () => false }, request(2)], 'together');
    expect(made).toMatchObject([{ ok: true }, { failure: { kind: 'unavailable' } }, { ok: true }]);
    expect(summaries().toSorted()).toEqual(['Twin 0', 'Twin 2']);
    expect(records.map(({ endpoint }) => endpoint)).toEqual(['POST /issue', 'POST /issue']);
  });

  it('without an answer: of none of them it is known whether it was made', async () => {
    site.faults.add({ method: 'POST', path: '/issue/bulk', when: 'after', status: null, times: 1 });
    const made = await jira.createItems([request(0), request(1)], 'together');
    expect(made).toMatchObject(Array(2).fill({ ok: false, failure: { kind: 'uncertain' } }));
    expect(summaries()).toHaveLength(2);
    expect(records).toHaveLength(1);
  });
});
