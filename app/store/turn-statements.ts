import { epochMs, timestamp } from '../platform/columns.ts';
import { EFFECT_COLUMNS, HISTORY_COLUMNS, PAIR_COLUMNS, PIECE_COLUMNS } from './turn-rows.ts';

/** The SQL of turns, one constant per statement. */

/** $3 issue id: the pair of an item on that side. One statement per side, so that each has its unique index. */
export const READ_PAIR = {
  A: `SELECT ${PAIR_COLUMNS} FROM pair p WHERE p.tenant_id = $1 AND p.synchronization_id = $2 AND p.a_issue_id = $3`,
  B: `SELECT ${PAIR_COLUMNS} FROM pair p WHERE p.tenant_id = $1 AND p.synchronization_id = $2 AND p.b_issue_id = $3`,
};

export const READ_PIECES = `SELECT ${PIECE_COLUMNS} FROM piece WHERE tenant_id = $1 AND pair_id = $2`;

export const READ_OPEN_EFFECTS = `
  SELECT ${EFFECT_COLUMNS} FROM effect WHERE tenant_id = $1 AND lane_key = $2 AND state = 'intended' ORDER BY intended_at, effect_id`;

export const READ_EFFECT = `SELECT ${EFFECT_COLUMNS} FROM effect WHERE tenant_id = $1 AND effect_id = $2`;

export const READ_HIGHEST_NUMBER =
  'SELECT highest FROM item_number WHERE tenant_id = $1 AND synchronization_id = $2 AND side = $3';

export const LIST_HISTORY = `
  SELECT ${HISTORY_COLUMNS} FROM history h
   WHERE tenant_id = $1 AND synchronization_id = $2
   ORDER BY h.at DESC, line DESC
   LIMIT $3`;

export const READ_SEEN = {
  A: `SELECT ${PAIR_COLUMNS} FROM pair p WHERE p.tenant_id = $1 AND p.synchronization_id = $2 AND p.a_issue_id = ANY ($3::text[])`,
  B: `SELECT ${PAIR_COLUMNS} FROM pair p WHERE p.tenant_id = $1 AND p.synchronization_id = $2 AND p.b_issue_id = ANY ($3::text[])`,
};

/** Pieces and items that are parked, and when something last crossed (from the newest end of an index, so not a search). */
export const READ_STANDING = `
  SELECT (SELECT count(*) FROM piece WHERE tenant_id = $1 AND synchronization_id = $2 AND parked_cause IS NOT NULL)
       + (SELECT count(*) FROM lane WHERE tenant_id = $1 AND synchronization_id = $2 AND state = 'parked') AS parked,
         (SELECT ${epochMs('at')} FROM history
           WHERE tenant_id = $1 AND synchronization_id = $2 AND outcome IN ('applied', 'overwritten', 'created')
           ORDER BY at DESC, line DESC
           LIMIT 1) AS last_activity_at`;

/*
 * What a turn writes is one statement, so that the lane is locked for the time the database needs and not for as many ways there
 * and back: deliveries for the lane wait for that lock, and all that came in with them.
 * $1 tenant, $2 lane, $3 token, $4 synchronization, $5 the turn as JSON (`TurnRows`), then the parameters of the lane's end.
 */

const rowsOf = (name: string, columns: string): string => `jsonb_to_recordset($5::jsonb -> '${name}') AS given (${columns})`;

const PAIR_WRITTEN = `
  INSERT INTO pair (tenant_id, pair_id, synchronization_id, origin_side, a_issue_id, b_issue_id, a_issue_key, b_issue_key, a_seen_at, b_seen_at, a_told_at, b_told_at)
  SELECT $1::uuid, pair_id, $4::uuid, origin_side, a_issue_id, b_issue_id, a_issue_key, b_issue_key,
         ${timestamp('a_seen_at')}, ${timestamp('b_seen_at')}, ${timestamp('a_told_at')}, ${timestamp('b_told_at')}
    FROM held, ${rowsOf(
      'pair',
      `pair_id uuid, origin_side text, a_issue_id text, b_issue_id text, a_issue_key text, b_issue_key text,
      a_seen_at float8, b_seen_at float8, a_told_at float8, b_told_at float8`,
    )}
  ON CONFLICT (tenant_id, pair_id) DO UPDATE SET
    a_issue_id = excluded.a_issue_id, b_issue_id = excluded.b_issue_id,
    a_issue_key = excluded.a_issue_key, b_issue_key = excluded.b_issue_key,
    a_seen_at = excluded.a_seen_at, b_seen_at = excluded.b_seen_at,
    a_told_at = excluded.a_told_at, b_told_at = excluded.b_told_at`;

/** A key of another space (the item moved) says nothing about this one. No lock is taken while the number is not exceeded. */
const NUMBERS_RAISED = `
  UPDATE item_number i SET highest = given.number
    FROM held, ${rowsOf('numbers', 'side text, project_key text, number integer')}
   WHERE i.tenant_id = $1 AND i.synchronization_id = $4 AND i.side = given.side AND i.project_key = given.project_key
     AND i.highest < given.number`;

const PIECES_WRITTEN = `
  INSERT INTO piece (
    tenant_id, pair_id, synchronization_id, piece_key, a_fingerprint, b_fingerprint, a_comment_id, b_comment_id,
    parked_cause, parked_since, a_parked_seen, b_parked_seen)
  SELECT $1::uuid, pair_id, $4::uuid, piece_key, a_fingerprint, b_fingerprint, a_comment_id, b_comment_id,
         parked_cause, ${timestamp('parked_since')}, a_parked_seen, b_parked_seen
    FROM held, ${rowsOf(
      'pieces',
      `pair_id uuid, piece_key text, a_fingerprint text, b_fingerprint text, a_comment_id text, b_comment_id text,
      parked_cause text, parked_since float8, a_parked_seen text, b_parked_seen text`,
    )}
  ON CONFLICT (tenant_id, pair_id, piece_key) DO UPDATE SET
    a_fingerprint = excluded.a_fingerprint, b_fingerprint = excluded.b_fingerprint,
    a_comment_id = excluded.a_comment_id, b_comment_id = excluded.b_comment_id,
    parked_cause = excluded.parked_cause, parked_since = excluded.parked_since,
    a_parked_seen = excluded.a_parked_seen, b_parked_seen = excluded.b_parked_seen`;

const PIECES_REMOVED = `
  DELETE FROM piece
   USING held, ${rowsOf('removed', 'pair_id uuid, piece_key text')}
   WHERE piece.tenant_id = $1 AND piece.pair_id = given.pair_id AND piece.piece_key = given.piece_key`;

const EFFECTS_WRITTEN = `
  INSERT INTO effect (tenant_id, lane_key, synchronization_id, effect_id, kind, target, pieces, state, remote_id, after_number, intended_at)
  SELECT $1::uuid, $2::text, $4::uuid, effect_id, kind, target, pieces, state, remote_id, after_number, ${timestamp('intended_at')}
    FROM held, ${rowsOf(
      'effects',
      'effect_id uuid, kind text, target text, pieces text[], state text, remote_id text, after_number integer, intended_at float8',
    )}
  ON CONFLICT (tenant_id, effect_id) DO UPDATE SET state = excluded.state, remote_id = excluded.remote_id`;

/** The ids come from the caller, so that a commit whose answer was lost is not written a second time. */
const HISTORY_WRITTEN = `
  INSERT INTO history (tenant_id, synchronization_id, history_id, line, at, pair_id, a_issue_key, b_issue_key, piece_key, outcome, source, cause)
  SELECT $1::uuid, $4::uuid, history_id, line, ${timestamp('at')}, pair_id, a_issue_key, b_issue_key, piece_key, outcome, source, cause
    FROM held, ${rowsOf(
      'history',
      `history_id uuid, line integer, at float8, pair_id uuid, a_issue_key text, b_issue_key text, piece_key text, outcome text,
      source text, cause text`,
    )}
  ON CONFLICT (tenant_id, history_id) DO NOTHING`;

/** `claimed` comes from the lanes; `held` has its one row if the claim counts, and nothing is written without it. */
const whileHeld = (claimed: string, parts: string): string => `
  WITH claimed AS MATERIALIZED (${claimed}
  ), held AS MATERIALIZED (
    SELECT 1 AS yes FROM claimed WHERE ours AND leased AND has_synchronization
  ), ${parts}
  SELECT ours, leased, has_synchronization FROM claimed`;

export const intend = (claimed: string): string => whileHeld(claimed, `effects_written AS (${EFFECTS_WRITTEN})`);

/** @param ending the lane's own end; null: it stays claimed */
export const complete = (claimed: string, ending: string | null): string =>
  whileHeld(
    claimed,
    `pair_written AS (${PAIR_WRITTEN}
  ), numbers_raised AS (${NUMBERS_RAISED}
  ), pieces_written AS (${PIECES_WRITTEN}
  ), pieces_removed AS (${PIECES_REMOVED}
  ), effects_written AS (${EFFECTS_WRITTEN}
  ), history_written AS (${HISTORY_WRITTEN}
  )${ending === null ? '' : `, ended AS (${ending})`}`,
  );
