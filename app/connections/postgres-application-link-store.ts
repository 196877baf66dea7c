import { z } from 'zod';
import type { ApplicationLinkId, TenantId } from '../core/ids.ts';
import { epochMs, id, isUuid, time, timestamp } from '../platform/columns.ts';
import type { Database } from '../platform/database.ts';
import type { ApplicationLinkStore, KeptApplicationLink } from './application-link-store.ts';

const COLUMNS = `
  tenant_id, application_link_id, site_url, kind, name, client_id, sealed_secret, public_key, scope,
  ${epochMs('created_at')} AS created_at`;

const linkRow = z
  .object({
    tenant_id: id<TenantId>(),
    application_link_id: id<ApplicationLinkId>(),
    site_url: z.string(),
    kind: z.enum(['oauth2', 'oauth1']),
    name: z.string(),
    client_id: z.string(),
    sealed_secret: z.string(),
    public_key: z.string().nullable(),
    scope: z.enum(['READ', 'WRITE', 'ADMIN']).nullable(),
    created_at: time,
  })
  .transform(
    (row): KeptApplicationLink => ({
      tenantId: row.tenant_id,
      applicationLinkId: row.application_link_id,
      siteUrl: row.site_url,
      kind: row.kind,
      name: row.name,
      clientId: row.client_id,
      sealedSecret: row.sealed_secret,
      publicKey: row.public_key,
      scope: row.scope,
      createdAt: row.created_at,
    }),
  );

const NAMED = 'tenant_id = $1 AND application_link_id = $2';
const READ = `SELECT ${COLUMNS} FROM application_link WHERE ${NAMED}`;
const LIST = `SELECT ${COLUMNS} FROM application_link WHERE tenant_id = $1 ORDER BY created_at DESC, application_link_id`;
const INSERT = `
  INSERT INTO application_link
    (tenant_id, application_link_id, site_url, kind, name, client_id, sealed_secret, public_key, scope, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, ${timestamp('$10')})`;
/** Null leaves what is there. */
const CHANGE = `
  UPDATE application_link
     SET name = coalesce($3, name), client_id = coalesce($4, client_id), scope = coalesce($5, scope),
         sealed_secret = coalesce($6, sealed_secret)
   WHERE ${NAMED}`;
/** A connection that is being made with it holds the row (./postgres-connection-store.ts): it is waited for. */
const HOLD = `SELECT application_link_id FROM application_link WHERE ${NAMED} FOR UPDATE`;
const USED = `SELECT application_link_id FROM remote_connection WHERE ${NAMED} LIMIT 1`;
const heldRow = z.object({ application_link_id: id<ApplicationLinkId>() });
const REMOVE = `DELETE FROM application_link WHERE ${NAMED}`;

/** Application links on Postgres. */
export const createPostgresApplicationLinkStore = (database: Database): ApplicationLinkStore => ({
  async read(tenantId, applicationLinkId) {
    if (!isUuid(applicationLinkId)) return null;
    const [found] = await database.rows(READ, [tenantId, applicationLinkId], linkRow);
    return found ?? null;
  },
  list: (tenantId) => database.rows(LIST, [tenantId], linkRow),
  async insert(link) {
    await database.execute(INSERT, [
      link.tenantId,
      link.applicationLinkId,
      link.siteUrl,
      link.kind,
      link.name,
      link.clientId,
      link.sealedSecret,
      link.publicKey,
      link.scope,
      link.createdAt,
    ]);
  },
  async change(tenantId, applicationLinkId, { name, clientId, scope, sealedSecret }) {
    if (!isUuid(applicationLinkId)) return false;
    const given = [name ?? null, clientId ?? null, scope ?? null, sealedSecret ?? null];
    return (await database.execute(CHANGE, [tenantId, applicationLinkId, ...given])) > 0;
  },
  async remove(tenantId, applicationLinkId) {
    if (!isUuid(applicationLinkId)) return 'removed';
    return database.transaction(async (statements) => {
      await statements.rows(HOLD, [tenantId, applicationLinkId], heldRow);
      if ((await statements.rows(USED, [tenantId, applicationLinkId], heldRow)).length > 0) return 'in-use';
      await statements.execute(REMOVE, [tenantId, applicationLinkId]);
      return 'removed';
    });
  },
});
