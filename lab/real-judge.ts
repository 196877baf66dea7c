import { z } from 'zod';
import type { IssueKey, PieceKey, SynchronizationId, TenantId } from '../app/core/ids.ts';
import { id } from '../app/platform/columns.ts';
import type { Database } from '../app/platform/database.ts';
import type { Breach } from './judge.ts';
import { emptyTables, type Tables } from './memory/tables.ts';
import { bijection } from './properties/bijection.ts';
import { convergence } from './properties/convergence.ts';
import { isolation } from './properties/isolation.ts';
import { noLoss } from './properties/no-loss.ts';
import type { RealPlan } from './real-plan.ts';
import type { RealWorld } from './real-world.ts';
import type { Deed } from './witness.ts';

/** The promises that can be judged by what the sites saw, by the history and by what the processes printed. */
const JUDGED = [convergence, noLoss, bijection, isolation];

const OVERWRITTEN = `
  SELECT tenant_id, history_id, synchronization_id, a_issue_key, b_issue_key, piece_key
    FROM history WHERE outcome = 'overwritten'`;

const overwrittenRow = z.object({
  tenant_id: id<TenantId>(),
  history_id: z.string(),
  synchronization_id: id<SynchronizationId>(),
  a_issue_key: id<IssueKey>().nullable(),
  b_issue_key: id<IssueKey>().nullable(),
  piece_key: id<PieceKey>().nullable(),
});

/** What the history tells of values that lost, as the properties look for it. */
async function tablesOf(database: Database): Promise<Tables> {
  const tables = emptyTables();
  for (const row of await database.rows(OVERWRITTEN, [], overwrittenRow))
    tables.history.set(row.history_id, {
      tenantId: row.tenant_id,
      synchronizationId: row.synchronization_id,
      place: 0,
      line: {
        at: 0,
        pairId: null,
        issueKeys: { A: row.a_issue_key, B: row.b_issue_key },
        piece: row.piece_key,
        outcome: 'overwritten',
        source: null,
        cause: null,
      },
    });
  return tables;
}

/** Each says how many rows there are that must not be there at rest. */
const LEFT_OVERS: readonly (readonly [promise: string, what: string, sql: string])[] = [
  ['no-loops', 'lanes are not at rest', "SELECT count(*)::int AS n FROM lane WHERE due_at IS NOT NULL AND state <> 'watching'"],
  ['no-loops', 'lanes are in hand', 'SELECT count(*)::int AS n FROM lane WHERE lease_until IS NOT NULL'],
];

const counted = z.object({ n: z.number() });

/** Effects of which nobody knows what became, each with the item that it was to write to, where that has a pair. */
const INTENDED = `
  SELECT e.target, CASE e.target WHEN 'A' THEN p.a_issue_id ELSE p.b_issue_id END AS issue_id
    FROM effect e
    LEFT JOIN pair p ON p.tenant_id = e.tenant_id AND p.synchronization_id = e.synchronization_id
     AND e.lane_key = concat_ws(':', p.synchronization_id, p.origin_side,
                                CASE p.origin_side WHEN 'A' THEN p.a_issue_id ELSE p.b_issue_id END)
   WHERE e.state = 'intended'`;

const intendedRow = z.object({ target: z.enum(['A', 'B']), issue_id: z.string().nullable() });

/** What became of a write to an item that is gone can never be found out (SPEC R4). */
async function intendedOnly({ database, couple }: RealWorld): Promise<Breach[]> {
  const found = await database.rows(INTENDED, [], intendedRow);
  const open = found.filter(({ target, issue_id }) => issue_id === null || couple[target].site.heart.issues.has(issue_id));
  return open.length === 0 ? [] : [{ property: 'audit', detail: `${open.length} effects are only intended` }];
}

async function leftOvers(database: Database): Promise<Breach[]> {
  const breaches: Breach[] = [];
  for (const [property, what, sql] of LEFT_OVERS) {
    const [row] = await database.rows(sql, [], counted);
    if (row?.n !== 0) breaches.push({ property, detail: `${row?.n} ${what}` });
  }
  return breaches;
}

function webhooksAmiss({ couple }: RealWorld): Breach[] {
  return [couple.A, couple.B].flatMap(({ site }) => {
    const { waiting, sending, refused, failed, dropped } = site.webhooks.counts();
    const amiss = { waiting, sending, refused, failed, dropped };
    return Object.values(amiss).every((count) => count === 0)
      ? []
      : [{ property: 'liveness', detail: `webhooks of ${site.heart.name}: ${JSON.stringify(amiss)}` }];
  });
}

/** Holds what is there at the end to all that is promised and can be seen here. */
export async function judgeReal(world: RealWorld, plan: RealPlan, deeds: readonly Deed[]): Promise<Breach[]> {
  const evidence = {
    plan: plan.people,
    couples: [world.couple],
    deeds,
    calls: [],
    deliveries: [],
    log: world.crew.output().split('\n'),
    tables: await tablesOf(world.database),
    rest: { healthyAt: 0, at: 0, isRest: true, oldestDueMs: 0 },
    effectOf: () => null,
    uncaught: [],
    voidWrites: [],
    bare: [],
  };
  return [
    ...JUDGED.flatMap(({ name, check }) => check(evidence).map((detail) => ({ property: name, detail }))),
    ...(await leftOvers(world.database)),
    ...(await intendedOnly(world)),
    ...webhooksAmiss(world),
    ...world.crew.ended.map((detail) => ({ property: 'liveness', detail })),
  ];
}
