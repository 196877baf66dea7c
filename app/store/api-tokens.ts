import { z } from 'zod';
import type { AccountId, TenantId } from '../core/ids.ts';
import { epochMs, id, isUuid, time, timestamp } from '../platform/columns.ts';
import type { Statements } from '../platform/database.ts';
import { type ApiToken, type ApiTokenStore, TOKEN_SCOPES } from '../sync/api-token-ports.ts';

const COLUMNS = `
  t.tenant_id, t.token_id, t.name, t.scopes, t.created_by, ${epochMs('t.created_at')} AS created_at,
  ${epochMs('t.expires_at')} AS expires_at, ${epochMs('t.last_used_at')} AS last_used_at, ${epochMs('t.revoked_at')} AS revoked_at`;

const tokenRow = z
  .looseObject({
    tenant_id: id<TenantId>(),
    token_id: z.string(),
    name: z.string(),
    scopes: z.array(z.enum(TOKEN_SCOPES)),
    created_by: id<AccountId>().nullable(),
    created_at: time,
    expires_at: time,
    last_used_at: time.nullable(),
    revoked_at: time.nullable(),
  })
  .transform(
    (row): ApiToken => ({
      tenantId: row.tenant_id,
      tokenId: row.token_id,
      name: row.name,
      scopes: row.scopes,
      createdBy: row.created_by,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      lastUsedAt: row.last_used_at,
      revokedAt: row.revoked_at,
    }),
  );

const shownRow = z
  .looseObject({ secret_hash: z.string(), is_leaving: z.boolean() })
  .transform((row) => ({ token: tokenRow.parse(row), secretHash: row.secret_hash, isLeaving: row.is_leaving }));

const INSERT = `
  INSERT INTO api_token (tenant_id, token_id, name, scopes, secret_hash, created_by, created_at, expires_at)
  VALUES ($1, $2, $3, $4::text[], $5, $6, ${timestamp('$7')}, ${timestamp('$8')})`;

const LIST = `SELECT ${COLUMNS} FROM api_token t WHERE t.tenant_id = $1 ORDER BY t.created_at DESC, t.token_id`;

const READ = `
  SELECT ${COLUMNS}, t.secret_hash, owner.erase_at IS NOT NULL AS is_leaving
    FROM api_token t
    JOIN tenant owner ON owner.tenant_id = t.tenant_id
   WHERE t.tenant_id = $1 AND t.token_id = $2`;

const REVOKE = `
  UPDATE api_token SET revoked_at = ${timestamp('$3')} WHERE tenant_id = $1 AND token_id = $2 AND revoked_at IS NULL`;

const NOTE_USE = `
  UPDATE api_token SET last_used_at = ${timestamp('$3')}
   WHERE tenant_id = $1 AND token_id = $2 AND (last_used_at IS NULL OR last_used_at < ${timestamp('$3')})`;

/** API tokens on Postgres. */
export const createApiTokens = (database: Statements): ApiTokenStore => ({
  async insert({ tenantId, tokenId, name, scopes, createdBy, createdAt, expiresAt }, secretHash) {
    await database.execute(INSERT, [tenantId, tokenId, name, scopes, secretHash, createdBy, createdAt, expiresAt]);
  },
  list: (tenantId) => database.rows(LIST, [tenantId], tokenRow),
  async read(tenantId, tokenId) {
    const [found] = await database.rows(READ, [tenantId, tokenId], shownRow);
    return found ?? null;
  },
  async revoke(tenantId, tokenId, at) {
    return isUuid(tokenId) && (await database.execute(REVOKE, [tenantId, tokenId, at])) > 0;
  },
  async noteUse(tenantId, tokenId, hour) {
    await database.execute(NOTE_USE, [tenantId, tokenId, hour]);
  },
});
