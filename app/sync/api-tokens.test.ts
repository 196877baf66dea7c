import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createMemoryApiTokens } from '../../test/fakes/memory-api-tokens.ts';
import { createMemoryAudit, type MemoryAudit } from '../../test/fakes/memory-audit.ts';
import { runs } from '../../test/property-runs.ts';
import type { AccountId, TenantId } from '../core/ids.ts';
import { makeRandomId } from '../platform/ids.ts';
import { makeRandomSecret } from '../platform/make-secret.ts';
import type { ApiTokenStore } from './api-token-ports.ts';
import { readApiToken, writeApiToken } from './api-token-text.ts';
import { type CheckApiToken, createApiTokenCheck } from './check-api-token.ts';
import { makeApiToken, revokeApiToken, type TokenPorts } from './manage-api-tokens.ts';

const TENANT = '00000000-0000-4000-8000-000000000001' as TenantId;
const OTHER = '00000000-0000-4000-8000-000000000002' as TenantId;
const ANN = { kind: 'person', accountId: 'ann' as AccountId } as const;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOON = 1_800_000_000_000;

let time: { now: number };
let tokens: ApiTokenStore;
let reads: number;
let audit: MemoryAudit;
let ports: TokenPorts;
let check: CheckApiToken;
beforeEach(() => {
  time = { now: NOON };
  reads = 0;
  const store = createMemoryApiTokens();
  tokens = {
    ...store,
    read(...asked) {
      reads += 1;
      return store.read(...asked);
    },
  };
  audit = createMemoryAudit();
  const clock = { now: () => time.now, sleepUntil: async () => undefined };
  ports = { tokens, audit, clock, makeId: makeRandomId, makeSecret: makeRandomSecret };
  check = createApiTokenCheck({ tokens, clock });
});

const make = async (expiresInDays = 30) => {
  const made = await makeApiToken(ports, TENANT, ANN, { name: 'CI', scopes: ['read', 'configure'], expiresInDays });
  if (!made.ok) throw new Error(made.failure);
  return made.value;
};
const codeOf = async (text: string): Promise<string | null> => {
  const checked = await check(text);
  return checked.ok ? null : checked.failure.code;
};

describe('an API token', () => {
  it('[A1] lets in who shows it, with its scopes, for its tenant', async () => {
    const { token, text } = await make();
    expect(await check(text)).toEqual({
      ok: true,
      value: { kind: 'token', siteTenantId: TENANT, tokenId: token.tokenId, scopes: ['read', 'configure'] },
    });
  });

  it('[A1] is kept as a hash alone, and has the shape that scanners of repositories look for', async () => {
    const { token, text } = await make();
    expect(text).toMatch(/^tandem_[0-9a-f]{64}_[A-Za-z0-9_-]{43}$/);
    const secret = readApiToken(text)?.secret ?? '';
    const stored = await tokens.read(TENANT, token.tokenId);
    expect(JSON.stringify([stored, await tokens.list(TENANT), audit.lines])).not.toContain(secret);
    expect((await make()).text).not.toBe(text);
  });

  it.each([
    ['another secret', (text: string) => `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`],
    ['another tenant', (text: string) => writeApiToken({ ...(readApiToken(text) ?? never()), tenantId: OTHER })],
    ['another id', (text: string) => writeApiToken({ ...(readApiToken(text) ?? never()), tokenId: makeRandomId() })],
  ])('[A1] is the same nothing with %s, for the same work', async (_what, alter) => {
    const { text } = await make();
    reads = 0;
    expect(await codeOf(alter(text))).toBe('token-refused');
    expect(reads).toBe(1);
  });

  it.each(['', 'tandem_', 'tandem_x_y', 'Bearer', `tandem_${'0'.repeat(64)}_short`])(
    'is not %j, which is not even looked up',
    async (text) => {
      expect(await codeOf(text)).toBe('token-refused');
      expect(reads).toBe(0);
    },
  );

  it('[A1] ends by its time, a year at most, or when it is revoked, which only its tenant can do', async () => {
    const { token, text } = await make(9_999);
    expect(token.expiresAt).toBe(NOON + 365 * DAY_MS);
    time.now = token.expiresAt;
    expect(await codeOf(text)).toBe('token-expired');
    time.now = NOON;
    expect(await revokeApiToken(ports, OTHER, ANN, token.tokenId)).toEqual({ ok: false, failure: 'token-not-found' });
    expect(await codeOf(text)).toBeNull();
    expect(await revokeApiToken(ports, TENANT, ANN, token.tokenId)).toMatchObject({ ok: true });
    expect(await codeOf(text)).toBe('token-revoked');
    expect(await revokeApiToken(ports, TENANT, ANN, token.tokenId)).toEqual({ ok: false, failure: 'token-not-found' });
  });

  it('remembers the hour of its last use, and writes it once an hour', async () => {
    const { token, text } = await make();
    time.now = NOON + 10 * 60_000;
    await check(text);
    const uses: number[] = [];
    const noteUse = tokens.noteUse;
    tokens.noteUse = async (...use) => {
      uses.push(use[2]);
      await noteUse(...use);
    };
    time.now += HOUR_MS;
    for (let n = 0; n < 3; n += 1) await check(text);
    const hour = time.now - (time.now % HOUR_MS);
    expect(uses).toEqual([hour]);
    expect((await tokens.read(TENANT, token.tokenId))?.token.lastUsedAt).toBe(hour);
  });

  it('is made a hundred times at most: an ended one makes room', async () => {
    const { token } = await make();
    for (let n = 1; n < 100; n += 1) await make();
    const wish = { name: 'one more', scopes: ['read'], expiresInDays: 1 } as const;
    expect(await makeApiToken(ports, TENANT, ANN, wish)).toEqual({ ok: false, failure: 'token-limit' });
    await revokeApiToken(ports, TENANT, ANN, token.tokenId);
    expect(await makeApiToken(ports, TENANT, ANN, wish)).toMatchObject({ ok: true });
  });

  it('is in the audit log when it is made and when it is revoked', async () => {
    const { token } = await make();
    await revokeApiToken(ports, TENANT, ANN, token.tokenId);
    expect(audit.lines).toEqual([
      {
        tenantId: TENANT,
        at: NOON,
        actor: ANN,
        action: 'token.made',
        subject: token.tokenId,
        detail: 'read configure',
        outcome: 'done',
      },
      { tenantId: TENANT, at: NOON, actor: ANN, action: 'token.revoked', subject: token.tokenId, detail: null, outcome: 'done' },
    ]);
  });
});

describe('attempts with tokens that do not exist', () => {
  const attempt = (tenantId = TENANT) => codeOf(writeApiToken({ tenantId, tokenId: makeRandomId(), secret: makeRandomSecret() }));

  it('[A1] of one tenant keep nobody out of another, and a thousand tenants that were made up get no more than one process looks at', async () => {
    for (let n = 0; n < 150; n += 1) await attempt(OTHER);
    expect(await attempt(OTHER)).toBe('token-attempts');
    expect(await codeOf((await make()).text)).toBeNull();
    reads = 0;
    for (let n = 0; n < 1_500; n += 1) await attempt(makeRandomId() as TenantId);
    expect(reads).toBe(900);
  });

  it('[A1] are looked up a hundred times, then ten times a second; who showed a good token goes on', async () => {
    const { text } = await make();
    await check(text);
    reads = 0;
    for (let n = 0; n < 100; n += 1) expect(await attempt()).toBe('token-refused');
    for (let n = 0; n < 50; n += 1) expect(await attempt()).toBe('token-attempts');
    expect(reads).toBe(100);
    expect(await codeOf(text)).toBeNull();
    time.now += 1_000;
    const after = await Promise.all(Array.from({ length: 1 }, attempt));
    expect(after).toEqual(['token-refused']);
    for (let n = 0; n < 9; n += 1) expect(await attempt()).toBe('token-refused');
    expect(await attempt()).toBe('token-attempts');
  });
});

it('[A1] reads what it wrote, and nothing else', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (tenantId, tokenId, bytes) => {
      const written = { tenantId: tenantId as TenantId, tokenId, secret: Buffer.from(bytes).toString('base64url') };
      expect(readApiToken(writeApiToken(written))).toEqual(written);
      expect(readApiToken(`${writeApiToken(written)} `)).toBeNull();
      expect(readApiToken(writeApiToken(written).slice(1))).toBeNull();
    }),
    runs(100),
  );
});

const never = (): never => {
  throw new Error('A token that was just made cannot be read.');
};
