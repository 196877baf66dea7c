import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { tenant } from '../../test/contract/ledger-world.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import type { AccountId } from '../core/ids.ts';
import { systemClock } from '../platform/clock.ts';
import { makeRandomId } from '../platform/ids.ts';
import type { ApiToken } from '../sync/api-token-ports.ts';
import type { Actor, Audit, AuditEntry } from '../sync/audit-ports.ts';
import { PERIODS } from '../sync/run-retention.ts';
import { createApiTokens } from './api-tokens.ts';
import { createAuditLog } from './audit-log.ts';
import { createRetention } from './retention.ts';

const DAY_MS = 86_400_000;
const NOW = systemClock.now();

let database: TestDatabase;
let audit: Audit;
let logged: object[];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.execute('TRUNCATE audit, api_token, tenant CASCADE', []);
  for (const n of [1, 2]) await database.execute('INSERT INTO tenant (tenant_id) VALUES ($1)', [tenant(n)]);
  logged = [];
  const logger = { error: (fields: object) => logged.push(fields) };
  audit = createAuditLog({ database, clock: { now: () => NOW }, makeId: makeRandomId, logger });
});

const line = (changes: Partial<AuditEntry> = {}): AuditEntry => ({
  at: NOW,
  actor: { kind: 'tandem' },
  action: 'synchronization.started',
  subject: 'one',
  detail: null,
  outcome: 'done',
  ...changes,
});
const refusal = (code: string, at = NOW): AuditEntry => line({ at, action: 'site.refused', detail: code, outcome: 'refused' });
const all = (n = 1) => audit.list(tenant(n), { before: null, limit: 200 });

describe('the audit log', () => {
  it.each<[Actor]>([
    [{ kind: 'person', accountId: 'ann' as AccountId }],
    [{ kind: 'token', tokenId: 'token-1' }],
    [{ kind: 'link', linkId: 'link-1' }],
    [{ kind: 'site' }],
    [{ kind: 'partner' }],
    [{ kind: 'operator' }],
    [{ kind: 'stranger' }],
    [{ kind: 'tandem' }],
  ])('keeps a line as it was noted, for its tenant alone: %j', async (actor) => {
    const noted = line({ actor, detail: 'more' });
    await audit.note(tenant(1), noted);
    expect(await all()).toEqual([noted]);
    expect(await all(2)).toEqual([]);
  });

  it('is read page by page, newest first, and no line falls between two pages', async () => {
    for (const n of [1, 2, 2, 2, 3]) await audit.note(tenant(1), line({ at: NOW - n }));
    const first = await audit.list(tenant(1), { before: null, limit: 2 });
    expect(first.map(({ at }) => NOW - at)).toEqual([1, 2, 2, 2]);
    const second = await audit.list(tenant(1), { before: NOW - 2, limit: 2 });
    expect(second.map(({ at }) => NOW - at)).toEqual([3]);
    expect(await audit.list(tenant(1), { before: NOW - 3, limit: 2 })).toEqual([]);
  });

  it('cannot be filled by being refused: twenty an hour for each reason', async () => {
    for (let n = 0; n < 50; n += 1) await audit.note(tenant(1), refusal('jwt-signature'));
    await audit.note(tenant(1), refusal('jwt-query-hash'));
    await audit.note(tenant(2), refusal('jwt-signature'));
    const codes = (await all()).map(({ detail }) => detail);
    expect(codes.filter((code) => code === 'jwt-signature')).toHaveLength(20);
    expect(codes.filter((code) => code === 'jwt-query-hash')).toHaveLength(1);
    expect(await all(2)).toHaveLength(1);
    // What is done is never left out.
    for (let n = 0; n < 30; n += 1) await audit.note(tenant(1), line());
    expect(await all()).toHaveLength(51);
  });

  it('takes refusals again after an hour, also from a process that counted nothing', async () => {
    for (let n = 0; n < 25; n += 1) await audit.note(tenant(1), refusal('jwt-signature', NOW - 3_700_000));
    const later = createAuditLog({
      database,
      clock: { now: () => NOW },
      makeId: makeRandomId,
      logger: { error: () => undefined },
    });
    await later.note(tenant(1), refusal('jwt-signature'));
    expect(await all()).toHaveLength(21);
  });

  it('never fails who notes something: what cannot be written is logged without what it says', async () => {
    await audit.note(tenant(1), line({ at: Number.NaN, detail: 'private' }));
    expect(logged).toEqual([expect.objectContaining({ tenantId: tenant(1), action: 'synchronization.started' })]);
    expect(JSON.stringify(logged)).not.toContain('private');
  });

  it('has nothing to say of tenants that do not exist', async () => {
    await audit.note(tenant(3), line());
    expect(logged).toEqual([]);
    expect(await all(3)).toEqual([]);
  });

  it('is kept for 400 days, and so are tokens that ended', async () => {
    const tokens = createApiTokens(database);
    const tokenOf = (tokenId: string, expiresAt: number): ApiToken => ({
      tenantId: tenant(1),
      tokenId,
      name: 'CI',
      scopes: ['read'],
      createdBy: null,
      createdAt: NOW - 500 * DAY_MS,
      expiresAt,
      lastUsedAt: null,
      revokedAt: null,
    });
    const [old, young, living] = [makeRandomId(), makeRandomId(), makeRandomId()];
    await tokens.insert(tokenOf(old, NOW - 401 * DAY_MS), 'hash');
    await tokens.insert(tokenOf(young, NOW - 399 * DAY_MS), 'hash');
    await tokens.insert(tokenOf(living, NOW + DAY_MS), 'hash');
    for (const days of [399, 401]) await audit.note(tenant(1), line({ at: NOW - days * DAY_MS }));
    const pruned = await createRetention(database).prune(tenant(1), PERIODS, 100);
    expect(pruned).toBe(true);
    expect((await all()).map(({ at }) => Math.round((NOW - at) / DAY_MS))).toEqual([399]);
    expect((await tokens.list(tenant(1))).map(({ tokenId }) => tokenId).sort()).toEqual([young, living].sort());
  });
});
