import axios, { type AxiosInstance, isAxiosError } from 'axios';
import type { z } from 'zod';
import type { SignedTransport } from '../connections/transport.ts';
import { type Failure, fail, type Result, succeed } from '../core/failure.ts';
import type { Clock } from '../platform/clock.ts';
import type { IsOurs } from '../sync/ports.ts';
import type { PricedCall, Quota, QuotaNews, RateLimited } from '../sync/quota-ports.ts';
import type { Agents } from './agents.ts';
import {
  failureOfAnswer,
  failureOfFault,
  type HttpAnswer,
  type Intent,
  isUnknownCaller,
  parseJson,
  unreadable,
} from './failure.ts';
import { limitsTold } from './limits-told.ts';
import type { Pace } from './pace-calls.ts';
import type { RateGate } from './rate-gate.ts';

/** One request as a dialect describes it. */
export interface JiraRequest<Value> {
  /** Method and path pattern without ids: `PUT /issue/{id}`. Names the burst bucket, the counter and the metric. */
  readonly endpoint: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** From the base URL on, query included, already encoded. */
  readonly path: string;
  readonly body?: unknown;
  readonly intent: Intent;
  /** Goes into X-Atlassian-Webhook-Trace and comes back on the webhooks that the write causes. */
  readonly trace?: string | undefined;
  /** Asked right before the request is sent, and again before it is repeated. */
  readonly isOurs?: IsOurs | undefined;
  /** What a 2xx body must be; an empty body is parsed as null. */
  readonly schema: z.ZodType<Value>;
  /** How many objects Jira will charge for beside the request itself; reads only (its points-based rate limits). */
  readonly objects?: (value: Value) => number;
  /** How many items a bulk write makes, each at the price of a write; 1 unless said. */
  readonly writes?: number;
}

/** What one request cost, for the budget, the metrics and the tests. No content. */
export interface RequestRecord {
  readonly endpoint: string;
  readonly points: number;
  readonly outcome: 'answered' | Failure['kind'];
}

export interface ClientParts {
  readonly transport: SignedTransport;
  readonly http: JiraHttp;
  readonly clock: Clock;
  readonly gates: { readonly connection: RateGate; readonly app: RateGate };
  /** How fast this process may call the site. */
  readonly pace: Pace;
  /** What all processes may spend, and on whose account this client calls; null: nobody counts. */
  readonly budget: Budget | null;
  readonly record: (request: RequestRecord) => void;
}

export interface Budget {
  readonly quota: Quota;
  readonly account: Omit<PricedCall, 'endpoint' | 'points'>;
  /** What each endpoint of the site cost last: a search costs as many points as it finds. */
  readonly prices: Map<string, number>;
}

export interface Timeouts {
  /** Longest silence after connecting. */
  readonly idleMs: number;
  /** Longest whole call. */
  readonly totalMs: number;
}

/** The HTTP machinery that all sites share. */
export interface JiraHttp {
  readonly instance: AxiosInstance;
  readonly timeouts: Timeouts;
}

export interface JiraClient {
  call<Value>(request: JiraRequest<Value>): Promise<Result<Value>>;
}

const DEFAULT_TIMEOUTS: Timeouts = { idleMs: 30_000, totalMs: 60_000 };
/** An item with 5,000 long comments is far below this; what is larger is not an answer we can use. */
const LARGEST_ANSWER_BYTES = 32 * 1024 * 1024;

/**
 * Calls to one site: refused while a limit is in force, else signed, sent once, parsed; the repetition is the lane's affair. No
 * database transaction is open during any of this.
 */
export function createJiraClient(parts: ClientParts): JiraClient {
  return {
    async call(request) {
      const permit = await waitForPermit(parts, request);
      if (!permit.ok) return permit;
      const sent = await send(parts, request);
      if (sent === LOST) {
        await permit.value.settle({ points: 0, met: null, quota: null }, {});
        return LOST;
      }
      const result = sent.ok ? readAnswer(sent.value, request, parts.clock.now()) : sent;
      const objects = result.ok && request.objects !== undefined ? request.objects(result.value) : 0;
      const met = !result.ok && result.failure.kind === 'rate-limited' ? result.failure : null;
      const points = request.writes ?? 1 + objects;
      // Jira refuses without charging; of a call without an answer it is not known, so it counts.
      await permit.value.settle({ points: met === null ? points : 0, met, quota: null }, sent.ok ? sent.value.headers : {});
      parts.record({ endpoint: request.endpoint, points, outcome: result.ok ? 'answered' : result.failure.kind });
      return result;
    },
  };
}

/** Leave to make one call. */
interface Permit {
  readonly goAt: number;
  settle(news: QuotaNews, headers: HttpAnswer['headers']): Promise<void>;
}

/** Leave to make the call now. While it waits for its moment, which is soon, another call can meet a limit. */
async function waitForPermit<Value>(parts: ClientParts, request: JiraRequest<Value>): Promise<Result<Permit, RateLimited>> {
  const permit = await askPermit(parts, request);
  if (!permit.ok || permit.value.goAt <= parts.clock.now()) return permit;
  await parts.clock.sleepUntil(permit.value.goAt);
  const closed = closedGate(parts, request.endpoint);
  if (closed === null) return permit;
  await permit.value.settle({ points: 0, met: null, quota: null }, {});
  return fail(closed);
}

/** Whether the call may be made, and when; then it is counted. */
async function askPermit<Value>(parts: ClientParts, request: JiraRequest<Value>): Promise<Result<Permit, RateLimited>> {
  const { pace, budget, clock } = parts;
  const { endpoint, intent, path } = request;
  const closed = closedGate(parts, endpoint);
  if (closed !== null) return fail(closed);
  const points = request.writes ?? budget?.prices.get(endpoint) ?? (intent === 'read' ? 2 : 1);
  const taken = budget === null ? null : await budget.quota.take({ ...budget.account, endpoint, points });
  if (taken?.ok === false) return taken;
  const paced = pace.take({ endpoint, issueId: intent === 'write' ? issueIn(path) : null }, clock.now());
  if (!paced.ok) {
    await taken?.value.settle({ points: 0, met: null, quota: null });
    return paced;
  }
  return succeed({
    goAt: paced.value,
    async settle(news, headers) {
      if (news.points > 0) budget?.prices.set(endpoint, news.points);
      const told = limitsTold(headers);
      if (told !== null) pace.told(endpoint, told.perSecond);
      if (news.met !== null) remember(parts, endpoint, news.met);
      await taken?.value.settle({ ...news, quota: told?.quota ?? null });
    },
  });
}

const closedGate = ({ gates, clock }: ClientParts, endpoint: string): RateLimited | null =>
  gates.app.closedBy(endpoint, clock.now()) ?? gates.connection.closedBy(endpoint, clock.now());

/** The item that a write is counted for. */
const issueIn = (path: string): string | null => /\/issue\/(\d+)/.exec(path)?.[1] ?? null;

function remember({ gates, pace, clock }: ClientParts, endpoint: string, met: RateLimited): void {
  gates[met.scope === 'app' ? 'app' : 'connection'].close(endpoint, met);
  if (met.scope === 'endpoint') pace.slowDown(endpoint, clock.now());
}

/** Redirects are refused because the signature covers one address; bodies are taken as text and never logged. */
export const createJiraHttp = (agents: Agents, timeouts: Timeouts = DEFAULT_TIMEOUTS): JiraHttp => ({
  timeouts,
  instance: axios.create({
    httpAgent: agents.httpAgent,
    httpsAgent: agents.httpsAgent,
    timeout: timeouts.idleMs,
    maxRedirects: 0,
    maxContentLength: LARGEST_ANSWER_BYTES,
    responseType: 'text',
    transformResponse: (body: unknown) => body,
    validateStatus: () => true,
    proxy: false,
    headers: { Accept: 'application/json' },
  }),
});

/** We were held up while the request waited for its moment, and somebody else has its lane by now: it is not sent, and costs nothing. */
const LOST: Result<never> = fail({ kind: 'unavailable', detail: 'the lease ran out before the write' });

/** Signed, and if the site refuses the signature for one that is out of date, signed and sent once more. */
async function send<Value>(parts: ClientParts, request: JiraRequest<Value>): Promise<Result<HttpAnswer>> {
  const { transport } = parts;
  const signed = await transport.authorize(request.method, request.path);
  if (!signed.ok) return signed;
  const answer = await sendOnce(parts, request, signed.value);
  if (!answer.ok || answer.value.status !== 401) return answer;
  if ((await transport.refused(signed.value)) === 'over') return answer;
  const renewed = await transport.authorize(request.method, request.path);
  return renewed.ok ? sendOnce(parts, request, renewed.value) : renewed;
}

async function sendOnce<Value>(
  { transport, http }: ClientParts,
  request: JiraRequest<Value>,
  signed: { readonly Authorization: string },
): Promise<Result<HttpAnswer>> {
  if (request.isOurs?.() === false) return LOST;
  try {
    const response = await http.instance.request<unknown>({
      method: request.method,
      url: `${transport.baseUrl}${request.path}`,
      // The network's own time, whatever clock decisions are made by.
      signal: AbortSignal.timeout(http.timeouts.totalMs),
      headers: { ...signed, ...traceHeader(request), ...bodyHeader(request) },
      // Jira answers 403 to a GET with a body (CHANGE-2328).
      ...(request.body === undefined ? {} : { data: JSON.stringify(request.body) }),
    });
    return succeed({ status: response.status, headers: plainHeaders(response.headers), body: asText(response.data) });
  } catch (error) {
    if (!isAxiosError(error)) throw error;
    return fail(failureOfFault(faultOf(error), request.intent));
  }
}

const traceHeader = (request: { trace?: string | undefined }): Record<string, string> =>
  request.trace === undefined ? {} : { 'X-Atlassian-Webhook-Trace': request.trace };

const bodyHeader = (request: { body?: unknown }): Record<string, string> =>
  request.body === undefined ? {} : { 'Content-Type': 'application/json' };

const asText = (data: unknown): string => (typeof data === 'string' ? data : '');

function plainHeaders(headers: object): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') plain[name.toLowerCase()] = value;
  }
  return plain;
}

/** Only code and call leave the error: its message and config hold the address and the signature. */
function faultOf(error: { code?: string | undefined; message: string; cause?: unknown }): {
  code: string | null;
  syscall: string | null;
} {
  if (error.message.startsWith('maxContentLength')) return { code: 'ANSWER_TOO_LARGE', syscall: null };
  const holder = error.cause ?? error;
  const syscall = typeof holder === 'object' && 'syscall' in holder && typeof holder.syscall === 'string' ? holder.syscall : null;
  return { code: error.code ?? null, syscall };
}

function readAnswer<Value>(answer: HttpAnswer, request: JiraRequest<Value>, now: number): Result<Value> {
  if (answer.status < 200 || answer.status >= 300) return fail(failureOfAnswer(answer, request.intent, now));
  if (request.intent === 'read' && isUnknownCaller(answer)) return fail({ kind: 'unauthorized' });
  const body = answer.body === '' ? null : parseJson(answer.body);
  if (body === undefined) return fail(failureOfAnswer(answer, request.intent, now));
  const parsed = request.schema.safeParse(body);
  return parsed.success ? succeed(parsed.data) : fail(unreadable(request.intent, describeMismatch(parsed.error)));
}

/** Paths and expected types only: the values are content. */
const describeMismatch = (error: z.ZodError): string =>
  `unexpected answer: ${error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.map(String).join('.') || 'body'} (${issue.code})`)
    .join(', ')}`;
