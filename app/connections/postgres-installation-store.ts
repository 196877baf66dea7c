import { z } from 'zod';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import { epochMs, id, isUuid, time, timestamp } from '../platform/columns.ts';
import type { Database } from '../platform/database.ts';
import { gather } from '../platform/gather.ts';
import type { Installation, InstallationStore } from './installation-store.ts';

const COLUMNS = `
  c.tenant_id, c.connection_id, c.client_key, c.base_url, c.display_url, c.sealed_secret, c.oauth_client_id, c.state,
  ${epochMs('c.installed_at')} AS installed_at, ${epochMs('c.uninstalled_at')} AS uninstalled_at`;

const installationRow = z
  .object({
    tenant_id: id<TenantId>(),
    connection_id: id<ConnectionId>(),
    client_key: z.string(),
    base_url: z.string(),
    display_url: z.string(),
    sealed_secret: z.string(),
    oauth_client_id: z.string().nullable(),
    state: z.enum(['enabled', 'disabled', 'uninstalled']),
    installed_at: time,
    uninstalled_at: time.nullable(),
  })
  .transform(
    (row): Installation => ({
      tenantId: row.tenant_id,
      connectionId: row.connection_id,
      clientKey: row.client_key,
      baseUrl: row.base_url,
      displayUrl: row.display_url,
      sealedSecret: row.sealed_secret,
      oauthClientId: row.oauth_client_id,
      state: row.state,
      installedAt: row.installed_at,
      uninstalledAt: row.uninstalled_at,
    }),
  );

const READ = `SELECT ${COLUMNS} FROM connection c WHERE c.tenant_id = $1 AND c.connection_id = $2`;

const READ_OWN = `
  SELECT ${COLUMNS} FROM connection c WHERE c.tenant_id = $1 ORDER BY c.installed_at DESC, c.connection_id LIMIT 1`;

const FROM_DIRECTORY = `
  SELECT ${COLUMNS}
    FROM site_directory d
    JOIN connection c ON c.tenant_id = d.tenant_id AND c.connection_id = d.connection_id`;

const READ_BY_CLIENT_KEYS = `${FROM_DIRECTORY} WHERE d.client_key = ANY ($1::text[])`;

const READ_BY_SITE = `
  ${FROM_DIRECTORY}
   WHERE (d.base_address = $1 OR d.display_address = $1) AND c.state = 'enabled'
   ORDER BY c.installed_at DESC, c.connection_id
   LIMIT 1`;

/** Returns the connection's id, old or new, or nothing when the clientKey is another tenant's. */
const CLAIM_CLIENT_KEY = `
  INSERT INTO site_directory (client_key, tenant_id, connection_id, base_address, display_address) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (client_key) DO UPDATE SET base_address = excluded.base_address, display_address = excluded.display_address
    WHERE site_directory.tenant_id = excluded.tenant_id
  RETURNING connection_id`;

/** Who installs the app again stays. Nothing comes back for a tenant whose erasure has begun (app/store/tenants.ts): the site gets another. */
const ENSURE_TENANT = `
  INSERT INTO tenant (tenant_id) VALUES ($1)
  ON CONFLICT (tenant_id) DO UPDATE SET erase_at = NULL WHERE tenant.erase_at IS DISTINCT FROM '-infinity'
  RETURNING tenant_id`;

const WRITE = `
  INSERT INTO connection (
    tenant_id, connection_id, kind, client_key, base_url, display_url, sealed_secret, oauth_client_id, state, installed_at, uninstalled_at)
  VALUES ($1, $2, 'connect', $3, $4, $5, $6, $7, $8, ${timestamp('$9')}, ${timestamp('$10')})
  ON CONFLICT (tenant_id, connection_id) DO UPDATE SET
    base_url = excluded.base_url, display_url = excluded.display_url, sealed_secret = excluded.sealed_secret,
    oauth_client_id = excluded.oauth_client_id, state = excluded.state,
    installed_at = excluded.installed_at, uninstalled_at = excluded.uninstalled_at`;

const CHANGE_STATE = `
  UPDATE connection SET state = $3, uninstalled_at = ${timestamp('$4')} WHERE tenant_id = $1 AND connection_id = $2`;

/** As people type addresses: small and capital letters alike, with or without a slash at the end. */
const addressOf = (url: string): string => url.trim().toLowerCase().replace(/\/+$/, '');

/** Every webhook asks who sends it, and gets the present answer; those that come in the same moment ask together. */
const MOST_AT_ONCE = 200;

const createLookUp = (database: Database): InstallationStore['readByClientKey'] =>
  gather<string, Installation | null>({
    groupOf: () => 'all',
    most: MOST_AT_ONCE,
    async work(clientKeys) {
      const found = await database.rows(READ_BY_CLIENT_KEYS, [[...new Set(clientKeys)]], installationRow);
      const byClientKey = new Map(found.map((installation) => [installation.clientKey, installation]));
      return clientKeys.map((clientKey) => byClientKey.get(clientKey) ?? null);
    },
  });

/** Installations on Postgres. */
export const createPostgresInstallationStore = (database: Database): InstallationStore => ({
  readByClientKey: createLookUp(database),
  async read(tenantId, connectionId) {
    if (!isUuid(connectionId)) return null;
    const [found] = await database.rows(READ, [tenantId, connectionId], installationRow);
    return found ?? null;
  },
  async readOwn(tenantId) {
    const [found] = await database.rows(READ_OWN, [tenantId], installationRow);
    return found ?? null;
  },
  async readBySite(siteUrl) {
    const [found] = await database.rows(READ_BY_SITE, [addressOf(siteUrl)], installationRow);
    return found ?? null;
  },
  record: (given) =>
    database.transaction(async (statements) => {
      // First: this waits for an erasure that begins at this moment, and must not see its directory entry before.
      const staying = await statements.rows(ENSURE_TENANT, [given.tenantId], z.object({ tenant_id: id<TenantId>() }));
      if (staying.length === 0) return 'taken';
      const addresses = [addressOf(given.baseUrl), addressOf(given.displayUrl)];
      const entry = [given.clientKey, given.tenantId, given.connectionId, ...addresses];
      const [claimed] = await statements.rows(CLAIM_CLIENT_KEY, entry, z.object({ connection_id: id<ConnectionId>() }));
      if (claimed === undefined) return 'taken';
      await statements.execute(WRITE, [
        given.tenantId,
        claimed.connection_id,
        given.clientKey,
        given.baseUrl,
        given.displayUrl,
        given.sealedSecret,
        given.oauthClientId,
        given.state,
        given.installedAt,
        given.uninstalledAt,
      ]);
      return 'recorded';
    }),
  async changeState(tenantId, connectionId, state, at) {
    if (!isUuid(connectionId)) return false;
    const written = await database.execute(CHANGE_STATE, [tenantId, connectionId, state, state === 'uninstalled' ? at : null]);
    return written > 0;
  },
});
