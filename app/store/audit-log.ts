import { z } from 'zod';
import type { AccountId } from '../core/ids.ts';
import type { Clock } from '../platform/clock.ts';
import { epochMs, time, timestamp } from '../platform/columns.ts';
import type { Statements } from '../platform/database.ts';
import type { MakeId } from '../platform/ids.ts';
import { type Actor, type Audit, type AuditEntry, actorIdOf } from '../sync/audit-ports.ts';

/** Refusals of one action for one reason that a tenant keeps in an hour: enough to see that somebody tries, and what. */
const MOST_REFUSALS = 20;
const HOUR_MS = 3_600_000;
/** Kinds of refusals remembered as full, over all tenants: half a megabyte. */
const MOST_FULL = 5_000;

/** $1 tenant … $9 outcome. Nothing for a tenant that is gone. */
const WRITE = `
  INSERT INTO audit (tenant_id, entry_id, at, actor_kind, actor_id, action, subject, detail, outcome)
  SELECT $1::uuid, $2::uuid, ${timestamp('$3')}, $4, $5, $6, $7, $8, $9
   WHERE EXISTS (SELECT 1 FROM tenant WHERE tenant_id = $1::uuid)`;

/** The last of the hour that ended in $3 only if there are few of them. */
const WRITE_REFUSAL = `${WRITE}
     AND (SELECT count(*)
            FROM (SELECT 1 FROM audit
                   WHERE tenant_id = $1::uuid AND action = $6 AND outcome = 'refused' AND detail IS NOT DISTINCT FROM $8
                     AND at > ${timestamp('$3')} - interval '1 hour'
                   LIMIT ${MOST_REFUSALS}) lately) < ${MOST_REFUSALS}`;

/** $1 tenant, $2 before, $3 limit. All lines of the last moment, so that none falls between two pages. */
const LIST = `
  WITH page AS (
    SELECT at FROM audit WHERE tenant_id = $1 AND at < coalesce(${timestamp('$2')}, 'infinity') ORDER BY at DESC LIMIT $3
  )
  SELECT ${epochMs('at')} AS at, actor_kind, actor_id, action, subject, detail, outcome
    FROM audit
   WHERE tenant_id = $1 AND at < coalesce(${timestamp('$2')}, 'infinity') AND at >= (SELECT min(at) FROM page)
   ORDER BY audit.at DESC, entry_id`;

const UNNAMED = ['site', 'partner', 'operator', 'stranger', 'tandem'] as const;

const actorOf = (kind: string, actorId: string | null): Actor => {
  if (kind === 'person') return { kind, accountId: (actorId ?? 'erased') as AccountId };
  if (kind === 'token') return { kind, tokenId: actorId ?? '' };
  if (kind === 'link') return { kind, linkId: actorId ?? '' };
  return { kind: z.enum(UNNAMED).parse(kind) };
};

const entryRow = z
  .object({
    at: time,
    actor_kind: z.string(),
    actor_id: z.string().nullable(),
    action: z.string(),
    subject: z.string().nullable(),
    detail: z.string().nullable(),
    outcome: z.enum(['done', 'refused']),
  })
  .transform(
    (row): AuditEntry => ({
      at: row.at,
      actor: actorOf(row.actor_kind, row.actor_id),
      action: row.action,
      subject: row.subject,
      detail: row.detail,
      outcome: row.outcome,
    }),
  );

/** Remembers which kinds of refusals have been enough for this hour, so that a flood of them does not reach the database. */
const createFullness = (clock: Pick<Clock, 'now'>) => {
  const until = new Map<string, number>();
  return {
    isFull: (name: string): boolean => (until.get(name) ?? 0) > clock.now(),
    note(name: string): void {
      if (until.size >= MOST_FULL) until.clear();
      until.set(name, clock.now() + HOUR_MS / MOST_REFUSALS);
    },
  };
};

export interface AuditLogParts {
  readonly database: Statements;
  readonly clock: Pick<Clock, 'now'>;
  readonly makeId: MakeId;
  readonly logger: { error(fields: object, message: string): void };
}

/** The audit log on Postgres. */
export function createAuditLog({ database, clock, makeId, logger }: AuditLogParts): Audit {
  const fullness = createFullness(clock);
  return {
    async note(tenantId, { at, actor, action, subject, detail, outcome }) {
      const kind = `${tenantId} ${action} ${detail}`;
      if (outcome === 'refused' && fullness.isFull(kind)) return;
      const sql = outcome === 'refused' ? WRITE_REFUSAL : WRITE;
      const line = [tenantId, makeId(), at, actor.kind, actorIdOf(actor), action, subject, detail, outcome];
      try {
        const written = await database.execute(sql, line);
        if (written === 0 && outcome === 'refused') fullness.note(kind);
      } catch (error) {
        const name = error instanceof Error ? error.name : 'unknown';
        logger.error({ tenantId, action, subject, outcome, error: name }, 'A line of the audit log could not be written');
      }
    },
    list: (tenantId, { before, limit }) => database.rows(LIST, [tenantId, before, limit], entryRow),
  };
}
