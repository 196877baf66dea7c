import { z } from 'zod';
import type { SynchronizationId, TenantId } from '../core/ids.ts';
import { id } from '../platform/columns.ts';
import type { Database } from '../platform/database.ts';
import type { LicenceStore, SignedLicence } from '../sync/licence-ports.ts';

const READ = 'SELECT licence, signature FROM licence WHERE tenant_id = $1';

const WRITE = `
  INSERT INTO licence (tenant_id, licence, signature) VALUES ($1, $2::jsonb, $3)
  ON CONFLICT (tenant_id) DO UPDATE SET licence = excluded.licence, signature = excluded.signature, kept_at = now()`;

/** Each side that is reached by a remote connection of the tenant. */
const REMOTE_SITES = `
  SELECT DISTINCT s.synchronization_id, r.site_url
    FROM synchronization s
    JOIN remote_connection r
      ON r.tenant_id = s.tenant_id
     AND ((s.a_site_tenant_id = s.tenant_id AND s.a_connection_id = r.connection_id)
       OR (s.b_site_tenant_id = s.tenant_id AND s.b_connection_id = r.connection_id))
   WHERE s.tenant_id = $1`;

const IS_TAKING = `(s.state = 'running' OR EXISTS (
  SELECT 1 FROM licence_hold h
   WHERE h.tenant_id = s.tenant_id AND h.synchronization_id = s.synchronization_id AND h.held_until > now()))`;

const LIST_TAKEN = `${REMOTE_SITES} AND ${IS_TAKING} ORDER BY r.site_url, s.synchronization_id`;
/** $2 the one that is to start. */
const LIST_MET = `${REMOTE_SITES} AND (s.synchronization_id = $2 OR ${IS_TAKING})`;

/** Starts of one tenant wait for each other here. Nobody who refers to the tenant waits for this kind of lock. */
const LOCK = 'SELECT tenant_id FROM tenant WHERE tenant_id = $1 FOR NO KEY UPDATE';

/** $3 for how long, ms. Waits for a removal that is under way, and then holds nothing: the start finds that out by itself. */
const HOLD = `
  INSERT INTO licence_hold (tenant_id, synchronization_id, held_until)
  SELECT tenant_id, synchronization_id, now() + $3::float8 * interval '1 ms'
    FROM synchronization
   WHERE tenant_id = $1 AND synchronization_id = $2
     FOR KEY SHARE
  ON CONFLICT (tenant_id, synchronization_id) DO UPDATE SET held_until = excluded.held_until`;

const LET_GO = 'DELETE FROM licence_hold WHERE tenant_id = $1 AND synchronization_id = $2';

const licenceRow = z
  .object({
    licence: z.object({
      product: z.literal('tandem-remote'),
      id: z.string(),
      holder: z.string(),
      site: z.string().nullable(),
      tenant: z.string().nullable(),
      issued: z.string(),
      expires: z.string(),
      endpoints: z.number(),
    }),
    signature: z.string(),
  })
  .transform((row): SignedLicence => row);

const siteRow = z
  .object({ synchronization_id: id<SynchronizationId>(), site_url: z.string() })
  .transform((row) => ({ synchronizationId: row.synchronization_id, siteUrl: row.site_url }));

const tenantRow = z.object({ tenant_id: id<TenantId>() });

/** Licences on Postgres. */
export const createLicences = (database: Database): LicenceStore => ({
  async read(tenantId) {
    const [found] = await database.rows(READ, [tenantId], licenceRow);
    return found ?? null;
  },
  async write(tenantId, { licence, signature }) {
    await database.execute(WRITE, [tenantId, JSON.stringify(licence), signature]);
  },
  listTaken: (tenantId) => database.rows(LIST_TAKEN, [tenantId], siteRow),
  take: (tenantId, synchronizationId, holdMs, decide) =>
    database.transaction(async (statements) => {
      await statements.rows(LOCK, [tenantId], tenantRow);
      const met = await statements.rows(LIST_MET, [tenantId, synchronizationId], siteRow);
      const own = met.filter((site) => site.synchronizationId === synchronizationId);
      if (own.length === 0) return null;
      const refusal = decide({
        own: own.map(({ siteUrl }) => siteUrl),
        others: met.filter((site) => site.synchronizationId !== synchronizationId).map(({ siteUrl }) => siteUrl),
      });
      if (refusal === null) await statements.execute(HOLD, [tenantId, synchronizationId, holdMs]);
      return refusal;
    }),
  async letGo(tenantId, synchronizationId) {
    await database.execute(LET_GO, [tenantId, synchronizationId]);
  },
});
