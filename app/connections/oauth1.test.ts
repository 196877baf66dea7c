import { createPrivateKey, createPublicKey, createSign, createVerify } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import OAuth from 'oauth-1.0a';
import { runs } from '../../test/property-runs.ts';
import { fail, succeed } from '../core/failure.ts';
import { baseString, makeKeyPair, oauth1Addresses, problemOf, readOAuth1Token, signOAuth1 } from './oauth1.ts';

let pair: Awaited<ReturnType<typeof makeKeyPair>>;
beforeAll(async () => {
  pair = await makeKeyPair();
});

const NOW = 1_800_000_000_000;
const identity = (token: string | null) => ({ consumerKey: 'tandem-key', privateKey: createPrivateKey(pair.privateKey), token });

/** The header's parameters, decoded. */
const readHeader = (header: string): Record<string, string> =>
  Object.fromEntries(
    [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, decodeURIComponent(value)]),
  );

describe('a key pair', () => {
  it('is RSA of 2048 bits, as PEM that Jira takes', () => {
    expect(pair.publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    expect(createPublicKey(pair.publicKey).asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 });
  });

  it('is another one each time', async () => expect((await makeKeyPair()).publicKey).not.toBe(pair.publicKey));
});

describe('a signed request', () => {
  it('is signed over method, whole address and all parameters, as the public key proves', () => {
    const request = { method: 'GET', url: 'https://jira.example.com/jira/rest/api/2/search?jql=a%20%3D%20%22b%22&fields=x,y' };
    const header = signOAuth1(identity('token'), request, { now: NOW, nonce: 'once' });
    const { oauth_signature: signature = '', ...oauth } = readHeader(header);
    expect(oauth).toEqual({
      oauth_consumer_key: 'tandem-key',
      oauth_nonce: 'once',
      oauth_signature_method: 'RSA-SHA1',
      oauth_timestamp: '1800000000',
      oauth_version: '1.0',
      oauth_token: 'token',
    });
    const base = baseString(request.method, request.url, Object.entries(oauth));
    expect(base).toMatch(
      /^GET&https%3A%2F%2Fjira\.example\.com%2Fjira%2Frest%2Fapi%2F2%2Fsearch&fields%3Dx%252Cy%26jql%3Da%2520/,
    );
    expect(createVerify('RSA-SHA1').update(base).verify(pair.publicKey, signature, 'base64')).toBe(true);
    expect(createVerify('RSA-SHA1').update(`${base}x`).verify(pair.publicKey, signature, 'base64')).toBe(false);
  });

  it('is the example of RFC 5849 §3.4.1.1, its form body aside', () => {
    const url = 'http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b';
    const oauth = [
      ['oauth_consumer_key', '9djdj82h48djs9d2'],
      ['oauth_token', 'kkk9d7dh3k39sjv7'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', '137131201'],
      ['oauth_nonce', '7d8f3e4a'],
      ['c2', ''],
      ['a3', '2 q'],
    ] as const;
    expect(baseString('post', url, oauth)).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    );
  });

  it('is what another implementation signs', () => {
    const other = new OAuth({
      consumer: { key: 'tandem-key', secret: '' },
      signature_method: 'RSA-SHA1',
      hash_function: (base) => createSign('RSA-SHA1').update(base).sign(pair.privateKey, 'base64'),
    });
    const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,8}$/);
    const value = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 4 }), fc.constantFrom('', '/jira', '/a/b-c'), (query, contextPath) => {
        const search = Object.entries(query).map(([key, text]) => `${key}=${encodeURIComponent(text)}`);
        const url = `https://jira.example.com:8443${contextPath}/rest/api/2/x${search.length === 0 ? '' : `?${search.join('&')}`}`;
        const signed = readHeader(signOAuth1(identity('token'), { method: 'GET', url }, { now: NOW, nonce: 'once' }));
        const { oauth_signature: signature, ...oauth } = signed;
        expect(other.getSignature({ method: 'GET', url }, '', { ...oauth, oauth_timestamp: 1_800_000_000 } as OAuth.Data)).toBe(
          signature,
        );
      }),
      runs(60),
    );
  });
});

it('knows the three addresses, below a context path', () => {
  const addresses = oauth1Addresses('https://jira.example.com/jira');
  expect(addresses.requestToken).toBe('https://jira.example.com/jira/plugins/servlet/oauth/request-token');
  expect(addresses.accessToken).toBe('https://jira.example.com/jira/plugins/servlet/oauth/access-token');
  expect(addresses.authorize('a&b')).toBe('https://jira.example.com/jira/plugins/servlet/oauth/authorize?oauth_token=a%26b');
});

const reply = (status: number, body: string, headers: Record<string, string> = {}) => ({ status, body, headers });

describe('the answer to a request for a token', () => {
  it('brings the token and how long it lasts', () => {
    const body = 'oauth_token=abc%2Bd&oauth_token_secret=s&oauth_expires_in=157680000';
    expect(readOAuth1Token(succeed(reply(200, body)))).toEqual({ ok: true, value: { token: 'abc+d', lifeMs: 157_680_000_000 } });
    expect(readOAuth1Token(succeed(reply(200, 'oauth_token=t')))).toMatchObject({ value: { lifeMs: null } });
  });

  it.each<[string, ReturnType<typeof reply>, string | null]>([
    ['in the body', reply(401, 'oauth_problem=token_rejected&x=y'), 'token_rejected'],
    ['in the header', reply(401, '', { 'www-authenticate': 'OAuth realm="x", oauth_problem="nonce_used"' }), 'nonce_used'],
    ['nowhere', reply(502, '<html>oauth_problems=none</html>'), null],
    ['in a page that came with 200', reply(200, '<html></html>'), null],
  ])('or the problem: %s', (_name, answer, problem) => {
    expect(problemOf(answer)).toBe(problem);
    expect(readOAuth1Token(succeed(answer))).toEqual({ ok: false, failure: { problem } });
  });

  it('or nothing', () => expect(readOAuth1Token(fail('unreachable'))).toEqual({ ok: false, failure: { problem: null } }));
});
