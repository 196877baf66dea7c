import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Outcome } from '../heart/outcome.ts';
import { addRequestType, addServiceDesk } from '../heart/request-types.ts';
import type { RequestType, ServiceDesk } from '../heart/service-desk.ts';
import type { Project, SiteEvent } from '../heart/site.ts';
import { webhookBody } from '../shapes/webhook-body.ts';
import type { Simulator } from '../start-simulator.ts';
import { startSimulator } from '../start-simulator.ts';

type Json = Record<string, unknown>;

let simulator: Simulator;
let service: Project;
let desk: ServiceDesk;
let hardware: RequestType;
let question: RequestType;
let fieldId: string;

const heart = () => simulator.sites.acme.heart;
const got = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
  return outcome.value;
};
const projectOf = (key: string): Project => {
  const found = [...heart().projects.values()].find((project) => project.key === key);
  if (found === undefined) throw new Error(`acme has the project ${key}`);
  return found;
};

/** SUP becomes a service project with two request types. */
beforeAll(async () => {
  simulator = await startSimulator({ indexLagMs: 0 });
  service = { ...projectOf('SUP'), kind: 'service_desk' };
  heart().projects.set(service.id, service);
  desk = got(addServiceDesk(heart(), service));
  const issueTypeId = service.issueTypeIds[0] ?? '';
  hardware = got(addRequestType(heart(), desk, { name: 'New hardware', description: 'Screens, keyboards', issueTypeId }));
  question = got(addRequestType(heart(), desk, { name: 'A question', issueTypeId }));
  fieldId = [...heart().customFields.values()].find(({ kind }) => kind === 'vp-origin')?.id ?? '';
});
afterAll(async () => {
  await simulator.close();
});

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }> {
  const [user] = heart().users.values();
  const response = await fetch(`${simulator.sites.acme.url}/rest${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${user?.emailAddress}:${user?.apiToken}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Json };
}
const api = (method: string, path: string, body?: unknown) => call(method, `/servicedeskapi${path}`, body);

const create = (fields: Json) =>
  call('POST', '/api/3/issue', {
    fields: { project: { key: 'SUP' }, issuetype: { id: hardware.issueTypeId }, summary: 'A screen', ...fields },
  });
async function request(type = hardware): Promise<string> {
  const made = await create({ [fieldId]: type.id });
  expect(made.status).toBe(201);
  return String(made.body['key']);
}
const shown = async (key: string): Promise<unknown> => {
  const { body } = await call('GET', `/api/3/issue/${key}?fields=${fieldId}`);
  return (body['fields'] as Json)[fieldId];
};

describe('service desks', () => {
  it('are listed, and read by their own id or that of their project', async () => {
    const shape = { id: desk.id, projectId: service.id, projectKey: 'SUP', projectName: 'Support' };
    expect(await api('GET', '/servicedesk')).toMatchObject({
      status: 200,
      body: { size: 1, start: 0, limit: 50, isLastPage: true, values: [shape] },
    });
    for (const id of [desk.id, service.id])
      expect(await api('GET', `/servicedesk/${id}`)).toMatchObject({ status: 200, body: shape });
    expect(await api('GET', '/servicedesk/4711')).toMatchObject({ status: 404, body: { errorMessage: expect.any(String) } });
  });

  it('are one for each service project, and none for others', () => {
    expect(addServiceDesk(heart(), service)).toMatchObject({ ok: false, refusal: { status: 400 } });
    expect(addServiceDesk(heart(), projectOf('OPS'))).toMatchObject({ ok: false, refusal: { status: 400 } });
  });

  it.each([
    [{ name: ' ' }, 'name'],
    [{ issueTypeId: '4711' }, 'issueTypeId'],
  ])('take no request type with %j', (wrong, field) => {
    const outcome = addRequestType(heart(), desk, { name: 'Other', issueTypeId: hardware.issueTypeId, ...wrong });
    expect(outcome).toMatchObject({ ok: false, refusal: { errors: { [field]: expect.any(String) } } });
  });

  it('have request types, page by page, sought by words, and one by one', async () => {
    const path = `/servicedesk/${desk.id}/requesttype`;
    const first = await api('GET', `${path}?limit=1`);
    expect(first.body).toMatchObject({ isLastPage: false, values: [{ id: hardware.id, portalId: desk.portalId }] });
    const next = new URL(String((first.body['_links'] as Json)['next']));
    expect((await call('GET', `${next.pathname.slice('/rest'.length)}${next.search}`)).body).toMatchObject({
      isLastPage: true,
      values: [{ id: question.id, name: 'A question' }],
    });
    expect((await api('GET', `${path}?searchQuery=KEYBOARD`)).body).toMatchObject({ size: 1, values: [{ id: hardware.id }] });
    expect((await api('GET', `${path}/${question.id}`)).body).toMatchObject({ id: question.id, serviceDeskId: desk.id });
    expect((await api('GET', `${path}/4711`)).status).toBe(404);
  });
});

describe('the field Customer Request Type', () => {
  it('is set by id when an item is made, and shows the type, the status and the ways to the request', async () => {
    const key = await request();
    expect(await shown(key)).toMatchObject({
      _links: { web: `${heart().baseUrl}/servicedesk/customer/portal/${desk.portalId}/${key}` },
      requestType: { id: hardware.id, name: 'New hardware', issueTypeId: hardware.issueTypeId },
      currentStatus: { status: 'To Do', statusCategory: 'NEW', statusDate: { epochMillis: expect.any(Number) } },
    });
  });

  it('is changed and taken away, which the changelog and webhooks tell by id and name', async () => {
    const key = await request();
    const bodies: Json[] = [];
    const listener = (event: SiteEvent): void => void bodies.push(webhookBody(heart(), event));
    heart().listeners.add(listener);
    await call('PUT', `/api/3/issue/${key}`, { fields: { [fieldId]: question.id } });
    heart().listeners.delete(listener);
    expect(bodies).toMatchObject([
      {
        changelog: {
          items: [{ fieldId, from: hardware.id, fromString: 'New hardware', to: question.id, toString: 'A question' }],
        },
        issue: { fields: { [fieldId]: { requestType: { id: question.id } } } },
      },
    ]);
    expect((await call('PUT', `/api/3/issue/${key}`, { fields: { [fieldId]: null } })).status).toBe(204);
    expect(await shown(key)).toBeNull();
  });

  it.each([
    ['a request type that there is not', () => ({ [fieldId]: '4711' })],
    ['something else than an id', () => ({ [fieldId]: { id: hardware.id } })],
    ['a project without a service desk', () => ({ [fieldId]: hardware.id, project: { key: 'OPS' } })],
  ])('refuses %s', async (_what, fields) => {
    expect(await create(fields())).toMatchObject({ status: 400, body: { errors: { [fieldId]: expect.any(String) } } });
  });

  it('is known by its type', async () => {
    const { body } = await call('GET', `/api/3/issue/${await request()}/editmeta`);
    expect((body['fields'] as Json)[fieldId]).toMatchObject({
      name: 'Customer Request Type',
      schema: { type: 'sd-customerrequesttype', custom: 'com.atlassian.servicedesk:vp-origin' },
    });
  });
});

describe('requests', () => {
  it('are read by key; an item without a request type is none', async () => {
    const key = await request(question);
    expect(await api('GET', `/request/${key}`)).toMatchObject({
      status: 200,
      body: { issueKey: key, requestTypeId: question.id, serviceDeskId: desk.id, currentStatus: { status: 'To Do' } },
    });
    const plain = String((await create({})).body['key']);
    expect(await api('GET', `/request/${plain}`)).toMatchObject({
      status: 404,
      body: { errorMessage: `${plain} is not a customer request.` },
    });
  });

  it('have public and internal comments, which are comments of the item', async () => {
    const path = `/request/${await request()}/comment`;
    const add = async (body: Json) => {
      const made = await api('POST', path, body);
      expect(made).toMatchObject({ status: 201, body });
      return String(made.body['id']);
    };
    const answer = await add({ body: 'It is *on its way*', public: true });
    const note = await add({ body: 'Out of stock', public: false });
    const ids = async (query: string): Promise<unknown> =>
      ((await api('GET', `${path}${query}`)).body['values'] as Json[]).map(({ id }) => id);
    expect([await ids(''), await ids('?internal=false'), await ids('?public=false')]).toEqual([[answer, note], [answer], [note]]);
    expect((await api('GET', `${path}/${note}`)).body).toMatchObject({
      public: false,
      author: { accountId: expect.any(String) },
    });
    const { body } = await call('GET', `/api/3${path.replace('/request/', '/issue/')}`);
    expect(body['comments']).toMatchObject([{ jsdPublic: true }, { jsdPublic: false }]);
    expect(await api('POST', path, { body: '' })).toMatchObject({ status: 400, body: { errorMessage: expect.any(String) } });
  });

  it('are kept in a saved world', async () => {
    const key = await request();
    const later = await startSimulator({ saved: simulator.save() });
    const { heart: site } = later.sites.acme;
    await later.close();
    expect([...site.serviceDesks.values()]).toEqual([desk]);
    expect([...site.requestTypes.values()]).toEqual([hardware, question]);
    expect(site.issues.get(site.issueIdsByKey.get(key) ?? '')?.custom.get(fieldId)).toBe(hardware.id);
  });
});
