import { describe, expect, it } from '@jest/globals';
import { fail, succeed } from '../core/failure.ts';
import type { ConnectionId, EffectId, FieldId, IssueId, IssueKey, ProjectId, SynchronizationId, TenantId } from '../core/ids.ts';
import type { Work } from '../core/spend-points.ts';
import type { CreationRequest, Jira, Purpose, Sites } from './ports.ts';
import { shareCalls } from './share-calls.ts';

const FIELDS = ['summary'] as FieldId[];
const connection = (name: string) => name as ConnectionId;
const issue = (n: number) => String(n) as IssueId;
const edits: Purpose = { payer: 'tenant' as TenantId, work: 'edit' };

const unused = (): never => {
  throw new Error('not of these tests');
};
const UNUSED = {
  writeFields: unused,
  readTransitions: unused,
  applyTransition: unused,
  createComment: unused,
  editComment: unused,
  deleteComment: unused,
  findTwin: unused,
  findComment: unused,
  listChanged: unused,
  listMade: unused,
  listGivenUp: unused,
  listSpaces: unused,
  readSpaceShape: unused,
  readAdminRights: unused,
  listGroupsOf: unused,
  findGroup: unused,
};

/** What goes out: of each call its name and what it was about; every answer names what it answers. */
function aSite(): { sites: Sites; sent: unknown[]; sleeping: (() => void)[]; clock: { at: number } } {
  const sent: unknown[] = [];
  const sleeping: (() => void)[] = [];
  const clock = { at: 0 };
  const missing = fail({ kind: 'missing' } as const);
  const made = ({ mark }: CreationRequest) =>
    succeed({ issueId: `made by ${mark.effectId}` as IssueId, issueKey: 'ENG-1' as IssueKey });
  const jira: Jira = {
    ...UNUSED,
    readItem: (issueId) => {
      sent.push(['read', issueId]);
      return Promise.resolve(missing);
    },
    readItems: (issueIds) => {
      sent.push(['read', ...issueIds]);
      return Promise.resolve(succeed(new Map(issueIds.map((id) => [id, fail({ kind: 'unavailable', detail: `of ${id}` })]))));
    },
    createItem: (request) => {
      sent.push(['make', request.trace]);
      return Promise.resolve(made(request));
    },
    createItems: (requests, trace) => {
      sent.push(['make', trace, requests.length]);
      return Promise.resolve(requests.map(made));
    },
    newestNumber: (key) => {
      sent.push(['newest', key]);
      return Promise.resolve(succeed(7));
    },
  };
  const sites = shareCalls({
    sites: { reach: () => Promise.resolve(jira) },
    clock: { now: () => clock.at, sleepUntil: () => new Promise((resolve) => sleeping.push(resolve)) },
    makeSharedTrace: (site, synchronizationId) => `several ${site} ${synchronizationId}`,
  });
  return { sites, sent, sleeping, clock };
}

const reach = async ({ sites }: Pick<ReturnType<typeof aSite>, 'sites'>, to = 'c1', purpose: Purpose = edits): Promise<Jira> => {
  const jira = await sites.reach('site' as TenantId, connection(to), purpose);
  if (jira === null) throw new Error('not reached');
  return jira;
};

const creation = (n: number, synchronization = 's1'): CreationRequest => ({
  projectId: '1' as ProjectId,
  typeId: '1',
  fields: [],
  mark: {
    synchronizationId: synchronization as SynchronizationId,
    effectId: `e${n}` as EffectId,
    originSide: 'A',
    originIssueId: issue(n),
    through: [],
  },
  trace: `alone ${n}`,
});

describe('turns that read at the same moment', () => {
  it('share a call, and each hears its own answer', async () => {
    const site = aSite();
    const [one, other] = [await reach(site), await reach(site)];
    const answers = await Promise.all([
      one.readItem(issue(1), FIELDS),
      other.readItem(issue(2), FIELDS),
      one.readItem(issue(1), FIELDS),
    ]);
    expect(site.sent).toEqual([['read', '1', '2']]);
    expect(answers.map((answer) => (answer.ok ? null : answer.failure))).toMatchObject([
      { detail: 'of 1' },
      { detail: 'of 2' },
      { detail: 'of 1' },
    ]);
  });

  it('are as if alone where there is only one', async () => {
    const site = aSite();
    const jira = await reach(site);
    await jira.readItem(issue(1), FIELDS);
    await jira.readItem(issue(2), FIELDS);
    expect(site.sent).toEqual([
      ['read', '1'],
      ['read', '2'],
    ]);
  });

  it.each<[string, string, Purpose]>([
    ['another connection', 'c2', edits],
    ['on the account of another', 'c1', { payer: 'another' as TenantId, work: 'edit' }],
  ])('do not share it with %s', async (_name, to, purpose) => {
    const site = aSite();
    const [one, other] = [await reach(site), await reach(site, to, purpose)];
    await Promise.all([one.readItem(issue(1), FIELDS), other.readItem(issue(2), FIELDS)]);
    expect(site.sent).toHaveLength(2);
  });

  it('are a hundred in one call at most', async () => {
    const site = aSite();
    const jira = await reach(site);
    await Promise.all(Array.from({ length: 150 }, (_, n) => jira.readItem(issue(n), FIELDS)));
    expect(site.sent.map((call) => (Array.isArray(call) ? call.length - 1 : 0))).toEqual([100, 50]);
  });

  it.each<[Work, boolean]>([
    ['edit', false],
    ['repair', true],
    ['backfill', true],
    ['check', true],
  ])('wait for others a moment: %s %s', async (work, waits) => {
    const site = aSite();
    const reading = (await reach(site, 'c1', { ...edits, work })).readItem(issue(1), FIELDS);
    expect(site.sleeping).toHaveLength(waits ? 1 : 0);
    for (const wake of site.sleeping) wake();
    await reading;
    expect(site.sent).toEqual([['read', '1']]);
  });
});

describe('turns that make items at the same moment', () => {
  it('share a call, per synchronization, and each hears of its own item', async () => {
    const site = aSite();
    const jira = await reach(site);
    const made = await Promise.all([creation(1), creation(2), creation(3, 's2'), creation(4)].map((one) => jira.createItem(one)));
    expect(site.sent).toEqual([
      ['make', 'several site s1', 3],
      ['make', 'alone 3'],
    ]);
    expect(made.map((one) => (one.ok ? one.value.issueId : null))).toEqual([1, 2, 3, 4].map((n) => `made by e${n}`));
  });

  it('are fifty in one call at most', async () => {
    const site = aSite();
    const jira = await reach(site);
    await Promise.all(Array.from({ length: 51 }, (_, n) => jira.createItem(creation(n))));
    expect(site.sent).toEqual([
      ['make', 'several site s1', 50],
      ['make', 'alone 50'],
    ]);
  });

  it('make nothing when their process was held up: the lanes may be others’ by now', async () => {
    const site = aSite();
    const jira = await reach(site, 'c1', { ...edits, work: 'backfill' });
    const late = jira.createItem(creation(1));
    site.clock.at = 1_001;
    const inTime = jira.createItem(creation(2));
    for (const wake of site.sleeping) wake();
    expect(await late).toMatchObject({ ok: false, failure: { kind: 'unavailable' } });
    expect(await inTime).toMatchObject({ ok: true });
    expect(site.sent).toEqual([['make', 'alone 2']]);
  });
});

it('asks for the newest number of a space once while it is being asked', async () => {
  const site = aSite();
  const jira = await reach(site);
  await Promise.all([jira.newestNumber('ENG'), jira.newestNumber('ENG'), jira.newestNumber('OPS')]);
  await jira.newestNumber('ENG');
  expect(site.sent).toEqual([
    ['newest', 'ENG'],
    ['newest', 'OPS'],
    ['newest', 'ENG'],
  ]);
});

it.each<[string, Purpose]>([
  ['of other work', { ...edits, work: 'backfill' }],
  ['of another payer', { ...edits, payer: 'another' as TenantId }],
])('does not share the newest number with a turn %s: a refusal is for that account alone', async (_name, purpose) => {
  const site = aSite();
  const [one, other] = [await reach(site), await reach(site, 'c1', purpose)];
  await Promise.all([one.newestNumber('ENG'), other.newestNumber('ENG')]);
  expect(site.sent).toHaveLength(2);
});
