import { describe, expect, it } from '@jest/globals';
import type { RecordedCall } from '../../simulator/recording/record-calls.ts';
import { openDocument } from './api-documents.ts';
import { checkCalls } from './check-calls.ts';

/** A small document in the form of the official ones. */
const thing = {
  type: 'object',
  required: ['id'],
  additionalProperties: false,
  properties: {
    id: { type: 'integer' },
    name: { type: 'string', nullable: true },
    parent: { $ref: '#/components/schemas/Thing' },
  },
};
const paths = {
  '/rest/api/3/thing/{id}': {
    get: {
      parameters: [
        { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
        { name: 'expand', in: 'query', schema: { type: 'string', enum: ['all', 'none'] } },
        { name: 'ids', in: 'query', schema: { type: 'array', items: { type: 'integer' } } },
      ],
      responses: {
        '200': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
        '401': { content: { 'application/json': { schema: { type: 'object', additionalProperties: false } } } },
      },
    },
    put: {
      requestBody: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
      parameters: [{ name: 'reason', in: 'query', required: true, schema: { type: 'string' } }],
      responses: { '204': { content: { 'application/json': { schema: {} } } } },
    },
    delete: { 'x-atlassian-connect-scope': { scheme: 'INACCESSIBLE' }, deprecated: true, responses: { '204': {} } },
  },
  '/rest/api/3/thing/search': { get: { responses: { '200': { content: { 'application/json': {} } } } } },
};
const open = (name: 'cloud-v3' | 'cloud-v2' | 'cloud-agile' | 'dc') =>
  openDocument(name, JSON.parse(JSON.stringify({ paths, components: { schemas: { Thing: thing } } })) as Record<string, unknown>);
const documents = {
  'cloud-v3': open('cloud-v3'),
  'cloud-v2': open('cloud-v2'),
  'cloud-agile': open('cloud-agile'),
  dc: open('dc'),
};

const call = (changes: Partial<RecordedCall>): RecordedCall => ({
  face: 'cloud',
  method: 'GET',
  path: '/rest/api/3/thing/1',
  query: {},
  contentType: changes.body === undefined ? null : 'application/json',
  status: 200,
  scheme: 'JWT',
  client: 'axios/1.0.0',
  route: '/thing/:id',
  ...(changes.method === undefined || changes.method === 'GET' ? { answer: { id: 1, name: null } } : {}),
  ...changes,
});
const put = (changes: Partial<RecordedCall>): RecordedCall =>
  call({ method: 'PUT', status: 204, body: { id: 1 }, query: { reason: 'r' }, ...changes });
const findings = (given: RecordedCall): string[] =>
  checkCalls(documents, [given]).findings.map(({ side, operation, detail }) => `${side}: ${operation}: ${detail}`);

describe('the conformance check', () => {
  it.each([
    ['a read', call({ query: { expand: 'all', ids: '1,2' } })],
    ['a write', put({})],
    ['a path of fewer variables first', call({ path: '/rest/api/3/thing/search', answer: ['anything'] })],
    ['what the platform says before an operation is reached', call({ status: 401, answer: { any: 'thing' } })],
    ['a wrong request that is not the app\u2019s', put({ scheme: 'Basic', body: { id: 'one' }, query: { other: '1' } })],
  ])('lets %s pass', (_name, given) => {
    expect(findings(given)).toEqual([]);
  });

  it.each([
    ['an answer of the wrong type', call({ answer: { id: 'one' } }), 'simulator: GET .* answers 200: /id must be integer'],
    ['an answer that lacks a property', call({ answer: {} }), "simulator: .* must have required property 'id'"],
    [
      'an answer with more than is documented',
      call({ answer: { id: 1, extra: 1 } }),
      'simulator: .* must NOT have additional properties',
    ],
    ['what is wrong deep inside', call({ answer: { id: 1, parent: { id: 2, name: 3 } } }), 'simulator: .* /parent/name'],
    ['an undocumented status', call({ status: 206 }), 'simulator: .* answers 206, which is not documented'],
    [
      'an answer without its body',
      { ...call({}), answer: undefined } as RecordedCall,
      'simulator: .* without the documented body',
    ],
    ['a body where none is documented', put({ status: 200, answer: {} }), 'simulator: .* answers 200, which is not documented'],
    ['an undocumented path', call({ path: '/rest/api/3/other' }), 'app: GET /rest/api/3/other: calls what is not documented'],
    ['an undocumented parameter', call({ query: { other: '1' } }), 'app: .* query parameter other, which is not documented'],
    ['a parameter of the wrong value', call({ query: { expand: 'some' } }), 'app: .* query parameter expand: .*allowedValues'],
    ['a list with a wrong item', call({ query: { ids: '1,x' } }), 'app: .* query parameter ids: /1 must be integer'],
    ['a missing parameter', put({ query: {} }), 'app: .* leaves out the query parameter reason'],
    ['a path variable of the wrong type', call({ path: '/rest/api/3/thing/x' }), 'app: .* path variable id: / must be integer'],
    ['a wrong body', put({ body: { id: 1, more: 1 } }), 'app: .* request body: / must NOT have additional properties'],
    ['a body of a wrong type', put({ contentType: 'text/plain' }), 'app: .* body of the type text/plain'],
    ['a body where none is documented', call({ body: {} }), 'app: .* called with a body; none is documented'],
    ['what is closed to apps', call({ method: 'DELETE', status: 204 }), 'app: .* is closed to Connect apps'],
  ])('finds %s', (_name, given, expected) => {
    expect(findings(given)).toEqual([expect.stringMatching(new RegExp(expected))]);
  });

  it('finds a missing body', () => {
    const { body: _body, ...without } = put({});
    expect(findings(without)).toEqual(['app: PUT /rest/api/3/thing/{id}: is called without a body']);
  });

  it('counts what the app uses, what answered well and what Atlassian will take away', () => {
    const result = checkCalls(documents, [call({}), call({}), put({}), call({ method: 'DELETE', status: 204 })]);
    expect([...result.usedByApp].map((name) => name.split(' ')[0])).toEqual(['GET', 'PUT', 'DELETE']);
    expect([...result.deprecated]).toEqual(['DELETE /rest/api/3/thing/{id}']);
    expect(result.answered.get('cloud-v3')?.size).toBe(3);
  });
});
