import { z } from 'zod';
import type { AccountId, AuthenticationLinkId, ConnectionId, TenantId } from '../core/ids.ts';
import { epochMs, id, isUuid, time, timestamp } from '../platform/columns.ts';
import type { Database } from '../platform/database.ts';
import type { AuthenticationLink, AuthenticationLinks } from '../sync/authentication-link-ports.ts';

const COLUMNS = `
  tenant_id, link_id, connection_id, secret_hash, made_for, asked_by_account, asked_in_connection, asked_by_token,
  ${epochMs('created_at')} AS created_at, ${epochMs('expires_at')} AS expires_at, ended,
  state_hash, browser_hash, sealed_attempt, ${epochMs('attempt_until')} AS attempt_until`;

/** One by one for each connection, so that of two that open at the same time one sees the other. */
const HOLD = 'SELECT connection_id FROM remote_connection WHERE tenant_id = $1 AND connection_id = $2 FOR NO KEY UPDATE';
const HOLD_OF_LINK = `
  SELECT connection_id FROM remote_connection
   WHERE tenant_id = $1 AND connection_id = (SELECT connection_id FROM authentication_link WHERE tenant_id = $1 AND link_id = $2)
     FOR NO KEY UPDATE`;
const heldRow = z.object({ connection_id: id<ConnectionId>() });

/** $3 the ended ones of that connection that expired before it are forgotten, epoch ms. */
const FORGET = `
  DELETE FROM authentication_link WHERE tenant_id = $1 AND connection_id = $2 AND expires_at < ${timestamp('$3')}`;

const REPLACE = `
  UPDATE authentication_link SET ended = 'replaced', state_hash = NULL, browser_hash = NULL, sealed_attempt = NULL, attempt_until = NULL
   WHERE tenant_id = $1 AND connection_id = $2 AND ended IS NULL`;

const INSERT = `
  INSERT INTO authentication_link (tenant_id, link_id, connection_id, secret_hash, made_for, asked_by_account, asked_in_connection,
                                   asked_by_token, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ${timestamp('$9')}, ${timestamp('$10')})
  ON CONFLICT (tenant_id, link_id) DO NOTHING`;

/** Nobody is let in for a tenant that has left: what came of it would only be erased. */
const READ = `
  SELECT ${COLUMNS} FROM authentication_link WHERE tenant_id = $1 AND link_id = $2
     AND NOT EXISTS (SELECT 1 FROM tenant WHERE tenant.tenant_id = $1 AND erase_at IS NOT NULL)`;

const BEGIN = `
  UPDATE authentication_link
     SET state_hash = $3, browser_hash = $4, sealed_attempt = $5, attempt_until = ${timestamp('$6')}
   WHERE tenant_id = $1 AND link_id = $2 AND ended IS NULL AND expires_at > ${timestamp('$7')}`;

const USE = `
  UPDATE authentication_link
     SET ended = 'used', state_hash = NULL, browser_hash = NULL, sealed_attempt = NULL, attempt_until = NULL
   WHERE tenant_id = $1 AND link_id = $2 AND ended IS NULL AND state_hash = $3`;

const REOPEN = `
  UPDATE authentication_link link
     SET ended = CASE WHEN EXISTS (
           SELECT 1 FROM authentication_link newer
            WHERE newer.tenant_id = $1 AND newer.connection_id = link.connection_id AND newer.made_for = link.made_for
              AND newer.created_at > link.created_at) THEN 'replaced' END
   WHERE link.tenant_id = $1 AND link.link_id = $2 AND link.ended = 'used'`;

const linkRow = z
  .object({
    tenant_id: id<TenantId>(),
    link_id: id<AuthenticationLinkId>(),
    connection_id: id<ConnectionId>(),
    secret_hash: z.string(),
    made_for: z.enum(['me', 'somebody']),
    asked_by_account: id<AccountId>().nullable(),
    asked_in_connection: id<ConnectionId>().nullable(),
    asked_by_token: z.string().nullable(),
    created_at: time,
    expires_at: time,
    ended: z.enum(['used', 'replaced']).nullable(),
    state_hash: z.string().nullable(),
    browser_hash: z.string().nullable(),
    sealed_attempt: z.string().nullable(),
    attempt_until: time.nullable(),
  })
  .transform(
    (row): AuthenticationLink => ({
      tenantId: row.tenant_id,
      linkId: row.link_id,
      connectionId: row.connection_id,
      secretHash: row.secret_hash,
      for: row.made_for,
      asker: askerOf(row),
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      end: row.ended,
      attempt: attemptOf(row),
    }),
  );

function askerOf(row: {
  asked_by_account: AccountId | null;
  asked_in_connection: ConnectionId | null;
  asked_by_token: string | null;
}): AuthenticationLink['asker'] {
  const { asked_in_connection: connectionId } = row;
  if (connectionId !== null) return { kind: 'person', accountId: row.asked_by_account, connectionId };
  return { kind: 'token', tokenId: row.asked_by_token ?? '' };
}

function attemptOf(row: {
  state_hash: string | null;
  browser_hash: string | null;
  sealed_attempt: string | null;
  attempt_until: number | null;
}): AuthenticationLink['attempt'] {
  const { state_hash: stateHash, browser_hash: browserHash, sealed_attempt: sealed, attempt_until: until } = row;
  if (stateHash === null || browserHash === null || sealed === null || until === null) return null;
  return { stateHash, browserHash, sealed, until };
}

/** Ended links are remembered so long, so that whoever opens one is told what happened to it. */
const REMEMBERED_MS = 30 * 86_400_000;

/** On Postgres. */
export const createAuthenticationLinks = (database: Database): AuthenticationLinks => ({
  async insert(link) {
    const { tenantId, connectionId, asker } = link;
    return database.transaction(async (statements) => {
      if ((await statements.rows(HOLD, [tenantId, connectionId], heldRow)).length === 0) return false;
      await statements.execute(FORGET, [tenantId, connectionId, link.createdAt - REMEMBERED_MS]);
      // Done again when the answer to the commit was lost: then it is there, and must not replace itself.
      await statements.execute(`${REPLACE} AND made_for = $3 AND link_id <> $4`, [tenantId, connectionId, link.for, link.linkId]);
      await statements.execute(INSERT, [
        tenantId,
        link.linkId,
        connectionId,
        link.secretHash,
        link.for,
        asker.kind === 'person' ? asker.accountId : null,
        asker.kind === 'person' ? asker.connectionId : null,
        asker.kind === 'token' ? asker.tokenId : null,
        link.createdAt,
        link.expiresAt,
      ]);
      return true;
    });
  },
  async read(tenantId, linkId) {
    if (!isUuid(tenantId) || !isUuid(linkId)) return null;
    const [link] = await database.rows(READ, [tenantId, linkId], linkRow);
    return link ?? null;
  },
  async begin(tenantId, linkId, { stateHash, browserHash, sealed, until }, now) {
    return (await database.execute(BEGIN, [tenantId, linkId, stateHash, browserHash, sealed, until, now])) > 0;
  },
  async use(tenantId, linkId, stateHash) {
    return (await database.execute(USE, [tenantId, linkId, stateHash])) > 0;
  },
  async reopen(tenantId, linkId) {
    await database.transaction(async (statements) => {
      await statements.rows(HOLD_OF_LINK, [tenantId, linkId], heldRow);
      await statements.execute(REOPEN, [tenantId, linkId]);
    });
  },
  async endOthers(tenantId, connectionId) {
    await database.execute(REPLACE, [tenantId, connectionId]);
  },
});
