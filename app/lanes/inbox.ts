import { z } from 'zod';
import { WORKS } from '../core/spend-points.ts';
import { count } from '../platform/columns.ts';
import type { Database } from '../platform/database.ts';
import { isTransientError } from '../platform/transient-error.ts';
import type { Delivery, Inbox, Receipt } from '../sync/ports.ts';
import { boundedTold, DIRTY_AGAIN, LANE_KEY, originOf, toldEntry } from './lane-statements.ts';

/**
 * One statement, hence one transaction, for all deliveries that wait at the same moment ($1, as JSON).
 *
 * place   every side that the sending site has in a running synchronization, and the pair of the item if it has one there; or the
 *         lane for which that synchronization made the item, whose pair may not be recorded yet. What another synchronization made
 *         carries marks that no event tells: it is to be looked at
 * route   the lanes concerned: the pair's wherever the item is now, else the item's own if it is in the space of that side
 * stored  the deliveries that this synchronization has not seen; rows in order of the key, so that two batches never wait in a circle
 * dirtied their lanes, told what came in; except for the synchronization whose own write the event only answers. What that one has to be
 *         told of its own write all the same is nobody's edit: a repair
 * exceeded the numbers that an item of a space is beyond. They are there and locked, so `numbered` inserts none: it is written like
 *         this because an upsert goes by the key, while a join was planned as a look at the numbers of all tenants (docs/bench)
 */
const RECEIVE = `
  WITH delivery AS MATERIALIZED (
    SELECT *
      FROM jsonb_to_recordset($1::jsonb) AS d (
        n integer, site_tenant_id uuid, connection_id uuid, delivery_id text, event text, issue_id text, project_id text,
        key_project text, key_number integer, echo_of uuid, tells_writer boolean, made_by uuid, sealed text)
  ), place AS MATERIALIZED (
    SELECT d.n, d.connection_id, d.delivery_id, d.event, d.issue_id, d.key_project, d.key_number,
           p.owner_tenant_id AS tenant_id, p.synchronization_id, p.side, p.project_id = d.project_id AS in_space,
           coalesce(split_part(made.lane_key, ':', 2), pair.origin_side) AS origin_side,
           coalesce(split_part(made.lane_key, ':', 3), pair.origin_issue_id) AS origin_issue_id,
           coalesce(d.echo_of = p.synchronization_id AND d.tells_writer, false) AS own,
           coalesce(d.echo_of = p.synchronization_id AND NOT d.tells_writer, false) AND made.lane_key IS NULL AS echo,
           CASE WHEN d.made_by IS NULL OR d.echo_of = p.synchronization_id THEN d.sealed END AS sealed,
           bool_or(coalesce(made.lane_key, pair.origin_side) IS NOT NULL)
             OVER (PARTITION BY d.n, p.owner_tenant_id, p.synchronization_id) AS paired
      FROM delivery d
      -- OFFSET 0: by the index for each delivery. A join would be planned as a look at every participation there is (docs/bench).
     CROSS JOIN LATERAL (
       SELECT * FROM participation WHERE tenant_id = d.site_tenant_id AND connection_id = d.connection_id AND running OFFSET 0
     ) p
      LEFT JOIN LATERAL (
        SELECT lane_key
          FROM effect
         WHERE tenant_id = p.owner_tenant_id AND effect_id = d.made_by AND synchronization_id = p.synchronization_id
           AND synchronization_id = d.echo_of AND target = p.side AND kind = 'create-item'
         LIMIT 1
      ) made ON true
      LEFT JOIN LATERAL (
        ${originOf({ tenant: 'p.owner_tenant_id', synchronization: 'p.synchronization_id', side: 'p.side', issue: 'd.issue_id' })}
      ) pair ON true
  ), route AS MATERIALIZED (
    SELECT DISTINCT n, connection_id, delivery_id, event, echo, own, issue_id AS told_issue_id,
           ${toldEntry('side', 'sealed')} AS told,
           tenant_id, synchronization_id, coalesce(origin_side, side) AS side, coalesce(origin_issue_id, issue_id) AS issue_id
      FROM place
     WHERE origin_side IS NOT NULL OR (in_space AND NOT paired)
  ), stored AS (
    INSERT INTO inbox (tenant_id, synchronization_id, connection_id, delivery_id, event, issue_id, echo)
    SELECT DISTINCT ON (tenant_id, synchronization_id, connection_id, delivery_id)
           tenant_id, synchronization_id, connection_id, delivery_id, event, told_issue_id, echo
      FROM route
     ORDER BY tenant_id, synchronization_id, connection_id, delivery_id, echo
    ON CONFLICT DO NOTHING
    RETURNING tenant_id, synchronization_id, connection_id, delivery_id, echo
  ), fresh AS (
    SELECT r.n, r.tenant_id, r.synchronization_id, r.side, r.issue_id, r.told, r.own, s.echo
      FROM route r
      JOIN stored s USING (tenant_id, synchronization_id, connection_id, delivery_id)
  ), dirtied AS (
    INSERT INTO lane (tenant_id, lane_key, synchronization_id, side, issue_id, gen, due_at, told, priority)
    SELECT tenant_id, ${LANE_KEY}, synchronization_id, side, issue_id, count(*), now(), ${boundedTold('array_agg(told ORDER BY n)')},
           CASE WHEN bool_and(own) THEN ${WORKS.indexOf('repair')} ELSE ${WORKS.indexOf('edit')} END
      FROM fresh
     WHERE NOT echo
     GROUP BY tenant_id, synchronization_id, side, issue_id
     ORDER BY 1, 2
    ${DIRTY_AGAIN}
  ), exceeded AS MATERIALIZED (
    SELECT seen.*
      FROM (
        SELECT tenant_id, synchronization_id, side, key_project, max(key_number) AS highest
          FROM place
         WHERE in_space AND key_number IS NOT NULL
         GROUP BY tenant_id, synchronization_id, side, key_project
         ORDER BY tenant_id, synchronization_id, side
      ) seen
     CROSS JOIN LATERAL (
       SELECT 1
         FROM item_number i
        WHERE i.tenant_id = seen.tenant_id AND i.synchronization_id = seen.synchronization_id AND i.side = seen.side
          AND i.project_key = seen.key_project AND i.highest < seen.highest
          FOR NO KEY UPDATE
     ) lower
  ), numbered AS (
    INSERT INTO item_number (tenant_id, synchronization_id, side, project_key, highest)
    SELECT tenant_id, synchronization_id, side, key_project, highest FROM exceeded
    ON CONFLICT (tenant_id, synchronization_id, side) DO UPDATE SET highest = greatest(item_number.highest, excluded.highest)
  )
  SELECT d.n, coalesce(r.routes, 0) AS routes, coalesce(f.fresh, 0) AS fresh, coalesce(f.lanes, 0) AS lanes
    FROM delivery d
    LEFT JOIN (SELECT n, count(*) AS routes FROM route GROUP BY n) r USING (n)
    LEFT JOIN (SELECT n, count(*) AS fresh, count(*) FILTER (WHERE NOT echo) AS lanes FROM fresh GROUP BY n) f USING (n)
   ORDER BY d.n`;

const receiptRow = z.object({ n: count, routes: count, fresh: count, lanes: count }).transform((row): Receipt => {
  if (row.routes === 0) return { kind: 'unconcerned' };
  if (row.fresh === 0) return { kind: 'duplicate' };
  return row.lanes === 0 ? { kind: 'echo' } : { kind: 'accepted', lanes: row.lanes };
});

/** Measured: the rate is highest at 50 to 200 a batch (7,000 to 10,000/s on two shared cores); larger ones only make each wait longer. */
const LARGEST_BATCH = 200;

interface Waiting {
  readonly delivery: Delivery;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: unknown) => void;
}

const nameOf = ({ siteTenantId, connectionId, deliveryId }: Delivery): string => `${siteTenantId} ${connectionId} ${deliveryId}`;

const rowOf = (delivery: Delivery, n: number) => {
  const key = /^(.+)-(\d{1,9})$/.exec(delivery.issueKey ?? '');
  return {
    n,
    site_tenant_id: delivery.siteTenantId,
    connection_id: delivery.connectionId,
    delivery_id: delivery.deliveryId,
    event: delivery.event,
    issue_id: delivery.issueId,
    project_id: delivery.projectId,
    key_project: key?.[1] ?? null,
    key_number: key === null ? null : Number(key[2]),
    echo_of: delivery.echoOf,
    tells_writer: delivery.tellsWriter,
    made_by: delivery.madeBy,
    sealed: delivery.sealedObservation,
  };
};

/** Stores deliveries with different names; receipts in the same order. */
const store = async (database: Database, deliveries: readonly Delivery[]): Promise<readonly Receipt[]> =>
  database.rows(RECEIVE, [JSON.stringify(deliveries.map(rowOf))], receiptRow);

/** What the second of two equal deliveries in one batch gets. */
const repeated = (first: Receipt | undefined): Receipt => (first?.kind === 'unconcerned' ? first : { kind: 'duplicate' });

const receiveBatch = async (database: Database, batch: readonly Waiting[]): Promise<readonly Receipt[]> => {
  const byName = new Map<string, number>();
  const different: Delivery[] = [];
  for (const { delivery } of batch) {
    if (byName.has(nameOf(delivery))) continue;
    byName.set(nameOf(delivery), different.push(delivery) - 1);
  }
  const receipts = await store(database, different);
  const taken = new Set<number>();
  return batch.map(({ delivery }) => {
    const place = byName.get(nameOf(delivery)) ?? 0;
    const receipt = receipts[place];
    if (receipt === undefined || taken.has(place)) return repeated(receipt);
    taken.add(place);
    return receipt;
  });
};

/**
 * The inbox on Postgres. While one batch is being committed, the deliveries that come in form the next: under load a commit is
 * shared by hundreds, without load nobody waits. `onWake` is called after lanes became due.
 */
export const createInbox = ({ database, onWake }: { database: Database; onWake: () => void }): Inbox => {
  const waiting: Waiting[] = [];
  let working = false;

  const settle = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const receipts = await receiveBatch(database, batch);
      if (receipts.some(({ kind }) => kind === 'accepted')) onWake();
      for (const [place, receipt] of receipts.entries()) batch[place]?.resolve(receipt);
    } catch (error) {
      if (batch.length === 1 || isTransientError(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      // One of them is at fault: each on its own, so that the others do not suffer for it.
      for (const one of batch) await settle([one]);
    }
  };

  const work = async (): Promise<void> => {
    if (working) return;
    working = true;
    while (waiting.length > 0) await settle(waiting.splice(0, LARGEST_BATCH));
    working = false;
  };

  return {
    receive: (delivery) =>
      new Promise((resolve, reject) => {
        waiting.push({ delivery, resolve, reject });
        void work();
      }),
  };
};
