import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataCenterSite } from '../../../simulator/datacenter/data-center-site.ts';
import { type JiraWorld, openJiraWorld } from '../../../test/jira-worlds.ts';
import { fail, type Result, succeed } from '../../core/failure.ts';
import type { AccountId, EffectId, FieldId, IssueId, ProjectId } from '../../core/ids.ts';
import type { Jira } from '../../sync/ports.ts';
import type { JiraClient, JiraRequest } from '../client.ts';
import { createDataCenterJira } from './data-center-jira.ts';

const FIELDS = ['summary', 'description'] as FieldId[];
const MADE = 'effect-7' as EffectId;

/** A site that answers each endpoint with one JSON value, or with nothing of the kind. */
const clientOf = (answers: Readonly<Record<string, unknown>>) => {
  const asked: { path: string; trace: string | undefined }[] = [];
  const client: JiraClient = {
    async call<Value>(request: JiraRequest<Value>): Promise<Result<Value>> {
      asked.push({ path: request.path, trace: request.trace });
      if (!(request.endpoint in answers)) return fail({ kind: 'missing' });
      return succeed(request.schema.parse(answers[request.endpoint]));
    },
  };
  return { jira: createDataCenterJira(client), asked };
};

const comment = (id: string) => ({
  id,
  author: { name: 'old.user', displayName: 'Old User' },
  body: 'See [~jo]',
  created: '2027-01-15T08:00:00.000+0000',
  updated: '2027-01-15T09:00:00.000+0100',
});

describe('a Data Center that tells less than others', () => {
  it('is asked for the property of each comment that comes without', async () => {
    const page = { startAt: 0, total: 2, comments: [comment('1'), comment('2')] };
    const answers = {
      'GET /issue/{id}/comment': page,
      'GET /comment/{id}/properties/{key}': { key: 'tandem.comment', value: { effectId: MADE } },
    };
    const { jira, asked } = clientOf(answers);
    const found = await jira.findComment('1' as IssueId, MADE);
    expect(found).toMatchObject({ ok: true, value: { commentId: '1', authorId: 'old.user', authorName: 'Old User' } });
    expect(asked.map(({ path }) => path)).toEqual([
      '/rest/api/2/issue/1/comment?startAt=0&maxResults=100&orderBy=-created&expand=properties',
      '/rest/api/2/comment/1/properties/tandem.comment',
      '/rest/api/2/comment/2/properties/tandem.comment',
    ]);
    const { jira: other } = clientOf({ 'GET /issue/{id}/comment': page });
    expect(await other.findComment('1' as IssueId, MADE)).toEqual(succeed(null));
  });

  it('shows all priorities where it does not tell those of a space, and types as a page', async () => {
    const type = { id: '3', name: 'Task', subtask: false };
    const { jira } = clientOf({
      'GET /project/{id}': { id: '10', key: 'LAB', name: 'Laboratory' },
      'GET /issue/createmeta/{id}/issuetypes': { maxResults: 50, startAt: 0, total: 1, isLast: true, values: [type] },
      'GET /project/{id}/statuses': [{ id: '3', name: 'Task', statuses: [{ id: '1', name: 'Open' }] }],
      'GET /priority': [{ id: '1', name: 'Highest' }],
    });
    expect(await jira.readSpaceShape('LAB')).toMatchObject({
      ok: true,
      value: { types: [{ ...type, statuses: [{ id: '1', name: 'Open' }] }], priorities: [{ id: '1', name: 'Highest' }] },
    });
  });

  it('knows a user without a key by name', async () => {
    const rights = { ADMINISTER_PROJECTS: { havePermission: true } };
    const { jira } = clientOf({ 'GET /myself': { name: 'old.user' }, 'GET /mypermissions': { permissions: rights } });
    const of = (accountId: string) => jira.readAdminRights(accountId as AccountId, '10' as ProjectId);
    expect(await of('old.user')).toEqual(succeed({ site: false, space: true }));
    expect(await of('somebody')).toEqual(succeed({ site: false, space: false }));
  });

  it('is told no trace, and gives nobody groups', async () => {
    const { jira, asked } = clientOf({ 'POST /issue/{id}/transitions': null });
    await jira.applyTransition('1' as IssueId, '5', 'tandem/1/trace');
    expect(asked.map(({ trace }) => trace)).toEqual([undefined]);
    expect([await jira.listGroupsOf('x' as AccountId), await jira.findGroup('x')]).toEqual([succeed([]), succeed(null)]);
  });
});

describe('rate limits of Data Center', () => {
  let world: JiraWorld;
  let jira: Jira;
  beforeAll(async () => {
    world = await openJiraWorld('Data Center 10.3');
  });
  afterAll(() => world.close());
  beforeEach(() => {
    jira = world.as(`Basic ${Buffer.from('bkovacs:password-of-bkovacs').toString('base64')}`);
  });

  const HOUR = 3_600_000;
  const limits = (): DataCenterSite['rateLimit'] => (world.site as DataCenterSite).rateLimit;
  const anIssue = (): IssueId => [...world.site.heart.issues.keys()][0] as IssueId;

  it('are waited for, and nothing is sent meanwhile', async () => {
    limits().change({ limit: 1, fillRate: 1, intervalSeconds: 20 });
    expect((await jira.readItem(anIssue(), FIELDS)).ok).toBe(true);
    const before = world.site.heart.clock.now();
    const limited = await jira.readItem(anIssue(), FIELDS);
    expect(limited).toMatchObject({ ok: false, failure: { kind: 'rate-limited', scope: 'site' } });
    const retryAt = !limited.ok && limited.failure.kind === 'rate-limited' ? limited.failure.retryAt - before : 0;
    expect(retryAt > 10_000 && retryAt <= 22_000).toBe(true);
    limits().change(null);
    expect(await jira.readItem(anIssue(), FIELDS)).toEqual(limited);
  });

  it('of a user that is blocked for good are asked for again after an hour', async () => {
    limits().change({ limit: 0, fillRate: 1, intervalSeconds: 1 });
    const limited = await jira.readItem(anIssue(), FIELDS);
    limits().change(null);
    const retryAt = !limited.ok && limited.failure.kind === 'rate-limited' ? limited.failure.retryAt : 0;
    expect(Math.abs(retryAt - world.site.heart.clock.now() - HOUR)).toBeLessThan(60_000);
  });
});
