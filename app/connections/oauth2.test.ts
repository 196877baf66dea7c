import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fail, succeed } from '../core/failure.ts';
import { authorizeUrl, cloudClient, dataCenterClient, exchangeAsk, readTokens, refreshAsk } from './oauth2.ts';

const CALLBACK = 'https://tandem.example.com/oauth/callback';
const CLOUD = cloudClient(
  { clientId: 'client', clientSecret: 'secret' },
  { authUrl: 'https://auth.atlassian.com', apiUrl: 'https://api.atlassian.com' },
  CALLBACK,
);
const DATA_CENTER = dataCenterClient(
  { clientId: 'client', clientSecret: 'secret', scope: 'ADMIN' },
  'https://jira.example.com/jira',
  CALLBACK,
);
const VERIFIER = 'a'.repeat(43);

describe('the address on which a person consents', () => {
  it.each([
    ['Cloud', CLOUD, 'https://auth.atlassian.com/authorize', { audience: 'api.atlassian.com', prompt: 'consent' }],
    ['Data Center', DATA_CENTER, 'https://jira.example.com/jira/rest/oauth2/latest/authorize', { scope: 'ADMIN' }],
  ])('%s', (_name, client, address, more) => {
    const url = new URL(authorizeUrl(client, 'st ate&x=y', VERIFIER));
    expect(`${url.origin}${url.pathname}`).toBe(address);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      ...more,
      client_id: 'client',
      redirect_uri: CALLBACK,
      response_type: 'code',
      state: 'st ate&x=y',
      code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
      code_challenge_method: 'S256',
    });
    expect(url.href).not.toContain(VERIFIER);
    expect(url.href).not.toContain('secret');
  });

  it('asks Cloud for a refresh token', () => {
    expect(new URL(authorizeUrl(CLOUD, 's', VERIFIER)).searchParams.get('scope')).toContain('offline_access');
  });

  it('is S256 of RFC 7636 as its appendix B has it', () => {
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
    const url = new URL(authorizeUrl(CLOUD, 's', verifier));
    expect(url.searchParams.get('code_challenge')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  });
});

it('sends secrets in the body alone, and the redirect address with a refresh too', () => {
  const form = { client_id: 'client', client_secret: 'secret', redirect_uri: CALLBACK };
  expect(exchangeAsk(DATA_CENTER, 'code', VERIFIER)).toEqual({
    method: 'POST',
    url: 'https://jira.example.com/jira/rest/oauth2/latest/token',
    form: { ...form, grant_type: 'authorization_code', code: 'code', code_verifier: VERIFIER },
  });
  expect(refreshAsk(CLOUD, 'refresh')).toEqual({
    method: 'POST',
    url: 'https://auth.atlassian.com/oauth/token',
    form: { ...form, grant_type: 'refresh_token', refresh_token: 'refresh' },
  });
});

const GOOD = { access_token: 'a', token_type: 'Bearer', expires_in: 3600, refresh_token: 'r' };
const read = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  readTokens(succeed({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }));

describe('the answer of a token endpoint', () => {
  it.each<[string, object, object]>([
    ['whole', GOOD, { accessToken: 'a', lifeMs: 3_600_000, refreshToken: 'r' }],
    ['with words of other cases', { ...GOOD, token_type: 'bearer', expires_in: '60' }, { lifeMs: 60_000 }],
    ['without a refresh token', { ...GOOD, refresh_token: undefined }, { refreshToken: null }],
    ['without a life', { ...GOOD, expires_in: undefined }, { lifeMs: 3_600_000 }],
  ])('brings tokens: %s', (_name, body, expected) => expect(read(200, body)).toMatchObject({ ok: true, value: expected }));

  it.each<[string, number, unknown, object]>([
    ['a refresh token that is void', 400, { error: 'invalid_grant' }, { kind: 'grant', detail: 'invalid_grant' }],
    ['the same in the words of Atlassian', 403, { error: 'unauthorized_client', error_description: 'x' }, { kind: 'grant' }],
    ['a wrong client', 401, { error: 'invalid_client' }, { kind: 'client' }],
    ['the same in the words of Atlassian', 401, { error: 'access_denied' }, { kind: 'client' }],
    ['too wide a scope', 400, { error: 'invalid_scope' }, { kind: 'scope' }],
    ['an error of ours', 400, { error: 'invalid_request' }, { kind: 'unavailable', detail: 'invalid_request' }],
    ['a word nobody knows', 400, { error: 'no<script>' }, { kind: 'unavailable', detail: 'status 400' }],
    ['a page of a firewall', 403, '<html>blocked</html>', { kind: 'unavailable', detail: 'status 403' }],
    ['a page instead of an answer', 200, '<html>maintenance</html>', { kind: 'unavailable', detail: 'unreadable answer' }],
    ['a token of another kind', 200, { ...GOOD, token_type: 'mac' }, { kind: 'unavailable' }],
    ['a broken server', 503, { error: 'invalid_grant' }, { kind: 'unavailable', detail: 'status 503' }],
    ['a site that moved', 302, '', { kind: 'unavailable' }],
    ['nothing there', 404, { error: 'invalid_grant' }, { kind: 'unavailable' }],
  ])('refuses: %s', (_name, status, body, expected) =>
    expect(read(status, body)).toMatchObject({ ok: false, failure: expected }),
  );

  it('says how long to wait, in seconds alone', () => {
    expect(read(429, '', { 'retry-after': '7' })).toMatchObject({ failure: { kind: 'unavailable', waitMs: 7_000 } });
    expect(read(429, '', { 'retry-after': 'Sun, 22 Nov 2026 08:00:00 GMT' })).toMatchObject({ failure: { waitMs: null } });
    expect(read(503, '', { 'retry-after': '-1' })).toMatchObject({ failure: { waitMs: null } });
  });

  it.each(['unreachable', 'forbidden-address'] as const)('may not come at all: %s', (failure) =>
    expect(readTokens(fail(failure))).toMatchObject({ failure: { kind: 'unavailable', detail: failure } }),
  );
});
