import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import { endOf, endpointOf, flawOf, type Licence, type LicenceFlaw, refusalOfStart, signedTextOf } from './licence.ts';

const NOON = Date.UTC(2026, 10, 22, 12);
const US = { tenantId: 'tenant-acme', site: 'https://acme.atlassian.net' };

const build = (overrides: Partial<Licence> = {}): Licence => ({
  product: 'tandem-remote',
  id: 'L-1',
  holder: 'Acme Ltd',
  site: null,
  tenant: null,
  issued: '2026-01-01',
  expires: '2026-11-22',
  endpoints: 2,
  ...overrides,
});

describe('flawOf', () => {
  it.each<[string, Partial<Licence>, Partial<Parameters<typeof flawOf>[1]>, LicenceFlaw | null]>([
    ['bound to nobody', {}, {}, null],
    ['on its last day', { expires: '2026-11-22' }, { now: Date.UTC(2026, 10, 22, 23, 59, 59, 999) }, null],
    ['when its last day is over', { expires: '2026-11-22' }, { now: Date.UTC(2026, 10, 23) }, 'licence-expired'],
    ['of a leap day', { expires: '2028-02-29' }, { now: Date.UTC(2028, 1, 29, 12) }, null],
    ['that nobody signed', {}, { isSigned: false }, 'licence-unsigned'],
    ['that nobody signed and that has ended', { expires: '2020-01-01' }, { isSigned: false }, 'licence-unsigned'],
    ['for our site', { site: 'https://ACME.atlassian.net/' }, {}, null],
    ['for another site', { site: 'https://globex.atlassian.net' }, {}, 'licence-of-other'],
    [
      'for a site, where we have none',
      { site: 'https://acme.atlassian.net' },
      { holder: { ...US, site: null } },
      'licence-of-other',
    ],
    ['for our tenant', { tenant: 'tenant-acme' }, {}, null],
    ['for another tenant', { tenant: 'tenant-globex' }, {}, 'licence-of-other'],
    ['for our tenant at another site', { tenant: 'tenant-acme', site: 'https://x.example' }, {}, 'licence-of-other'],
    ['for others, and ended', { tenant: 'tenant-globex', expires: '2020-01-01' }, {}, 'licence-of-other'],
  ])('[X1] a licence %s', (_what, overrides, given, flaw) => {
    expect(flawOf(build(overrides), { isSigned: true, holder: US, now: NOON, ...given })).toBe(flaw);
  });

  it('[X1] ends with the last moment of its last day', () => {
    expect(endOf({ expires: '2026-12-31' })).toBe(Date.UTC(2027, 0, 1));
  });

  it('[X1] signs every field', () => {
    const changes: Partial<Licence>[] = [
      { id: 'L-2' },
      { holder: 'Acme, Ltd' },
      { site: 'https://acme.atlassian.net' },
      { tenant: 'https://acme.atlassian.net' },
      { issued: '2026-01-02' },
      { expires: '2026-11-23' },
      { endpoints: 3 },
    ];
    const texts = [{}, ...changes].map((change) => signedTextOf(build(change)));
    expect(new Set(texts).size).toBe(texts.length);
  });
});

describe('endpointOf', () => {
  it.each([
    ['https://jira.example.com', 'jira.example.com'],
    ['http://JIRA.example.com/', 'jira.example.com'],
    ['https://jira.example.com:8443/Jira//', 'jira.example.com:8443/jira'],
  ])('[X2] %s is %s', (siteUrl, endpoint) => {
    expect(endpointOf(siteUrl)).toBe(endpoint);
  });

  it('[X2] keeps apart what differs in host, port or context path', () => {
    const urls = [
      'https://a.example',
      'https://b.example',
      'https://a.example:8443',
      'https://a.example/jira',
      'https://a.example/jira2',
    ];
    expect(new Set(urls.map(endpointOf)).size).toBe(urls.length);
  });
});

describe('refusalOfStart', () => {
  const VALID = { endpoints: 2, flaw: null };
  const set = (...endpoints: string[]): ReadonlySet<string> => new Set(endpoints);

  it.each<[string, Parameters<typeof refusalOfStart>, ReturnType<typeof refusalOfStart>]>([
    ['nothing to take', [null, set(), set('x')], null],
    ['no licence', [null, set('a'), set()], 'licence-missing'],
    ['one that nobody signed', [{ endpoints: 2, flaw: 'licence-unsigned' }, set('a'), set()], 'licence-missing'],
    ['one of somebody else', [{ endpoints: 2, flaw: 'licence-of-other' }, set('a'), set()], 'licence-missing'],
    ['one that has ended', [{ endpoints: 2, flaw: 'licence-expired' }, set('a'), set()], 'licence-expired'],
    [
      'one that has ended, of a site that is taken',
      [{ endpoints: 2, flaw: 'licence-expired' }, set('a'), set('a')],
      'licence-expired',
    ],
    ['the first', [VALID, set('a'), set()], null],
    ['the last', [VALID, set('b'), set('a')], null],
    ['one too many', [VALID, set('c'), set('a', 'b')], 'licence-endpoints-used-up'],
    ['one that is taken already', [VALID, set('a'), set('a', 'b')], null],
    ['two at once', [VALID, set('a', 'b'), set()], null],
    ['two at once where one is left', [VALID, set('b', 'c'), set('a')], 'licence-endpoints-used-up'],
    ['two of which one is taken', [VALID, set('a', 'b'), set('a')], null],
    [
      'one that is taken already, of more than a smaller licence has',
      [{ endpoints: 1, flaw: null }, set('a'), set('a', 'b')],
      null,
    ],
    ['one more than a smaller licence has', [{ endpoints: 1, flaw: null }, set('c'), set('a', 'b')], 'licence-endpoints-used-up'],
  ])('[X3] %s', (_what, given, refusal) => {
    expect(refusalOfStart(...given)).toBe(refusal);
  });

  it('[X3] never lets more be taken than the licence has', () => {
    const starts = fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 2 }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), starts, (endpoints, wishes) => {
        const taken = new Set<string>();
        for (const wanted of wishes) {
          if (refusalOfStart({ endpoints, flaw: null }, new Set(wanted), taken) !== null) continue;
          for (const endpoint of wanted) taken.add(endpoint);
        }
        expect(taken.size).toBeLessThanOrEqual(endpoints);
      }),
      runs(100),
    );
  });
});
