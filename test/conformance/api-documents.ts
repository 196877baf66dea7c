import { Ajv, type ErrorObject } from 'ajv';
import { readShared } from '../shared-data.ts';
import { isJson, type Json, jsonOf, toJsonSchema } from './json-schema.ts';
import { type DocumentName, LIST_DEFECTS, SCHEMA_DEFECTS } from './known-defects.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Json;
}

/** One operation of an official document. */
export interface Operation {
  readonly document: DocumentName;
  /** `GET /rest/api/3/issue/{issueIdOrKey}` */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly required: boolean; readonly types: readonly string[]; readonly schema: unknown } | null;
  /** Status to the schema of its JSON; null: no JSON is documented. */
  readonly answers: ReadonlyMap<string, unknown>;
  /** True: Connect apps are refused. */
  readonly closedToApps: boolean;
  readonly deprecated: boolean;
}

interface PathOperations {
  readonly pattern: RegExp;
  readonly variables: readonly string[];
  readonly methods: ReadonlyMap<string, Operation>;
}

/** One official document, ready to be asked. */
export interface ApiDocument {
  readonly name: DocumentName;
  readonly operations: readonly Operation[];
  /** The operation of a call, with the values of its path variables. */
  find(
    method: string,
    path: string,
  ): { readonly operation: Operation; readonly variables: Readonly<Record<string, string>> } | null;
  /** What is wrong with a value by a schema of this document; none: it conforms. */
  errorsOf(schema: unknown, value: unknown): readonly ErrorObject[];
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];
const PREFIXES: Readonly<Record<DocumentName, string>> = { 'cloud-v3': '', 'cloud-v2': '', 'cloud-agile': '', dc: '/rest' };

/** Undefined: no JSON is documented. The empty schema: some JSON or other. */
function jsonContent(owner: Json): unknown {
  const content = jsonOf(owner['content'])['application/json'];
  return content === undefined ? undefined : (jsonOf(content)['schema'] ?? {});
}

function bodyOf(document: Json, given: unknown): Operation['body'] {
  if (!isJson(given)) return null;
  const reference = given['$ref'];
  const body =
    typeof reference === 'string'
      ? jsonOf(jsonOf(jsonOf(document['components'])['requestBodies'])[reference.split('/').at(-1) ?? ''])
      : given;
  return { required: body['required'] === true, types: Object.keys(jsonOf(body['content'])), schema: jsonContent(body) };
}

function parametersOf(document: Json, lists: readonly unknown[]): Parameter[] {
  return lists
    .flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []))
    .map((given) => {
      const reference = jsonOf(given)['$ref'];
      const parameter =
        typeof reference === 'string'
          ? jsonOf(jsonOf(jsonOf(document['components'])['parameters'])[reference.split('/').at(-1) ?? ''])
          : jsonOf(given);
      return {
        name: String(parameter['name']),
        in: parameter['in'] as Parameter['in'],
        required: parameter['required'] === true,
        schema: jsonOf(parameter['schema']),
      };
    });
}

const isListed = (name: DocumentName, operation: string): boolean =>
  LIST_DEFECTS.some(({ documents, operations }) => documents.includes(name) && operations.includes(operation));

function operationOf(name: DocumentName, document: Json, path: string, method: string): Operation {
  const shared = jsonOf(jsonOf(document['paths'])[path]);
  const given = jsonOf(shared[method]);
  const operation = `${method.toUpperCase()} ${PREFIXES[name]}${path}`;
  return {
    document: name,
    name: operation,
    parameters: parametersOf(document, [shared['parameters'], given['parameters']]),
    body: bodyOf(document, given['requestBody']),
    answers: new Map(
      Object.entries(jsonOf(given['responses'])).map(([status, answer]) => {
        const schema = jsonContent(jsonOf(answer));
        return [
          status,
          status === '200' && isListed(name, operation) && schema !== undefined ? { type: 'array', items: schema } : schema,
        ];
      }),
    ),
    closedToApps:
      jsonOf(given['x-atlassian-connect-scope'])['scheme'] === 'INACCESSIBLE' ||
      given['x-atlassian-connect-scope'] === 'INACCESSIBLE',
    deprecated: given['deprecated'] === true,
  };
}

/** Paths with fewer variables first: `/project/search` is not a project of that name. */
const byVariables = (left: string, right: string): number => left.split('{').length - right.split('{').length;

function pathsOf(name: DocumentName, document: Json): PathOperations[] {
  return Object.keys(jsonOf(document['paths']))
    .sort(byVariables)
    .map((path) => ({
      pattern: new RegExp(`^${(PREFIXES[name] + path).replaceAll(/\{[^}]+\}/g, '([^/]+)').replaceAll('.', '\\.')}/?$`),
      variables: [...path.matchAll(/\{([^}]+)\}/g)].map(([, variable = '']) => variable),
      methods: new Map(
        METHODS.filter((method) => method in jsonOf(jsonOf(document['paths'])[path])).map((method) => [
          method.toUpperCase(),
          operationOf(name, document, path, method),
        ]),
      ),
    }));
}

function amend(name: DocumentName, document: Json): void {
  const schemas = jsonOf(jsonOf(document['components'])['schemas']);
  for (const defect of SCHEMA_DEFECTS) {
    if (!defect.documents.includes(name)) continue;
    const schema = schemas[defect.schema];
    if (isJson(schema)) defect.amend(schema);
  }
}

/** Makes a document ready; a schema is compiled when it is first asked for. */
export function openDocument(name: DocumentName, document: Json): ApiDocument {
  amend(name, document);
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema({ $id: 'spec', components: toJsonSchema(jsonOf(document['components'])) });
  const paths = pathsOf(name, document);
  const compiled = new Map<string, ReturnType<Ajv['compile']>>();
  return {
    name,
    operations: paths.flatMap(({ methods }) => [...methods.values()]),
    find: (method, path) => {
      for (const { pattern, variables, methods } of paths) {
        const match = pattern.exec(path);
        const operation = methods.get(method);
        if (match === null || operation === undefined) continue;
        const values = variables.map((variable, at) => [variable, decodeURIComponent(match[at + 1] ?? '')]);
        return { operation, variables: Object.fromEntries(values) as Record<string, string> };
      }
      return null;
    },
    errorsOf: (schema, value) => {
      const key = JSON.stringify(schema);
      const validate = compiled.get(key) ?? ajv.compile(toJsonSchema(schema) as Json);
      compiled.set(key, validate);
      validate(value);
      return validate.errors ?? [];
    },
  };
}

/** All documents; null where ../shared is absent, which in CI is a failure. */
export function readDocuments(): Readonly<Record<DocumentName, ApiDocument>> | null {
  const open = (name: DocumentName): ApiDocument => openDocument(name, jsonOf(readShared(`specs/${name}.json`)));
  if (readShared('specs/cloud-v3.json') === null) return null;
  return { 'cloud-v3': open('cloud-v3'), 'cloud-v2': open('cloud-v2'), 'cloud-agile': open('cloud-agile'), dc: open('dc') };
}
