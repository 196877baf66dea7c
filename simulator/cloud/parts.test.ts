import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createIssue } from '../heart/create-issue.ts';
import { search } from '../heart/search.ts';
import type { SiteEvent } from '../heart/site.ts';
import { createBoard } from '../heart/sprints.ts';
import { webhookBody } from '../shapes/webhook-body.ts';
import type { Simulator } from '../start-simulator.ts';
import { startSimulator } from '../start-simulator.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ indexLagMs: 0 });
});
afterAll(async () => {
  await simulator.close();
});

const heart = () => simulator.sites.acme.heart;
/** The site's administrator, or another of its people. */
const person = (position = 0) => {
  const user = [...heart().users.values()][position];
  if (user === undefined) throw new Error('The seed world has people');
  return user;
};
const authorization = (position: number) =>
  `Basic ${Buffer.from(`${person(position).emailAddress}:${person(position).apiToken}`).toString('base64')}`;

interface Answer {
  readonly status: number;
  readonly body: Json;
}
type Json = Record<string, unknown>;

async function call(method: string, path: string, body?: unknown, position = 0): Promise<Answer> {
  const response = await fetch(`${simulator.sites.acme.url}${path.startsWith('/rest') ? path : `/rest/api/3${path}`}`, {
    method,
    headers: { authorization: authorization(position), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Json };
}

async function make(fields: Json = {}): Promise<{ id: string; key: string }> {
  const made = await call('POST', '/issue', {
    fields: { project: { key: 'SUP' }, issuetype: { name: 'Task' }, summary: 'An item', ...fields },
  });
  expect(made.status).toBe(201);
  return made.body as { id: string; key: string };
}

const fieldsOf = async (id: string): Promise<Json> => (await call('GET', `/issue/${id}`)).body['fields'] as Json;
const lastChange = (id: string) => heart().issues.get(id)?.changes.at(-1)?.items;

/** The webhook bodies that an act causes. */
async function told(act: () => PromiseLike<unknown>): Promise<Json[]> {
  const bodies: Json[] = [];
  const listener = (event: SiteEvent): void => void bodies.push(webhookBody(heart(), event));
  heart().listeners.add(listener);
  await act();
  heart().listeners.delete(listener);
  return bodies;
}

const DOCUMENT = { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Text' }] }] };

describe('versions and components', () => {
  const addVersion = async (name: string): Promise<string> =>
    String((await call('POST', '/version', { projectId: 11_200, name })).body['id']);

  it('are set, added and removed on issues, with one line in the changelog for an exchange', async () => {
    const [one, two] = [await addVersion('1.0'), await addVersion('2.0')];
    const component = await call('POST', '/component', { project: 'SUP', name: 'Website' });
    expect(component.status).toBe(201);
    const issue = await make({ fixVersions: [{ name: '1.0' }], components: [{ name: 'Website' }] });

    await call('PUT', `/issue/${issue.id}`, { fields: { fixVersions: [{ id: two }] } });
    expect(lastChange(issue.id)).toEqual([
      { field: 'Fix Version', fieldtype: 'jira', fieldId: 'fixVersions', from: one, fromString: '1.0', to: two, toString: '2.0' },
    ]);
    await call('PUT', `/issue/${issue.id}`, {
      update: { fixVersions: [{ add: { name: '1.0' } }], components: [{ remove: { name: 'Website' } }] },
    });
    expect(await fieldsOf(issue.id)).toMatchObject({ fixVersions: [{ name: '2.0' }, { name: '1.0' }], components: [] });
    const refused = await call('PUT', `/issue/${issue.id}`, { fields: { fixVersions: [{ name: '9.9' }] } });
    expect(refused.body['errors']).toEqual({ fixVersions: "Version name '9.9' is not valid" });
  });

  it('are released, and merged into another, which the deletion names', async () => {
    const [from, to] = [await addVersion('3.0'), await addVersion('3.1')];
    const issue = await make({ fixVersions: [{ id: from }] });
    const released = await told(() => call('PUT', `/version/${to}`, { released: true, releaseDate: '2026-11-22' }));
    expect(released).toMatchObject([{ webhookEvent: 'jira:version_released', version: { id: to, released: true } }]);

    const merged = await told(() => call('PUT', `/version/${from}/mergeto/${to}`));
    expect(merged).toMatchObject([
      { webhookEvent: 'jira:issue_updated' },
      { webhookEvent: 'jira:version_deleted', version: { id: from }, mergedTo: { id: to } },
    ]);
    expect(await fieldsOf(issue.id)).toMatchObject({ fixVersions: [{ id: to }] });
    expect((await call('GET', `/version/${from}`)).status).toBe(404);
  });

  it.each([
    [{ projectId: 11_200, name: '' }, 400],
    [{ projectId: 11_200, name: 'A', releaseDate: 'soon' }, 400],
    [{ projectId: 99, name: 'A' }, 404],
  ])('are refused when they are wrong: %j', async (body, status) => {
    expect((await call('POST', '/version', body)).status).toBe(status);
  });

  it('are for those who administer the project', async () => {
    expect((await call('POST', '/version', { projectId: 11_200, name: 'Mine' }, 3)).status).toBe(403);
  });
});

describe('links', () => {
  it('stand on both issues, once, and go with either of them', async () => {
    const [a, b] = [await make(), await make()];
    const body = { type: { name: 'Blocks' }, inwardIssue: { key: a.key }, outwardIssue: { key: b.key } };
    const [first] = await told(() => call('POST', '/issueLink', body));
    expect(first).toMatchObject({
      webhookEvent: 'issuelink_created',
      issueLink: {
        sourceIssueId: Number(a.id),
        destinationIssueId: Number(b.id),
        issueLinkType: { name: 'Blocks', outwardName: 'blocks', inwardName: 'is blocked by' },
        systemLink: false,
      },
    });
    expect(await told(() => call('POST', '/issueLink', body))).toEqual([]);
    expect(await fieldsOf(a.id)).toMatchObject({ issuelinks: [{ outwardIssue: { key: b.key } }] });
    expect(await fieldsOf(b.id)).toMatchObject({ issuelinks: [{ inwardIssue: { key: a.key } }] });
    expect(lastChange(a.id)).toMatchObject([{ field: 'Link', to: b.key, toString: `This work item blocks ${b.key}` }]);

    await call('DELETE', `/issue/${a.id}`);
    expect(await fieldsOf(b.id)).toMatchObject({ issuelinks: [] });
  });

  it('to the outside are replaced by their global id, and what is not sent is gone', async () => {
    const issue = await make();
    const path = `/issue/${issue.key}/remotelink`;
    const first = await call('POST', path, {
      globalId: 'g=1',
      relationship: 'causes',
      object: { url: 'https://a.example/1', title: 'One' },
    });
    const second = await call('POST', path, { globalId: 'g=1', object: { url: 'https://a.example/1', title: 'Two' } });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body['id']).toBe(first.body['id']);
    const links = (await call('GET', path)).body;
    expect(links).toMatchObject([{ globalId: 'g=1', object: { title: 'Two' } }]);
    expect(JSON.stringify(links)).not.toContain('causes');
    expect((await call('DELETE', `${path}?globalId=g%3D1`)).status).toBe(204);
    expect((await call('POST', path, { object: { url: 'https://a.example/1' } })).body['errors']).toEqual({
      title: "'title' is required.",
    });
  });
});

describe('attachments', () => {
  const upload = async (issue: string, bytes: Uint8Array<ArrayBuffer>, token = 'no-check'): Promise<Response> => {
    const form = new FormData();
    form.append('file', new Blob([bytes], { type: 'text/plain' }), 'notes "1".txt');
    return fetch(`${simulator.sites.acme.url}/rest/api/3/issue/${issue}/attachments`, {
      method: 'POST',
      headers: { authorization: authorization(0), 'x-atlassian-token': token },
      body: form,
    });
  };
  const read = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${simulator.sites.acme.url}/rest/api/3/attachment/${path}`, {
      headers: { authorization: authorization(0), ...headers },
      redirect: 'manual',
    });

  it('come back byte for byte, whole or in part, by way of a signed address', async () => {
    const issue = await make();
    const bytes = Uint8Array.from([0, 13, 10, 45, 45, 255, 128, 7]);
    let made: { id: string; filename: string; size: number }[] = [];
    const events = await told(async () => {
      made = (await (await upload(issue.id, bytes)).json()) as typeof made;
    });
    expect(made).toMatchObject([{ filename: 'notes "1".txt', size: 8, mimeType: 'text/plain' }]);
    expect(events.map((event) => event['webhookEvent'])).toEqual(['jira:issue_updated', 'attachment_created']);
    const id = made[0]?.id ?? '';

    const sent = await read(`content/${id}`);
    expect(sent.status).toBe(303);
    const location = sent.headers.get('location') ?? '';
    expect(new Uint8Array(await (await fetch(location)).arrayBuffer())).toEqual(bytes);
    expect((await fetch(location.replace('token=', 'token=x'))).status).toBe(403);
    const part = await read(`content/${id}?redirect=false`, { range: 'bytes=2-4' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 2-4/8']);
    expect([...new Uint8Array(await part.arrayBuffer())]).toEqual([10, 45, 45]);
    expect((await read(`content/${id}?redirect=false`, { range: 'bytes=8-9' })).status).toBe(416);

    expect((await call('DELETE', `/attachment/${id}`)).status).toBe(204);
    expect(lastChange(issue.id)).toMatchObject([{ field: 'Attachment', from: id, fromString: 'notes "1".txt', to: null }]);
  });

  it('are refused without the token header, and when they are too large', async () => {
    const issue = await make();
    expect((await upload(issue.id, new Uint8Array(1), '')).status).toBe(403);
    heart().limits.uploadBytes = 1000;
    const { uploadLimit } = (await call('GET', '/attachment/meta')).body;
    expect((await upload(issue.id, new Uint8Array(Number(uploadLimit) + 1))).status).toBe(413);
  });
});

describe('worklogs', () => {
  it('count against the estimate, and say so in the changelog', async () => {
    const issue = await make({ timetracking: { originalEstimate: '1d' } });
    const path = `/issue/${issue.id}/worklog`;
    const started = '2026-11-20T10:00:00.000+0000';
    let made: Answer = { status: 0, body: {} };
    const events = await told(async () => {
      made = await call('POST', path, { timeSpent: '3h', started, comment: DOCUMENT });
    });
    expect(made).toMatchObject({ status: 201, body: { timeSpentSeconds: 10_800, started, issueId: issue.id } });
    expect(events.map((event) => event['webhookEvent'])).toEqual(['jira:issue_updated', 'worklog_created']);
    expect(Object.keys(events[1] ?? {}).sort()).toEqual([
      'isFromIssueLimitTransformation',
      'timestamp',
      'webhookEvent',
      'worklog',
    ]);
    expect(lastChange(issue.id)?.map(({ field }) => field)).toEqual(['timeestimate', 'timespent', 'WorklogId']);
    expect((await fieldsOf(issue.id))['timetracking']).toMatchObject({
      originalEstimate: '1d',
      remainingEstimate: '5h',
      timeSpent: '3h',
    });

    const id = String(made.body['id']);
    await call('PUT', `${path}/${id}?adjustEstimate=leave`, { timeSpentSeconds: 3600 });
    expect((await fieldsOf(issue.id))['timetracking']).toMatchObject({ remainingEstimate: '5h', timeSpent: '1h' });
    await call('PUT', `${path}/${id}/properties/k`, { a: 1 });
    expect((await call('GET', `${path}/${id}/properties/k`)).body).toEqual({ key: 'k', value: { a: 1 } });
    await call('DELETE', `${path}/${id}?adjustEstimate=new&newEstimate=2h`);
    expect((await fieldsOf(issue.id))['timetracking']).toMatchObject({ remainingEstimate: '2h' });
    expect((await call('POST', path, { started })).body['errors']).toHaveProperty('timeLogged');
  });
});

describe('watchers and votes', () => {
  it('are kept without a word in the changelog', async () => {
    const issue = await make({ reporter: { accountId: person(1).accountId } });
    const before = heart().issues.get(issue.id)?.updated;
    await call('POST', `/issue/${issue.id}/watchers`, person(2).accountId);
    await call('POST', `/issue/${issue.id}/votes`);
    expect((await call('GET', `/issue/${issue.id}/watchers`)).body).toMatchObject({ watchCount: 1, isWatching: false });
    expect(await fieldsOf(issue.id)).toMatchObject({ watches: { watchCount: 1 }, votes: { votes: 1, hasVoted: true } });
    expect((await call('POST', `/issue/${issue.id}/votes`, undefined, 1)).status).toBe(404);
    expect(heart().issues.get(issue.id)).toMatchObject({ updated: before, changes: [] });
    const found = await call('POST', '/search/jql', { jql: `watcher = "${person(2).accountId}" AND votes >= 1`, fields: ['id'] });
    expect(found.body['issues']).toEqual([{ id: issue.id }]);
  });
});

describe('sprints and ranks', () => {
  it('start once they have dates, one at a time, and keep all but name and goal when closed', async () => {
    const board = createBoard(heart(), { name: 'SUP board', type: 'scrum', projectId: '11200' });
    const agile = '/rest/agile/1.0';
    const [a, b] = [await make(), await make()];
    const made = await call('POST', `${agile}/sprint`, { name: 'Sprint 1', originBoardId: Number(board.id), goal: 'Go' });
    expect(made.status).toBe(201);
    const path = `${agile}/sprint/${String(made.body['id'])}`;
    expect((await call('POST', path, { state: 'active' })).status).toBe(400);
    const dates = { startDate: '2026-11-16T09:00:00.000Z', endDate: '2026-11-27T09:00:00.000Z' };
    const started = await told(() => call('POST', path, { state: 'active', ...dates }));
    expect(started).toMatchObject([{ webhookEvent: 'sprint_started', sprint: { state: 'active', goal: 'Go' } }]);

    const moved = await told(() => call('POST', `${path}/issue`, { issues: [a.key, b.key], rankBeforeIssue: 'SUP-1' }));
    expect(moved).toHaveLength(4);
    const inSprint = await call('GET', `${path}/issue?fields=summary`);
    expect((inSprint.body['issues'] as Json[]).map(({ key }) => key)).toEqual([a.key, b.key]);
    const found = await call('POST', '/search/jql', { jql: 'sprint in openSprints() ORDER BY key ASC', fields: ['key'] });
    expect((found.body['issues'] as Json[]).map(({ key }) => key)).toEqual([a.key, b.key]);
    await call('PUT', `${agile}/issue/rank`, { issues: [b.key], rankBeforeIssue: a.key });
    expect(lastChange(b.id)).toMatchObject([{ field: 'Rank', toString: 'Ranked higher' }]);

    expect((await call('PUT', path, { name: 'Sprint 1' })).status).toBe(400);
    const closed = await told(() => call('PUT', path, { name: 'Sprint 1', state: 'closed', ...dates }));
    expect(closed).toMatchObject([{ webhookEvent: 'sprint_closed', sprint: { state: 'closed', goal: '' } }]);
    expect((await call('POST', path, { endDate: '2026-12-01T00:00:00.000Z' })).status).toBe(400);
    const renamed = await told(() => call('POST', path, { name: 'The first' }));
    expect(renamed).toMatchObject([{ webhookEvent: 'sprint_updated', oldValue: { name: 'Sprint 1' } }]);
    expect((await call('POST', `${path}/issue`, { issues: [a.key] })).status).toBe(400);
  });
});

describe('what a site consists of', () => {
  it.each([
    ['/project/SUP/versions'],
    ['/project/SUP/version?maxResults=1'],
    ['/project/SUP/components'],
    ['/project/SUP/component'],
    ['/component?projectIdsOrKeys=SUP'],
    ['/issueLinkType'],
    ['/issueLinkType/10000'],
    ['/worklog/updated?since=0'],
    ['/worklog/deleted?since=0'],
    ['/issue/SUP-1/worklog'],
    ['/issue/SUP-1/watchers'],
    ['/issue/SUP-1/votes'],
    ['/issue/SUP-1/remotelink'],
    ['/issue/SUP-1/transitions?expand=transitions.fields'],
    ['/issue/SUP-1/editmeta'],
    ['/resolution'],
    ['/resolution/search'],
    ['/resolution/10000'],
    ['/priority/3'],
    ['/issuetype/11101'],
    ['/status/3'],
    ['/statuscategory'],
    ['/statuscategory/done'],
    ['/label'],
    ['/groups/picker'],
    ['/group/bulk'],
    ['/project/SUP/role'],
    ['/project/SUP/role/10002'],
    ['/project/SUP/securitylevel'],
    ['/project/11200/hierarchy'],
    ['/permissionscheme?expand=permissions'],
    ['/permissionscheme/11200'],
    ['/project/SUP/permissionscheme'],
    ['/field'],
    ['/field/search'],
    ['/rest/agile/1.0/board'],
  ])('is read: %s', async (path) => {
    expect((await call('GET', path)).status).toBe(200);
  });

  it('is given to versions 2 and 3 of the API with every part', async () => {
    const field = await call('POST', '/field', {
      name: 'Size',
      type: 'com.atlassian.jira.plugin.system.customfieldtypes:select',
    });
    const id = String(field.body['id']);
    const [context] = (await call('GET', `/field/${id}/context`)).body['values'] as { id: string }[];
    const path = `/field/${id}/context/${context?.id ?? ''}/option`;
    const made = await call('POST', path, { options: [{ value: 'S' }, { value: 'L' }] });
    const [small, large] = made.body['options'] as { id: string }[];
    await call('PUT', path, { options: [{ id: small?.id, value: 'Small', disabled: false }] });
    expect((await call('GET', path)).body).toMatchObject({ values: [{ value: 'Small' }, { value: 'L' }] });
    expect((await call('DELETE', `${path}/${large?.id ?? ''}`)).status).toBe(204);
    await call('GET', `/customFieldOption/${small?.id ?? ''}`);
    await call('GET', `/field/${id}/context/projectmapping`);
    await call('GET', `/field/${id}/context/issuetypemapping`);
    await call('POST', `/field/${id}/context`, { name: 'Elsewhere', projectIds: ['11201'] });

    const version = await call('POST', '/version', { projectId: 11_200, name: 'Whole', releaseDate: '2027-01-01' });
    const component = await call('POST', '/component', { project: 'SUP', name: 'Whole', leadAccountId: person().accountId });
    const issue = await make({
      [id]: { value: 'Small' },
      versions: [{ id: version.body['id'] }],
      components: [{ name: 'Whole' }],
      environment: DOCUMENT,
      timetracking: { originalEstimate: '2h' },
    });
    const other = await make();
    await call('POST', '/issueLink', {
      type: { name: 'Relates' },
      inwardIssue: { id: issue.id },
      outwardIssue: { id: other.id },
    });
    const [link] = (await fieldsOf(issue.id))['issuelinks'] as { id: string }[];
    await call('POST', `/issue/${issue.id}/worklog`, { timeSpent: '1h' });
    for (const api of ['2', '3']) {
      for (const asked of [
        `issue/${issue.id}?expand=changelog`,
        `issue/${issue.id}/worklog`,
        `issueLink/${link?.id ?? ''}`,
        'field',
      ]) {
        expect((await call('GET', `/rest/api/${api}/${asked}`)).status).toBe(200);
      }
      for (const thing of [`version/${String(version.body['id'])}`, `component/${String(component.body['id'])}`]) {
        expect((await call('GET', `/rest/api/${api}/${thing}`)).status).toBe(200);
        expect((await call('GET', `/rest/api/${api}/${thing}/relatedIssueCounts`)).status).toBe(200);
      }
    }
    const metadata = await call('GET', '/issue/createmeta/SUP/issuetypes/11101');
    expect(metadata.body['fields']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ fieldId: id, allowedValues: [expect.objectContaining({ value: 'Small' })] }),
      ]),
    );
    expect((await call('PUT', '/issue/archive', { issueIdsOrKeys: [other.key, 'SUP-9999'] })).body).toMatchObject({
      numberOfIssuesUpdated: 1,
      errors: { issuesNotFound: { issueIdsOrKeys: ['SUP-9999'] } },
    });
    expect((await call('PUT', `/issue/${other.id}`, { fields: { summary: 'No' } })).status).toBe(400);
    expect((await call('PUT', '/issue/unarchive', { issueIdsOrKeys: [other.key] })).body).toMatchObject({
      numberOfIssuesUpdated: 1,
    });
  });
});

describe('search', () => {
  it('sees at once what it is asked to reconcile', async () => {
    const lagging = await startSimulator({ indexLagMs: 60_000 });
    const site = lagging.sites.acme.heart;
    const user = [...site.users.values()][0] ?? person();
    const actor = { user, through: { kind: 'person' as const }, trace: null };
    const fields = { project: { key: 'SUP' }, issuetype: { name: 'Task' }, summary: 'New', labels: ['just-made'] };
    const made = createIssue(site, actor, { fields, update: {}, properties: [] }, 'adf');
    const id = made.ok ? made.value.id : '';
    const request = { jql: 'labels = just-made', maxResults: 10, pageToken: null };
    expect(search(site, user, request)).toMatchObject({ value: { issues: [] } });
    expect(search(site, user, { ...request, reconcile: [id] })).toMatchObject({ value: { issues: [{ id }] } });
    await lagging.close();
  });
});
