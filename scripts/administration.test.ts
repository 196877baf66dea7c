import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TenantId } from '../app/core/ids.ts';
import { createApiTokenCheck } from '../app/sync/check-api-token.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { type Administration, administrationOn, tenantCommand, tokenCommand } from './administration.ts';

let database: TestDatabase;
let administration: Administration;
beforeAll(async () => {
  database = await createTestDatabase();
  administration = administrationOn(database);
});
afterAll(() => database.drop());
beforeEach(() => database.execute('TRUNCATE tenant CASCADE', []));

const tenant = (...args: string[]) => tenantCommand(administration, args);
const token = (...args: string[]) => tokenCommand(administration, args);
const makeTenant = async (name = 'Our data centers'): Promise<TenantId> =>
  ((await tenant('create', name)).split('\n')[0] ?? '') as TenantId;

describe('an installation without any Cloud site', () => {
  it('gets a tenant and a token by two commands, and the token lets in', async () => {
    const tenantId = await makeTenant();
    expect(await tenant('list')).toMatch(new RegExp(`^${tenantId}  \\d{4}-\\d\\d-\\d\\d  Our data centers$`));
    const [text = '', end] = (await token('create', tenantId, 'nightly', 'read,connections', '30')).split('\n');
    expect(end).toMatch(/^It ends on \d{4}-\d\d-\d\d and is not shown again\.$/);
    const check = createApiTokenCheck(administration);
    const checked = await check(text);
    expect(checked).toMatchObject({ ok: true, value: { siteTenantId: tenantId, scopes: ['read', 'connections'] } });
    const listed = await token('list', tenantId);
    expect(listed).toMatch(/until \d{4}-\d\d-\d\d {2}read,connections {2}nightly$/);
    expect(await token('revoke', tenantId, listed.split('  ')[0] ?? '')).toMatch(/refused from now on/);
    expect(await check(text)).toMatchObject({ ok: false, failure: { code: 'token-revoked' } });
    const lines = await administration.audit.list(tenantId, { before: null, limit: 10 });
    expect(lines.map(({ action, actor }) => `${action} ${actor.kind}`)).toEqual([
      'token.revoked operator',
      'token.made operator',
      'tenant.made operator',
    ]);
  });

  it('erases a tenant at once, by who says that it is meant', async () => {
    const [one, other] = [await makeTenant('one'), await makeTenant('other')];
    await token('create', one, 'nightly');
    await expect(tenant('erase', one)).rejects.toThrow(/Nothing was erased/);
    expect(await tenant('erase', one, '--yes')).toMatch(/is gone/);
    expect((await administration.tenants.list()).map(({ tenantId }) => tenantId)).toEqual([other]);
    await expect(tenant('erase', one, '--yes')).rejects.toThrow(/no tenant/);
  });
});

describe('commands that are wrong say how they go', () => {
  it.each([[[]], [['create']], [['create', ' ']], [['erase']], [['remove', 'x']]])('npm run tenant -- %j', async (args) => {
    await expect(tenant(...args)).rejects.toThrow(/^Usage:/);
  });

  it.each([
    [['NAME', 'read,everything']],
    [['NAME', 'read', '0']],
    [['NAME', 'read', '366']],
    [['NAME', 'read', 'soon']],
    [[' ']],
  ])('npm run token -- create TENANT %j', async (args) => {
    const tenantId = await makeTenant();
    await expect(token('create', tenantId, ...args)).rejects.toThrow(/^Usage:/);
    expect(await token('list', tenantId)).toBe('The tenant has no tokens.');
  });

  it.each([[['create', 'not-an-id', 'NAME']], [['list', '00000000-0000-4000-8000-0000000000ff']]])(
    'npm run token -- %j names no tenant',
    async (args) => {
      await expect(token(...args)).rejects.toThrow(/no tenant with that id/);
    },
  );
});
