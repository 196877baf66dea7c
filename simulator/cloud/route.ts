import type { ConnectHost } from '../connect/connect-host.ts';
import type { TextFormat } from '../heart/issue-fields.ts';
import type { Outcome, Refusal } from '../heart/outcome.ts';
import type { Actor, Site } from '../heart/site.ts';
import type { ApiVersion } from '../shapes/people.ts';
import type { Outbox } from '../webhooks/outbox.ts';

/** One REST call, read from HTTP but free of it. */
export interface CloudRequest {
  readonly site: Site;
  readonly connect: ConnectHost;
  readonly webhooks: Outbox;
  readonly version: ApiVersion;
  readonly format: TextFormat;
  readonly actor: Actor;
  readonly params: Readonly<Record<string, string>>;
  /** The first value of each parameter, repeated ones joined by commas. */
  readonly query: Readonly<Record<string, string>>;
  /** JSON; bytes for multipart bodies. */
  readonly body: unknown;
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export interface CloudAnswer {
  readonly status: number;
  /** Absent: an empty answer. */
  readonly body?: unknown;
  /** A file instead of a body. */
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Issues and projects returned, 1 point each; users, 2 points each. Writes cost 1 whatever they return. */
  readonly returned?: number;
  /** Issues that a bulk write made, 1 point each. */
  readonly made?: number;
  readonly users?: number;
  readonly issueId?: string;
  readonly commentId?: string;
}

/** The Connect scope a call needs. */
export type Scope = 'NONE' | 'READ' | 'WRITE' | 'DELETE' | 'PROJECT_ADMIN' | 'ADMIN';

export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Below `/rest/api/{version}` unless it begins with `/rest/`; variables as `{name}`. */
  readonly path: string;
  readonly scope: Scope;
  /** No Connect app may make the call, whatever its scopes. */
  readonly inaccessible?: true;
  /** A POST that only reads: priced by what it returns. */
  readonly reads?: true;
  handle(request: CloudRequest): CloudAnswer;
}

export const answer = (status: number, body?: unknown, rest: Omit<CloudAnswer, 'status' | 'body'> = {}): CloudAnswer => ({
  status,
  body,
  ...rest,
});
export const refused = ({ status, errorMessages, errors }: Refusal): CloudAnswer => ({ status, body: { errorMessages, errors } });
export const say = (status: number, ...errorMessages: string[]): CloudAnswer => refused({ status, errorMessages, errors: {} });

/** Goes on with the value, or answers with the refusal. */
export const whenOk = <T>(outcome: Outcome<T>, next: (value: T) => CloudAnswer): CloudAnswer =>
  outcome.ok ? next(outcome.value) : refused(outcome.refusal);

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});
/** A list given as an array, or as one text with commas. */
export const listOf = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(listOf);
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
    : [];
};
export const numberOf = (value: unknown, otherwise: number): number => {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isInteger(number) && number >= 0 ? number : otherwise;
};
export const propertiesOf = (value: unknown): { key: string; value: unknown }[] =>
  Array.isArray(value)
    ? value.filter(isRecord).map((property) => ({ key: String(property['key']), value: property['value'] }))
    : [];

/** A page of a list, in the form that most of Jira's lists have. */
export function pageOf<T>(
  request: CloudRequest,
  path: string,
  all: readonly T[],
  defaultMax: number,
): { startAt: number; maxResults: number; total: number; isLast: boolean; self: string; values: readonly T[] } {
  const startAt = numberOf(request.query['startAt'], 0);
  const maxResults = numberOf(request.query['maxResults'], defaultMax);
  const values = all.slice(startAt, startAt + maxResults);
  return {
    self: `${request.site.baseUrl}/rest/api/${request.version}/${path}`,
    maxResults,
    startAt,
    total: all.length,
    isLast: startAt + values.length >= all.length,
    values,
  };
}
