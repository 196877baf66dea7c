import { z } from 'zod';
import {
  type AnswerBrake,
  type ApiError,
  apiError,
  type ChangeSynchronization,
  type ConflictList,
  type ConflictValues,
  type CreateSynchronization,
  conflictList,
  conflictValues,
  type DecideConflict,
  type DeclineRequest,
  type HistoryLine,
  historyLine,
  type KeptContent,
  keptContent,
  type PageContext,
  pageContext,
  type Space,
  type StartSynchronization,
  type SynchronizationDetail,
  type SynchronizationRow,
  space,
  synchronizationDetail,
  synchronizationRow,
} from '../contract/synchronizations.ts';
import { text } from './text.ts';
import type { TokenSource } from './token-cache.ts';

/** A refusal as it is shown: what happened, what to do, and the id under which the server logged it (empty if it never did). */
export type Refusal = ApiError['error'];

/** Expected failure is a value, so every screen has to say what it shows then. */
export type Answer<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

/** The routes of `app/contract/synchronizations.ts`, one method each. */
export interface Api {
  readContext(): Promise<Answer<PageContext>>;
  listSpaces(): Promise<Answer<readonly Space[]>>;
  listSynchronizations(): Promise<Answer<readonly SynchronizationRow[]>>;
  readSynchronization(id: string): Promise<Answer<SynchronizationDetail>>;
  createSynchronization(body: CreateSynchronization): Promise<Answer<SynchronizationDetail>>;
  changeSynchronization(id: string, body: ChangeSynchronization): Promise<Answer<SynchronizationDetail>>;
  deleteSynchronization(id: string): Promise<Answer<null>>;
  acceptSynchronization(id: string): Promise<Answer<SynchronizationDetail>>;
  /** Without a reason: blank. */
  declineSynchronization(id: string, reason: string): Promise<Answer<SynchronizationDetail>>;
  sendSynchronizationAgain(id: string): Promise<Answer<SynchronizationDetail>>;
  startSynchronization(id: string, body: StartSynchronization): Promise<Answer<SynchronizationDetail>>;
  stopSynchronization(id: string): Promise<Answer<SynchronizationDetail>>;
  answerBrake(id: string, body: AnswerBrake): Promise<Answer<SynchronizationDetail>>;
  listHistory(id: string): Promise<Answer<readonly HistoryLine[]>>;
  listConflicts(id: string): Promise<Answer<ConflictList>>;
  readConflict(id: string, conflict: string): Promise<Answer<ConflictValues>>;
  decideConflict(id: string, conflict: string, body: DecideConflict): Promise<Answer<null>>;
  readKeptValue(id: string, kept: string): Promise<Answer<KeptContent>>;
  putBack(id: string, kept: string): Promise<Answer<null>>;
}

interface Call<T> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly answer: z.ZodType<T>;
}

/** The longest answer, a start with existing items, only counts them; work goes on in the background. */
const CALL_LIMIT_MS = 30_000;
const HISTORY_LIMIT = 50;

const refused = (refusal: Refusal): { ok: false; refusal: Refusal } => ({ ok: false, refusal });
const local = (code: string, words: { message: string; remedy: string }, requestId: string): { ok: false; refusal: Refusal } =>
  refused({ code, ...words, requestId });

async function readAnswer<T>(response: Response, schema: z.ZodType<T>): Promise<Answer<T>> {
  const requestId = response.headers.get('x-request-id') ?? '';
  const body: unknown = response.status === 204 ? null : await response.json().catch(() => undefined);
  if (response.ok) {
    const parsed = schema.safeParse(body);
    return parsed.success ? { ok: true, value: parsed.data } : local('unreadable-answer', text.failures.unreadable, requestId);
  }
  const refusal = apiError.safeParse(body);
  if (refusal.success) return refused(refusal.data.error);
  return local('unexpected-answer', text.failures.unexpected(response.status), requestId);
}

/**
 * The client of our own HTTP API. Never throws: a call that got no answer is a refusal too.
 * A 401 is tried once more with a new token, because a token can end while the page sleeps in a background tab.
 */
export function httpApi(tokens: TokenSource, fetchFn: typeof fetch): Api {
  const attempt = async <T>(call: Call<T>): Promise<Response | { ok: false; refusal: Refusal }> => {
    const token = await tokens.token().catch(() => null);
    if (token === null) return local('no-token', text.failures.noToken, '');
    const headers: Record<string, string> = { accept: 'application/json', authorization: `JWT ${token}` };
    if (call.body !== undefined) headers['content-type'] = 'application/json';
    try {
      return await fetchFn(`/api/v1${call.path}`, {
        method: call.method,
        headers,
        signal: AbortSignal.timeout(CALL_LIMIT_MS),
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      });
    } catch {
      return local('unreachable', text.failures.unreachable, '');
    }
  };

  const send = async <T>(call: Call<T>): Promise<Answer<T>> => {
    const first = await attempt(call);
    if (!(first instanceof Response) || first.status !== 401)
      return first instanceof Response ? readAnswer(first, call.answer) : first;
    tokens.forget();
    const second = await attempt(call);
    return second instanceof Response ? readAnswer(second, call.answer) : second;
  };

  return routes(send);
}

function routes(send: <T>(call: Call<T>) => Promise<Answer<T>>): Api {
  const detail = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown) =>
    send({ method, path, body, answer: synchronizationDetail });
  const at = (id: string, verb = '') => `/synchronizations/${encodeURIComponent(id)}${verb}`;
  const part = (id: string, kind: 'conflicts' | 'kept', one: string, verb = '') =>
    at(id, `/${kind}/${encodeURIComponent(one)}${verb}`);
  const list = <T>(path: string, answer: z.ZodType<T>) => send({ method: 'GET', path, answer });

  return {
    readContext: () => list('/context', pageContext),
    listSpaces: () =>
      list(
        '/spaces',
        z.strictObject({ spaces: z.array(space) }).transform((body) => body.spaces),
      ),
    listSynchronizations: () =>
      list(
        '/synchronizations',
        z.strictObject({ synchronizations: z.array(synchronizationRow) }).transform((body) => body.synchronizations),
      ),
    readSynchronization: (id) => detail('GET', at(id)),
    createSynchronization: (body) => detail('POST', '/synchronizations', body),
    changeSynchronization: (id, body) => detail('PATCH', at(id), body),
    deleteSynchronization: (id) => send({ method: 'DELETE', path: at(id), answer: z.null() }),
    acceptSynchronization: (id) => detail('POST', at(id, '/accept')),
    declineSynchronization: (id, reason) =>
      detail('POST', at(id, '/decline'), reason.trim() === '' ? undefined : ({ reason } satisfies DeclineRequest)),
    sendSynchronizationAgain: (id) => detail('POST', at(id, '/send-again')),
    startSynchronization: (id, body) => detail('POST', at(id, '/start'), body),
    stopSynchronization: (id) => detail('POST', at(id, '/stop')),
    answerBrake: (id, body) => detail('POST', at(id, '/brake/release'), body),
    listHistory: (id) =>
      list(
        at(id, `/history?limit=${HISTORY_LIMIT}`),
        z.strictObject({ history: z.array(historyLine) }).transform((body) => body.history),
      ),
    listConflicts: (id) => list(at(id, '/conflicts'), conflictList),
    readConflict: (id, conflict) => list(part(id, 'conflicts', conflict), conflictValues),
    decideConflict: (id, conflict, body) =>
      send({ method: 'POST', path: part(id, 'conflicts', conflict, '/decide'), body, answer: z.null() }),
    readKeptValue: (id, kept) => list(part(id, 'kept', kept), keptContent),
    putBack: (id, kept) => send({ method: 'POST', path: part(id, 'kept', kept, '/put-back'), answer: z.null() }),
  };
}
