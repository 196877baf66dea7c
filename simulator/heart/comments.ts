import type { AdfNode } from './adf.ts';
import { projectOf } from './find-issue.ts';
import type { TextFormat } from './issue-fields.ts';
import { parseRichText, TOO_LONG } from './issue-fields.ts';
import type { Outcome } from './outcome.ts';
import { done, refuse, refuseFields } from './outcome.ts';
import { permits } from './permissions.ts';
import { emit, nextId, recordChange, touch } from './record.ts';
import type { Actor, ChangeItem, Comment, Issue, Site } from './site.ts';
import type { CommentVisibility } from './visibility.ts';
import { roughWikiText, toWikiText } from './wiki-text.ts';

/** A comment as a request gives it: `body`, `visibility`, `properties`, `jsdPublic`, unread. */
export type CommentInput = Readonly<Record<string, unknown>>;

function readBody(raw: unknown, format: TextFormat): Outcome<AdfNode> {
  const parsed = parseRichText(raw ?? null, format);
  if ('error' in parsed)
    return refuseFields(400, { comment: parsed.error === TOO_LONG ? TOO_LONG : 'Comment body is not valid!' });
  if (
    parsed.value === null ||
    (roughWikiText(parsed.value).trim() === '' && (parsed.value.content ?? []).every((node) => node.type === 'paragraph'))
  ) {
    return refuseFields(400, { comment: 'Comment body can not be empty!' });
  }
  return done(parsed.value);
}

export function readVisibility(raw: unknown): Outcome<CommentVisibility | null> {
  if (raw === undefined || raw === null) return done(null);
  const { type, value, identifier } = raw as { type?: unknown; value?: unknown; identifier?: unknown };
  if (type !== 'role' && type !== 'group') return refuseFields(400, { commentLevel: 'Group or role is required.' });
  return done({
    type,
    value: String(value ?? identifier ?? ''),
    identifier: identifier === undefined || identifier === null ? null : String(identifier),
  });
}

function setProperties(comment: Comment, raw: unknown): void {
  if (!Array.isArray(raw)) return;
  for (const { key, value } of raw as { key: string; value: unknown }[]) {
    comment.properties.set(key, value);
    // How the platform's own API makes a comment of a service project internal.
    if (key === 'sd.public.comment') comment.jsdPublic = (value as { internal?: unknown } | null)?.internal !== true;
  }
}

/** The comment that a new one answers: it must be on the issue, and not an answer itself. */
function parentOf(issue: Issue, raw: unknown): Outcome<Comment | null> {
  if (raw === undefined || raw === null) return done(null);
  const parent = issue.comments.find(({ id }) => id === String(raw));
  if (parent === undefined || parent.parentId !== undefined)
    return refuseFields(400, { parentId: 'The parent comment does not exist, or is an answer itself.' });
  return done(parent);
}

const ANSWER_VISIBILITY = 'The visibility of an answer is that of the comment it answers.';

/** Adds a comment. It moves the issue's `updated`, and on Cloud raises comment_created alone. */
export function addComment(site: Site, actor: Actor, issue: Issue, input: CommentInput, format: TextFormat): Outcome<Comment> {
  if (!permits(actor.user, projectOf(site, issue), 'ADD_COMMENTS'))
    return refuse(403, 'You do not have the permission to comment on this issue.');
  const body = readBody(input['body'], format);
  if (!body.ok) return body;
  const visibility = readVisibility(input['visibility']);
  if (!visibility.ok) return visibility;
  const parent = parentOf(issue, input['parentId']);
  if (!parent.ok) return parent;
  if (parent.value !== null && visibility.value !== null) return refuseFields(400, { commentLevel: ANSWER_VISIBILITY });
  const at = site.clock.now();
  const comment: Comment = {
    id: nextId(site, 'comment'),
    authorId: actor.user.accountId,
    updateAuthorId: actor.user.accountId,
    body: body.value,
    created: at,
    updated: at,
    visibility: parent.value?.visibility ?? visibility.value,
    jsdPublic: input['jsdPublic'] !== false && parent.value?.jsdPublic !== false,
    ...(parent.value === null ? {} : { parentId: parent.value.id }),
    properties: new Map(),
  };
  setProperties(comment, input['properties']);
  issue.comments.push(comment);
  site.issueIdsByComment.set(comment.id, issue.id);
  touch(site, issue, at);
  emit(site, { kind: 'comment-created', actor, at, issue, comment, secondary: false });
  return done(comment);
}

const mayChange = (site: Site, actor: Actor, issue: Issue, comment: Comment, what: 'EDIT' | 'DELETE'): boolean => {
  const project = projectOf(site, issue);
  if (permits(actor.user, project, `${what}_ALL_COMMENTS`)) return true;
  return comment.authorId === actor.user.accountId && permits(actor.user, project, `${what}_OWN_COMMENTS`);
};

export function editComment(
  site: Site,
  actor: Actor,
  issue: Issue,
  comment: Comment,
  input: CommentInput,
  format: TextFormat,
): Outcome<Comment> {
  if (!mayChange(site, actor, issue, comment, 'EDIT'))
    return refuse(400, `You do not have the permission to edit comment ${comment.id}.`);
  const body = readBody(input['body'], format);
  if (!body.ok) return body;
  const visibility = input['visibility'] === undefined ? done(comment.visibility) : readVisibility(input['visibility']);
  if (!visibility.ok) return visibility;
  const changed = JSON.stringify(visibility.value) !== JSON.stringify(comment.visibility);
  if (changed && comment.parentId !== undefined) return refuseFields(400, { commentLevel: ANSWER_VISIBILITY });
  const at = site.clock.now();
  comment.body = body.value;
  comment.visibility = visibility.value;
  for (const answer of issue.comments) if (answer.parentId === comment.id) answer.visibility = visibility.value;
  comment.updateAuthorId = actor.user.accountId;
  comment.updated = Math.max(comment.updated, at);
  setProperties(comment, input['properties']);
  touch(site, issue, at);
  emit(site, { kind: 'comment-updated', actor, at, issue, comment, secondary: false });
  return done(comment);
}

/** What the history tells of a deleted comment: its words, or, of a restricted one, that it was. Neither which one it was nor whose. */
const deletedItem = ({ body, visibility }: Comment): ChangeItem => ({
  field: 'Comment',
  fieldtype: 'jira',
  fieldId: 'comment',
  from: null,
  fromString: visibility === null ? toWikiText(body) : `A comment with security level '${visibility.value}' was removed.`,
  to: null,
  toString: null,
});

/** Deletes a comment. Of all that happens to comments this alone is in the changelog; no issue_updated is raised. */
export function deleteComment(site: Site, actor: Actor, issue: Issue, comment: Comment): Outcome<null> {
  if (!mayChange(site, actor, issue, comment, 'DELETE'))
    return refuse(400, `You do not have permission to delete comment with id: ${comment.id}`);
  const at = site.clock.now();
  issue.comments.splice(issue.comments.indexOf(comment), 1);
  site.issueIdsByComment.delete(comment.id);
  recordChange(site, actor, issue, [deletedItem(comment)], at);
  emit(site, { kind: 'comment-deleted', actor, at, issue, comment, secondary: false });
  return done(null);
}
