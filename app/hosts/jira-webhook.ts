import { z } from 'zod';
import type { IssueId, IssueKey, PieceKey, ProjectId } from '../core/ids.ts';
import { STATUS_PIECE } from '../core/piece.ts';

/** Jira sends ids as text; some senders as numbers. */
const id = z.union([z.string().regex(/^\d{1,19}$/), z.number().int().nonnegative().transform(String)]);

/**
 * The little of a webhook that routing needs. Everything else is dropped here, before anybody could keep it. Permissive: a part
 * of unexpected shape counts as absent.
 */
const payload = z.object({
  webhookEvent: z.string().min(1).max(200),
  issue_event_type_name: z.string().max(200).nullish().catch(null),
  user: z
    .object({ accountType: z.string().nullish().catch(null) })
    .nullish()
    .catch(null),
  issue: z
    .object({
      id,
      key: z.string().max(255).nullish().catch(null),
      fields: z
        .object({ project: z.object({ id }).nullish().catch(null) })
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
  comment: z
    .object({ self: z.string().max(2000).nullish().catch(null) })
    .nullish()
    .catch(null),
  changelog: z
    .object({
      items: z.array(
        z.object({ fieldId: z.string().max(255).nullish().catch(null), field: z.string().max(255).nullish().catch(null) }),
      ),
    })
    .nullish()
    .catch(null),
});
type Payload = z.infer<typeof payload>;

/** What a trace proves must cover all of this for an event to be an echo. */
export type Touched =
  /** Exactly these pieces. */
  | { readonly kind: 'pieces'; readonly pieces: readonly PieceKey[] }
  /** One comment; the webhook names it by its id on this site, a trace by its id at its origin. */
  | { readonly kind: 'comment' }
  /** The item came into being, with all it has. */
  | { readonly kind: 'creation' }
  /** The payload does not say. */
  | { readonly kind: 'unknown' };

export interface ReadWebhook {
  readonly kind: 'hint';
  readonly event: string;
  readonly issueId: IssueId;
  readonly issueKey: IssueKey | null;
  readonly projectId: ProjectId | null;
  readonly touched: Touched;
  /** Jira says that a person did it, not an app or nobody. */
  readonly byPerson: boolean;
}

export type WebhookReading =
  | ReadWebhook
  /** Well formed, but nothing we act on. `reason` is a sentence for a person. */
  | { readonly kind: 'declined'; readonly code: 'event-unused' | 'item-unnamed'; readonly reason: string }
  | { readonly kind: 'malformed' };

const USED: ReadonlySet<string> = new Set([
  'jira:issue_created',
  'jira:issue_updated',
  'jira:issue_deleted',
  'comment_created',
  'comment_updated',
  'comment_deleted',
]);

/** Data Center says these on jira:issue_updated when only a comment changed. */
const COMMENT_EVENT_TYPES: ReadonlySet<string> = new Set(['issue_commented', 'issue_comment_edited', 'issue_comment_deleted']);

/** Data Center's comment webhooks name the item only in the comment's own address. */
const issueIdInCommentAddress = (address: string | null | undefined): string | null =>
  /\/issue\/(\d{1,19})\/comment\/\d+$/.exec(address ?? '')?.[1] ?? null;

/** Data Center's changelog items name system fields without `fieldId`. */
const pieceOf = (item: { fieldId?: string | null | undefined; field?: string | null | undefined }): PieceKey | null => {
  const field = item.fieldId ?? item.field?.toLowerCase() ?? '';
  if (field === '') return null;
  return (field === 'status' ? 'status' : `field:${field}`) as PieceKey;
};

const PEOPLE: ReadonlySet<string> = new Set(['atlassian', 'customer']);

const touchedBy = (read: Payload): Touched => {
  if (read.webhookEvent.startsWith('comment_')) return { kind: 'comment' };
  if (read.webhookEvent === 'jira:issue_created') return { kind: 'creation' };
  if (read.webhookEvent !== 'jira:issue_updated') return { kind: 'unknown' };
  const items = read.changelog?.items ?? [];
  if (items.length === 0)
    return COMMENT_EVENT_TYPES.has(read.issue_event_type_name ?? '') ? { kind: 'comment' } : { kind: 'unknown' };
  const pieces = items.map(pieceOf);
  const known = pieces.filter((piece) => piece !== null);
  return known.length === pieces.length ? { kind: 'pieces', pieces: known } : { kind: 'unknown' };
};

/** Reduces a parsed webhook body to a hint. Never throws, keeps no content. */
export const readWebhook = (body: unknown): WebhookReading => {
  const parsed = payload.safeParse(body);
  if (!parsed.success) return { kind: 'malformed' };
  const read = parsed.data;
  if (!USED.has(read.webhookEvent)) {
    return { kind: 'declined', code: 'event-unused', reason: 'Tandem does not synchronize what this kind of event is about.' };
  }
  const issueId = read.issue?.id ?? issueIdInCommentAddress(read.comment?.self);
  if (issueId === null)
    return { kind: 'declined', code: 'item-unnamed', reason: 'The event does not say which work item it is about.' };
  return {
    kind: 'hint',
    event: read.webhookEvent,
    issueId: issueId as IssueId,
    issueKey: (read.issue?.key ?? null) as IssueKey | null,
    projectId: (read.issue?.fields?.project?.id ?? null) as ProjectId | null,
    touched: touchedBy(read),
    byPerson: PEOPLE.has(read.user?.accountType ?? ''),
  };
};

/** Whether the event is one of a transition: Jira answers one with nothing, and only the event tells what it replaced (SPEC O11). */
export const isOfTransition = (touched: Touched): boolean => touched.kind === 'pieces' && touched.pieces.includes(STATUS_PIECE);

/** Whether the event is one of an edited comment: Jira keeps no history of comments, so only the event tells that it was made (SPEC O10). */
export const isOfCommentEdit = (event: string): boolean => event === 'comment_updated';

/** Whether a write of exactly `pieces` explains all that the event touched. */
export const isExplainedBy = (touched: Touched, pieces: readonly PieceKey[]): boolean => {
  switch (touched.kind) {
    case 'pieces':
      return touched.pieces.every((piece) => pieces.includes(piece));
    case 'comment':
      return pieces.length > 0 && pieces.every((piece) => piece.startsWith('comment:'));
    case 'creation':
      return pieces.length > 0 && !pieces.some((piece) => piece.startsWith('comment:'));
    case 'unknown':
      return false;
  }
};
