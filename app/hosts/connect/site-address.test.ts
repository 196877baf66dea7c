import { describe, expect, it } from '@jest/globals';
import { readSiteAddress, type SiteRule } from './site-address.ts';

const LIVE: SiteRule = { hosts: ['*.atlassian.net', 'jira.example.com'], http: 'never' };
const AT_HOME: SiteRule = { hosts: ['localhost', '127.0.0.1'], http: 'localhost-too' };

describe('readSiteAddress', () => {
  it.each<[string, SiteRule, string]>([
    ['https://acme.atlassian.net', LIVE, 'https://acme.atlassian.net'],
    ['https://ACME.atlassian.net/', LIVE, 'https://acme.atlassian.net'],
    ['https://jira.example.com/jira/', LIVE, 'https://jira.example.com/jira'],
    ['http://localhost:8081', AT_HOME, 'http://localhost:8081'],
    ['http://127.0.0.1:8081', AT_HOME, 'http://127.0.0.1:8081'],
  ])('takes %s', (text, rule, address) => {
    expect(readSiteAddress(text, rule)).toEqual({ ok: true, value: address });
  });

  it.each<[string, SiteRule]>([
    ['http://acme.atlassian.net', LIVE],
    ['https://atlassian.net', LIVE],
    ['https://.atlassian.net', LIVE],
    ['https://a.b.atlassian.net', LIVE],
    ['https://evilatlassian.net', LIVE],
    ['https://acme.atlassian.net.evil.example', LIVE],
    ['https://acme.atlassian.net@evil.example', LIVE],
    ['https://user@acme.atlassian.net', LIVE],
    ['https://acme.atlassian.net/?x=1', LIVE],
    ['https://acme.atlassian.net/#x', LIVE],
    ['https://evil.example\\.atlassian.net', LIVE],
    ['ftp://acme.atlassian.net', LIVE],
    ['javascript:alert(1)', LIVE],
    ['acme.atlassian.net', LIVE],
    ['', LIVE],
    ['http://localhost:8081', LIVE],
    ['http://169.254.169.254', { hosts: ['169.254.169.254'], http: 'localhost-too' }],
    ['http://localhost.evil.example', AT_HOME],
  ])('refuses %s', (text, rule) => {
    expect(readSiteAddress(text, rule)).toEqual({ ok: false, failure: 'site-not-allowed' });
  });
});
