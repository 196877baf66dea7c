import { APP } from '../core/spend-points.ts';
import { timestamp } from '../platform/columns.ts';
import { RELAXED_COMMIT } from '../platform/relaxed-commit.ts';

/*
 * The SQL of the lanes, one constant per statement. States and promises: README.md beside this file.
 * `due_at` is the one column that says when a worker may take a lane: now (dirty), later (waiting), the end of the lease
 * (leased), never (clean or parked). So one index serves claiming, waiting and the take-over from a dead worker.
 */

/**
 * The entries that tell a turn to look at both sides. A claim leaves them in the row as its guard: should its turn die, what it was told
 * is lost, and looking makes up for it. So the first two entries of a leased lane are the guard, and the others came meanwhile.
 */
const LOOK_AT_BOTH = "'{A:look,B:look}'::text[]";
const WITHOUT_GUARD = 'told[3:]';

/** An entry takes about 2 KB: with this many a turn looks sooner than it folds what it was told one by one. */
const MOST_TOLD = 32;

/** SQL: entries, or, where they are too many, the first two (they may be a claim's guard) and a look that covers the dropped ones. */
export const boundedTold = (told: string): string =>
  `CASE WHEN cardinality(${told}) < ${MOST_TOLD} THEN ${told} ELSE (${told})[1:2] || ${LOOK_AT_BOTH} END`;

/** SQL: the entry of an event on a side. `sealed`: what it told; NULL when that has to be looked at. */
export const toldEntry = (eventSide: string, sealed: string): string => `${eventSide} || ':' || coalesce(${sealed}, 'look')`;

/** SQL: a lane waits for points that are kept back from its work; more urgent work may have them. */
const HELD_BACK = '(lane.lease_until IS NULL AND lane.yields AND excluded.priority < lane.priority)';

/** What an event or a wake-up does to a lane that exists. Changes nothing for its holder but `gen` and what came in meanwhile. */
export const DIRTY_AGAIN = `
  ON CONFLICT (tenant_id, lane_key) DO UPDATE SET
    gen = lane.gen + excluded.gen,
    told = ${boundedTold('(lane.told || excluded.told)')},
    due_at = CASE WHEN lane.state = 'watching' OR ${HELD_BACK} THEN least(lane.due_at, excluded.due_at)
                  ELSE coalesce(lane.due_at, excluded.due_at) END,
    attempts = CASE WHEN lane.state = 'parked' THEN 0 ELSE lane.attempts END,
    state = 'open',
    cause = NULL,
    priority = CASE WHEN lane.due_at IS NULL OR lane.state = 'watching' THEN excluded.priority
                    ELSE least(lane.priority, excluded.priority) END`;

export const LANE_KEY = "synchronization_id || ':' || side || ':' || issue_id";

/** The item of origin of the pair that an item on a side belongs to, by whichever of the two unique indexes fits. */
export const originOf = (at: { tenant: string; synchronization: string; side: string; issue: string }): string => `
  SELECT origin_side, CASE origin_side WHEN 'A' THEN a_issue_id ELSE b_issue_id END AS origin_issue_id
    FROM pair
   WHERE ${at.side} = 'A' AND tenant_id = ${at.tenant} AND synchronization_id = ${at.synchronization} AND a_issue_id = ${at.issue}
   UNION ALL
  SELECT origin_side, CASE origin_side WHEN 'A' THEN a_issue_id ELSE b_issue_id END
    FROM pair
   WHERE ${at.side} = 'B' AND tenant_id = ${at.tenant} AND synchronization_id = ${at.synchronization} AND b_issue_id = ${at.issue}
   LIMIT 1`;

/** $1 tenant, $2 subjects as JSON, $3 priority. The lane of an item that has a pair is the pair's, told to look at the given sides, or what a list showed. */
export const WAKE = `
  WITH subject AS (
    SELECT given.synchronization_id, coalesce(pair.origin_side, given.side) AS side,
           coalesce(pair.origin_issue_id, given.issue_id) AS issue_id,
           array_agg(DISTINCT ${toldEntry('given.side', 'given.sealed')}) AS told
      FROM jsonb_to_recordset($2::jsonb) AS given (synchronization_id uuid, side text, issue_id text, sealed text)
      LEFT JOIN LATERAL (
        ${originOf({ tenant: '$1::uuid', synchronization: 'given.synchronization_id', side: 'given.side', issue: 'given.issue_id' })}
      ) pair ON true
     GROUP BY 1, 2, 3
  )
  INSERT INTO lane (tenant_id, lane_key, synchronization_id, side, issue_id, gen, due_at, priority, told)
  SELECT $1::uuid, ${LANE_KEY}, synchronization_id, side, issue_id, 1, now(), $3::smallint, told
    FROM subject
   ORDER BY 2
  ${DIRTY_AGAIN}`;

/**
 * $1 tenant, $2 synchronization. A lane that is being worked on keeps its holder; should that one park it, it goes on at once.
 * They come back as many at once, so as repairs (1), behind live changes. A watched lane is clean, and what it missed the scan finds.
 * The keys are a range (`;` comes after `:`), which any plan finds by the index; a pattern is one only in a plan for that very value.
 */
export const RESUME = `
  UPDATE lane
     SET gen = gen + 1, attempts = 0, state = 'open', cause = NULL,
         told = ${boundedTold(`(told || ${LOOK_AT_BOTH})`)},
         due_at = CASE WHEN lease_until IS NULL THEN now() ELSE due_at END,
         priority = CASE WHEN lease_until IS NULL THEN 1 ELSE priority END
   WHERE tenant_id = $1 AND lane_key > $2::text || ':' AND lane_key < $2::text || ';'
     AND (state = 'parked' OR (due_at > now() AND state <> 'watching'))`;

/**
 * The groups (tenant, priority) that have lanes which are not clean, in their order, of the tenants in a range; each with its first
 * moment. One probe of the index `lane_due` a group, however many lanes are in it.
 */
const groupsIn = (name: string, range: string): string => `
  ${name} (tenant_id, priority, due_at) AS (
    (SELECT l.tenant_id, l.priority, l.due_at FROM lane l
      WHERE ${range} AND l.due_at IS NOT NULL
      ORDER BY l.tenant_id, l.priority, l.due_at LIMIT 1)
    UNION ALL
    SELECT following.tenant_id, following.priority, following.due_at
      FROM ${name}
     CROSS JOIN LATERAL (
       SELECT l.tenant_id, l.priority, l.due_at FROM lane l
        WHERE (l.tenant_id, l.priority) > (${name}.tenant_id, ${name}.priority) AND ${range} AND l.due_at IS NOT NULL
        ORDER BY l.tenant_id, l.priority, l.due_at LIMIT 1
     ) following
  )`;

/**
 * Due, and no limit in force that closes out the tenant's work of that kind or the whole app. Written as values and not as EXISTS, which
 * Postgres would turn into a hash join: that reads all groups before it gives the first.
 */
const OPEN = `
  found.due_at <= now()
  AND (SELECT 1 FROM gate g WHERE g.tenant_id = '${APP.tenantId}' AND g.holds_from = 0 AND g.closed_until > now() LIMIT 1) IS NULL
  AND (SELECT 1 FROM gate g
        WHERE g.tenant_id = found.tenant_id AND g.holds_from <= found.priority AND g.closed_until > now() LIMIT 1) IS NULL`;

/**
 * What is due of which tenant, once around: in order of id after $1, then those up to $1; $2 at most. A tenant is found once for each
 * kind of work, however noisy it is: this is what makes claiming fair. No more are looked at than asked for; a closed one costs a probe more.
 */
export const DUE_WORK = `
  WITH RECURSIVE ${groupsIn('later', 'l.tenant_id > $1::uuid')}, ${groupsIn('earlier', 'l.tenant_id <= $1::uuid')}
  SELECT tenant_id, priority FROM later found WHERE ${OPEN}
   UNION ALL
  SELECT tenant_id, priority FROM earlier found WHERE ${OPEN}
   LIMIT $2::integer`;

/** What a plan for claims is made for; who asks for more asks again. */
const MANY_CLAIMS = 100;

/**
 * $1 tenant, $2 lease in ms, $3 priority, $4 how many at most. The oldest first. What was told is taken out, the guard put in.
 *
 * The commit does not wait for the disk. Were it lost with a Postgres that dies, the lane would be dirty again and told all it was told,
 * and what the holder still wants to write would be void: each token is at least the time in microseconds, so a lost one is never given
 * again. And the holder's own writes take the claim to the disk with them.
 * The inner limit tells the planner that they are few, however many are due; rows that the outer one does not ask for are not locked.
 */
export const CLAIM = `
  WITH ${RELAXED_COMMIT}, due AS (
    SELECT lane_key, told
      FROM (
        SELECT lane_key, told
          FROM lane
         WHERE tenant_id = $1::uuid AND priority = $3::smallint AND due_at <= now()
         ORDER BY due_at
         LIMIT ${MANY_CLAIMS}
           FOR UPDATE SKIP LOCKED
      ) oldest
     LIMIT $4::integer
  )
  UPDATE lane
     SET lease_token = greatest(lease_token + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint),
         state = 'open',
         told = ${LOOK_AT_BOTH},
         lease_until = now() + $2::float8 * interval '1 ms',
         due_at = now() + $2::float8 * interval '1 ms'
    FROM due, relaxed
   WHERE lane.tenant_id = $1::uuid AND lane.lane_key = due.lane_key
  RETURNING lane.tenant_id, lane.lane_key, lane.synchronization_id, lane.side, lane.issue_id, lane.gen, lane.lease_token,
            lane.priority, lane.attempts, due.told, (extract(epoch FROM lane.lease_until) * 1000)::float8 AS lease_until`;

/** $1 claims as JSON, $2 lease in ms. Only those still held; in the order in which deliveries lock lanes, so that none waits in a circle. */
export const RENEW = `
  WITH held AS (
    SELECT lane.tenant_id, lane.lane_key
      FROM jsonb_to_recordset($1::jsonb) AS given (tenant_id uuid, lane_key text, token bigint)
      JOIN lane ON lane.tenant_id = given.tenant_id AND lane.lane_key = given.lane_key
     WHERE lane.lease_token = given.token AND lane.lease_until IS NOT NULL
     ORDER BY lane.tenant_id, lane.lane_key
       FOR UPDATE OF lane
  )
  UPDATE lane
     SET lease_until = now() + $2::float8 * interval '1 ms',
         due_at = now() + $2::float8 * interval '1 ms'
    FROM held
   WHERE lane.tenant_id = held.tenant_id AND lane.lane_key = held.lane_key
  RETURNING lane.tenant_id, lane.lane_key`;

/** Over all tenants. Reads the index of lanes that are not clean, nothing else. */
export const NEXT_DUE_AT = 'SELECT (extract(epoch FROM min(due_at)) * 1000)::float8 AS at FROM lane WHERE due_at IS NOT NULL';

export const COUNT = `
  SELECT count(*) FILTER (WHERE due_at <= now()) AS due,
         count(*) FILTER (WHERE due_at > now() AND lease_until IS NULL AND state <> 'watching') AS waiting,
         count(*) FILTER (WHERE due_at > now() AND lease_until IS NOT NULL) AS leased,
         count(*) FILTER (WHERE due_at > now() AND state = 'watching') AS watched,
         count(*) FILTER (WHERE state = 'parked') AS parked
    FROM lane
   WHERE due_at IS NOT NULL OR state = 'parked'`;

/**
 * Whether claims still count: for each row of `turn` (n, lane_key, token) of tenant $1. Locks the lanes in the order of `turn`, so that
 * no claim comes between the look and the writes of the same statement.
 */
export const CLAIMED = `
  SELECT turn.n, found.ours, found.leased, found.has_synchronization
    FROM turn
   CROSS JOIN LATERAL (
     SELECT lease_token = turn.token AS ours, lease_until IS NOT NULL AS leased,
            EXISTS (SELECT 1 FROM synchronization s WHERE s.tenant_id = lane.tenant_id AND s.synchronization_id = lane.synchronization_id)
              AS has_synchronization
       FROM lane
      WHERE tenant_id = $1::uuid AND lane_key = turn.lane_key
        FOR UPDATE
   ) found`;

/*
 * How turns end: a part of the statement in which everything of them is written. `held` has a row for each claim that counts, with
 * lane_key and what the end needs: generation (worked off), at, failed, yields, cause, told. The guard goes, what came in meanwhile stays.
 */
const OF_HOLDER = 'FROM held WHERE lane.tenant_id = $1::uuid AND lane.lane_key = held.lane_key';

export const END_DONE = `
  UPDATE lane
     SET done_gen = held.generation, attempts = 0, lease_until = NULL, told = lane.${WITHOUT_GUARD},
         due_at = CASE WHEN lane.gen > held.generation THEN now() END
   ${OF_HOLDER}`;

/** `at`: when to look again, as a repair (1), behind live changes. */
export const END_WATCH = `
  UPDATE lane
     SET done_gen = held.generation, attempts = 0, lease_until = NULL, told = lane.${WITHOUT_GUARD},
         state = CASE WHEN lane.gen > held.generation THEN 'open' ELSE 'watching' END,
         priority = CASE WHEN lane.gen > held.generation THEN lane.priority ELSE 1 END,
         due_at = CASE WHEN lane.gen > held.generation THEN now() ELSE ${timestamp('held.at')} END
   ${OF_HOLDER}`;

/**
 * `failed`: failed turns to add. `yields`: more urgent work does not wait so long. `told`: what the claim was told, and is told again. Events that came meanwhile wait as well: the site
 * asked for it, or would fail the same way.
 */
export const END_AGAIN = `
  UPDATE lane
     SET attempts = attempts + held.failed, yields = held.yields, lease_until = NULL, due_at = ${timestamp('held.at')},
         told = ${boundedTold(`(held.told || lane.${WITHOUT_GUARD})`)}
   ${OF_HOLDER}`;

/** An event that came meanwhile may be what the lane was parked for: it goes on at once. */
export const END_PARKED = `
  UPDATE lane
     SET done_gen = held.generation, attempts = 0, lease_until = NULL, told = lane.${WITHOUT_GUARD},
         state = CASE WHEN lane.gen > held.generation THEN 'open' ELSE 'parked' END,
         cause = CASE WHEN lane.gen > held.generation THEN NULL ELSE held.cause END,
         parked_at = now(),
         due_at = CASE WHEN lane.gen > held.generation THEN now() END
   ${OF_HOLDER}`;

export const DROP = 'DELETE FROM lane WHERE tenant_id = $1 AND lane_key = $2';
