import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import type { Simulator } from '../start-simulator.ts';
import { startSimulator } from '../start-simulator.ts';
import type { DataCenterSite } from './data-center-site.ts';

/**
 * The answers of a 10.3 site against the official API document of 10.3. It lies beside the project in development and CI and is
 * absent in a public clone: then there is nothing to check against, and this file says so. In CI its absence is a failure.
 */
const SPEC = new URL('../../../shared/specs/dc.json', import.meta.url);

type Json = Record<string, unknown>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Where the document is wrong:
 * - lists are typed as their item (`/project`, `/priority`, `/user/search`…): each member is checked instead;
 * - paged answers are typed as one of their values (createmeta): each value is checked instead;
 * - values of fields, defaults and allowed values are typed as objects, though they are text, numbers, lists and null;
 * - nothing is nullable, though Jira writes null for whatever is empty;
 * - examples stand where the schema could be read as one.
 */
const LOOSE = new Set(['defaultValue', 'allowedValues', 'value']);

function toJsonSchema(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((inner) => toJsonSchema(inner));
  if (!isJson(value)) return value;
  if (LOOSE.has(name) || (name === 'additionalProperties' && value['type'] === 'object' && value['properties'] === undefined))
    return {};
  const { example: _example, xml: _xml, readOnly: _readOnly, deprecated: _deprecated, description: _text, ...rest } = value;
  const isText = typeof value['description'] !== 'string';
  const kept = isText && value['description'] !== undefined ? { ...rest, description: value['description'] } : rest;
  const converted = Object.fromEntries(Object.entries(kept).map(([key, inner]) => [key, toJsonSchema(inner, key)]));
  if (typeof converted['type'] === 'string') return { ...converted, type: [converted['type'], 'null'] };
  return typeof converted['$ref'] === 'string' ? { anyOf: [converted, { type: 'null' }] } : converted;
}

interface Spec {
  readonly ajv: Ajv;
  readonly paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: unknown }> }> }>
  >;
}

function readSpec(): Spec {
  const raw = JSON.parse(readFileSync(SPEC, 'utf8')) as Spec & { components: Json };
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema({ $id: 'spec', components: toJsonSchema(raw.components) } as object);
  return { ajv, paths: raw.paths };
}
const intoSpec = (schema: unknown): object =>
  JSON.parse(JSON.stringify(toJsonSchema(schema)).replaceAll('"#/components/', '"spec#/components/')) as object;

let simulator: Simulator;
let site: DataCenterSite;
let comment = '';
beforeAll(async () => {
  simulator = await startSimulator({ indexLagMs: 0, dataCenter: { initech: {} } });
  if (simulator.dataCenter.initech === undefined) throw new Error('It was asked for');
  site = simulator.dataCenter.initech;
  const made = await call('POST', '/api/2/issue/PLAT-2/comment', { body: 'One', properties: [{ key: 'k', value: { a: 1 } }] });
  comment = (made.body as { id: string }).id;
  await call('PUT', '/api/2/issue/PLAT-2', { fields: { assignee: { name: 'mwright' }, duedate: '2027-01-01' } });
});
afterAll(() => simulator.close());

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${site.url}/rest${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from('bkovacs:password-of-bkovacs').toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const FIELDS = { project: { key: 'PLAT' }, issuetype: { name: 'Bug' }, summary: 'Checked', reporter: { name: 'ojansen' } };

/** Method, path of the document, what stands for its variables and query, body. */
const CASES: readonly (readonly [method: string, template: string, path: () => string, body?: unknown])[] = [
  ['POST', '/api/2/issue', () => '/api/2/issue', { fields: FIELDS }],
  ['POST', '/api/2/issue/bulk', () => '/api/2/issue/bulk', { issueUpdates: [{ fields: FIELDS }] }],
  ['GET', '/api/2/issue/{issueIdOrKey}', () => '/api/2/issue/PLAT-2?expand=changelog,names&properties=*all'],
  ['PUT', '/api/2/issue/{issueIdOrKey}', () => '/api/2/issue/PLAT-2', { fields: { labels: ['a'] } }],
  ['PUT', '/api/2/issue/{issueIdOrKey}/assignee', () => '/api/2/issue/PLAT-2/assignee', { name: 'lduarte' }],
  ['GET', '/api/2/issue/{issueIdOrKey}/comment', () => '/api/2/issue/PLAT-2/comment'],
  ['POST', '/api/2/issue/{issueIdOrKey}/comment', () => '/api/2/issue/PLAT-2/comment', { body: 'Two' }],
  ['GET', '/api/2/issue/{issueIdOrKey}/comment/{id}', () => `/api/2/issue/PLAT-2/comment/${comment}`],
  ['PUT', '/api/2/issue/{issueIdOrKey}/comment/{id}', () => `/api/2/issue/PLAT-2/comment/${comment}`, { body: 'Three' }],
  ['GET', '/api/2/issue/{issueIdOrKey}/transitions', () => '/api/2/issue/PLAT-2/transitions'],
  ['POST', '/api/2/issue/{issueIdOrKey}/transitions', () => '/api/2/issue/PLAT-2/transitions', { transition: { id: '21' } }],
  ['GET', '/api/2/issue/{issueIdOrKey}/editmeta', () => '/api/2/issue/PLAT-2/editmeta'],
  ['GET', '/api/2/issue/{issueIdOrKey}/properties', () => '/api/2/issue/PLAT-2/properties'],
  ['GET', '/api/2/comment/{commentId}/properties', () => `/api/2/comment/${comment}/properties`],
  ['GET', '/api/2/issue/createmeta/{projectIdOrKey}/issuetypes', () => '/api/2/issue/createmeta/PLAT/issuetypes'],
  [
    'GET',
    '/api/2/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}',
    () => '/api/2/issue/createmeta/PLAT/issuetypes/13101',
  ],
  ['POST', '/api/2/search', () => '/api/2/search', { jql: 'project = PLAT', fields: ['*all'] }],
  ['GET', '/api/2/search', () => '/api/2/search?jql=project%20%3D%20PLAT&maxResults=1'],
  ['GET', '/api/2/serverInfo', () => '/api/2/serverInfo'],
  ['GET', '/api/2/myself', () => '/api/2/myself'],
  ['GET', '/api/2/mypermissions', () => '/api/2/mypermissions?projectKey=PLAT'],
  ['GET', '/api/2/user', () => '/api/2/user?username=mwright'],
  ['GET', '/api/2/user/search', () => '/api/2/user/search?username=m'],
  ['GET', '/api/2/user/assignable/search', () => '/api/2/user/assignable/search?project=PLAT'],
  ['GET', '/api/2/project', () => '/api/2/project'],
  ['GET', '/api/2/project/{projectIdOrKey}', () => '/api/2/project/PLAT'],
  ['GET', '/api/2/project/{projectIdOrKey}/statuses', () => '/api/2/project/PLAT/statuses'],
  ['GET', '/api/2/priority', () => '/api/2/priority'],
  ['GET', '/api/2/issuetype', () => '/api/2/issuetype'],
  ['GET', '/api/2/status', () => '/api/2/status'],
  ['GET', '/api/2/field', () => '/api/2/field'],
  ['GET', '/api/2/issue/{issueIdOrKey}/watchers', () => '/api/2/issue/PLAT-2/watchers'],
  ['GET', '/api/2/issue/{issueIdOrKey}/votes', () => '/api/2/issue/PLAT-2/votes'],
  ['GET', '/api/2/issue/{issueIdOrKey}/worklog', () => '/api/2/issue/PLAT-2/worklog'],
  ['GET', '/api/2/issueLinkType', () => '/api/2/issueLinkType'],
];

const PAGED = ['values', 'issueTypes', 'fields'] as const;

/** What is checked against the schema of an answer: itself, or each member where the document types a list as its member. */
function checkedParts(schema: unknown, body: unknown): readonly unknown[] {
  const isList = isJson(schema) && schema['type'] === 'array';
  if (Array.isArray(body)) return isList ? [body] : body;
  const key = PAGED.find((each) => isJson(body) && Array.isArray(body[each]));
  return key === undefined || !isJson(body) ? [body] : (body[key] as readonly unknown[]);
}

describe('Data Center 10.3 against the official API document', () => {
  if (!existsSync(SPEC)) {
    it('is not checked: ../shared/specs is not here', () => {
      expect(process.env['CI']).not.toBe('true');
    });
    return;
  }
  const spec = readSpec();

  it.each(CASES.map(([method, template, path, body]) => ({ method, template, path, body })))(
    '$method $template',
    async (asked) => {
      const { method, template, path, body } = asked;
      const answer = await call(method, path(), body);
      const operation = spec.paths[template]?.[method.toLowerCase()];
      expect([template, operation === undefined]).toEqual([template, false]);
      expect(answer).toMatchObject({ status: expect.any(Number) });
      expect(Object.keys(operation?.responses ?? {})).toContain(String(answer.status));
      const schema = operation?.responses[String(answer.status)]?.content?.['application/json']?.schema;
      if (schema === undefined) return;
      const validate = spec.ajv.compile(intoSpec(schema));
      for (const part of checkedParts(schema, answer.body)) {
        validate(part);
        expect(validate.errors ?? []).toEqual([]);
      }
    },
  );

  it.each([
    ['SearchResultsBean', { total: 'many' }],
    ['CommentJsonBean', { author: { name: 1 } }],
    ['StatusJsonBean', { statusCategory: 'done' }],
  ])('would tell of a wrong %s', (name, wrong) => {
    expect(spec.ajv.compile(intoSpec({ $ref: `#/components/schemas/${name}` }))(wrong)).toBe(false);
  });
});
