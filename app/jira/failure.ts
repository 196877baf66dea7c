import type { Failure } from '../core/failure.ts';
import type { FieldId } from '../core/ids.ts';

/**
 * HTTP into the closed vocabulary of core/failure.ts: the only place that knows status codes.
 * Nothing of a body gets into a failure except field ids: Jira's messages quote the values that people typed.
 */

/** Whether Jira changes anything when it gets this request. Searches and bulk fetches are POSTs, and still reads. */
export type Intent = 'read' | 'write';

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What Node and axios say when no answer came. */
export interface TransportFault {
  readonly code: string | null;
  readonly syscall: string | null;
}

const SECOND_MS = 1000;
/** Data Center answers absurd waits to blocked users, and a quota is never further away than an hour. */
const LONGEST_WAIT_MS = 3600 * SECOND_MS;
/** Atlassian's advice for a 429 that says nothing: back off from two seconds. */
const DEFAULT_WAIT_MS = 2 * SECOND_MS;

/** Faults that happen before the first byte of a request can have reached Jira. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
  'CONNECT_TIMEOUT',
  'ADDRESS_NOT_ALLOWED',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_INVALID_URL',
]);

/** Jira's own words for a length limit; the app user's language is English unless an admin changes it. */
const LENGTH_COMPLAINT =
  /too long|exceeds? the (allowed|maximum)|must be less than \d|limit of [\d,.]+ characters|CONTENT_LIMIT_EXCEEDED/i;

/** An answer that came, but is not what was asked for. `now` in epoch milliseconds, for the moment to try again. */
export function failureOfAnswer(answer: HttpAnswer, intent: Intent, now: number): Failure {
  const { status } = answer;
  if (status === 429) return rateLimited(answer, now);
  if (isUnknownCaller(answer)) return { kind: 'unauthorized' };
  if (status === 408 || status === 425 || status >= 500) return notDone(`answered ${status}`, intent, status);
  if (status === 401) return { kind: 'unauthorized' };
  if (status === 403) return { kind: 'forbidden' };
  if (status === 404) return missing(answer);
  if (status === 409) return { kind: 'contended' };
  if (status === 413) return { kind: 'too-large' };
  if (status >= 400) return rejected(answer);
  // Redirects are not followed: the signature covers one address only. 2xx ends here when the body is not what it should be.
  if (status >= 300) return { kind: 'unavailable', detail: `redirects (${status})` };
  return unreadable(intent, `answered ${status} with a body that is not JSON`);
}

/**
 * Data Center says with each answer as whom it took the caller. As nobody it shows what anybody may see, and calls the rest missing: a
 * twin must not be given up for that. After too many wrong passwords it wants a person to solve a riddle; single sign-on sends the caller
 * to a page where people log in.
 */
export const isUnknownCaller = ({ status, headers }: Pick<HttpAnswer, 'status' | 'headers'>): boolean =>
  (status < 500 && headers['x-ausername'] === 'anonymous') ||
  (status >= 400 && 'x-authentication-denied-reason' in headers) ||
  (status >= 300 && status < 400 && LOGIN_PAGE.test(headers['location'] ?? ''));

const LOGIN_PAGE = /\/login\.(?:jsp|action)\b|[/=](?:saml|sso|oidc)(?:[/?&]|$)|samlrequest=/i;

/** No answer came. */
export function failureOfFault(fault: TransportFault, intent: Intent): Failure {
  const detail = `no answer (${fault.code ?? 'unknown fault'})`;
  if (fault.code === 'ANSWER_TOO_LARGE') return intent === 'read' ? { kind: 'too-large' } : { kind: 'uncertain', detail };
  const neverSent = fault.syscall === 'connect' || fault.syscall === 'getaddrinfo' || NEVER_SENT.has(fault.code ?? '');
  return intent === 'read' || neverSent ? { kind: 'unavailable', detail } : { kind: 'uncertain', detail };
}

/** An answer was there and could not be understood: of a write it is unknown what it did. */
export const unreadable = (intent: Intent, detail: string): Failure => ({
  kind: intent === 'read' ? 'unavailable' : 'uncertain',
  detail,
});

/** 501 is refused before anything is done; every other 5xx, and a time-out, can come after the write happened. */
const notDone = (detail: string, intent: Intent, status: number): Failure =>
  intent === 'read' || status === 501 || status === 425 ? { kind: 'unavailable', detail } : { kind: 'uncertain', detail };

/**
 * A 404 from the REST API is JSON. A suspended, renamed or unknown site answers 404 with a web page for every address;
 * taking that for "the item is gone" would lose twins, so it counts as an outage.
 */
const missing = (answer: HttpAnswer): Failure =>
  parseErrors(answer.body) === null
    ? { kind: 'unavailable', detail: 'answered 404 with a page instead of JSON' }
    : { kind: 'missing' };

function rejected(answer: HttpAnswer): Failure {
  const errors = parseErrors(answer.body);
  if (errors?.lengthComplaint === true) return { kind: 'too-large' };
  const fields = errors?.fields ?? [];
  const named = fields.length === 0 ? '' : ` naming ${fields.join(', ')}`;
  return { kind: 'rejected', fields, detail: `answered ${answer.status}${named}` };
}

/** Jira's error collection `{errorMessages, errors}`; null when the body is none. */
function parseErrors(body: string): { fields: readonly FieldId[]; lengthComplaint: boolean } | null {
  const parsed = parseJson(body);
  if (typeof parsed !== 'object' || parsed === null) return null;
  const errors =
    'errors' in parsed && typeof parsed.errors === 'object' && parsed.errors !== null ? Object.entries(parsed.errors) : [];
  const messages = 'errorMessages' in parsed && Array.isArray(parsed.errorMessages) ? parsed.errorMessages : [];
  const texts = [...errors.map(([, text]) => text), ...messages];
  return {
    fields: errors.map(([field]) => field as FieldId).filter(isFieldId),
    lengthComplaint: texts.some((text) => typeof text === 'string' && LENGTH_COMPLAINT.test(text)),
  };
}

/** Keys of `errors` are field ids or parameter names; anything else could be content and is dropped. */
const isFieldId = (field: string): boolean => /^[A-Za-z][A-Za-z0-9_.-]{0,80}$/.test(field);

/** The parsed body, or undefined when it is not JSON. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const SCOPES: Readonly<Record<string, 'app' | 'site' | 'endpoint' | 'item'>> = {
  'jira-quota-global-based': 'app',
  'jira-quota-tenant-based': 'site',
  'jira-burst-based': 'endpoint',
  'jira-per-issue-on-write': 'item',
};

/** An unnamed reason is taken as the site's: waiting with too much costs time, with too little costs the next hour. */
function rateLimited(answer: HttpAnswer, now: number): Failure {
  const scope = SCOPES[answer.headers['ratelimit-reason'] ?? ''] ?? 'site';
  const asked =
    retryAfter(answer.headers['retry-after'], now) ??
    resetTime(answer.headers['x-ratelimit-reset']) ??
    retryAfter(answer.headers['x-ratelimit-interval-seconds'], now) ??
    now + DEFAULT_WAIT_MS;
  return { kind: 'rate-limited', scope, retryAt: Math.min(Math.max(asked, now + SECOND_MS), now + LONGEST_WAIT_MS) };
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3), as epoch milliseconds. */
function retryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined || value.trim() === '') return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return now + seconds * SECOND_MS;
  return resetTime(value);
}

function resetTime(value: string | undefined): number | null {
  const time = value === undefined ? Number.NaN : Date.parse(value);
  return Number.isNaN(time) ? null : time;
}
