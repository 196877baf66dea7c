import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import type { Failure } from '../core/failure.ts';
import { failureOfAnswer, failureOfFault, type Intent } from './failure.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const HOUR = 3_600_000;
const PAGE = '<!DOCTYPE html><html><body>Sorry, this page is not here</body></html>';
const errors = (fields: Record<string, string>, messages: string[] = []): string =>
  JSON.stringify({ errorMessages: messages, errors: fields });

const NOBODY = { 'x-ausername': 'anonymous' };
const RIDDLE = { 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=https://jira.example/login.jsp' };
const BUCKET = {
  'x-ratelimit-limit': '100',
  'x-ratelimit-remaining': '0',
  'x-ratelimit-fillrate': '10',
  'x-ratelimit-interval-seconds': '60',
};
const fieldId = (id: string) => id as never;
const rejected = (detail: string, ...fields: string[]): Failure => ({ kind: 'rejected', fields: fields.map(fieldId), detail });

describe('an answer becomes a failure', () => {
  const rows: [string, Intent, number, Record<string, string>, string, Failure][] = [
    ['unsigned', 'read', 401, {}, '', { kind: 'unauthorized' }],
    ['unsigned write', 'write', 401, {}, PAGE, { kind: 'unauthorized' }],
    ['as nobody, to whom nothing is there', 'read', 404, NOBODY, errors({}), { kind: 'unauthorized' }],
    ['as nobody, who may not', 'write', 403, NOBODY, errors({}), { kind: 'unauthorized' }],
    ['as nobody, while the site is down', 'write', 503, NOBODY, PAGE, { kind: 'uncertain', detail: 'answered 503' }],
    ['known, and gone', 'read', 404, { 'x-ausername': 'anna' }, errors({}), { kind: 'missing' }],
    ['a riddle to solve', 'write', 403, RIDDLE, PAGE, { kind: 'unauthorized' }],
    ['a page to log in at', 'read', 302, { location: '/jira/login.jsp?os_destination=x' }, '', { kind: 'unauthorized' }],
    ['single sign-on', 'write', 302, { location: 'https://id.example/saml?SAMLRequest=x' }, '', { kind: 'unauthorized' }],
    ['moved', 'read', 302, { location: 'https://other.example/' }, '', { kind: 'unavailable', detail: 'redirects (302)' }],
    ['not allowed', 'write', 403, {}, errors({}, ['no']), { kind: 'forbidden' }],
    ['not allowed, page', 'read', 403, {}, PAGE, { kind: 'forbidden' }],
    ['gone', 'read', 404, {}, errors({}, ['Issue does not exist or you do not have permission to see it.']), { kind: 'missing' }],
    ['gone on write', 'write', 404, {}, errors({}), { kind: 'missing' }],
    ['site gone: page', 'read', 404, {}, PAGE, { kind: 'unavailable', detail: 'answered 404 with a page instead of JSON' }],
    ['site gone: nothing', 'write', 404, {}, '', { kind: 'unavailable', detail: 'answered 404 with a page instead of JSON' }],
    ['edited at once', 'write', 409, {}, errors({}), { kind: 'contended' }],
    ['API removed', 'read', 410, {}, errors({}), rejected('answered 410')],
    ['too many comments', 'write', 413, {}, errors({}), { kind: 'too-large' }],
    ['configuration problem', 'write', 422, {}, errors({}), rejected('answered 422')],
    [
      'field refused',
      'write',
      400,
      {},
      errors({ priority: "Field 'priority' cannot be set." }),
      rejected('answered 400 naming priority', 'priority'),
    ],
    [
      'two fields',
      'write',
      400,
      {},
      errors({ duedate: 'x', labels: 'y' }),
      rejected('answered 400 naming duedate, labels', 'duedate', 'labels'),
    ],
    ['no field', 'write', 400, {}, errors({}, ['INVALID_INPUT']), rejected('answered 400')],
    ['content as key is dropped', 'write', 400, {}, errors({ 'My secret text!': 'x' }), rejected('answered 400')],
    ['400 page', 'write', 400, {}, PAGE, rejected('answered 400')],
    ['400 array', 'write', 400, {}, '[]', rejected('answered 400')],
    [
      'summary too long',
      'write',
      400,
      {},
      errors({ summary: 'Summary must be less than 255 characters.' }),
      { kind: 'too-large' },
    ],
    [
      'text too long',
      'write',
      400,
      {},
      errors({}, ['The entered text is too long. It exceeds the allowed limit of 32,767 characters.']),
      { kind: 'too-large' },
    ],
    ['moved', 'read', 302, { location: 'https://x' }, '', { kind: 'unavailable', detail: 'redirects (302)' }],
    ['moved write', 'write', 307, {}, '', { kind: 'unavailable', detail: 'redirects (307)' }],
    ['broken read', 'read', 500, {}, PAGE, { kind: 'unavailable', detail: 'answered 500' }],
    ['broken write', 'write', 500, {}, '', { kind: 'uncertain', detail: 'answered 500' }],
    ['gateway, read', 'read', 502, {}, PAGE, { kind: 'unavailable', detail: 'answered 502' }],
    ['gateway, write', 'write', 502, {}, PAGE, { kind: 'uncertain', detail: 'answered 502' }],
    ['maintenance, read', 'read', 503, { 'retry-after': '30' }, PAGE, { kind: 'unavailable', detail: 'answered 503' }],
    ['maintenance, write', 'write', 503, {}, PAGE, { kind: 'uncertain', detail: 'answered 503' }],
    ['gateway time-out, write', 'write', 504, {}, '', { kind: 'uncertain', detail: 'answered 504' }],
    ['request time-out, read', 'read', 408, {}, '', { kind: 'unavailable', detail: 'answered 408' }],
    ['request time-out, write', 'write', 408, {}, '', { kind: 'uncertain', detail: 'answered 408' }],
    ['not implemented, write', 'write', 501, {}, '', { kind: 'unavailable', detail: 'answered 501' }],
    [
      'login page instead of JSON',
      'read',
      200,
      {},
      PAGE,
      { kind: 'unavailable', detail: 'answered 200 with a body that is not JSON' },
    ],
    ['page after a write', 'write', 201, {}, PAGE, { kind: 'uncertain', detail: 'answered 201 with a body that is not JSON' }],
  ];
  it.each(rows)('%s (%s, %i)', (...[, intent, status, headers, body, expected]) => {
    expect(failureOfAnswer({ status, headers, body }, intent, NOW)).toEqual(expected);
  });
});

describe('429 says who waits, and until when', () => {
  const rows: [string, Record<string, string>, 'app' | 'site' | 'endpoint' | 'item', number][] = [
    ['app quota', { 'ratelimit-reason': 'jira-quota-global-based', 'retry-after': '1800' }, 'app', NOW + 1_800_000],
    [
      'site quota',
      { 'ratelimit-reason': 'jira-quota-tenant-based', 'x-ratelimit-reset': '2026-11-22T10:40:00Z' },
      'site',
      NOW + 2_400_000,
    ],
    ['burst', { 'ratelimit-reason': 'jira-burst-based', 'retry-after': '5' }, 'endpoint', NOW + 5000],
    ['item', { 'ratelimit-reason': 'jira-per-issue-on-write', 'retry-after': '3' }, 'item', NOW + 3000],
    ['no reason', { 'retry-after': '3' }, 'site', NOW + 3000],
    ['unknown reason', { 'ratelimit-reason': 'jira-new-kind', 'retry-after': '3' }, 'site', NOW + 3000],
    ['nothing at all', {}, 'site', NOW + 2000],
    ['HTTP date', { 'retry-after': 'Sun, 22 Nov 2026 10:00:10 GMT' }, 'site', NOW + 10_000],
    ['Retry-After wins', { 'retry-after': '4', 'x-ratelimit-reset': '2026-11-22T10:40:00Z' }, 'site', NOW + 4000],
    ['zero is a second', { 'retry-after': '0' }, 'site', NOW + 1000],
    ['past reset is a second', { 'x-ratelimit-reset': '2026-11-22T09:00:00Z' }, 'site', NOW + 1000],
    ['absurd wait is an hour', { 'retry-after': '2147483647' }, 'site', NOW + HOUR],
    ['far reset is an hour', { 'x-ratelimit-reset': '2036-11-22T09:00:00Z' }, 'site', NOW + HOUR],
    ['Data Center, its bucket', { ...BUCKET, 'retry-after': '7' }, 'site', NOW + 7000],
    ['Data Center, only when it fills', BUCKET, 'site', NOW + 60_000],
    ['Data Center, blocked for good', { ...BUCKET, 'x-ratelimit-limit': '0', 'retry-after': '2147483647' }, 'site', NOW + HOUR],
    ['just an hour', { 'retry-after': '3600' }, 'site', NOW + HOUR],
    ['nonsense', { 'retry-after': 'soon', 'x-ratelimit-reset': 'later' }, 'site', NOW + 2000],
  ];
  it.each(rows)('%s', (_name, headers, scope, retryAt) => {
    expect(failureOfAnswer({ status: 429, headers, body: '' }, 'write', NOW)).toEqual({ kind: 'rate-limited', scope, retryAt });
  });

  it('never names a moment in the past nor one further than an hour, whatever Jira says', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (after, reset) => {
        const failure = failureOfAnswer(
          { status: 429, headers: { 'retry-after': after, 'x-ratelimit-reset': reset }, body: '' },
          'read',
          NOW,
        );
        expect(failure.kind === 'rate-limited' && failure.retryAt > NOW && failure.retryAt <= NOW + HOUR).toBe(true);
      }),
      runs(100),
    );
  });
});

describe('no answer becomes a failure', () => {
  const rows: [string, Intent, string | null, string | null, Failure['kind']][] = [
    ['refused, read', 'read', 'ECONNREFUSED', 'connect', 'unavailable'],
    ['refused, write', 'write', 'ECONNREFUSED', 'connect', 'unavailable'],
    ['no such host, write', 'write', 'ENOTFOUND', 'getaddrinfo', 'unavailable'],
    ['resolver busy, write', 'write', 'EAI_AGAIN', 'getaddrinfo', 'unavailable'],
    ['connecting took too long, write', 'write', 'CONNECT_TIMEOUT', null, 'unavailable'],
    ['system gave up connecting, write', 'write', 'ETIMEDOUT', 'connect', 'unavailable'],
    ['bad certificate, write', 'write', 'CERT_HAS_EXPIRED', null, 'unavailable'],
    ['reset, read', 'read', 'ECONNRESET', 'read', 'unavailable'],
    ['reset, write', 'write', 'ECONNRESET', 'read', 'uncertain'],
    ['reset without a call, write', 'write', 'ECONNRESET', null, 'uncertain'],
    ['broken pipe, write', 'write', 'EPIPE', 'write', 'uncertain'],
    ['no first byte, write', 'write', 'ECONNABORTED', null, 'uncertain'],
    ['no first byte, read', 'read', 'ECONNABORTED', null, 'unavailable'],
    ['took too long altogether, write', 'write', 'ERR_CANCELED', null, 'uncertain'],
    ['garbled HTTP, write', 'write', 'HPE_INVALID_CONSTANT', null, 'uncertain'],
    ['unknown, write', 'write', null, null, 'uncertain'],
    ['answer too large, read', 'read', 'ANSWER_TOO_LARGE', null, 'too-large'],
    ['answer too large, write', 'write', 'ANSWER_TOO_LARGE', null, 'uncertain'],
  ];
  it.each(rows)('%s', (_name, intent, code, syscall, kind) => {
    expect(failureOfFault({ code, syscall }, intent).kind).toBe(kind);
  });
});

it('carries nothing of the body but field ids', () => {
  fc.assert(
    fc.property(fc.integer({ min: 300, max: 599 }), fc.string({ minLength: 6 }), (status, text) => {
      const secret = `§${text}§`;
      const failure = failureOfAnswer(
        { status, headers: {}, body: errors({ summary: secret, [secret]: secret }, [secret]) },
        'write',
        NOW,
      );
      expect(JSON.stringify(failure)).not.toContain('§');
    }),
    runs(100),
  );
});
