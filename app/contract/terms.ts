/**
 * What two sides agree on: what each offers, the draft that waits, and the versions there were. Shared by the server and the embedded
 * UI, like synchronizations.ts.
 */
import { z } from 'zod';
import { configurationMode, contentChoice, fieldIds } from './synchronizations.ts';

/** What a side lets the other have; null: everything of that kind. The summary always goes along. */
export const offer = z.strictObject({
  /** Ids of work types of that side. */
  types: z.array(z.string().min(1).max(255)).max(500).nullable(),
  fields: z.array(z.enum(fieldIds)).nullable(),
  status: z.boolean(),
  comments: z.boolean(),
  /** Whether copies of its comments name who wrote them. */
  authors: z.boolean(),
});
export type OfferBody = z.infer<typeof offer>;

/** One thing that a draft would change. */
export const draftChange = z.strictObject({
  /** Stable: `field`, `status`, `status-pair`, `type`, `comments`, `strict`, `mode`. */
  kind: z.string(),
  /** In a sentence. */
  text: z.string(),
  /** How many items it concerns; null where Jira did not say. */
  items: z.number().int().nullable(),
});
export type DraftChange = z.infer<typeof draftChange>;

export const decider = z.strictObject({
  side: z.enum(['A', 'B']),
  /** Null: a program, or somebody of the partner's site, whose name is theirs to show. */
  accountId: z.string().nullable(),
});

export const draft = z.strictObject({
  /** Names the draft in an answer. */
  draftAt: z.iso.datetime(),
  by: decider,
  mode: configurationMode,
  content: contentChoice,
  changes: z.array(draftChange),
});

export const terms = z.strictObject({
  side: z.enum(['A', 'B']),
  mode: configurationMode,
  content: contentChoice,
  version: z.number().int(),
  /** What this side offers. */
  offer,
  /** What the partner does not offer of what was agreed: fields, `status`, `comments`, `authors`, and how many work types. */
  withheldByPartner: z.strictObject({ parts: z.array(z.string()), types: z.number().int() }),
  draft: draft.nullable(),
});
export type TermsBody = z.infer<typeof terms>;

export const version = z.strictObject({
  number: z.number().int(),
  outcome: z.enum(['published', 'declined', 'withdrawn']),
  mode: configurationMode,
  content: contentChoice,
  at: z.iso.datetime(),
  /** Null: how it was set up. */
  by: decider.nullable(),
  answeredBy: decider.nullable(),
  endedAt: z.iso.datetime(),
  reason: z.string().nullable(),
});
export type VersionBody = z.infer<typeof version>;

/** What left this side in the last 24 hours. */
const left = z.strictObject({
  /** A field's id, `status`, `comments`, or `item` for whole new twins. */
  parts: z.array(z.strictObject({ part: z.string(), changes: z.number().int(), lastAt: z.iso.datetime() })),
});
export type LeftBody = z.infer<typeof left>;

export const changeMode = z.strictObject({ mode: configurationMode });
export const answerDraft = z.strictObject({
  answer: z.enum(['accept', 'decline', 'withdraw']),
  draftAt: z.iso.datetime(),
  reason: z.string().trim().max(500).optional(),
});
/** `drafted`: it waits for the other side. */
const termsChanged = z.strictObject({ outcome: z.enum(['published', 'drafted']) });
export type TermsChangedBody = z.infer<typeof termsChanged>;

/**
 * | method and path                                              | body        | answer |
 * |---|---|---|
 * | GET  /api/v1/synchronizations/:id/terms                      |             | Terms |
 * | PUT  /api/v1/synchronizations/:id/terms/mode                 | ChangeMode  | TermsChanged |
 * | PUT  /api/v1/synchronizations/:id/terms/offer                | Offer       | Terms |
 * | POST /api/v1/synchronizations/:id/terms/draft/answer         | AnswerDraft | Terms |
 * | GET  /api/v1/synchronizations/:id/terms/versions             |             | { versions: Version[] }, newest first |
 * | POST /api/v1/synchronizations/:id/terms/versions/:number/bring-back |      | TermsChanged |
 * | GET  /api/v1/synchronizations/:id/terms/left                 |             | Left |
 */
