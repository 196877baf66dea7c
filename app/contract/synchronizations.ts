/**
 * The HTTP API under /api/v1, shared by the server and the embedded UI; the table of addresses stands at the end. Strict: unknown keys are
 * refused. People call with `Authorization: JWT <context token>`, from which site and space come, never from the URL; programs with
 * `Authorization: Bearer <API token>`, which names a tenant and no space.
 */
import { z } from 'zod';

export const direction = z.enum(['both', 'A-to-B', 'B-to-A']);
/** `ask`: neither side's value is written until a person has decided. */
export const conflictPolicy = z.enum(['newest', 'A', 'B', 'ask']);

/** The fields this version can synchronize, in the order they are offered. */
export const fieldIds = ['summary', 'description', 'priority', 'labels', 'duedate'] as const;

/** What a person ticks. Types and statuses are matched by name when the partner accepts. */
export const contentChoice = z.strictObject({
  fields: z
    .array(z.strictObject({ field: z.enum(fieldIds), direction, conflict: conflictPolicy }))
    .refine((fields) => new Set(fields.map(({ field }) => field)).size === fields.length, 'each field once'),
  status: z.strictObject({ direction, conflict: conflictPolicy }).nullable(),
  comments: z.strictObject({ direction, authorLine: z.boolean() }).nullable(),
  /** Both sides are read before each write, at about five times the calls to Jira. */
  strict: z.boolean().default(false),
});
export type ContentChoice = z.infer<typeof contentChoice>;

/** A kind of change that is stopped until a person answers: comments deleted, fields emptied, values overwritten. */
export const brake = z.strictObject({
  kind: z.enum(['deletion', 'clear', 'overwrite']),
  since: z.string(),
  /** How many were counted within ten minutes when it stopped. */
  counted: z.number().int(),
  /** Pieces that wait for the answer. */
  waiting: z.number().int(),
});
export type Brake = z.infer<typeof brake>;

/** `review`: changes are drafts until the other side accepts them. `immediate`: they count at once. */
export const configurationMode = z.enum(['review', 'immediate']);

export const synchronizationRequest = z.strictObject({
  /** An account of side A's site; null: a program asked, by an API token. */
  askedBy: z.string().nullable(),
  /** ISO 8601, as is `expiresAt`. */
  askedAt: z.string(),
  /** Nobody can accept it from then on. */
  expiresAt: z.string(),
  /** What side B said when it declined; null: nothing. */
  declineReason: z.string().nullable(),
});

export type SynchronizationRequest = z.infer<typeof synchronizationRequest>;

/** A connection to a site without the app, as far as a synchronization goes. */
export const connectionStanding = z.strictObject({
  connectionId: z.string(),
  state: z.enum(['awaiting-authentication', 'working', 'needs-authentication']),
  /** What to do, in words; null while it works. */
  problem: z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
});
export type ConnectionStanding = z.infer<typeof connectionStanding>;

export const synchronizationRow = z.strictObject({
  synchronizationId: z.string(),
  name: z.string(),
  description: z.string(),
  /** As this space sees it: the same row is `request-sent` here and `incoming-request` at the partner. */
  status: z.enum(['request-sent', 'incoming-request', 'declined', 'expired', 'stopped', 'running']),
  /** Which side this space is. */
  side: z.enum(['A', 'B']),
  partner: z.strictObject({ siteUrl: z.string(), projectKey: z.string(), projectName: z.string() }),
  mode: configurationMode,
  /** A change of the content that waits for an answer: this space's own (`sent`) or the partner's (`received`). */
  draft: z.enum(['sent', 'received']).nullable(),
  /** What was asked of side B's admins; null: its site does not have the app, so nobody had to be asked. */
  request: synchronizationRequest.nullable(),
  /** How the site of each side is reached that does not have the app; null: it has. */
  connections: z.strictObject({ A: connectionStanding.nullable(), B: connectionStanding.nullable() }),
  /** ISO 8601, or null when nothing has crossed yet. */
  lastActivityAt: z.string().nullable(),
  /** Pieces and items that are parked. */
  errors: z.number().int(),
  /** What is stopped, the longest first. */
  brakes: z.array(brake),
});
export type SynchronizationRow = z.infer<typeof synchronizationRow>;

export const synchronizationDetail = synchronizationRow.extend({
  content: contentChoice,
  types: z.array(z.strictObject({ A: z.string(), B: z.string(), direction })),
  statuses: z.array(z.strictObject({ A: z.string(), B: z.string() })),
  version: z.number().int(),
});
export type SynchronizationDetail = z.infer<typeof synchronizationDetail>;

const chosenSpace = z.strictObject({
  /** One of the tenant's connections; null or left out: the tenant's own site. */
  connectionId: z.uuid().nullable().exactOptional(),
  projectKey: z.string().min(1).max(255),
});

const about = {
  name: z.string().trim().min(1).max(120),
  description: z.string().trim().max(1000),
  content: contentChoice,
  /** `immediate` unless said otherwise. */
  mode: configurationMode.optional(),
};

/** Ties two spaces that the tenant reaches by connections of its own, at once and stopped: nobody is left to be asked. */
export const tieSpaces = z.strictObject({ sides: z.strictObject({ A: chosenSpace, B: chosenSpace }), ...about });
export type TieSpaces = z.infer<typeof tieSpaces>;

export const createSynchronization = z.strictObject({
  partner: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('same-site'), projectKey: z.string().min(1).max(255) }),
    z.strictObject({ kind: z.literal('other-site'), siteUrl: z.url().max(2000), projectKey: z.string().min(1).max(255) }),
  ]),
  ...about,
});
export type CreateSynchronization = z.infer<typeof createSynchronization>;

export const declineRequest = z.strictObject({ reason: z.string().trim().min(1).max(500).optional() });
export type DeclineRequest = z.infer<typeof declineRequest>;

export const changeSynchronization = z.strictObject({
  name: z.string().trim().min(1).max(120).optional(),
  description: z.string().trim().max(1000).optional(),
  content: contentChoice.optional(),
});
export type ChangeSynchronization = z.infer<typeof changeSynchronization>;

/** `carry-out`: what waits crosses now. `take-back`: what it would destroy stays, and flows back where one side alone had changed. */
export const answerBrake = z.strictObject({ kind: brake.shape.kind, answer: z.enum(['carry-out', 'take-back']) });
export type AnswerBrake = z.infer<typeof answerBrake>;

/** `synchronize`: items that exist already get twins too; `leave`: only items that change from now on. */
export const startSynchronization = z.strictObject({ existingItems: z.enum(['leave', 'synchronize']) });
export type StartSynchronization = z.infer<typeof startSynchronization>;

const issueKeys = z.strictObject({ A: z.string().nullable(), B: z.string().nullable() });

export const historyLine = z.strictObject({
  at: z.string(),
  issueKeys,
  piece: z.string().nullable(),
  outcome: z.string(),
  source: z.enum(['A', 'B']).nullable(),
  /** Null when the outcome needs no reason. */
  cause: z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
});
export type HistoryLine = z.infer<typeof historyLine>;

/** Both sides changed a piece, and a person decides whose value stays. */
export const openConflict = z.strictObject({
  id: z.string(),
  issueKeys,
  piece: z.string(),
  /** Since when both sides show what they show now, ISO 8601: names the question that an answer is for. */
  since: z.string(),
  /** What was decided and is about to be carried out. */
  decided: z.enum(['A', 'B']).nullable(),
});
export type OpenConflict = z.infer<typeof openConflict>;

/** A value that lost a conflict and can be put back until it expires. The value itself has an address of its own. */
export const keptValue = z.strictObject({
  id: z.string(),
  issueKeys,
  piece: z.string(),
  /** The side that showed it, where it would be put back. */
  side: z.enum(['A', 'B']),
  keptAt: z.string(),
  until: z.string(),
  /** Whether this space may be shown the value; it may be put back in any case. */
  isShared: z.boolean(),
});
export type KeptValue = z.infer<typeof keptValue>;

/** Newest first. */
export const conflictList = z.strictObject({ open: z.array(openConflict), kept: z.array(keptValue) });
export type ConflictList = z.infer<typeof conflictList>;

/** What both sides show now, in words; null for a side that does not share it with this space. */
export const conflictValues = z.strictObject({ A: z.string().nullable(), B: z.string().nullable() });
export type ConflictValues = z.infer<typeof conflictValues>;

export const keptContent = z.strictObject({ value: z.string() });
export type KeptContent = z.infer<typeof keptContent>;

export const decideConflict = z.strictObject({ winner: z.enum(['A', 'B']), since: z.iso.datetime() });
export type DecideConflict = z.infer<typeof decideConflict>;

/** Changes that no webhook told of and a scan found, by day (`YYYY-MM-DD`, UTC), newest first; days without any are left out. */
export const foundLate = z.strictObject({ days: z.array(z.strictObject({ day: z.string(), found: z.number().int() })) });
export type FoundLate = z.infer<typeof foundLate>;

export const space = z.strictObject({ projectId: z.string(), projectKey: z.string(), name: z.string() });
export type Space = z.infer<typeof space>;

/** Where the page is shown: for headings and for telling the sides apart. */
export const pageContext = z.strictObject({
  siteUrl: z.string(),
  projectId: z.string(),
  projectKey: z.string(),
  projectName: z.string(),
});
export type PageContext = z.infer<typeof pageContext>;

/** Every refusal has this shape. `code` is stable and listed in docs/troubleshooting.md. */
export const apiError = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    remedy: z.string(),
    requestId: z.string(),
    /** For 400: what is wrong where. */
    problems: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  }),
});
export type ApiError = z.infer<typeof apiError>;

/**
 * | method and path                                      | body                    | answer |
 * |---|---|---|
 * | GET    /api/v1/context                               |                         | PageContext |
 * | GET    /api/v1/spaces                                |                         | { spaces: Space[] } of this site, or with ?connection= of the site behind it |
 * | GET    /api/v1/synchronizations                      |                         | { synchronizations: SynchronizationRow[] } of this space |
 * | POST   /api/v1/synchronizations                      | CreateSynchronization or TieSpaces | 201 SynchronizationDetail |
 * | GET    /api/v1/synchronizations/:id                  |                         | SynchronizationDetail |
 * | PATCH  /api/v1/synchronizations/:id                  | ChangeSynchronization   | SynchronizationDetail |
 * | DELETE /api/v1/synchronizations/:id                  |                         | 204 |
 * | POST   /api/v1/synchronizations/:id/accept           |                         | SynchronizationDetail |
 * | POST   /api/v1/synchronizations/:id/decline          | DeclineRequest, or none | SynchronizationDetail |
 * | POST   /api/v1/synchronizations/:id/send-again      |                         | SynchronizationDetail |
 * | POST   /api/v1/synchronizations/:id/start            | StartSynchronization    | SynchronizationDetail |
 * | POST   /api/v1/synchronizations/:id/stop             |                         | SynchronizationDetail |
 * | POST   /api/v1/synchronizations/:id/retry            |                         | SynchronizationDetail |
 * | GET    /api/v1/synchronizations/:id/found-late       |                         | FoundLate |
 * | POST   /api/v1/synchronizations/:id/brake/release    | AnswerBrake             | SynchronizationDetail |
 * | GET    /api/v1/synchronizations/:id/history?limit=50 |                         | { history: HistoryLine[] } |
 * | GET    /api/v1/synchronizations/:id/conflicts        |                         | ConflictList |
 * | GET    /api/v1/synchronizations/:id/conflicts/:conflict |                      | ConflictValues |
 * | POST   /api/v1/synchronizations/:id/conflicts/:conflict/decide | DecideConflict | 204 |
 * | GET    /api/v1/synchronizations/:id/kept/:kept       |                         | KeptContent |
 * | POST   /api/v1/synchronizations/:id/kept/:kept/put-back |                      | 204 |
 */
