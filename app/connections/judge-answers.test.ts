import { describe, expect, it } from '@jest/globals';
import { matchSite } from './ask-on-entry.ts';
import { judgeTyped } from './enter-credentials.ts';
import { lostBy } from './sign-remote.ts';

const reply = (status: number, body = '', headers: Record<string, string> = {}) => ({ status, body, headers });
const problem = (word: string) => reply(401, '', { 'www-authenticate': `OAuth realm="x", oauth_problem="${word}"` });

describe('why a site does not know us any more', () => {
  it.each([
    ['a token of OAuth 2.0 is refused', reply(401), 'oauth2', 'consent-revoked'],
    ['a typed token is refused', reply(401), 'bearer', 'token-refused'],
    ['a password is refused', reply(401), 'basic', 'token-refused'],
    ['OAuth 1.0a without a word', reply(401), 'oauth1', 'token-refused'],
    ['OAuth 1.0a: revoked', problem('token_revoked'), 'oauth1', 'consent-revoked'],
    ['OAuth 1.0a: run out', problem('token_expired'), 'oauth1', 'token-expired'],
    ['OAuth 1.0a: another key', problem('signature_invalid'), 'oauth1', 'client-refused'],
    ['OAuth 1.0a: the clocks', problem('timestamp_refused'), 'oauth1', null],
    ['OAuth 1.0a: one request alone', problem('nonce_used'), 'oauth1', null],
    ['it knows us, and does not let us', reply(403), 'bearer', null],
    ['it is away', reply(503), 'oauth2', null],
    ['it knows us', reply(200), 'basic', null],
  ] as const)('%s', (_name, answer, kind, cause) => expect(lostBy(answer, { kind })).toBe(cause));
});

describe('what is said of typed credentials', () => {
  it.each([
    ['wrong', 'password', reply(401, '', { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' }), 'credentials-refused'],
    ['basic is off', 'password', reply(401, '{"message":"Basic authentication is disabled. Use a token."}'), 'password-off'],
    [
      'the same with other words',
      'password',
      reply(403, 'Basic Authentication has been disabled on this instance.'),
      'password-off',
    ],
    ['in a header', 'password', reply(401, '', { 'www-authenticate': 'Basic Auth not allowed' }), 'password-off'],
    ['not of other kinds', 'personal-token', reply(401, 'Basic authentication is disabled.'), 'credentials-refused'],
    ['a CAPTCHA', 'password', reply(403, '', { 'x-seraph-loginreason': 'AUTHENTICATION_DENIED' }), 'captcha-needed'],
    ['the site is away', 'api-token', reply(502), 'provider-unavailable'],
    ['asked too often', 'api-token', reply(429), 'provider-unavailable'],
  ] as const)('%s', (_name, kind, answer, code) => expect(judgeTyped(kind, answer).code).toBe(code));
});

describe('the site that a consent is for', () => {
  const acme = { cloudId: '1', url: 'https://acme.atlassian.net' };
  const globex = { cloudId: '2', url: 'https://globex.atlassian.net' };
  it.each([
    ['by its address', { siteUrl: 'https://globex.atlassian.net', cloudId: null }, globex],
    ['by its id, where people know it by another name', { siteUrl: 'https://jira.acme.example', cloudId: '1' }, acme],
    ['by its id first', { siteUrl: 'https://globex.atlassian.net', cloudId: '1' }, acme],
    ['never another', { siteUrl: 'https://initech.atlassian.net', cloudId: '3' }, null],
    ['nor one whose address only begins like it', { siteUrl: 'https://acme.atlassian.net.evil.example', cloudId: null }, null],
  ])('%s', (_name, named, expected) => expect(matchSite([acme, globex], named)).toEqual(expected));
});
