import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buildApplicationLink, describeApplicationLinkStore } from '../../test/contract/application-link-store.contract.ts';
import { buildRemoteConnection, describeConnectionStore } from '../../test/contract/connection-store.contract.ts';
import { describeCredentialStore } from '../../test/contract/credential-store.contract.ts';
import type { TestDatabase } from '../../test/database.ts';
import { createTestDatabase } from '../../test/database.ts';
import { heldBeforeCommit, somebodyWaits, unheard } from '../../test/held-transaction.ts';
import { createPostgresApplicationLinkStore } from './postgres-application-link-store.ts';
import { createPostgresConnectionStore } from './postgres-connection-store.ts';
import { createPostgresCredentialStore } from './postgres-credential-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const clear = async (): Promise<void> => {
  await database.execute('TRUNCATE tenant CASCADE', []);
  for (const n of [1, 2])
    await database.execute('INSERT INTO tenant (tenant_id) VALUES ($1)', [`00000000-0000-4000-8000-00000000000${n}`]);
};

describeConnectionStore('Postgres', async () => {
  await clear();
  return createPostgresConnectionStore(database);
});

describeConnectionStore('Postgres, whose commits are heard of when repeated', async () => {
  await clear();
  return createPostgresConnectionStore(unheard(database));
});

describeCredentialStore('Postgres', async () => {
  await clear();
  await createPostgresApplicationLinkStore(database).insert(buildApplicationLink());
  return { credentials: createPostgresCredentialStore(database), connections: createPostgresConnectionStore(database) };
});

describeApplicationLinkStore('Postgres', async () => {
  await clear();
  return { links: createPostgresApplicationLinkStore(database), connections: createPostgresConnectionStore(database) };
});

describeApplicationLinkStore('Postgres, whose commits are heard of when repeated', async () => {
  await clear();
  const repeated = unheard(database);
  return { links: createPostgresApplicationLinkStore(repeated), connections: createPostgresConnectionStore(repeated) };
});

describe('an application link that is removed while a connection is made with it', () => {
  const link = buildApplicationLink();
  const { tenantId, applicationLinkId } = link;
  const connection = buildRemoteConnection({ kind: 'oauth2-data-center', applicationLinkId });
  beforeEach(async () => {
    await clear();
    await createPostgresApplicationLinkStore(database).insert(link);
  });

  it('stays if the connection was first', async () => {
    const { database: held, changed, commit } = heldBeforeCommit(database);
    const inserting = createPostgresConnectionStore(held).insert(connection);
    await changed;
    const removing = createPostgresApplicationLinkStore(database).remove(tenantId, applicationLinkId);
    await somebodyWaits(database);
    commit();
    expect([await inserting, await removing]).toEqual([true, 'in-use']);
  });

  it('lets no connection be made if it was removed first', async () => {
    const { database: held, changed, commit } = heldBeforeCommit(database);
    const removing = createPostgresApplicationLinkStore(held).remove(tenantId, applicationLinkId);
    await changed;
    const inserting = createPostgresConnectionStore(database).insert(connection);
    await somebodyWaits(database);
    commit();
    expect([await inserting, await removing]).toEqual([false, 'removed']);
  });
});
