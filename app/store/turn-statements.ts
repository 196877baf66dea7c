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

export const WRITE_PAIR = `
  INSERT INTO pair (tenant_id, pair_id, synchronization_id, origin_side, a_issue_id, b_issue_id, a_issue_key, b_issue_key, a_seen_at, b_seen_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ${timestamp('$9')}, ${timestamp('$10')})
  ON CONFLICT (tenant_id, pair_id) DO UPDATE SET
    a_issue_id = excluded.a_issue_id, b_issue_id = excluded.b_issue_id,
    a_issue_key = excluded.a_issue_key, b_issue_key = excluded.b_issue_key,
    a_seen_at = excluded.a_seen_at, b_seen_at = excluded.b_seen_at`;

/** A key of another space (the item moved) says nothing about this one. No lock is taken while the number is not exceeded. */
export const RAISE_NUMBER = `
  UPDATE item_number SET highest = $5
   WHERE tenant_id = $1 AND synchronization_id = $2 AND side = $3 AND project_key = $4 AND highest < $5`;

export const WRITE_PIECES = `
  INSERT INTO piece (
    tenant_id, pair_id, synchronization_id, piece_key, a_fingerprint, b_fingerprint, a_comment_id, b_comment_id,
    parked_cause, parked_since, a_parked_seen, b_parked_seen)
  SELECT $1::uuid, $2::uuid, $3::uuid, piece_key, a_fingerprint, b_fingerprint, a_comment_id, b_comment_id,
         parked_cause, ${timestamp('parked_since')}, a_parked_seen, b_parked_seen
    FROM jsonb_to_recordset($4::jsonb) AS given (
      piece_key text, a_fingerprint text, b_fingerprint text, a_comment_id text, b_comment_id text,
      parked_cause text, parked_since float8, a_parked_seen text, b_parked_seen text)
  ON CONFLICT (tenant_id, pair_id, piece_key) DO UPDATE SET
    a_fingerprint = excluded.a_fingerprint, b_fingerprint = excluded.b_fingerprint,
    a_comment_id = excluded.a_comment_id, b_comment_id = excluded.b_comment_id,
    parked_cause = excluded.parked_cause, parked_since = excluded.parked_since,
    a_parked_seen = excluded.a_parked_seen, b_parked_seen = excluded.b_parked_seen`;

export const REMOVE_PIECES = 'DELETE FROM piece WHERE tenant_id = $1 AND pair_id = $2 AND piece_key = ANY ($3::text[])';

export const WRITE_EFFECTS = `
  INSERT INTO effect (tenant_id, lane_key, synchronization_id, effect_id, kind, target, pieces, state, remote_id, after_number, intended_at)
  SELECT $1::uuid, $2::text, $3::uuid, effect_id, kind, target, pieces, state, remote_id, after_number, ${timestamp('intended_at')}
    FROM jsonb_to_recordset($4::jsonb) AS given (
      effect_id uuid, kind text, target text, pieces text[], state text, remote_id text, after_number integer, intended_at float8)
  ON CONFLICT (tenant_id, effect_id) DO UPDATE SET state = excluded.state, remote_id = excluded.remote_id`;

/** The ids come from the caller, so that a commit whose answer was lost is not written a second time. */
export const WRITE_HISTORY = `
  INSERT INTO history (tenant_id, synchronization_id, history_id, line, at, pair_id, a_issue_key, b_issue_key, piece_key, outcome, source, cause)
  SELECT $1::uuid, $2::uuid, history_id, line, ${timestamp('at')}, pair_id, a_issue_key, b_issue_key, piece_key, outcome, source, cause
    FROM jsonb_to_recordset($3::jsonb) AS given (
      history_id uuid, line integer, at float8, pair_id uuid, a_issue_key text, b_issue_key text, piece_key text, outcome text,
      source text, cause text)
  ON CONFLICT (tenant_id, history_id) DO NOTHING`;
