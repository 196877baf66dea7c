import { describe, expect, it } from '@jest/globals';
import { httpApi } from './api.ts';
import { text } from './text.ts';

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

/** A server that gives the answers in order, and a record of what it was asked. */
function server(...answers: (() => Response)[]) {
  const sent: Sent[] = [];
  const state = { forgotten: 0, token: 1 };
  const fetchFn = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    sent.push({ url: String(url), init });
    const answer = answers[sent.length - 1];
    if (answer === undefined) throw new TypeError('Failed to fetch');
    return answer();
  };
  const tokens = {
    token: async () => `token-${state.token}`,
    forget: () => {
      state.forgotten += 1;
      state.token += 1;
    },
  };
  return { api: httpApi(tokens, fetchFn), sent, state };
}

const json = (status: number, body: unknown) => () =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', 'x-request-id': 'r-7' } });

const row = {
  synchronizationId: 's1',
  name: 'SUP ↔ ENG',
  description: '',
  status: 'running',
  side: 'A',
  partner: { siteUrl: 'https://globex.atlassian.net', projectKey: 'ENG', projectName: 'Engineering' },
  lastActivityAt: null,
  errors: 0,
  mode: 'immediate',
  draft: null,
  request: null,
  connections: { A: null, B: null },
  brakes: [],
};
const detail = { ...row, content: { fields: [], status: null, comments: null }, types: [], statuses: [], version: 1 };
const refusal = { code: 'wrong-state', message: 'It is running.', remedy: 'Stop it first.', requestId: 'r-9' };

describe('httpApi', () => {
  it('sends the token, and a body only where there is one', async () => {
    const { api, sent } = server(json(200, { synchronizations: [row] }), json(200, detail));
    expect(await api.listSynchronizations()).toEqual({ ok: true, value: [row] });
    await api.startSynchronization('s1', { existingItems: 'leave' });
    expect(sent.map(({ url, init }) => [init.method, url, init.body])).toEqual([
      ['GET', '/api/v1/synchronizations', undefined],
      ['POST', '/api/v1/synchronizations/s1/start', '{"existingItems":"leave"}'],
    ]);
    expect(sent[0]?.init.headers).toEqual({ accept: 'application/json', authorization: 'JWT token-1' });
    expect(sent[1]?.init.headers).toMatchObject({ 'content-type': 'application/json' });
  });

  it('keeps an id from becoming part of the path', async () => {
    const { api, sent } = server(json(200, detail));
    await api.readSynchronization('../spaces?x');
    expect(sent[0]?.url).toBe('/api/v1/synchronizations/..%2Fspaces%3Fx');
  });

  it('takes 204 for a deletion', async () => {
    const { api, sent } = server(() => new Response(null, { status: 204 }));
    expect(await api.deleteSynchronization('s1')).toEqual({ ok: true, value: null });
    expect(sent[0]?.init.method).toBe('DELETE');
  });

  it('declines with a reason, or without one', async () => {
    const { api, sent } = server(json(200, detail), json(200, detail));
    await api.declineSynchronization('s1', 'Which items?');
    await api.declineSynchronization('s1', ' ');
    expect(sent.map(({ init }) => init.body)).toEqual(['{"reason":"Which items?"}', undefined]);
  });

  it('tries a 401 once more, with a new token', async () => {
    const { api, sent, state } = server(json(401, { error: refusal }), json(200, detail));
    expect((await api.stopSynchronization('s1')).ok).toBe(true);
    expect(state.forgotten).toBe(1);
    expect(sent[1]?.init.headers).toMatchObject({ authorization: 'JWT token-2' });
  });

  it('gives up after the second 401', async () => {
    const { api, sent } = server(json(401, { error: refusal }), json(401, { error: refusal }));
    expect(await api.stopSynchronization('s1')).toEqual({ ok: false, refusal });
    expect(sent).toHaveLength(2);
  });

  it.each([
    ['the server’s own refusal as it is', json(409, { error: refusal }), refusal],
    [
      'a refusal by something in between',
      () => new Response('<html>Bad gateway</html>', { status: 502 }),
      { code: 'unexpected-answer', ...text.failures.unexpected(502), requestId: '' },
    ],
    [
      'an answer that breaks the contract',
      json(200, { ...detail, surprise: true }),
      { code: 'unreadable-answer', ...text.failures.unreadable, requestId: 'r-7' },
    ],
    [
      'no answer',
      () => {
        throw new TypeError('Failed to fetch');
      },
      { code: 'unreachable', ...text.failures.unreachable, requestId: '' },
    ],
  ])('shows %s', async (_name, answer, expected) => {
    const { api } = server(answer);
    expect(await api.acceptSynchronization('s1')).toEqual({ ok: false, refusal: expected });
  });

  it('says so when the host gives no token, and calls nobody', async () => {
    let calls = 0;
    const api = httpApi({ token: () => Promise.reject(new Error('silent')), forget: () => undefined }, async () => {
      calls += 1;
      return new Response();
    });
    expect(await api.readContext()).toMatchObject({ ok: false, refusal: { code: 'no-token' } });
    expect(calls).toBe(0);
  });
});
