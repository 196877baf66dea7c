import { z } from 'zod';
import type { Agreement } from '../core/agreement.ts';
import type { CommentId, EffectId, IssueId, IssueKey, PairId, PieceKey, SynchronizationId, TenantId } from '../core/ids.ts';
import type { OwnEdit } from '../core/own-edits.ts';
import type { PieceBase } from '../core/piece.ts';
import type { PingPong } from '../core/ping-pong.ts';
import type { Transitioned } from '../core/replaced-status.ts';
import { count, epochMs, id, side, time } from '../platform/columns.ts';
import type { Effect, HistoryLine, KeptValue, Pair } from '../sync/ports.ts';

/** Rows of pairs, pieces, effects and history, and the way there and back. Writes go in as one JSON parameter per table. */

export const PAIR_COLUMNS = `
  p.tenant_id, p.pair_id, p.synchronization_id, p.origin_side, p.a_issue_id, p.b_issue_id, p.a_issue_key, p.b_issue_key,
  ${epochMs('p.a_seen_at')} AS a_seen_at, ${epochMs('p.b_seen_at')} AS b_seen_at,
  ${epochMs('p.a_told_at')} AS a_told_at, ${epochMs('p.b_told_at')} AS b_told_at,
  p.a_seen_change, p.b_seen_change, p.a_told_change, p.b_told_change, p.transitioned, p.own_edits`;

/**
 * By side: the fingerprints of the status before and after, up to where it was known (number, time), and when; as short as it can be. In
 * another form, from a process of another version, it is forgotten: then nobody is told what that transition replaced, and no more (SPEC O11).
 */
const transition = z.tuple([z.string(), z.string(), count.nullable(), time, time]).nullable();
const transitions = z.object({ A: transition, B: transition });

const transitionOf = (row: z.infer<typeof transition>): Transitioned | null =>
  row === null ? null : { from: row[0], to: row[1], since: { id: row[2], at: row[3] }, at: row[4] };
const transitionToJson = (made: Transitioned | null): z.infer<typeof transition> =>
  made === null ? null : [made.from, made.to, made.since.id, made.since.at, made.at];

/**
 * By side, oldest first: the piece, the comment, what was known of it, and when and what was written (nothing: it was deleted). In another form
 * all are forgotten: then nobody is told what they replaced.
 */
const ownEdit = z.tuple([id<PieceKey>(), id<CommentId>(), time]).rest(z.union([z.string(), time]));
const ownEdits = z.object({ A: z.array(ownEdit), B: z.array(ownEdit) });

const ownEditOf = ([piece, commentId, since, at, told]: z.infer<typeof ownEdit>): OwnEdit => ({
  piece,
  commentId,
  since,
  written: typeof at === 'number' && typeof told === 'string' ? { at, told } : null,
});
const ownEditToJson = ({ piece, commentId, since, written }: OwnEdit): z.infer<typeof ownEdit> =>
  written === null ? [piece, commentId, since] : [piece, commentId, since, written.at, written.told];

export const pairRow = z
  .object({
    tenant_id: id<TenantId>(),
    pair_id: id<PairId>(),
    synchronization_id: id<SynchronizationId>(),
    origin_side: side,
    a_issue_id: id<IssueId>(),
    b_issue_id: id<IssueId>(),
    a_issue_key: id<IssueKey>(),
    b_issue_key: id<IssueKey>(),
    a_seen_at: time,
    b_seen_at: time,
    a_told_at: time,
    b_told_at: time,
    a_seen_change: count.nullable(),
    b_seen_change: count.nullable(),
    a_told_change: count.nullable(),
    b_told_change: count.nullable(),
    transitioned: transitions.nullable().catch(null),
    own_edits: ownEdits.nullable().catch(null),
  })
  .transform(
    (row): Pair => ({
      tenantId: row.tenant_id,
      pairId: row.pair_id,
      synchronizationId: row.synchronization_id,
      originSide: row.origin_side,
      issueIds: { A: row.a_issue_id, B: row.b_issue_id },
      issueKeys: { A: row.a_issue_key, B: row.b_issue_key },
      seenAt: { A: row.a_seen_at, B: row.b_seen_at },
      toldAt: { A: row.a_told_at, B: row.b_told_at },
      seenChange: { A: row.a_seen_change, B: row.b_seen_change },
      toldChange: { A: row.a_told_change, B: row.b_told_change },
      transitioned: { A: transitionOf(row.transitioned?.A ?? null), B: transitionOf(row.transitioned?.B ?? null) },
      ownEdits: { A: (row.own_edits?.A ?? []).map(ownEditOf), B: (row.own_edits?.B ?? []).map(ownEditOf) },
    }),
  );

export const pairToRow = (pair: Pair) => ({
  pair_id: pair.pairId,
  origin_side: pair.originSide,
  a_issue_id: pair.issueIds.A,
  b_issue_id: pair.issueIds.B,
  a_issue_key: pair.issueKeys.A,
  b_issue_key: pair.issueKeys.B,
  a_seen_at: pair.seenAt.A,
  b_seen_at: pair.seenAt.B,
  a_told_at: pair.toldAt.A,
  b_told_at: pair.toldAt.B,
  a_seen_change: pair.seenChange.A,
  b_seen_change: pair.seenChange.B,
  a_told_change: pair.toldChange.A,
  b_told_change: pair.toldChange.B,
  transitioned:
    pair.transitioned.A === null && pair.transitioned.B === null
      ? null
      : { A: transitionToJson(pair.transitioned.A), B: transitionToJson(pair.transitioned.B) },
  own_edits:
    pair.ownEdits.A.length + pair.ownEdits.B.length === 0
      ? null
      : { A: pair.ownEdits.A.map(ownEditToJson), B: pair.ownEdits.B.map(ownEditToJson) },
});

export const PIECE_COLUMNS = `
  piece_key, a_fingerprint, b_fingerprint, a_comment_id, b_comment_id,
  parked_cause, ${epochMs('parked_since')} AS parked_since, a_parked_seen, b_parked_seen, decided, answer, ping_pong`;

/** Short, since every piece has one: `c` [time, side, fingerprint, returned]…, `f` [times, time] when it was frozen. */
const pingPong = z
  .object({ c: z.array(z.tuple([time, side, z.string(), z.boolean()])), f: z.tuple([count, time]).nullable() })
  .transform(
    ({ c, f }): PingPong => ({
      crossings: c.map(([at, to, print, returned]) => ({ at, to, print, returned })),
      frozen: f === null ? null : { times: f[0], at: f[1] },
    }),
  );

const pingPongToJson = ({ crossings, frozen }: PingPong) => ({
  c: crossings.map(({ at, to, print, returned }) => [at, to, print, returned]),
  f: frozen === null ? null : [frozen.times, frozen.at],
});

export const pieceRow = z
  .object({
    piece_key: id<PieceKey>(),
    a_fingerprint: z.string().nullable(),
    b_fingerprint: z.string().nullable(),
    a_comment_id: id<CommentId>().nullable(),
    b_comment_id: id<CommentId>().nullable(),
    parked_cause: z.string().nullable(),
    parked_since: time.nullable(),
    a_parked_seen: z.string().nullable(),
    b_parked_seen: z.string().nullable(),
    decided: side.nullable(),
    answer: z.enum(['carry-out', 'take-back']).nullable(),
    ping_pong: pingPong.nullable(),
  })
  .transform((row): readonly [PieceKey, PieceBase] => [
    row.piece_key,
    {
      fingerprints: { A: row.a_fingerprint, B: row.b_fingerprint },
      comments: row.a_comment_id === null && row.b_comment_id === null ? null : { A: row.a_comment_id, B: row.b_comment_id },
      state:
        row.parked_cause === null || row.parked_since === null
          ? { kind: 'synchronized' }
          : {
              kind: 'parked',
              cause: row.parked_cause,
              since: row.parked_since,
              seen: { A: row.a_parked_seen, B: row.b_parked_seen },
              ...(row.decided === null ? {} : { decided: row.decided }),
              ...(row.answer === null ? {} : { answer: row.answer }),
            },
      ...(row.ping_pong === null ? {} : { pingPong: row.ping_pong }),
    },
  ]);

export const pieceToRow = ([key, base]: readonly [PieceKey, PieceBase]) => ({
  piece_key: key,
  a_fingerprint: base.fingerprints.A,
  b_fingerprint: base.fingerprints.B,
  a_comment_id: base.comments?.A ?? null,
  b_comment_id: base.comments?.B ?? null,
  parked_cause: base.state.kind === 'parked' ? base.state.cause : null,
  parked_since: base.state.kind === 'parked' ? base.state.since : null,
  a_parked_seen: base.state.kind === 'parked' ? base.state.seen.A : null,
  b_parked_seen: base.state.kind === 'parked' ? base.state.seen.B : null,
  ping_pong: base.pingPong === undefined ? null : pingPongToJson(base.pingPong),
});

/**
 * By piece: the fingerprint at A, at B, what the changelog will tell, and if there is such a thing, `true` if it replaces an edit that lost, and
 * up to when the comment was known.
 */
const agreements = z
  .record(z.string(), z.tuple([z.string().nullable(), z.string().nullable(), z.string().nullable()]).rest(z.unknown()))
  .transform(
    (rows): ReadonlyMap<PieceKey, Agreement> =>
      new Map(
        Object.entries(rows).map(([piece, [A, B, told, ...more]]) => {
          const since = more.find((one) => typeof one === 'number');
          const replaces = more.includes(true) ? { replaces: true as const } : {};
          return [piece as PieceKey, { fingerprints: { A, B }, told, ...replaces, ...(since === undefined ? {} : { since }) }];
        }),
      ),
  );

const agreementsToJson = (agreed: Effect['agreed']): object =>
  Object.fromEntries(
    [...agreed].map(([piece, { fingerprints, told, replaces, since }]) => [
      piece,
      [fingerprints.A, fingerprints.B, told, ...[replaces, since].filter((one) => one !== undefined)],
    ]),
  );

export const EFFECT_COLUMNS = `
  effect_id, kind, target, pieces, agreed, state, remote_id, after_number, ${epochMs('intended_at')} AS intended_at`;

export const effectRow = z
  .object({
    effect_id: id<EffectId>(),
    kind: z.enum(['create-item', 'write-fields', 'transition', 'create-comment', 'edit-comment', 'delete-comment']),
    target: side,
    pieces: z.array(id<PieceKey>()),
    agreed: agreements.nullable(),
    state: z.enum(['intended', 'confirmed', 'refused', 'abandoned']),
    remote_id: z.string().nullable(),
    after_number: count.nullable(),
    intended_at: time,
  })
  .transform(
    (row): Effect => ({
      effectId: row.effect_id,
      kind: row.kind,
      target: row.target,
      pieces: row.pieces,
      agreed: row.agreed ?? new Map(),
      state: row.state,
      remoteId: row.remote_id,
      afterNumber: row.after_number,
      intendedAt: row.intended_at,
    }),
  );

export const effectToRow = (effect: Effect) => ({
  effect_id: effect.effectId,
  kind: effect.kind,
  target: effect.target,
  pieces: effect.pieces,
  agreed: effect.state === 'intended' ? agreementsToJson(effect.agreed) : null,
  state: effect.state,
  remote_id: effect.remoteId,
  after_number: effect.afterNumber,
  intended_at: effect.intendedAt,
});

export const HISTORY_COLUMNS = `
  ${epochMs('at')} AS at, pair_id, a_issue_key, b_issue_key, piece_key, outcome, source, cause`;

export const historyRow = z
  .object({
    at: time,
    pair_id: id<PairId>().nullable(),
    a_issue_key: id<IssueKey>().nullable(),
    b_issue_key: id<IssueKey>().nullable(),
    piece_key: id<PieceKey>().nullable(),
    outcome: z.enum([
      'applied',
      'echo',
      'agreed',
      'overwritten',
      'declined',
      'parked',
      'created',
      'item-gone',
      'put-back',
      'braked',
      'released',
      'taken-back',
      'waiting',
    ]),
    source: side.nullable(),
    cause: z.string().nullable(),
  })
  .transform(
    (row): HistoryLine => ({
      at: row.at,
      pairId: row.pair_id,
      issueKeys: { A: row.a_issue_key, B: row.b_issue_key },
      piece: row.piece_key,
      outcome: row.outcome,
      source: row.source,
      cause: row.cause,
    }),
  );

export const historyToRow = (line: HistoryLine) => ({
  at: line.at,
  pair_id: line.pairId,
  a_issue_key: line.issueKeys.A,
  b_issue_key: line.issueKeys.B,
  piece_key: line.piece,
  outcome: line.outcome,
  source: line.source,
  cause: line.cause,
});

export const keptToRow = (kept: KeptValue) => ({
  piece_key: kept.piece,
  side: kept.side,
  fingerprint: kept.fingerprint,
  sealed: kept.sealed,
  kept_at: kept.keptAt,
  until: kept.until,
});
