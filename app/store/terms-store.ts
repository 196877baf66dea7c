import { z } from 'zod';
import type { Configuration } from '../core/configuration.ts';
import type { AccountId, FieldId, SynchronizationId, TenantId } from '../core/ids.ts';
import { OFFER_ALL, type Offer } from '../core/offer.ts';
import { count, epochMs, id, isUuid, side, time, timestamp } from '../platform/columns.ts';
import type { Database, Statements } from '../platform/database.ts';
import type { Decider, Draft, StandingTerms, TermsStore, Version, Written } from '../sync/terms-ports.ts';
import { configuration } from './synchronization-rows.ts';

const mode = z.enum(['review', 'immediate']);

const offer = z.object({
  types: z.array(z.string()).nullable(),
  fields: z.array(id<FieldId>()).nullable(),
  status: z.boolean(),
  comments: z.boolean(),
  authors: z.boolean(),
}) satisfies z.ZodType<Offer>;

const OF_SYNCHRONIZATION = 'tenant_id = $1 AND synchronization_id = $2';

const READ = `
  SELECT coalesce(t.agreed, s.configuration) AS agreed, s.mode, t.a_offer, t.b_offer, coalesce(t.read_as, 0) AS read_as,
         t.draft, t.draft_mode, t.draft_side, t.draft_by, ${epochMs('t.draft_at')} AS draft_at
    FROM synchronization s LEFT JOIN terms t USING (tenant_id, synchronization_id)
   WHERE s.tenant_id = $1 AND s.synchronization_id = $2`;

const termsRow = z
  .object({
    agreed: configuration,
    mode,
    a_offer: offer.nullable(),
    b_offer: offer.nullable(),
    read_as: count,
    draft: configuration.nullable(),
    draft_mode: mode.nullable(),
    draft_side: side.nullable(),
    draft_by: id<AccountId>().nullable(),
    draft_at: time.nullable(),
  })
  .transform(
    (row): StandingTerms => ({
      agreed: row.agreed,
      mode: row.mode,
      offers: { A: row.a_offer ?? OFFER_ALL, B: row.b_offer ?? OFFER_ALL },
      readAs: row.read_as,
      draft: draftOf(row.draft, row.draft_mode, row.draft_side, row.draft_by, row.draft_at),
    }),
  );

const draftOf = (
  agreed: Configuration | null,
  draftMode: Draft['mode'] | null,
  of: Decider['side'] | null,
  accountId: AccountId | null,
  at: number | null,
): Draft | null =>
  agreed === null || draftMode === null || of === null || at === null
    ? null
    : { agreed, mode: draftMode, by: { side: of, accountId }, at };

/** First the synchronization, then its terms: as a removal goes, so that the two never wait in a circle. */
const LOCK_SYNCHRONIZATION = `SELECT configuration FROM synchronization WHERE ${OF_SYNCHRONIZATION} FOR NO KEY UPDATE`;
/** $3 the offer of all. */
const BEGIN = `
  INSERT INTO terms (tenant_id, synchronization_id, agreed, a_offer, b_offer)
  SELECT tenant_id, synchronization_id, configuration, $3::jsonb, $3::jsonb FROM synchronization WHERE ${OF_SYNCHRONIZATION}
  ON CONFLICT DO NOTHING`;
/** $3 as what it was read. */
const TOUCH = `UPDATE terms SET read_as = read_as + 1 WHERE ${OF_SYNCHRONIZATION} AND read_as = $3`;

const SAVE_DRAFT = `
  UPDATE terms
     SET draft = $3::jsonb, draft_mode = $4, draft_side = $5, draft_by = $6, draft_at = ${timestamp('$7')}
   WHERE ${OF_SYNCHRONIZATION}`;
const DROP_DRAFT = `
  UPDATE terms SET draft = NULL, draft_mode = NULL, draft_side = NULL, draft_by = NULL, draft_at = NULL WHERE ${OF_SYNCHRONIZATION}`;
const AGREE = `UPDATE terms SET agreed = $3::jsonb WHERE ${OF_SYNCHRONIZATION}`;
/** $3 what is carried, $4 the mode. */
const CARRY = `
  UPDATE synchronization SET configuration = $3::jsonb, mode = $4, configuration_version = configuration_version + 1
   WHERE ${OF_SYNCHRONIZATION}`;
const CARRY_OFFERED = `UPDATE synchronization SET configuration = $3::jsonb, configuration_version = configuration_version + 1 WHERE ${OF_SYNCHRONIZATION}`;
const offerOf = (of: Decider['side']): string =>
  `UPDATE terms SET ${of === 'A' ? 'a_offer' : 'b_offer'} = $3::jsonb WHERE ${OF_SYNCHRONIZATION}`;

/** How it was set up, before the first change is recorded. */
const RECORD_SET_UP = `
  INSERT INTO terms_version (tenant_id, synchronization_id, number, agreed, mode, outcome, made_at, ended_at)
  SELECT tenant_id, synchronization_id, 1, t.agreed, s.mode, 'published', s.created_at, s.created_at
    FROM synchronization s JOIN terms t USING (tenant_id, synchronization_id)
   WHERE ${OF_SYNCHRONIZATION}
  ON CONFLICT DO NOTHING`;
const RECORD = `
  INSERT INTO terms_version (
    tenant_id, synchronization_id, number, agreed, mode, outcome, made_side, made_by, made_at, answered_side, answered_by, ended_at, reason)
  SELECT $1::uuid, $2::uuid, (SELECT max(number) + 1 FROM terms_version WHERE ${OF_SYNCHRONIZATION}), $3::jsonb, $4, $5, $6, $7,
         ${timestamp('$8')}, $9, $10, ${timestamp('$11')}, $12`;

const VERSION_COLUMNS = `number, agreed, mode, outcome, made_side, made_by, ${epochMs('made_at')} AS made_at,
  answered_side, answered_by, ${epochMs('ended_at')} AS ended_at, reason`;
const LIST = `SELECT ${VERSION_COLUMNS} FROM terms_version WHERE ${OF_SYNCHRONIZATION} ORDER BY number DESC`;
const READ_VERSION = `SELECT ${VERSION_COLUMNS} FROM terms_version WHERE ${OF_SYNCHRONIZATION} AND number = $3`;

const versionRow = z
  .object({
    number: count,
    agreed: configuration,
    mode,
    outcome: z.enum(['published', 'declined', 'withdrawn']),
    made_side: side.nullable(),
    made_by: id<AccountId>().nullable(),
    made_at: time,
    answered_side: side.nullable(),
    answered_by: id<AccountId>().nullable(),
    ended_at: time,
    reason: z.string().nullable(),
  })
  .transform(
    (row): Version => ({
      number: row.number,
      agreed: row.agreed,
      mode: row.mode,
      outcome: row.outcome,
      by: row.made_side === null ? null : { side: row.made_side, accountId: row.made_by },
      at: row.made_at,
      answeredBy: row.answered_side === null ? null : { side: row.answered_side, accountId: row.answered_by },
      endedAt: row.ended_at,
      reason: row.reason,
    }),
  );

const COUNT_PAIRS = `SELECT count(*) AS pairs FROM pair WHERE ${OF_SYNCHRONIZATION}`;
/** $3 side, $4 since (epoch ms). Of a merged set (source null) a part came from either side. */
const COUNT_LEFT = `
  SELECT CASE WHEN piece_key LIKE 'field:%' THEN substr(piece_key, 7)
              WHEN piece_key LIKE 'comment:%' THEN 'comments'
              ELSE coalesce(piece_key, 'item') END AS part,
         count(*) AS changes, ${epochMs('max(at)')} AS last_at
    FROM history
   WHERE ${OF_SYNCHRONIZATION} AND at >= ${timestamp('$4')}
     AND outcome IN ('applied', 'overwritten', 'created') AND (source = $3 OR source IS NULL)
   GROUP BY 1
   ORDER BY 2 DESC, 1`;
const leftRow = z
  .object({ part: z.string(), changes: count, last_at: time })
  .transform(({ part, changes, last_at }) => ({ part, changes, lastAt: last_at }));

/** What two sides agreed on, on Postgres. */
export function createTermsStore(database: Database): TermsStore {
  /** Carries out `work` on terms that are still as they were read. */
  const change = (
    [tenantId, synchronizationId]: readonly [TenantId, SynchronizationId],
    readAs: number,
    work: (statements: Statements) => Promise<unknown>,
  ): Promise<Written> =>
    database.transaction(async (statements) => {
      const key = [tenantId, synchronizationId];
      await statements.rows(LOCK_SYNCHRONIZATION, key, z.object({}));
      await statements.execute(BEGIN, [...key, JSON.stringify(OFFER_ALL)]);
      if ((await statements.execute(TOUCH, [...key, readAs])) === 0) return 'changed-meanwhile';
      await work(statements);
      return 'written';
    });
  return {
    async read(tenantId, synchronizationId) {
      if (!isUuid(synchronizationId)) return null;
      const [found] = await database.rows(READ, [tenantId, synchronizationId], termsRow);
      return found ?? null;
    },
    saveDraft: (tenantId, synchronizationId, draft, readAs) =>
      change([tenantId, synchronizationId], readAs, (statements) =>
        statements.execute(SAVE_DRAFT, [
          ...[tenantId, synchronizationId, JSON.stringify(draft.agreed), draft.mode],
          ...[draft.by.side, draft.by.accountId, draft.at],
        ]),
      ),
    publish: (tenantId, synchronizationId, version, readAs) =>
      change([tenantId, synchronizationId], readAs, async (statements) => {
        const key = [tenantId, synchronizationId];
        await statements.execute(RECORD_SET_UP, key);
        await record(statements, key, { ...version, outcome: 'published', reason: null });
        await statements.execute(AGREE, [...key, JSON.stringify(version.agreed)]);
        await statements.execute(CARRY, [...key, JSON.stringify(version.carried), version.mode]);
        await statements.execute(DROP_DRAFT, key);
      }),
    endDraft: (tenantId, synchronizationId, { outcome, by, at, reason }, readAs) =>
      change([tenantId, synchronizationId], readAs, async (statements) => {
        const key = [tenantId, synchronizationId];
        const [standing] = await statements.rows(READ, key, termsRow);
        if (standing === undefined || standing.draft === null) return;
        await statements.execute(RECORD_SET_UP, key);
        await record(statements, key, { ...standing.draft, outcome, answeredBy: by, endedAt: at, reason });
        await statements.execute(DROP_DRAFT, key);
      }),
    changeOffer: (tenantId, synchronizationId, { side: of, offer: offered, carried }, readAs) =>
      change([tenantId, synchronizationId], readAs, async (statements) => {
        const key = [tenantId, synchronizationId];
        await statements.execute(offerOf(of), [...key, JSON.stringify(offered)]);
        await statements.execute(CARRY_OFFERED, [...key, JSON.stringify(carried)]);
      }),
    listVersions: (tenantId, synchronizationId) => database.rows(LIST, [tenantId, synchronizationId], versionRow),
    async readVersion(tenantId, synchronizationId, number) {
      const [found] = await database.rows(READ_VERSION, [tenantId, synchronizationId, number], versionRow);
      return found ?? null;
    },
    async countPairs(tenantId, synchronizationId) {
      const [found] = await database.rows(COUNT_PAIRS, [tenantId, synchronizationId], z.object({ pairs: count }));
      return found?.pairs ?? 0;
    },
    countLeft: (tenantId, synchronizationId, of, since) =>
      database.rows(COUNT_LEFT, [tenantId, synchronizationId, of, since], leftRow),
  };
}

const record = (statements: Statements, key: readonly string[], version: Omit<Version, 'number'>): Promise<number> =>
  statements.execute(RECORD, [
    ...key,
    ...[JSON.stringify(version.agreed), version.mode, version.outcome],
    ...[version.by?.side ?? null, version.by?.accountId ?? null, version.at],
    ...[version.answeredBy?.side ?? null, version.answeredBy?.accountId ?? null, version.endedAt, version.reason],
  ]);
