import { z } from 'zod';
import type { SynchronizationId, TenantId } from '../core/ids.ts';
import { id } from '../platform/columns.ts';
import type { Bind, Database } from '../platform/database.ts';
import type { Retention } from '../sync/healing-ports.ts';

/*
 * Each statement removes at most a number of rows of one tenant, found by an index, and leaves alone what somebody else has locked. Why
 * no partitions: docs/adr/0007.
 */

/** $1 how often, ms. */
const findDue = (limit: number): string =>
  `SELECT tenant_id FROM tenant WHERE pruned_at <= now() - $1::float8 * interval '1 ms' ORDER BY pruned_at LIMIT ${limit}`;

/** $1 tenant, $2 how often, ms. No row: another process was faster. */
const CLAIM = `
  UPDATE tenant SET pruned_at = now()
   WHERE tenant_id = $1 AND pruned_at <= now() - $2::float8 * interval '1 ms'
  RETURNING tenant_id`;

const AGED = "now() - $2::float8 * interval '1 ms'";

/** $1 tenant, $2 age in ms, $3 limit. Longer than Jira sends a delivery again, so that none is worked off twice. */
const PRUNE_INBOX = `
  DELETE FROM inbox USING (
    SELECT synchronization_id, connection_id, delivery_id
      FROM inbox
     WHERE tenant_id = $1 AND received_at < ${AGED}
     ORDER BY received_at
     LIMIT $3
       FOR UPDATE SKIP LOCKED
  ) old
   WHERE inbox.tenant_id = $1 AND inbox.synchronization_id = old.synchronization_id
     AND inbox.connection_id = old.connection_id AND inbox.delivery_id = old.delivery_id`;

/** What a mark in Jira names is kept as long as its synchronization: without it a clone could not be told from a twin (SPEC I3). */
const PRUNE_EFFECTS = `
  DELETE FROM effect USING (
    SELECT effect_id
      FROM effect
     WHERE tenant_id = $1 AND intended_at < ${AGED}
       AND state <> 'intended' AND (kind NOT IN ('create-item', 'create-comment') OR state <> 'confirmed')
     ORDER BY intended_at
     LIMIT $3
       FOR UPDATE SKIP LOCKED
  ) old
   WHERE effect.tenant_id = $1 AND effect.effect_id = old.effect_id`;

/** $4 synchronization, $5 how many lines stay whatever their age. */
const PRUNE_HISTORY = `
  DELETE FROM history USING (
    SELECT history_id
      FROM history
     WHERE tenant_id = $1 AND synchronization_id = $4 AND at < ${AGED}
       AND at < (SELECT at FROM history WHERE tenant_id = $1 AND synchronization_id = $4 ORDER BY at DESC, line DESC OFFSET $5 LIMIT 1)
     ORDER BY at, line
     LIMIT $3
       FOR UPDATE SKIP LOCKED
  ) old
   WHERE history.tenant_id = $1 AND history.history_id = old.history_id`;

const PRUNE_KEPT = `
  DELETE FROM kept_value USING (
    SELECT kept_id FROM kept_value WHERE tenant_id = $1 AND until <= now() ORDER BY until LIMIT $2 FOR UPDATE SKIP LOCKED
  ) old
   WHERE kept_value.tenant_id = $1 AND kept_value.kept_id = old.kept_id`;

/** Looks at items as they were that long ago: a scan that lists them again costs one look more. */
const PRUNE_LOOKS = `
  DELETE FROM unpaired_look USING (
    SELECT synchronization_id, side, issue_id
      FROM unpaired_look
     WHERE tenant_id = $1 AND updated_at < ${AGED}
     LIMIT $3
       FOR UPDATE SKIP LOCKED
  ) old
   WHERE unpaired_look.tenant_id = $1 AND unpaired_look.synchronization_id = old.synchronization_id
     AND unpaired_look.side = old.side AND unpaired_look.issue_id = old.issue_id`;

/**
 * What webhooks told is content, sealed. Lanes that get nowhere forget it and look instead: those of synchronizations that do not run, and
 * those that failed for about a day (waits grow to five minutes). $2 failed turns, $3 limit.
 */
const FORGET_TOLD = `
  UPDATE lane SET told = '{A:look,B:look}'
    FROM (
      SELECT lane_key
        FROM lane l
       WHERE tenant_id = $1 AND due_at IS NOT NULL AND lease_until IS NULL
         AND EXISTS (SELECT 1 FROM unnest(told) entry WHERE entry NOT LIKE '_:look')
         AND (attempts > $2 OR NOT EXISTS (
           SELECT 1 FROM synchronization s
            WHERE s.tenant_id = l.tenant_id AND s.synchronization_id = l.synchronization_id AND s.state = 'running'))
       LIMIT $3
         FOR UPDATE SKIP LOCKED
    ) stuck
   WHERE lane.tenant_id = $1 AND lane.lane_key = stuck.lane_key`;
const STUCK_ATTEMPTS = 300;

const PRUNE_FOUND_LATE = `DELETE FROM found_late WHERE tenant_id = $1 AND day < (${AGED})::date`;

const PRUNE_AUDIT = `
  DELETE FROM audit USING (
    SELECT entry_id FROM audit WHERE tenant_id = $1 AND at < ${AGED} ORDER BY at LIMIT $3 FOR UPDATE SKIP LOCKED
  ) old
   WHERE audit.tenant_id = $1 AND audit.entry_id = old.entry_id`;

/** A token that ended is listed as long as the audit log may name it. */
const PRUNE_TOKENS = `DELETE FROM api_token WHERE tenant_id = $1 AND least(expires_at, revoked_at) < ${AGED}`;

const LIST_SYNCHRONIZATIONS = 'SELECT synchronization_id FROM synchronization WHERE tenant_id = $1 ORDER BY synchronization_id';

const tenantRow = z.object({ tenant_id: id<TenantId>() });
const synchronizationRow = z.object({ synchronization_id: id<SynchronizationId>() });

/** What removes rows past their time, on Postgres. */
export const createRetention = (database: Database): Retention => ({
  async claimDue(limit, everyMs) {
    const due = await database.rows(findDue(limit), [everyMs], tenantRow);
    const taken = due.map(({ tenant_id }) => database.rows(CLAIM, [tenant_id, everyMs], tenantRow));
    return (await Promise.all(taken)).flat().map(({ tenant_id }) => tenant_id);
  },
  async prune(tenantId, { inboxMs, effectMs, historyMs, historyNewest, auditMs }, limit) {
    const statements: [string, readonly Bind[]][] = [
      [PRUNE_INBOX, [tenantId, inboxMs, limit]],
      [PRUNE_EFFECTS, [tenantId, effectMs, limit]],
      [PRUNE_KEPT, [tenantId, limit]],
      [PRUNE_LOOKS, [tenantId, historyMs, limit]],
      [FORGET_TOLD, [tenantId, STUCK_ATTEMPTS, limit]],
      [PRUNE_AUDIT, [tenantId, auditMs, limit]],
    ];
    for (const { synchronization_id } of await database.rows(LIST_SYNCHRONIZATIONS, [tenantId], synchronizationRow))
      statements.push([PRUNE_HISTORY, [tenantId, historyMs, limit, synchronization_id, historyNewest]]);
    await database.execute(PRUNE_FOUND_LATE, [tenantId, historyMs]);
    await database.execute(PRUNE_TOKENS, [tenantId, auditMs]);
    let done = true;
    for (const [sql, bind] of statements) if ((await database.execute(sql, bind)) >= limit) done = false;
    return done;
  },
});
