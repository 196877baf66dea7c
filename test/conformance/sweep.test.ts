import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { readDocuments } from './api-documents.ts';
import { isJson, type Json } from './json-schema.ts';

/**
 * Operations of the simulated Cloud that no other test calls with success, held against the official documents. Each story is a
 * life of one thing: made, read, changed, taken away. The documents are absent in a public clone.
 */
let simulator: Simulator;
const documents = readDocuments();

beforeAll(async () => {
  simulator = await startSimulator({ indexLagMs: 0 });
});
afterAll(async () => {
  await simulator.close();
});

const admin = () => {
  const user = [...simulator.sites.acme.heart.users.values()].find(
    ({ siteAdmin, accountType }) => siteAdmin && accountType === 'atlassian',
  );
  if (user === undefined) throw new Error('acme has an administrator');
  return user;
};

/** Calls as the administrator. Fails when the answer is a refusal or is not as documented. */
async function call(method: string, path: string, body?: unknown): Promise<Json> {
  const { emailAddress, apiToken } = admin();
  const multipart = body instanceof FormData;
  const response = await fetch(`${simulator.sites.acme.url}${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${emailAddress}:${apiToken}`).toString('base64')}`,
      ...(multipart ? { 'X-Atlassian-Token': 'no-check' } : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: multipart ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer: unknown = text === '' || !/json/.test(response.headers.get('content-type') ?? '') ? undefined : JSON.parse(text);
  const document = documents?.[path.startsWith('/rest/agile/') ? 'cloud-agile' : 'cloud-v3'];
  const found = document?.find(method, path.split('?')[0] ?? '');
  const schema = found?.operation.answers.get(String(response.status));
  if (response.status >= 300) throw new Error(`${method} ${path} answers ${response.status}: ${text}`);
  expect([...(found?.operation.answers.keys() ?? [])]).toContain(String(response.status));
  const errors = schema === undefined || answer === undefined ? [] : document?.errorsOf(schema, answer);
  expect({ call: `${method} ${path}`, errors }).toEqual({ call: `${method} ${path}`, errors: [] });
  return isJson(answer) ? answer : { list: answer };
}

const V3 = '/rest/api/3';
const AGILE = '/rest/agile/1.0';
const DOCUMENT = { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Text' }] }] };
const idOf = (thing: Json): string => String(thing['id']);
const newIssue = async (): Promise<string> =>
  idOf(await call('POST', `${V3}/issue`, { fields: { project: { key: 'SUP' }, issuetype: { name: 'Bug' }, summary: 'Swept' } }));
const projectId = (): number => {
  const project = [...simulator.sites.acme.heart.projects.values()].find(({ key }) => key === 'SUP');
  return Number(project?.id);
};

const STORIES: readonly (readonly [string, () => Promise<void>])[] = [
  [
    'comments and their properties',
    async () => {
      const issue = `${V3}/issue/${await newIssue()}`;
      const comment = idOf(await call('POST', `${issue}/comment`, { body: DOCUMENT }));
      const property = `${V3}/comment/${comment}/properties/k`;
      await call('PUT', property, { a: 1 });
      await call('DELETE', property);
      await call('DELETE', `${issue}/comment/${comment}`);
      await call('PUT', `${issue}/properties/k`, 'text');
      await call('DELETE', `${issue}/properties/k`);
    },
  ],
  [
    'worklogs and their properties',
    async () => {
      const issue = `${V3}/issue/${await newIssue()}`;
      const worklog = idOf(
        await call('POST', `${issue}/worklog`, { timeSpent: '1h', comment: DOCUMENT, started: '2026-11-20T08:00:00.000+0000' }),
      );
      await call('GET', `${issue}/worklog/${worklog}`);
      await call('POST', `${V3}/worklog/list`, { ids: [Number(worklog)] });
      await call('PUT', `${issue}/worklog/${worklog}/properties/k`, { a: 1 });
      await call('GET', `${issue}/worklog/${worklog}/properties`);
      await call('DELETE', `${issue}/worklog/${worklog}/properties/k`);
      await call('DELETE', `${issue}/worklog/${worklog}`);
    },
  ],
  [
    'remote links',
    async () => {
      const links = `${V3}/issue/${await newIssue()}/remotelink`;
      const object = { url: 'https://example.com/1', title: 'One' };
      const link = idOf(await call('POST', links, { globalId: 'system=1', object }));
      await call('GET', `${links}/${link}`);
      await call('PUT', `${links}/${link}`, { object: { ...object, title: 'Two' } });
      await call('DELETE', `${links}/${link}`);
    },
  ],
  [
    'links and their types',
    async () => {
      const [one, two] = [await newIssue(), await newIssue()];
      const type = idOf(await call('POST', `${V3}/issueLinkType`, { name: 'Sweeps', inward: 'is swept by', outward: 'sweeps' }));
      await call('PUT', `${V3}/issueLinkType/${type}`, { name: 'Sweeps well' });
      await call('POST', `${V3}/issueLink`, { type: { id: type }, inwardIssue: { id: one }, outwardIssue: { id: two } });
      const { fields } = await call('GET', `${V3}/issue/${one}?fields=issuelinks`);
      const [link] = (fields as { issuelinks: { id: string }[] }).issuelinks;
      await call('DELETE', `${V3}/issueLink/${String(link?.id)}`);
      await call('DELETE', `${V3}/issueLinkType/${type}`);
    },
  ],
  [
    'votes and watchers',
    async () => {
      const issue = `${V3}/issue/${await newIssue()}`;
      await call('POST', `${issue}/watchers`, admin().accountId);
      await call('DELETE', `${issue}/watchers?accountId=${admin().accountId}`);
    },
  ],
  [
    'components',
    async () => {
      const component = `${V3}/component/${idOf(await call('POST', `${V3}/component`, { name: 'Broom', project: 'SUP' }))}`;
      await call('PUT', component, { name: 'Mop' });
      await call('DELETE', component);
    },
  ],
  [
    'versions',
    async () => {
      const make = async (name: string) =>
        `${V3}/version/${idOf(await call('POST', `${V3}/version`, { name, projectId: projectId() }))}`;
      const [one, two] = [await make('9.1'), await make('9.2')];
      await call('GET', `${one}/unresolvedIssueCount`);
      await call('POST', `${one}/move`, { position: 'Last' });
      await call('POST', `${one}/removeAndSwap`, {});
      await call('DELETE', two);
    },
  ],
  [
    'files',
    async () => {
      const form = new FormData();
      form.append('file', new Blob(['Text'], { type: 'text/plain' }), 'note.txt');
      const { list } = await call('POST', `${V3}/issue/${await newIssue()}/attachments`, form);
      const [file] = list as { id: string }[];
      await call('GET', `${V3}/attachment/${String(file?.id)}`);
      await call('DELETE', `${V3}/attachment/${String(file?.id)}`);
    },
  ],
  [
    'people',
    async () => {
      await call('GET', `${V3}/user?accountId=${admin().accountId}`);
      const id = 'a1b2c3d4-0000-4000-a000-000000000001';
      simulator.sites.acme.heart.groups.set(id, { id, name: 'sweepers', members: new Set([admin().accountId]) });
      const { list } = await call('GET', `${V3}/user/groups?accountId=${admin().accountId}`);
      expect(list).toContainEqual(expect.objectContaining({ name: 'sweepers' }));
      await call('GET', `${V3}/group/member?groupname=sweepers`);
    },
  ],
  [
    'boards, sprints and the backlog',
    async () => {
      const location = { type: 'project', projectKeyOrId: 'SUP' };
      const filter = { name: 'Swept board', type: 'scrum', filterId: 1, location };
      const { values } = await call('GET', `${AGILE}/board`);
      const [known] = values as Json[];
      const board = `${AGILE}/board/${idOf(known ?? (await call('POST', `${AGILE}/board`, filter)))}`;
      for (const part of ['', '/backlog', '/configuration', '/issue', '/sprint']) await call('GET', `${board}${part}`);
      const sprint = `${AGILE}/sprint/${idOf(await call('POST', `${AGILE}/sprint`, { name: 'Sweep', originBoardId: Number(board.split('/').at(-1)) }))}`;
      await call('GET', sprint);
      await call('POST', `${AGILE}/backlog/issue`, { issues: ['SUP-1'] });
      await call('DELETE', sprint);
    },
  ],
];

describe('operations of the simulated Cloud against the official documents', () => {
  if (documents === null) {
    it('are not checked: ../shared/specs is not here', () => {
      expect(process.env['CI']).not.toBe('true');
    });
    return;
  }
  it.each(STORIES)('%s', async (_name, live) => {
    await live();
  });
});
