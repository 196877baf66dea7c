import { beforeEach, describe, expect, it } from '@jest/globals';
import { fail, succeed } from '../core/failure.ts';
import { createAddressRule, readGivenAddress } from '../platform/given-address.ts';
import { createSiteProbe, kindsOf } from './probe-site.ts';
import type { Ask, Reply, SendHttp } from './send-http.ts';

const RULE = createAddressRule({ http: 'never', allowed: [] });

let asked: string[];
let answers: Map<string, Partial<Reply>>;
beforeEach(() => {
  asked = [];
  answers = new Map();
});

const send: SendHttp = async ({ url }: Ask) => {
  asked.push(url);
  const answer = answers.get(url);
  return answer === undefined ? fail('unreachable') : succeed({ status: 200, headers: {}, body: '', ...answer });
};
const APP = { clientId: 'client', clientSecret: 'secret' };
const probe = (typed: string, app: typeof APP | null = APP) =>
  createSiteProbe({ send, checkAddress: async (text) => readGivenAddress(text, RULE), typedAllowed: true, app }).probe(typed);

const serves = (siteUrl: string, info: object): void => {
  answers.set(`${siteUrl}/rest/api/2/serverInfo`, { body: JSON.stringify({ baseUrl: siteUrl, ...info }) });
};

describe('createSiteProbe', () => {
  it.each([
    'https://jira.example.com',
    'jira.example.com',
    'https://jira.example.com/secure/Dashboard.jspa',
    'https://jira.example.com/browse/SUP-1?filter=1#comment',
  ])('finds the site of %s', async (typed) => {
    serves('https://jira.example.com', { version: '10.3.1', deploymentType: 'Server' });
    expect(await probe(typed)).toEqual({
      ok: true,
      value: {
        siteUrl: 'https://jira.example.com',
        product: 'data-center',
        version: '10.3.1',
        cloudId: null,
        kinds: ['oauth2-data-center', 'personal-token', 'oauth1', 'password'],
      },
    });
  });

  it('offers a consent at Atlassian where Tandem has an app there', async () => {
    serves('https://acme.atlassian.net', { version: '1001.0.0', deploymentType: 'Cloud' });
    expect(await probe('acme.atlassian.net')).toMatchObject({ value: { kinds: ['oauth2-cloud', 'api-token'] } });
    expect(await probe('acme.atlassian.net', null)).toMatchObject({ value: { kinds: ['api-token'] } });
  });

  it('follows a redirect to a context path of the same host alone', async () => {
    answers.set('https://jira.example.com/rest/api/2/serverInfo', { status: 302, headers: { location: '/tracker/' } });
    serves('https://jira.example.com/tracker', { version: '9.12.0' });
    expect(await probe('https://jira.example.com')).toMatchObject({
      ok: true,
      value: { siteUrl: 'https://jira.example.com/tracker' },
    });
    answers.set('https://jira.example.com/rest/api/2/serverInfo', {
      status: 302,
      headers: { location: 'https://evil.example/' },
    });
    expect(await probe('https://jira.example.com')).toMatchObject({ ok: false, failure: { code: 'not-jira' } });
    expect(asked.filter((url) => !url.startsWith('https://jira.example.com/'))).toEqual([]);
  });

  it.each([
    ['https://10.0.0.1', 'address-not-allowed'],
    ['https://2130706433/browse/X-1', 'address-not-allowed'],
    ['http://jira.example.com', 'address-not-https'],
    ['https://jira.example.com@evil.example', 'address-has-credentials'],
    ['https://user:password@jira.example.com/browse/X-1', 'address-has-credentials'],
    ['https://jira.example.com:22', 'address-port-not-allowed'],
    ['file:///etc/passwd', 'address-malformed'],
    ['no address', 'address-malformed'],
  ])('asks nobody for %s: %s', async (typed, code) => {
    expect(await probe(typed)).toEqual({ ok: false, failure: { code, detail: null } });
    expect(asked).toEqual([]);
  });

  it('says that nobody answers', async () => {
    expect(await probe('https://jira.example.com')).toMatchObject({ ok: false, failure: { code: 'provider-unavailable' } });
  });
});

describe('kindsOf', () => {
  it.each([
    ['cloud', null, true, ['oauth2-cloud', 'api-token']],
    ['cloud', null, false, ['oauth2-cloud']],
    ['data-center', '8.13.0', true, ['oauth1', 'password']],
    ['data-center', '8.14.0', true, ['personal-token', 'oauth1', 'password']],
    ['data-center', '8.22.0', false, ['oauth2-data-center', 'oauth1']],
    ['data-center', '11.3.0', true, ['oauth2-data-center', 'personal-token', 'oauth1']],
  ] as const)('%s %s, typed kinds %s: %j', (product, version, typedAllowed, kinds) => {
    expect(kindsOf(product, version, typedAllowed)).toEqual(kinds);
  });
});
