import axios, { type AxiosInstance, isAxiosError } from 'axios';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { z } from 'zod';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { SignedTransport } from '../connections/transport.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { type Failure, fail, type Result, succeed } from '../core/failure.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { Clock } from '../platform/clock.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { PricedCall, Quota, QuotaNews, RateLimited } from '../sync/ports.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { Agents } from './agents.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { failureOfAnswer, failureOfFault, type HttpAnswer, type Intent, parseJson, unreadable } from './failure.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { limitsTold } from './limits-told.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { Pace } from './pace-calls.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { RateGate } from './rate-gate.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** One request as a dialect describes it. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface JiraRequest<Value> {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Method and path pattern without ids: `PUT /issue/{id}`. Names the burst bucket, the counter and the metric. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly endpoint: string;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** From the base URL on, query included, already encoded. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly path: string;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly body?: unknown;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly intent: Intent;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Goes into X-Atlassian-Webhook-Trace and comes back on the webhooks that the write causes. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly trace?: string;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** What a 2xx body must be; an empty body is parsed as null. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly schema: z.ZodType<Value>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** How many objects Jira will charge for beside the request itself; reads only (its points-based rate limits). */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly objects?: (value: Value) => number;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** What one request cost, for the budget, the metrics and the tests. No content. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface RequestRecord {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly endpoint: string;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly points: number;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly outcome: 'answered' | Failure['kind'];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface ClientParts {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly transport: SignedTransport;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly http: JiraHttp;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly clock: Clock;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly gates: { readonly connection: RateGate; readonly app: RateGate };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** How fast this process may call the site. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly pace: Pace;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** What all processes may spend, and on whose account this client calls; null: nobody counts. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly budget: Budget | null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly record: (request: RequestRecord) => void;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface Budget {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly quota: Quota;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly account: Omit<PricedCall, 'endpoint' | 'points'>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** What each endpoint of the site cost last: a search costs as many points as it finds. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly prices: Map<string, number>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface Timeouts {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Longest silence after connecting. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly idleMs: number;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Longest whole call. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly totalMs: number;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** The HTTP machinery that all sites share. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface JiraHttp {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly instance: AxiosInstance;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly timeouts: Timeouts;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface JiraClient {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  call<Value>(request: JiraRequest<Value>): Promise<Result<Value>>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const DEFAULT_TIMEOUTS: Timeouts = { idleMs: 30_000, totalMs: 60_000 };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** An item with 5,000 long comments is far below this; what is larger is not an answer we can use. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const LARGEST_ANSWER_BYTES = 32 * 1024 * 1024;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/**
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 * Calls to one site: refused while a limit is in force, else signed, sent once, parsed; the repetition is the lane's affair. No
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 * database transaction is open during any of this.
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export function createJiraClient(parts: ClientParts): JiraClient {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    async call(request) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const permit = await askPermit(parts, request);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (!permit.ok) return permit;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (permit.value.goAt > parts.clock.now()) await parts.clock.sleepUntil(permit.value.goAt);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const sent = await send(parts, request);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const result = sent.ok ? readAnswer(sent.value, request, parts.clock.now()) : sent;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const objects = result.ok && request.objects !== undefined ? request.objects(result.value) : 0;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const met = !result.ok && result.failure.kind === 'rate-limited' ? result.failure : null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      // Jira refuses without charging; of a call without an answer it is not known, so it counts.
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      await permit.value.settle({ points: met === null ? 1 + objects : 0, met, quota: null }, sent.ok ? sent.value.headers : {});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      parts.record({ endpoint: request.endpoint, points: 1 + objects, outcome: result.ok ? 'answered' : result.failure.kind });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      return result;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Leave to make one call. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
interface Permit {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly goAt: number;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  settle(news: QuotaNews, headers: HttpAnswer['headers']): Promise<void>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Whether the call may be made, and when; then it is counted. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
async function askPermit<Value>(parts: ClientParts, request: JiraRequest<Value>): Promise<Result<Permit, RateLimited>> {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const { gates, pace, budget, clock } = parts;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const { endpoint, intent, path } = request;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const closed = gates.app.closedBy(endpoint, clock.now()) ?? gates.connection.closedBy(endpoint, clock.now());
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (closed !== null) return fail(closed);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const points = budget?.prices.get(endpoint) ?? (intent === 'read' ? 2 : 1);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const taken = budget === null ? null : await budget.quota.take({ ...budget.account, endpoint, points });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (taken?.ok === false) return taken;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const paced = pace.take({ endpoint, issueId: intent === 'write' ? issueIn(path) : null }, clock.now());
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (!paced.ok) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await taken?.value.settle({ points: 0, met: null, quota: null });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    return paced;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return succeed({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    goAt: paced.value,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    async settle(news, headers) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      budget?.prices.set(endpoint, Math.max(1, news.points));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const told = limitsTold(headers);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (told !== null) pace.told(endpoint, told.perSecond);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (news.met !== null) remember(parts, endpoint, news.met);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      await taken?.value.settle({ ...news, quota: told?.quota ?? null });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** The item that a write is counted for. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const issueIn = (path: string): string | null => /\/issue\/(\d+)/.exec(path)?.[1] ?? null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
function remember({ gates, pace, clock }: ClientParts, endpoint: string, met: RateLimited): void {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  gates[met.scope === 'app' ? 'app' : 'connection'].close(endpoint, met);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (met.scope === 'endpoint') pace.slowDown(endpoint, clock.now());
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Redirects are refused because the signature covers one address; bodies are taken as text and never logged. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export const createJiraHttp = (agents: Agents, timeouts: Timeouts = DEFAULT_TIMEOUTS): JiraHttp => ({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  timeouts,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  instance: axios.create({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    httpAgent: agents.httpAgent,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    httpsAgent: agents.httpsAgent,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    timeout: timeouts.idleMs,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    maxRedirects: 0,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    maxContentLength: LARGEST_ANSWER_BYTES,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    responseType: 'text',
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    transformResponse: (body: unknown) => body,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    validateStatus: () => true,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    proxy: false,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    headers: { Accept: 'application/json' },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
});
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
async function send<Value>(parts: ClientParts, request: JiraRequest<Value>): Promise<Result<HttpAnswer>> {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const { transport, http } = parts;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  try {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const response = await http.instance.request<unknown>({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      method: request.method,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      url: `${transport.baseUrl}${request.path}`,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      // The network's own time, whatever clock decisions are made by.
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      signal: AbortSignal.timeout(http.timeouts.totalMs),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      headers: { ...transport.authorize(request.method, request.path), ...traceHeader(request), ...bodyHeader(request) },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      // Jira answers 403 to a GET with a body (CHANGE-2328).
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      ...(request.body === undefined ? {} : { data: JSON.stringify(request.body) }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    return succeed({ status: response.status, headers: plainHeaders(response.headers), body: asText(response.data) });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  } catch (error) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    if (!isAxiosError(error)) throw error;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    return fail(failureOfFault(faultOf(error), request.intent));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const traceHeader = (request: { trace?: string }): Record<string, string> =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  request.trace === undefined ? {} : { 'X-Atlassian-Webhook-Trace': request.trace };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const bodyHeader = (request: { body?: unknown }): Record<string, string> =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  request.body === undefined ? {} : { 'Content-Type': 'application/json' };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const asText = (data: unknown): string => (typeof data === 'string' ? data : '');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
function plainHeaders(headers: object): Record<string, string> {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const plain: Record<string, string> = {};
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  for (const [name, value] of Object.entries(headers)) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    if (typeof value === 'string') plain[name.toLowerCase()] = value;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return plain;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Only code and call leave the error: its message and config hold the address and the signature. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
function faultOf(error: { code?: string | undefined; message: string; cause?: unknown }): {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  code: string | null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  syscall: string | null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
} {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (error.message.startsWith('maxContentLength')) return { code: 'ANSWER_TOO_LARGE', syscall: null };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const holder = error.cause ?? error;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const syscall = typeof holder === 'object' && 'syscall' in holder && typeof holder.syscall === 'string' ? holder.syscall : null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return { code: error.code ?? null, syscall };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
function readAnswer<Value>(answer: HttpAnswer, request: JiraRequest<Value>, now: number): Result<Value> {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (answer.status < 200 || answer.status >= 300) return fail(failureOfAnswer(answer, request.intent, now));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const body = answer.body === '' ? null : parseJson(answer.body);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (body === undefined) return fail(failureOfAnswer(answer, request.intent, now));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const parsed = request.schema.safeParse(body);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return parsed.success ? succeed(parsed.data) : fail(unreadable(request.intent, describeMismatch(parsed.error)));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Paths and expected types only: the values are content. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const describeMismatch = (error: z.ZodError): string =>
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  `unexpected answer: ${error.issues
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    .slice(0, 3)
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    .map((issue) => `${issue.path.map(String).join('.') || 'body'} (${issue.code})`)
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    .join(', ')}`;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
