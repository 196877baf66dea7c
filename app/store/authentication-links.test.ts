import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { buildLink, describeAuthenticationLinks } from '../../test/contract/authentication-links.contract.ts';
import type { TestDatabase } from '../../test/database.ts';
import { createTestDatabase } from '../../test/database.ts';
import { heldBeforeCommit, somebodyWaits, unheard } from '../../test/held-transaction.ts';
import type { AuthenticationLinkId } from '../core/ids.ts';
import type { AuthenticationLinks } from '../sync/authentication-link-ports.ts';
import { createAuthenticationLinks } from './authentication-links.ts';

const OTHER = '00000000-0000-4000-b000-000000000002' as AuthenticationLinkId;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const create = async (): Promise<AuthenticationLinks> => {
  await database.execute('TRUNCATE tenant CASCADE', []);
  for (const n of [1, 2]) {
    const tenant = `00000000-0000-4000-8000-00000000000${n}`;
    await database.execute('INSERT INTO tenant (tenant_id) VALUES ($1)', [tenant]);
    for (const m of [1, 2])
      await database.execute(
        `INSERT INTO remote_connection (tenant_id, connection_id, kind, site_url, api_url, product, state, since, created_at, webhook)
         VALUES ($1, $2, 'oauth1', 'https://jira.example', 'https://jira.example', 'data-center', 'working', now(), now(), '{"kind": "none"}')`,
        [tenant, `00000000-0000-4000-9000-00000000000${m}`],
      );
  }
  return createAuthenticationLinks(database);
};

describeAuthenticationLinks('Postgres', create);
describeAuthenticationLinks('Postgres, whose commits are heard of when repeated', async () => {
  await create();
  return createAuthenticationLinks(unheard(database));
});

it('lets nobody in for a tenant that has left', async () => {
  const links = await create();
  const { tenantId, linkId } = buildLink();
  await links.insert(buildLink());
  await database.execute('UPDATE tenant SET erase_at = now() WHERE tenant_id = $1', [tenantId]);
  expect(await links.read(tenantId, linkId)).toBeNull();
  await database.execute('UPDATE tenant SET erase_at = NULL WHERE tenant_id = $1', [tenantId]);
  expect(await links.read(tenantId, linkId)).toEqual(buildLink());
});

it('leaves one of two open that are made at the same time', async () => {
  const links = await create();
  const [one, other] = [buildLink(), buildLink({ linkId: OTHER })];
  const { database: held, changed, commit } = heldBeforeCommit(database);
  const first = createAuthenticationLinks(held).insert(one);
  await changed;
  const second = links.insert(other);
  await somebodyWaits(database);
  commit();
  await Promise.all([first, second]);
  const ends = await Promise.all([one, other].map(({ tenantId, linkId }) => links.read(tenantId, linkId)));
  expect(ends.map((link) => link?.end)).toEqual(['replaced', null]);
});

it('opens again as replaced while a newer one is being made for the same', async () => {
  const links = await create();
  const one = buildLink();
  const attempt = { stateHash: 'state', browserHash: 'browser', sealed: 'v1.sealed', until: one.expiresAt };
  await links.insert(one);
  await links.begin(one.tenantId, one.linkId, attempt, one.createdAt);
  await links.use(one.tenantId, one.linkId, attempt.stateHash);
  const { database: held, changed, commit } = heldBeforeCommit(database);
  const newer = buildLink({ linkId: OTHER, createdAt: one.createdAt + 1 });
  const inserting = createAuthenticationLinks(held).insert(newer);
  await changed;
  const reopening = links.reopen(one.tenantId, one.linkId);
  await somebodyWaits(database);
  commit();
  await Promise.all([inserting, reopening]);
  expect((await links.read(one.tenantId, one.linkId))?.end).toBe('replaced');
});
