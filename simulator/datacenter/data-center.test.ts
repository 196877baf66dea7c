import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import JiraClient from 'jira-client';
import type { Simulator } from '../start-simulator.ts';
import { startSimulator } from '../start-simulator.ts';
import type { DataCenterSite } from './data-center-site.ts';

let simulator: Simulator;
let initech: DataCenterSite;
let umbrella: DataCenterSite;

beforeAll(async () => {
  simulator = await startSimulator({ indexLagMs: 0, dataCenter: { initech: {}, umbrella: {} } });
  const { initech: first, umbrella: second } = simulator.dataCenter;
  if (first === undefined || second === undefined) throw new Error('Both were asked for');
  [initech, umbrella] = [first, second];
});
afterAll(() => simulator.close());

const basic = (name: string): string => `Basic ${Buffer.from(`${name}:password-of-${name}`).toString('base64')}`;

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}
async function call(
  site: DataCenterSite,
  method: string,
  path: string,
  body?: unknown,
  authorization = basic(site === initech ? 'bkovacs' : 'ihansen'),
): Promise<Answer> {
  const response = await fetch(`${site.url}${path}`, {
    method,
    headers: { ...(authorization === '' ? {} : { authorization }), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    headers: response.headers,
  };
}

describe('the face of Data Center', () => {
  it('says which line it is', async () => {
    const [ten, nine] = await Promise.all([
      call(initech, 'GET', '/rest/api/2/serverInfo', undefined, ''),
      call(umbrella, 'GET', '/rest/api/latest/serverInfo', undefined, ''),
    ]);
    expect(ten.body).toMatchObject({ deploymentType: 'Server', versionNumbers: [10, 3, 24], baseUrl: initech.url });
    expect(nine.body).toMatchObject({ deploymentType: 'Server', versionNumbers: [9, 12, 28] });
    expect(new URL(initech.url).pathname).toBe('/jira');
  });

  it('names people by name and key, and never by an account id', async () => {
    const made = await call(initech, 'POST', '/rest/api/2/issue', {
      fields: {
        project: { key: 'PLAT' },
        issuetype: { name: 'Bug' },
        summary: 'Names and keys',
        description: 'Ask [~lduarte] about *this*',
        assignee: { name: 'lduarte' },
        reporter: { name: 'ojansen' },
      },
    });
    expect(made.status).toBe(201);
    const path = `/rest/api/2/issue/${String(made.body['key'])}`;
    await call(initech, 'PUT', path, { fields: { assignee: { name: 'mwright' } } });
    await call(initech, 'POST', `${path}/comment`, { body: 'Thanks [~mwright]' });
    const issue = await call(initech, 'GET', `${path}?expand=changelog`);
    expect(issue.body).toMatchObject({
      fields: {
        description: 'Ask [~lduarte] about *this*',
        assignee: { name: 'mwright', key: 'JIRAUSER10103', displayName: 'Maya Wright' },
        reporter: { name: 'ojansen' },
        comment: { comments: [{ body: 'Thanks [~mwright]', author: { name: 'bkovacs' } }] },
      },
      changelog: { histories: [{ items: [{ field: 'assignee', from: 'JIRAUSER10101', to: 'JIRAUSER10103' }] }] },
    });
    expect(JSON.stringify(issue.body)).not.toMatch(/accountId|jsdPublic|hierarchyLevel/);
    expect(JSON.stringify(issue.body)).toContain(`${initech.url}/rest/api/2/user?username=mwright`);
  });

  it('refuses an assignee that nobody is', async () => {
    const answer = await call(initech, 'PUT', '/rest/api/2/issue/PLAT-1/assignee', { name: 'nobody' });
    expect(answer).toMatchObject({ status: 400, body: { errors: { assignee: expect.stringMatching(/./) } } });
  });

  it('pages a search by position and counts', async () => {
    const first = await call(umbrella, 'POST', '/rest/api/2/search', { jql: 'project = LAB ORDER BY key ASC', maxResults: 2 });
    const rest = await call(umbrella, 'GET', '/rest/api/2/search?jql=ORDER+BY+key+ASC&startAt=2&fields=summary');
    expect(first.body).toMatchObject({ startAt: 0, maxResults: 2, total: 3, issues: [{ key: 'LAB-1' }, { key: 'LAB-2' }] });
    expect(rest.body).toMatchObject({
      startAt: 2,
      total: 3,
      issues: [{ key: 'LAB-3', fields: { summary: expect.stringMatching(/./) } }],
    });
  });

  it('shows the fields that a search asks for', async () => {
    const found = await call(umbrella, 'POST', '/rest/api/2/search', {
      jql: 'project = LAB ORDER BY key ASC',
      maxResults: 1,
      fields: ['summary', 'status'],
    });
    const [issue] = found.body['issues'] as { fields: object }[];
    expect(Object.keys(issue?.fields ?? {}).sort()).toEqual(['status', 'summary']);
  });

  it('finds by login name', async () => {
    await call(initech, 'PUT', '/rest/api/2/issue/PLAT-2', { fields: { assignee: { name: 'ojansen' } } });
    const mine = await call(initech, 'GET', '/rest/api/2/search?jql=key%20%3D%20PLAT-2%20AND%20assignee%20%3D%20ojansen');
    expect(mine.body).toMatchObject({ total: 1 });
  });

  it.each([
    ['POST', '/rest/api/2/search/jql'],
    ['POST', '/rest/api/2/issue/bulkfetch'],
    ['GET', '/rest/api/3/myself'],
    ['GET', '/rest/api/2/issue/PLAT-1/changelog'],
    ['POST', '/rest/api/2/permissions/check'],
    ['GET', '/rest/api/2/project/search'],
    ['GET', '/rest/webhooks/1.0/webhook'],
  ])('has no %s %s', async (method, path) => {
    expect((await call(initech, method, path, method === 'POST' ? {} : undefined)).status).toBe(404);
  });

  it('answers an edit with nothing, whatever is asked for', async () => {
    const answer = await call(initech, 'PUT', '/rest/api/2/issue/PLAT-1?returnIssue=true&notifyUsers=false', {
      fields: { summary: 'Changed' },
    });
    expect(answer).toMatchObject({ status: 204, body: {} });
  });

  it('searches people by name and takes them by name or key', async () => {
    const found = await call(umbrella, 'GET', '/rest/api/2/user/search?username=rco');
    expect(found.body).toMatchObject([{ name: 'rcosta', key: 'JIRAUSER10101', emailAddress: 'rcosta@umbrella.example' }]);
    expect((await call(umbrella, 'GET', '/rest/api/2/user?key=JIRAUSER10101')).body).toMatchObject({ name: 'rcosta' });
    expect((await call(umbrella, 'GET', '/rest/api/2/user?username=nobody')).status).toBe(404);
  });

  it('takes watchers by name, worklogs in wiki text, and files that are read outside of REST', async () => {
    expect((await call(initech, 'POST', '/rest/api/2/issue/PLAT-3/watchers', 'mwright')).status).toBe(204);
    const watchers = await call(initech, 'GET', '/rest/api/2/issue/PLAT-3/watchers');
    expect(watchers.body).toMatchObject({ watchers: expect.arrayContaining([expect.objectContaining({ name: 'mwright' })]) });
    await call(initech, 'DELETE', '/rest/api/2/issue/PLAT-3/watchers?username=mwright');
    expect(JSON.stringify((await call(initech, 'GET', '/rest/api/2/issue/PLAT-3/watchers')).body)).not.toContain('mwright');
    const work = { timeSpent: '1h', comment: 'With [~mwright], *twice*', started: '2026-11-20T10:00:00.000+0000' };
    const logged = await call(initech, 'POST', '/rest/api/2/issue/PLAT-3/worklog', work);
    expect(logged).toMatchObject({ status: 201, body: { comment: work.comment, author: { name: 'bkovacs' } } });
    const form = new FormData();
    form.set('file', new Blob(['content of the file']), 'a b.txt');
    const uploaded = await fetch(`${initech.url}/rest/api/2/issue/PLAT-3/attachments`, {
      method: 'POST',
      headers: { authorization: basic('bkovacs'), 'x-atlassian-token': 'no-check' },
      body: form,
    });
    const [attachment] = (await uploaded.json()) as { content: string; author: { name: string } }[];
    expect(attachment).toMatchObject({
      author: { name: 'bkovacs' },
      content: expect.stringContaining('/jira/secure/attachment/'),
    });
    const read = await fetch(attachment?.content ?? '', { headers: { authorization: basic('bkovacs') } });
    expect(await read.text()).toBe('content of the file');
  });

  it('keeps wiki text word for word', async () => {
    const description = '{panel:title=A}\r\n\\*not bold\\* and {{th}}\r\n{panel}';
    await call(umbrella, 'PUT', '/rest/api/2/issue/LAB-2', { fields: { description } });
    expect((await call(umbrella, 'GET', '/rest/api/2/issue/LAB-2')).body).toMatchObject({ fields: { description } });
  });

  it('keeps what a client stored in a property as it was', async () => {
    const value = { accountId: 'x', displayName: 'y', text: '[~bkovacs]', fields: { assignee: { name: 'bkovacs' } } };
    await call(initech, 'PUT', '/rest/api/2/issue/PLAT-1/properties/mark', value);
    expect((await call(initech, 'GET', '/rest/api/2/issue/PLAT-1/properties/mark')).body).toEqual({ key: 'mark', value });
    expect((await call(initech, 'GET', '/rest/api/2/issue/PLAT-1?properties=mark')).body).toMatchObject({
      properties: { mark: value },
    });
  });
});

describe('who calls', () => {
  it('takes a personal access token until it is revoked', async () => {
    const made = await call(initech, 'POST', '/rest/pat/latest/tokens', { name: 'sync', expirationDuration: 1 });
    const bearer = `Bearer ${String(made.body['rawToken'])}`;
    const who = () => call(initech, 'GET', '/rest/api/2/myself', undefined, bearer);
    expect((await who()).body).toMatchObject({ name: 'bkovacs' });
    expect((await call(initech, 'GET', '/rest/pat/latest/tokens')).body).toMatchObject([{ name: 'sync' }]);
    await call(initech, 'DELETE', `/rest/pat/latest/tokens/${String(made.body['id'])}`);
    expect((await who()).status).toBe(401);
  });

  it('takes a personal access token until its last day is over', async () => {
    const skew = (skewMs: number) => call(initech, 'PUT', '/__sim/settings', { skewMs }, '');
    const made = await call(initech, 'POST', '/rest/pat/latest/tokens', { name: 'two days', expirationDuration: 2 });
    const lasting = await call(initech, 'POST', '/rest/pat/latest/tokens', { name: 'for ever' });
    const { createdAt, expiringAt } = made.body;
    expect(Date.parse(String(expiringAt)) - Date.parse(String(createdAt))).toBe(2 * 86_400_000);
    expect(lasting.body).not.toHaveProperty('expiringAt');
    const statusOf = async ({ body }: Answer) =>
      (await call(initech, 'GET', '/rest/api/2/myself', undefined, `Bearer ${String(body['rawToken'])}`)).status;
    try {
      await skew(2 * 86_400_000 - 60_000);
      expect([await statusOf(made), await statusOf(lasting)]).toEqual([200, 200]);
      await skew(2 * 86_400_000);
      expect([await statusOf(made), await statusOf(lasting)]).toEqual([401, 200]);
    } finally {
      await skew(0);
      initech.access.personalTokens.clear();
    }
  });

  it('refuses wrong passwords and nobody', async () => {
    expect((await call(initech, 'GET', '/rest/api/2/myself', undefined, 'Basic eDp5')).status).toBe(401);
    expect((await call(initech, 'GET', '/rest/api/2/myself', undefined, '')).status).toBe(401);
  });

  it('has basic authentication off on Jira 11', async () => {
    const world = await startSimulator({ dataCenter: { umbrella: { version: '11.3' } } });
    try {
      const site = world.dataCenter.umbrella;
      if (site === undefined) throw new Error('It was asked for');
      expect((await call(site, 'GET', '/rest/api/2/myself', undefined, basic('ihansen'))).status).toBe(401);
      const token = await call(site, 'POST', '/__sim/personal-tokens', { user: 'ihansen' }, '');
      const bearer = `Bearer ${String(token.body['token'])}`;
      expect((await call(site, 'GET', '/rest/api/2/myself', undefined, bearer)).body).toMatchObject({ name: 'ihansen' });
    } finally {
      await world.close();
    }
  });
});

describe('rate limits of Data Center', () => {
  it('are off until they are switched on, then count by user', async () => {
    expect((await call(umbrella, 'GET', '/rest/api/2/myself')).headers.get('x-ratelimit-limit')).toBeNull();
    await call(umbrella, 'PUT', '/__sim/rate-limit', { settings: { limit: 2, fillRate: 1, intervalSeconds: 3600 } }, '');
    const answers: Answer[] = [];
    for (let turn = 0; turn < 3; turn += 1) answers.push(await call(umbrella, 'GET', '/rest/api/2/myself'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    const last = answers[2]?.headers;
    expect(last?.get('x-ratelimit-remaining')).toBe('0');
    expect(last?.get('x-ratelimit-fillrate')).toBe('1');
    expect(Number(last?.get('retry-after'))).toBeGreaterThan(3000);
    expect((await call(umbrella, 'GET', '/rest/api/2/myself', undefined, basic('rcosta'))).status).toBe(200);
    await call(umbrella, 'PUT', '/__sim/rate-limit', { settings: null }, '');
  });
});

describe('jira-client', () => {
  it('works with a site below a context path', async () => {
    const { port } = new URL(initech.url);
    const client = new JiraClient({
      protocol: 'http',
      host: 'localhost',
      port,
      base: 'jira',
      apiVersion: '2',
      username: 'bkovacs',
      password: 'password-of-bkovacs',
    });
    const made = (await client.addNewIssue({
      fields: { project: { key: 'PLAT' }, issuetype: { name: 'Task' }, summary: 'Made by a client' },
    })) as { key: string };
    await client.addComment(made.key, 'Hello');
    const { transitions } = (await client.listTransitions(made.key)) as { transitions: { id: string; name: string }[] };
    const done = transitions.find(({ name }) => name === 'Done');
    await client.transitionIssue(made.key, { transition: { id: done?.id } });
    await client.updateIssue(made.key, { fields: { labels: ['one'] } });
    expect(await client.findIssue(made.key)).toMatchObject({
      fields: { status: { name: 'Done' }, labels: ['one'], comment: { comments: [{ body: 'Hello' }] } },
    });
    expect(await client.searchJira(`key = ${made.key}`)).toMatchObject({ total: 1 });
    expect(await client.getCurrentUser()).toMatchObject({ name: 'bkovacs' });
    expect(await client.searchUsers({ username: 'maya' } as never)).toMatchObject([{ name: 'mwright' }]);
    await client.deleteIssue(made.key);
    await expect(client.findIssue(made.key)).rejects.toThrow('Issue does not exist');
  });
});
