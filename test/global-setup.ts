/** Before all tests: one Postgres for the whole run and in it a migrated template that every test database is cloned from. */
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../app/platform/embedded-postgres.ts';
import { makeRandomId } from '../app/platform/ids.ts';
import { prepareTemplate } from './database.ts';
import { keepServer } from './running-server.ts';

export default async function globalSetup(): Promise<void> {
  const given = process.env.DATABASE_URL_TEST;
  if (given !== undefined && given !== '') {
    process.env.TANDEM_TEST_SERVER = given;
  } else {
    const server = await startEmbeddedPostgres({
      folder: path.join(tmpdir(), `tandem-test-${makeRandomId()}`),
      lifetime: 'temporary',
      settings: { max_connections: '200' },
    });
    keepServer(server);
    process.env.TANDEM_TEST_SERVER = server.url;
  }
  process.env.TANDEM_TEST_TEMPLATE = await prepareTemplate(process.env.TANDEM_TEST_SERVER);
}
