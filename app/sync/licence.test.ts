import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryLicences, type MemoryLicences } from '../../test/fakes/memory-licences.ts';
import type { AccountId, ConnectionId, SynchronizationId, TenantId } from '../core/ids.ts';
import { type Licence, signedTextOf } from '../core/licence.ts';
import type { AuditEntry } from './audit-ports.ts';
import { type KeepLicencePorts, keepLicence, showLicence } from './keep-licence.ts';
import type { SignedLicence } from './licence-ports.ts';
import { createTakeEndpoints } from './take-endpoints.ts';

const ACME = 'tenant-acme' as TenantId;
const SITE = { siteTenantId: ACME, connectionId: 'c' as ConnectionId, siteUrl: 'https://acme.atlassian.net' };
const ANN = { kind: 'person', accountId: 'ann' as AccountId } as const;
const [ONE, TWO, THREE] = ['one', 'two', 'three'] as SynchronizationId[] as [
  SynchronizationId,
  SynchronizationId,
  SynchronizationId,
];

let licences: MemoryLicences;
let now: number;
let noted: AuditEntry[];
let ports: KeepLicencePorts;

beforeEach(() => {
  licences = createMemoryLicences();
  now = Date.UTC(2026, 10, 22);
  noted = [];
  ports = {
    licences,
    checkSignature: (text, signature) => signature === `signed ${text}`,
    directory: { readOwn: async () => SITE },
    clock: { now: () => now },
    audit: {
      note: async (_tenantId, entry) => {
        noted.push(entry);
      },
    },
  };
  licences.reaches.set(ONE, ['https://jira.one.example']);
  licences.reaches.set(TWO, ['https://jira.two.example/jira']);
});

const build = (overrides: Partial<Licence> = {}): SignedLicence => {
  const licence: Licence = {
    product: 'tandem-remote',
    id: 'L-1',
    holder: 'Acme Ltd',
    site: SITE.siteUrl,
    tenant: null,
    issued: '2026-11-01',
    expires: '2026-12-31',
    endpoints: 1,
    ...overrides,
  };
  return { licence, signature: `signed ${signedTextOf(licence)}` };
};

const take = (synchronizationId: SynchronizationId, state: 'stopped' | 'running' = 'stopped') =>
  createTakeEndpoints(ports)({ tenantId: ACME, synchronizationId, state });
const codeOf = async (synchronizationId: SynchronizationId): Promise<string | null> => {
  const taken = await take(synchronizationId);
  return taken.ok ? null : taken.failure;
};
/** As startSynchronization does it. */
const start = async (synchronizationId: SynchronizationId): Promise<void> => {
  const taken = await take(synchronizationId);
  if (!taken.ok) throw new Error(taken.failure);
  licences.running.add(synchronizationId);
  await taken.value.letGo();
};

describe('taking endpoints', () => {
  it('[X5] asks for nothing where this installation has no issuer', async () => {
    ports = { ...ports, checkSignature: null };
    expect(await codeOf(ONE)).toBeNull();
  });

  it('[X3] asks for nothing where both sites have the app', async () => {
    licences.reaches.set(ONE, []);
    expect(await codeOf(ONE)).toBeNull();
  });

  it('[X3] takes them until they are used up, and says what is missing', async () => {
    expect(await codeOf(ONE)).toBe('licence-missing');
    licences.kept.set(ACME, build());
    await start(ONE);
    expect(await codeOf(TWO)).toBe('licence-endpoints-used-up');
    licences.reaches.set(THREE, ['HTTPS://jira.one.example/']);
    await start(THREE);
    licences.running.delete(ONE);
    expect(await codeOf(TWO)).toBe('licence-endpoints-used-up');
    licences.running.delete(THREE);
    await start(TWO);
  });

  it('[X3] counts one that is about to start', async () => {
    licences.kept.set(ACME, build());
    const taken = await take(ONE);
    expect(await codeOf(TWO)).toBe('licence-endpoints-used-up');
    if (taken.ok) await taken.value.letGo();
    expect(await codeOf(TWO)).toBeNull();
  });

  it('[X1] judges the licence at each start', async () => {
    licences.kept.set(ACME, build({ expires: '2026-11-22' }));
    await start(ONE);
    licences.running.delete(ONE);
    now += 86_400_000;
    expect(await codeOf(ONE)).toBe('licence-expired');
    licences.kept.set(ACME, { ...build(), signature: 'forged' });
    expect(await codeOf(ONE)).toBe('licence-missing');
    licences.kept.set(ACME, build({ site: 'https://globex.atlassian.net' }));
    expect(await codeOf(ONE)).toBe('licence-missing');
  });

  it('[X4] lets what runs go on when the licence has ended', async () => {
    licences.kept.set(ACME, build({ expires: '2026-11-22' }));
    await start(ONE);
    now += 86_400_000;
    expect((await take(ONE, 'running')).ok).toBe(true);
  });
});

describe('keeping a licence', () => {
  it('[X1] keeps one that counts, and shows what is taken', async () => {
    await keepLicence(ports, ACME, ANN, build({ endpoints: 3 }));
    await start(ONE);
    licences.reaches.set(THREE, ['https://jira.one.example/']);
    await start(THREE);
    expect(await showLicence(ports, ACME)).toEqual({
      state: 'valid',
      licence: build({ endpoints: 3 }).licence,
      taken: [{ siteUrl: 'https://jira.one.example', synchronizations: 2 }],
    });
    expect(noted).toEqual([
      {
        at: now,
        actor: ANN,
        action: 'licence.kept',
        subject: null,
        detail: 'L-1, 3 endpoints, until 2026-12-31',
        outcome: 'done',
      },
    ]);
  });

  it.each<[string, SignedLicence, string]>([
    ['nobody signed', { ...build(), signature: 'forged' }, 'licence-unsigned'],
    ['has ended', build({ expires: '2026-11-21' }), 'licence-expired'],
    ['is for another site', build({ site: 'https://globex.atlassian.net' }), 'licence-of-other'],
    ['is for another tenant', build({ tenant: 'tenant-globex' }), 'licence-of-other'],
  ])('[X1] refuses one that %s, and leaves the one that is there', async (_what, signed, code) => {
    licences.kept.set(ACME, build());
    expect(await keepLicence(ports, ACME, ANN, signed)).toEqual({ ok: false, failure: code });
    expect(licences.kept.get(ACME)).toEqual(build());
    expect(noted).toMatchObject([{ action: 'licence.refused', detail: code, outcome: 'refused' }]);
  });

  it('[X4] takes one with fewer endpoints than are taken: what runs goes on, nothing more starts', async () => {
    licences.kept.set(ACME, build({ endpoints: 2 }));
    await start(ONE);
    await start(TWO);
    expect((await keepLicence(ports, ACME, ANN, build({ endpoints: 1 }))).ok).toBe(true);
    licences.reaches.set(THREE, ['https://jira.three.example']);
    expect(await codeOf(THREE)).toBe('licence-endpoints-used-up');
  });

  it('[X5] needs none where this installation has no issuer', async () => {
    ports = { ...ports, checkSignature: null };
    expect(await keepLicence(ports, ACME, ANN, build())).toEqual({ ok: false, failure: 'licence-not-needed' });
    expect(await showLicence(ports, ACME)).toEqual({ state: 'not-needed', licence: null, taken: [] });
  });

  it('[X1] says when there is none, or it has ended', async () => {
    expect((await showLicence(ports, ACME)).state).toBe('missing');
    licences.kept.set(ACME, build({ expires: '2026-11-21' }));
    expect((await showLicence(ports, ACME)).state).toBe('licence-expired');
  });
});
