import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import { type AddressRefusalCode, createAddressRule, isAllowedHostEntry, readGivenAddress } from './given-address.ts';

const LIVE = createAddressRule({ http: 'never', allowed: [] });
const AT_HOME = createAddressRule({ http: 'localhost-too', allowed: ['localhost', '127.0.0.0/8', '::1'] });
const IN_HOUSE = createAddressRule({ http: 'never', allowed: ['10.1.0.0/16', 'jira.corp.example', '*.lab.example'] });

describe('readGivenAddress', () => {
  it.each<[string, string, string]>([
    ['https://jira.example.com', 'https://jira.example.com', 'jira.example.com'],
    ['  https://jira.example.com/  ', 'https://jira.example.com', 'jira.example.com'],
    ['jira.example.com', 'https://jira.example.com', 'jira.example.com'],
    ['jira.example.com:8443/jira', 'https://jira.example.com:8443/jira', 'jira.example.com'],
    ['HTTPS://Jira.Example.COM/Jira', 'https://jira.example.com/Jira', 'jira.example.com'],
    ['https://jira.example.com//', 'https://jira.example.com', 'jira.example.com'],
    ['https://jira.example.com/a/../jira/', 'https://jira.example.com/jira', 'jira.example.com'],
    ['https://jira.example.com.', 'https://jira.example.com', 'jira.example.com'],
    ['https://jira.example.com:443', 'https://jira.example.com', 'jira.example.com'],
    ['https://jira.example.com:8080', 'https://jira.example.com:8080', 'jira.example.com'],
    ['https://jirä.example', 'https://xn--jir-sla.example', 'xn--jir-sla.example'],
    ['https://8.8.8.8', 'https://8.8.8.8', '8.8.8.8'],
    ['https://134744072', 'https://8.8.8.8', '8.8.8.8'],
    ['https://[2606:4700::1]:8443/jira', 'https://[2606:4700::1]:8443/jira', '2606:4700::1'],
    ['https://jira', 'https://jira', 'jira'],
  ])('takes %s as %s', (text, siteUrl, host) => {
    expect(readGivenAddress(text, LIVE)).toEqual({ ok: true, value: { siteUrl, host } });
  });

  it.each<[string, AddressRefusalCode]>([
    ['', 'address-malformed'],
    ['   ', 'address-malformed'],
    ['https://', 'address-malformed'],
    ['https://.', 'address-malformed'],
    ['//jira.example.com', 'address-malformed'],
    ['https://jira.example.com\\@evil.example', 'address-malformed'],
    ['https:\\\\jira.example.com', 'address-malformed'],
    ['https://jira.exa\tmple.com', 'address-malformed'],
    ['https://jira.example.com\n.evil.example', 'address-malformed'],
    ['https://jira.example.com/jira\u0000', 'address-malformed'],
    ['https://jira .example.com', 'address-malformed'],
    ['https://jira.example.com/%2e%2e/admin', 'address-malformed'],
    ['https://jira.example.com/jira;jsessionid=1', 'address-malformed'],
    ['https://jira.example.com/a//b', 'address-malformed'],
    ['https://jira%2eexample.com%2f', 'address-malformed'],
    ['https://0.0.0.0..', 'address-malformed'],
    ['https://jira..example.com', 'address-malformed'],
    ['https://.jira.example.com', 'address-malformed'],
    ['https://[::1', 'address-malformed'],
    ['https://[fe80::1%25eth0]', 'address-malformed'],
    ['https://256.256.256.256', 'address-malformed'],
    ['https://1.2.3.4.5', 'address-malformed'],
    ['https://jira.example.com:99999', 'address-malformed'],
    ['javascript:alert(1)', 'address-malformed'],
    [`https://jira.example.com/${'a'.repeat(2000)}`, 'address-malformed'],
    ['http://jira.example.com', 'address-not-https'],
    ['http://localhost', 'address-not-https'],
    ['http://127.0.0.1:8080', 'address-not-https'],
    ['ftp://jira.example.com', 'address-not-https'],
    ['file:///etc/passwd', 'address-malformed'],
    ['gopher://jira.example.com', 'address-not-https'],
    ['ws://jira.example.com', 'address-not-https'],
    ['https://admin:secret@jira.example.com', 'address-has-credentials'],
    ['https://jira.example.com@evil.example', 'address-has-credentials'],
    ['https://@jira.example.com', 'address-has-credentials'],
    ['https://:@jira.example.com', 'address-has-credentials'],
    ['admin@jira.example.com', 'address-has-credentials'],
    ['https://jira.example.com?x=1', 'address-has-query'],
    ['https://jira.example.com/?', 'address-has-query'],
    ['https://jira.example.com/#/login', 'address-has-query'],
    ['https://jira.example.com#', 'address-has-query'],
    ['https://jira.example.com:22', 'address-port-not-allowed'],
    ['https://jira.example.com:0', 'address-port-not-allowed'],
    ['https://jira.example.com:1023', 'address-port-not-allowed'],
    ['https://jira.example.com:2049', 'address-port-not-allowed'],
    ['https://jira.example.com:6667', 'address-port-not-allowed'],
    ['https://127.0.0.1', 'address-not-allowed'],
    ['https://127.1', 'address-not-allowed'],
    ['https://2130706433', 'address-not-allowed'],
    ['https://0x7f000001', 'address-not-allowed'],
    ['https://0x7f.0.0.1', 'address-not-allowed'],
    ['https://0177.0.0.1', 'address-not-allowed'],
    ['https://017700000001', 'address-not-allowed'],
    ['https://１２７.0.0.1', 'address-not-allowed'],
    ['https://127。0。0。1', 'address-not-allowed'],
    ['https://127.0.0.1.', 'address-not-allowed'],
    ['https://0', 'address-not-allowed'],
    ['https://0.0.0.0', 'address-not-allowed'],
    ['https://10.1.2.3', 'address-not-allowed'],
    ['https://192.168.1.1:8443', 'address-not-allowed'],
    ['https://169.254.169.254', 'address-not-allowed'],
    ['https://2852039166', 'address-not-allowed'],
    ['https://0xA9FEA9FE', 'address-not-allowed'],
    ['https://100.64.0.1', 'address-not-allowed'],
    ['https://[::1]', 'address-not-allowed'],
    ['https://[::]', 'address-not-allowed'],
    ['https://[0:0:0:0:0:0:0:1]', 'address-not-allowed'],
    ['https://[::ffff:127.0.0.1]', 'address-not-allowed'],
    ['https://[::ffff:a9fe:a9fe]', 'address-not-allowed'],
    ['https://[64:ff9b::10.0.0.1]', 'address-not-allowed'],
    ['https://[2002:7f00:1::]', 'address-not-allowed'],
    ['https://[fd00:ec2::254]', 'address-not-allowed'],
    ['https://[fe80::1]', 'address-not-allowed'],
    ['https://[ff02::1]', 'address-not-allowed'],
    ['https://metadata.google.internal', 'address-not-allowed'],
    ['https://Metadata.Google.Internal.', 'address-not-allowed'],
    ['https://instance-data', 'address-not-allowed'],
    ['https://localhost', 'address-not-allowed'],
    ['https://LOCALHOST.', 'address-not-allowed'],
    ['https://jira.localhost', 'address-not-allowed'],
    ['https://ⓛocalhost', 'address-not-allowed'],
  ])('refuses %j: %s', (text, failure) => {
    expect(readGivenAddress(text, LIVE)).toEqual({ ok: false, failure });
  });

  it.each(['http://localhost:8080/jira', 'http://127.0.0.1:2990', 'http://[::1]:8080', 'https://localhost:8443'])(
    'takes %s at home',
    (text) => {
      expect(readGivenAddress(text, AT_HOME)).toMatchObject({ ok: true, value: { siteUrl: text } });
    },
  );

  it.each<[string, AddressRefusalCode]>([
    ['http://jira.example.com', 'address-not-https'],
    ['http://10.0.0.1', 'address-not-https'],
    ['http://localhost.evil.example', 'address-not-https'],
    ['http://127.0.0.1.evil.example', 'address-not-https'],
    ['https://10.0.0.1', 'address-not-allowed'],
    ['http://localhost:22', 'address-port-not-allowed'],
  ])('refuses %s at home: %s', (text, failure) => {
    expect(readGivenAddress(text, AT_HOME)).toEqual({ ok: false, failure });
  });

  it('never changes its mind about what it has taken', () => {
    const part = fc.stringMatching(/^[a-z0-9.@:/?#[\]\\%-]{0,12}$/);
    const text = fc.tuple(fc.constantFrom('https://', 'http://', '', 'https:'), fc.oneof(part, fc.webUrl(), fc.ipV4()), part);
    fc.assert(
      fc.property(text, (parts) => {
        const read = readGivenAddress(parts.join(''), LIVE);
        if (!read.ok) return;
        const { siteUrl, host } = read.value;
        expect(readGivenAddress(siteUrl, LIVE)).toEqual(read);
        const url = new URL(siteUrl);
        expect([url.protocol, url.username, url.password, url.search, url.hash]).toEqual(['https:', '', '', '', '']);
        expect(url.hostname.replace(/^\[|\]$/g, '')).toBe(host);
        expect(url.href.replace(/\/$/, '')).toBe(siteUrl);
      }),
      runs(500),
    );
  });
});

describe('AddressRule', () => {
  it.each<[string, string, boolean]>([
    ['jira.example.com', '8.8.8.8', true],
    ['jira.example.com', '10.1.2.3', true],
    ['jira.example.com', '10.2.2.3', false],
    ['jira.corp.example', '192.168.1.1', true],
    ['JIRA.corp.example.', '192.168.1.1', true],
    ['evil.jira.corp.example', '192.168.1.1', false],
    ['one.lab.example', '192.168.1.1', true],
    ['one.two.lab.example', '192.168.1.1', false],
    ['lab.example', '192.168.1.1', false],
    // No Jira is there, whatever was allowed.
    ['jira.corp.example', '169.254.169.254', false],
    ['jira.corp.example', '::ffff:169.254.169.254', false],
    ['jira.corp.example', '64:ff9b::a9fe:a9fe', false],
    ['jira.corp.example', 'fe80::1%eth0', false],
  ])('%s at %s: %s', (host, ip, allowed) => {
    expect(IN_HOUSE.allows(host, ip)).toBe(allowed);
  });
});

describe('isAllowedHostEntry', () => {
  it.each<[string, boolean]>([
    ['10.0.0.0/8', true],
    ['fd12::/48', true],
    ['10.1.2.3', true],
    ['::1', true],
    ['jira.corp.example', true],
    ['*.corp.example', true],
    ['jira', true],
    ['10.0.0.0/40', false],
    ['10.0.0', false],
    ['*', false],
    ['https://jira.corp.example', false],
    ['', false],
  ])('%j: %s', (text, valid) => {
    expect(isAllowedHostEntry(text)).toBe(valid);
  });
});
