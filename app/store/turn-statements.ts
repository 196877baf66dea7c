import { AWAY_PIECE } from '../core/piece.ts';
import { epochMs, timestamp } from '../platform/columns.ts';
import { RELAXED_COMMIT } from '../platform/relaxed-commit.ts';
import { READ as READ_SYNCHRONIZATION } from './synchronization-rows.ts';
import { EFFECT_COLUMNS, HISTORY_COLUMNS, PAIR_COLUMNS, PIECE_COLUMNS } from './turn-rows.ts';

/** The SQL of turns, one constant per statement. */

/** $3 issue id: the pair of an item on that side. One statement per side, so that each has its unique index. */
export const READ_PAIR = {
  A: `SELECT ${PAIR_COLUMNS} FROM pair p WHERE p.tenant_id = $1 AND p.synchronization_id = $2 AND p.a_issue_id = $3`,
  B: `SELECT ${PAIR_COLUMNS} FROM pair p WHERE p.tenant_id = $1 AND p.synchronization_id = $2 AND p.b_issue_id = $3`,
};

/**
 * All that the turns of a tenant begin with, in one statement. $1 tenant, $2 what is asked, as JSON. The synchronization comes as
 * text, since it hardly ever changes: who has parsed that text before need not do it again. It comes with the first that asks of it alone:
 * it is the longest part by far, and in a burst all ask of the same one.
 */
export const READ_MEMORIES = `
  WITH asked AS MATERIALIZED (
    SELECT a.*, row_number() OVER (PARTITION BY synchronization_id ORDER BY n) = 1 AS is_first
      FROM jsonb_to_recordset($2::jsonb) AS a (n integer, lane_key text, synchronization_id uuid, side text, issue_id text)
  )
  SELECT asked.n,
         CASE WHEN is_first THEN (
           SELECT row_to_json(found)::text
             FROM (${READ_SYNCHRONIZATION('$1::uuid', 'asked.synchronization_id')}) found
         ) END AS synchronization,
         row_to_json(pair) AS pair,
         (SELECT coalesce(json_agg(found), '[]')
            FROM (SELECT ${PIECE_COLUMNS} FROM piece WHERE tenant_id = $1::uuid AND pair_id = pair.pair_id) found) AS pieces,
         (SELECT coalesce(json_agg(found), '[]')
            FROM (SELECT ${EFFECT_COLUMNS} FROM effect
                   WHERE tenant_id = $1::uuid AND lane_key = asked.lane_key AND state = 'intended'
                   ORDER BY intended_at, effect_id) found) AS effects
    FROM asked
    LEFT JOIN LATERAL (
      SELECT ${PAIR_COLUMNS} FROM pair p
       WHERE asked.side = 'A' AND p.tenant_id = $1::uuid AND p.synchronization_id = asked.synchronization_id AND p.a_issue_id = asked.issue_id
       UNION ALL
      SELECT ${PAIR_COLUMNS} FROM pair p
       WHERE asked.side = 'B' AND p.tenant_id = $1::uuid AND p.synchronization_id = asked.synchronization_id AND p.b_issue_id = asked.issue_id
       LIMIT 1
    ) pair ON true
   ORDER BY asked.n`;

/** $3 side. */
export const IS_MAKING_ITEMS = `
  SELECT EXISTS (
    SELECT 1 FROM effect
     WHERE tenant_id = $1 AND synchronization_id = $2 AND target = $3 AND state = 'intended' AND kind = 'create-item') AS making`;

export const READ_EFFECT = `SELECT ${EFFECT_COLUMNS} FROM effect WHERE tenant_id = $1 AND effect_id = $2`;

export const READ_HIGHEST_NUMBER =
  'SELECT highest FROM item_number WHERE tenant_id = $1 AND synchronization_id = $2 AND side = $3';

export const LIST_HISTORY = `
  SELECT ${HISTORY_COLUMNS} FROM history h
   WHERE tenant_id = $1 AND synchronization_id = $2
   ORDER BY h.at DESC, line DESC
   LIMIT $3`;

/** Pieces and items that are parked (an item that is missing is none of them), and when something last crossed (from the newest end of an index, so not a search). */
export const READ_STANDING = `
  SELECT (SELECT count(*) FROM piece WHERE tenant_id = $1 AND synchronization_id = $2 AND parked_cause IS NOT NULL AND piece_key <> '${AWAY_PIECE}')
       + (SELECT count(*) FROM lane WHERE tenant_id = $1 AND synchronization_id = $2 AND state = 'parked') AS parked,
         (SELECT ${epochMs('at')} FROM history
           WHERE tenant_id = $1 AND synchronization_id = $2 AND outcome IN ('applied', 'overwritten', 'created')
           ORDER BY at DESC, line DESC
           LIMIT 1) AS last_activity_at`;

/*
 * What turns write is one statement, so that their lanes are locked for the time the database needs and not for as many ways there
 * and back: deliveries for a lane wait for that lock, and all that came in with them. Turns of a tenant that write at the same moment
 * share it. $1 tenant, $2 the turns as JSON (`TURN`), $3 what they write as JSON (`TurnRows`); `n` says which turn's it is.
 */

/** What `claimed` and the lanes' ends work with, in order of the key, in which deliveries lock lanes too: none waits in a circle. */
const TURN = `
    SELECT *
      FROM jsonb_to_recordset($2::jsonb) AS given (
        n integer, lane_key text, token bigint, synchronization_id uuid, generation bigint, at float8, failed integer, yields boolean,
        cause text, told text[])
     ORDER BY lane_key COLLATE "C"`;

const rowsOf = (name: string, columns: string): string =>
  `jsonb_to_recordset($3::jsonb -> '${name}') AS given (n integer, ${columns})
    JOIN (SELECT n, lane_key, synchronization_id FROM held) held USING (n)`;

const PAIR_WRITTEN = `
  INSERT INTO pair (tenant_id, pair_id, synchronization_id, origin_side, a_issue_id, b_issue_id, a_issue_key, b_issue_key, a_seen_at, b_seen_at, a_told_at, b_told_at,
    a_seen_change, b_seen_change, a_told_change, b_told_change, transitioned, own_edits)
  SELECT $1::uuid, pair_id, held.synchronization_id, origin_side, a_issue_id, b_issue_id, a_issue_key, b_issue_key,
         ${timestamp('a_seen_at')}, ${timestamp('b_seen_at')}, ${timestamp('a_told_at')}, ${timestamp('b_told_at')},
         a_seen_change, b_seen_change, a_told_change, b_told_change, transitioned, own_edits
    FROM ${rowsOf(
      'pair',
      `pair_id uuid, origin_side text, a_issue_id text, b_issue_id text, a_issue_key text, b_issue_key text,
      a_seen_at float8, b_seen_at float8, a_told_at float8, b_told_at float8,
      a_seen_change bigint, b_seen_change bigint, a_told_change bigint, b_told_change bigint, transitioned jsonb, own_edits jsonb`,
    )}
  ON CONFLICT (tenant_id, pair_id) DO UPDATE SET
    a_issue_id = excluded.a_issue_id, b_issue_id = excluded.b_issue_id,
    a_issue_key = excluded.a_issue_key, b_issue_key = excluded.b_issue_key,
    a_seen_at = excluded.a_seen_at, b_seen_at = excluded.b_seen_at,
    a_told_at = excluded.a_told_at, b_told_at = excluded.b_told_at,
    a_seen_change = excluded.a_seen_change, b_seen_change = excluded.b_seen_change,
    a_told_change = excluded.a_told_change, b_told_change = excluded.b_told_change, transitioned = excluded.transitioned,
    own_edits = excluded.own_edits`;

/**
 * A key of another space (the item moved) says nothing about this one. No lock is taken while the number is not exceeded, and locks
 * are taken in order, since turns of other lanes raise the same numbers.
 */
const NUMBERS_EXCEEDED = `
    SELECT i.synchronization_id, i.side, seen.highest
      FROM item_number i
      JOIN (
        SELECT held.synchronization_id, given.side, given.project_key, max(given.number) AS highest
          FROM ${rowsOf('numbers', 'side text, project_key text, number integer')}
         GROUP BY held.synchronization_id, given.side, given.project_key
      ) seen
        ON seen.synchronization_id = i.synchronization_id AND seen.side = i.side AND seen.project_key = i.project_key
     WHERE i.tenant_id = $1::uuid AND i.highest < seen.highest
     ORDER BY i.synchronization_id, i.side
       FOR NO KEY UPDATE OF i`;

const NUMBERS_RAISED = `
  UPDATE item_number i SET highest = greatest(i.highest, exceeded.highest)
    FROM numbers_exceeded exceeded
   WHERE i.tenant_id = $1::uuid AND i.synchronization_id = exceeded.synchronization_id AND i.side = exceeded.side`;

/** What people said holds as long as the piece is parked for the same reason since the same time. */
const SAME_QUESTION = 'excluded.parked_cause = piece.parked_cause AND excluded.parked_since = piece.parked_since';

const PIECES_WRITTEN = `
  INSERT INTO piece (
    tenant_id, pair_id, synchronization_id, piece_key, a_fingerprint, b_fingerprint, a_comment_id, b_comment_id,
    parked_cause, parked_since, a_parked_seen, b_parked_seen, ping_pong)
  SELECT $1::uuid, pair_id, held.synchronization_id, piece_key, a_fingerprint, b_fingerprint, a_comment_id, b_comment_id,
         parked_cause, ${timestamp('parked_since')}, a_parked_seen, b_parked_seen, ping_pong
    FROM ${rowsOf(
      'pieces',
      `pair_id uuid, piece_key text, a_fingerprint text, b_fingerprint text, a_comment_id text, b_comment_id text,
      parked_cause text, parked_since float8, a_parked_seen text, b_parked_seen text, ping_pong jsonb`,
    )}
  ON CONFLICT (tenant_id, pair_id, piece_key) DO UPDATE SET
    a_fingerprint = excluded.a_fingerprint, b_fingerprint = excluded.b_fingerprint,
    a_comment_id = excluded.a_comment_id, b_comment_id = excluded.b_comment_id,
    parked_cause = excluded.parked_cause, parked_since = excluded.parked_since,
    a_parked_seen = excluded.a_parked_seen, b_parked_seen = excluded.b_parked_seen,
    decided = CASE WHEN ${SAME_QUESTION} THEN piece.decided END, answer = CASE WHEN ${SAME_QUESTION} THEN piece.answer END,
    ping_pong = excluded.ping_pong`;

const PIECES_REMOVED = `
  DELETE FROM piece
   USING ${rowsOf('removed', 'pair_id uuid, piece_key text')}
   WHERE piece.tenant_id = $1::uuid AND piece.pair_id = given.pair_id AND piece.piece_key = given.piece_key`;

const EFFECTS_WRITTEN = `
  INSERT INTO effect (tenant_id, lane_key, synchronization_id, effect_id, kind, target, pieces, agreed, state, remote_id, after_number, intended_at)
  SELECT $1::uuid, held.lane_key, held.synchronization_id, effect_id, kind, target, pieces, agreed, state, remote_id, after_number, ${timestamp('intended_at')}
    FROM ${rowsOf(
      'effects',
      'effect_id uuid, kind text, target text, pieces text[], agreed jsonb, state text, remote_id text, after_number integer, intended_at float8',
    )}
  ON CONFLICT (tenant_id, effect_id) DO UPDATE SET
    state = excluded.state, remote_id = excluded.remote_id, agreed = CASE excluded.state WHEN 'intended' THEN effect.agreed END`;

/** The ids come from the caller, so that a commit whose answer was lost is not written a second time. */
const HISTORY_WRITTEN = `
  INSERT INTO history (tenant_id, synchronization_id, history_id, line, at, pair_id, a_issue_key, b_issue_key, piece_key, outcome, source, cause)
  SELECT $1::uuid, held.synchronization_id, history_id, line, ${timestamp('at')}, pair_id, a_issue_key, b_issue_key, piece_key, outcome, source, cause
    FROM ${rowsOf(
      'history',
      `history_id uuid, line integer, at float8, pair_id uuid, a_issue_key text, b_issue_key text, piece_key text, outcome text,
      source text, cause text`,
    )}
  ON CONFLICT (tenant_id, history_id) DO NOTHING`;

/** A value that lost before and is still there stays one, with the later expiry. The ids come from the caller, as for history. */
const VALUES_KEPT = `
  INSERT INTO kept_value (tenant_id, kept_id, synchronization_id, pair_id, piece_key, side, fingerprint, sealed, kept_at, until)
  SELECT DISTINCT ON (pair_id, piece_key, side, fingerprint)
         $1::uuid, kept_id, held.synchronization_id, pair_id, piece_key, side, fingerprint, sealed, ${timestamp('kept_at')}, ${timestamp('until')}
    FROM ${rowsOf(
      'kept',
      'kept_id uuid, pair_id uuid, piece_key text, side text, fingerprint text, sealed text, kept_at float8, until float8',
    )}
  ON CONFLICT (tenant_id, pair_id, piece_key, side, fingerprint) DO UPDATE SET
    sealed = excluded.sealed, kept_at = excluded.kept_at, until = excluded.until`;

/**
 * `claimed` comes from the lanes; `held` has a row for each claim that counts, and nothing is written without it.
 *
 * @param durable whether the commit waits for the disk
 */
const whileHeld = (claimed: string, parts: string, durable: boolean): string => `
  WITH ${durable ? '' : `${RELAXED_COMMIT}, `}turn AS MATERIALIZED (${TURN}
  ), claimed AS MATERIALIZED (${claimed}
  ), held AS MATERIALIZED (
    SELECT turn.* FROM turn JOIN claimed USING (n)${durable ? '' : ' CROSS JOIN relaxed'} WHERE ours AND leased AND has_synchronization
  ), ${parts}
  SELECT n, ours, leased, has_synchronization FROM claimed`;

/**
 * @param durable false where no more than SPEC O10 is lost should Postgres die and forget the intent of half a second: a field write
 *   is planned anew from what both sides show then. A wait for the disk before each write would be dearer than that.
 */
export const intend = (claimed: string, durable: boolean): string =>
  whileHeld(claimed, `effects_written AS (${EFFECTS_WRITTEN})`, durable);

/**
 * @param ending how the lanes end, all of them in the same way; null: they stay claimed
 * @param keeps whether values lost: seldom, so other turns do not pay for it
 */
export const complete = (claimed: string, ending: string | null, keeps: boolean): string =>
  whileHeld(
    claimed,
    `pair_written AS (${PAIR_WRITTEN}
  ), numbers_exceeded AS MATERIALIZED (${NUMBERS_EXCEEDED}
  ), numbers_raised AS (${NUMBERS_RAISED}
  ), pieces_written AS (${PIECES_WRITTEN}
  ), pieces_removed AS (${PIECES_REMOVED}
  ), effects_written AS (${EFFECTS_WRITTEN}
  ), history_written AS (${HISTORY_WRITTEN}
  )${keeps ? `, values_kept AS (${VALUES_KEPT})` : ''}${ending === null ? '' : `, ended AS (${ending})`}`,
    true,
  );
