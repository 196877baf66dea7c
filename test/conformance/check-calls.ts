import type { RecordedCall } from '../../simulator/recording/record-calls.ts';
import type { ApiDocument, Operation, Parameter } from './api-documents.ts';
import { jsonOf } from './json-schema.ts';
import { type DocumentName, STATUS_DEFECTS } from './known-defects.ts';

export interface Finding {
  /** Who is wrong: the simulated site by its answer, or the app by its request. */
  readonly side: 'simulator' | 'app';
  readonly operation: string;
  readonly detail: string;
}
export interface Conformance {
  readonly calls: number;
  readonly findings: readonly Finding[];
  /** Operations that the app called. */
  readonly usedByApp: ReadonlySet<string>;
  /** Those of them that Atlassian has said it will take away. */
  readonly deprecated: ReadonlySet<string>;
  /** Operations that answered at least once as their document says they do when all goes well, by document. */
  readonly answered: ReadonlyMap<DocumentName, ReadonlySet<string>>;
  /** Calls below no documented path, such as those of Connect and of webhooks on Data Center. */
  readonly undocumented: ReadonlySet<string>;
}

type Documents = Readonly<Record<DocumentName, ApiDocument>>;

function documentOf(documents: Documents, { face, path }: RecordedCall): ApiDocument {
  if (face === 'data-center') return documents.dc;
  if (path.startsWith('/rest/agile/')) return documents['cloud-agile'];
  return path.startsWith('/rest/api/2/') ? documents['cloud-v2'] : documents['cloud-v3'];
}

/** Jira's `latest` is 2 on Cloud and on Data Center. */
const pathOf = ({ path }: RecordedCall): string => path.replace('/rest/api/latest/', '/rest/api/2/');

/** The app signs as a Connect app and calls by axios; tests that sign by hand call by fetch. */
export const isByApp = (call: RecordedCall): boolean => call.scheme === 'JWT' && (call.client ?? '').startsWith('axios/');

const shown = (errors: ReturnType<ApiDocument['errorsOf']>): string =>
  errors
    .slice(0, 4)
    .map(({ instancePath, message, params }) => `${instancePath || '/'} ${message ?? ''} ${JSON.stringify(params)}`)
    .join('; ');

function answerFinding(document: ApiDocument, operation: Operation, call: RecordedCall): string | null {
  const status = String(call.status);
  if (!operation.answers.has(status)) {
    const known = STATUS_DEFECTS.some(
      (defect) =>
        defect.documents.includes(operation.document) &&
        (defect.operation === null || defect.operation === operation.name) &&
        defect.status === call.status,
    );
    return known ? null : `answers ${status}, which is not documented`;
  }
  // Said by what stands before Jira (the check of tokens, the gateway) in words of its own, whatever the operation documents.
  if (call.status === 401) return null;
  const schema = operation.answers.get(status);
  if (schema === undefined)
    return call.answer === undefined || call.status >= 400 ? null : `answers ${status} with a body; none is documented`;
  // Failures need no body, and 204 never has one, whatever a document shows for it.
  const needed = call.status < 400 && call.status !== 204 && Object.keys(jsonOf(schema)).length > 0;
  if (call.answer === undefined) return needed ? `answers ${status} without the documented body` : null;
  const errors = document.errorsOf(schema, call.answer);
  return errors.length === 0 ? null : `answers ${status}: ${shown(errors)}`;
}

/** A value as text in the type that its schema names. */
function typed(text: string, schema: Parameter['schema']): unknown {
  if (schema['type'] === 'integer' || schema['type'] === 'number') return text.trim() === '' ? text : Number(text);
  if (schema['type'] === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

function readValue(given: string | readonly string[], schema: Parameter['schema']): unknown {
  const texts = typeof given === 'string' ? [given] : given;
  if (schema['type'] !== 'array') return typed(texts.at(-1) ?? '', schema);
  const items = schema['items'] as Parameter['schema'] | undefined;
  return texts.flatMap((text) => text.split(',')).map((text) => typed(text, items ?? {}));
}

function* parameterFindings(
  document: ApiDocument,
  operation: Operation,
  call: RecordedCall,
  variables: Readonly<Record<string, string>>,
): Iterable<string> {
  for (const [name, given] of Object.entries(call.query)) {
    const parameter = operation.parameters.find((candidate) => candidate.in === 'query' && candidate.name === name);
    if (parameter === undefined) {
      yield `sends the query parameter ${name}, which is not documented`;
      continue;
    }
    const errors = document.errorsOf(parameter.schema, readValue(given, parameter.schema));
    if (errors.length > 0) yield `query parameter ${name}: ${shown(errors)}`;
  }
  for (const { name, in: place, required, schema } of operation.parameters) {
    if (place === 'query' && required && !(name in call.query)) yield `leaves out the query parameter ${name}`;
    const variable = variables[name];
    if (place === 'path' && variable !== undefined) {
      const errors = document.errorsOf(schema, typed(variable, schema));
      if (errors.length > 0) yield `path variable ${name}: ${shown(errors)}`;
    }
  }
}

function* requestFindings(
  document: ApiDocument,
  operation: Operation,
  call: RecordedCall,
  variables: Readonly<Record<string, string>>,
): Iterable<string> {
  if (operation.closedToApps) yield 'is closed to Connect apps';
  yield* parameterFindings(document, operation, call, variables);
  const { body } = operation;
  if (call.body === undefined) {
    if (body?.required === true) yield 'is called without a body';
    return;
  }
  if (body === null) {
    yield 'is called with a body; none is documented';
    return;
  }
  const type = call.contentType?.split(';')[0] ?? 'none';
  if (!body.types.includes(type) && !body.types.includes('*/*')) yield `is called with a body of the type ${type}`;
  if (body.schema === undefined) return;
  const errors = document.errorsOf(body.schema, call.body);
  if (errors.length > 0) yield `request body: ${shown(errors)}`;
}

class Findings {
  readonly usedByApp = new Set<string>();
  readonly deprecated = new Set<string>();
  readonly answered = new Map<DocumentName, Set<string>>();
  readonly undocumented = new Set<string>();
  private readonly found = new Map<string, Finding>();
  private readonly documents: Documents;

  constructor(documents: Documents) {
    this.documents = documents;
  }

  all(): readonly Finding[] {
    return [...this.found.values()];
  }

  take(call: RecordedCall): void {
    const document = documentOf(this.documents, call);
    const found = document.find(call.method, pathOf(call));
    if (found === null) {
      if (call.route !== null) this.undocumented.add(`${call.face} ${call.method} ${call.route}`);
      if (isByApp(call))
        this.note({ side: 'app', operation: `${call.method} ${call.path}`, detail: 'calls what is not documented' });
      return;
    }
    const { operation, variables } = found;
    if (isByApp(call)) this.takeRequest(operation, [...requestFindings(document, operation, call, variables)]);
    this.takeAnswer(document, operation, call);
  }

  private takeRequest(operation: Operation, details: readonly string[]): void {
    this.usedByApp.add(operation.name);
    if (operation.deprecated) this.deprecated.add(operation.name);
    for (const detail of details) this.note({ side: 'app', operation: operation.name, detail });
  }

  private takeAnswer(document: ApiDocument, operation: Operation, call: RecordedCall): void {
    const detail = answerFinding(document, operation, call);
    if (detail !== null) this.note({ side: 'simulator', operation: operation.name, detail });
    else if (call.status < 400) {
      const known = this.answered.get(document.name) ?? new Set();
      this.answered.set(document.name, known.add(operation.name));
    }
  }

  private note(finding: Finding): void {
    this.found.set(JSON.stringify(finding), finding);
  }
}

/** Holds every recorded answer, and every request of the app, against the official documents. */
export function checkCalls(documents: Documents, calls: Iterable<RecordedCall>): Conformance {
  const findings = new Findings(documents);
  let count = 0;
  for (const call of calls) {
    count += 1;
    findings.take(call);
  }
  const { usedByApp, deprecated, answered, undocumented } = findings;
  return { calls: count, findings: findings.all(), usedByApp, deprecated, answered, undocumented };
}
