import { addComment, deleteComment, editComment } from '../simulator/heart/comments.ts';
import { createIssue } from '../simulator/heart/create-issue.ts';
import { availableTransitions, deleteIssue, editIssue, moveIssue, transitionIssue } from '../simulator/heart/edit-issue.ts';
import type { Outcome } from '../simulator/heart/outcome.ts';
import type { Actor, Comment, Issue, User } from '../simulator/heart/site.ts';
import type { SimulatedSite } from '../simulator/simulated-site.ts';

/** A node of a document, as a person's editor makes it. */
export interface Node {
  readonly type: string;
  readonly text?: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly marks?: readonly Node[];
  readonly content?: readonly Node[];
}

/** An item as the REST API shows it to people. */
export interface Shown {
  readonly summary: string;
  readonly description: unknown;
  readonly labels: readonly string[];
  readonly priority: string | null;
  readonly duedate: string | null;
  readonly status: string;
  readonly comments: readonly { readonly id: string; readonly body: unknown }[];
}

/** What a person does on a simulated site, and what the site shows. */
export interface Person {
  readonly user: User;
  readonly site: SimulatedSite;
  create(projectKey: string, typeName: string, fields: Readonly<Record<string, unknown>>): Issue;
  edit(issue: Issue, fields: Readonly<Record<string, unknown>>): void;
  setStatus(issue: Issue, name: string): void;
  comment(issue: Issue, body: unknown, restrictedTo?: string): Comment;
  editComment(issue: Issue, commentId: string, body: unknown): void;
  deleteComment(issue: Issue, commentId: string): void;
  remove(issue: Issue): void;
  move(issue: Issue, projectKey: string): void;
  /** GET /rest/api/3/issue; null when it answers 404. */
  look(issue: Issue): Promise<Shown | null>;
}

/** @param name display name; the administrator of the site where none is given */
export function personOn(site: SimulatedSite, name?: string): Person {
  const { heart } = site;
  const user = [...heart.users.values()].find((one) => (name === undefined ? one.siteAdmin : one.displayName === name));
  if (user === undefined) throw new Error(`${heart.name} has no ${name ?? 'administrator'}`);
  const actor: Actor = { user, through: { kind: 'person' }, trace: null };
  const nothing = { update: {}, properties: [] };
  return {
    user,
    site,
    create: (projectKey, typeName, fields) => {
      const place = { project: { key: projectKey }, issuetype: { name: typeName } };
      return done(createIssue(heart, actor, { fields: { ...place, ...fields }, ...nothing }, 'adf'));
    },
    edit: (issue, fields) => void done(editIssue(heart, actor, issue, { fields, ...nothing }, 'adf')),
    setStatus: (issue, name) => {
      const transition = availableTransitions(heart, issue).find(({ to }) => heart.statuses.get(to)?.name === name);
      done(transitionIssue(heart, actor, issue, transition?.id ?? '', { fields: {}, update: {} }, 'adf'));
    },
    comment: (issue, body, restrictedTo) => {
      const visibility = restrictedTo === undefined ? undefined : { type: 'role', value: restrictedTo };
      return done(addComment(heart, actor, issue, { body, visibility }, 'adf'));
    },
    editComment: (issue, commentId, body) =>
      void done(editComment(heart, actor, issue, commentOf(issue, commentId), { body }, 'adf')),
    deleteComment: (issue, commentId) => void done(deleteComment(heart, actor, issue, commentOf(issue, commentId))),
    remove: (issue) => void done(deleteIssue(heart, actor, issue)),
    move: (issue, projectKey) => {
      const name = heart.issueTypes.get(issue.typeId)?.name;
      const to = [...heart.projects.values()].find(({ key }) => key === projectKey);
      const typeId = to?.issueTypeIds.find((id) => heart.issueTypes.get(id)?.name === name) ?? null;
      done(moveIssue(heart, actor, issue, projectKey, typeId));
    },
    look: (issue) => look(site, user, issue),
  };
}

function done<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`The site refuses a person: ${JSON.stringify(outcome.refusal)}`);
}

function commentOf(issue: Issue, commentId: string): Comment {
  const found = issue.comments.find(({ id }) => id === commentId);
  if (found === undefined) throw new Error(`${issue.key} has no comment ${commentId}`);
  return found;
}

interface RawIssue {
  readonly fields: Readonly<Record<string, unknown>> & {
    readonly comment: { readonly comments: readonly { readonly id: string; readonly body: unknown }[] };
  };
}

async function look(site: SimulatedSite, user: User, issue: Issue): Promise<Shown | null> {
  const Authorization = `Basic ${Buffer.from(`${user.emailAddress}:${user.apiToken}`).toString('base64')}`;
  const answer = await fetch(`${site.url}/rest/api/3/issue/${issue.id}`, { headers: { Authorization } });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`${site.url} answered ${answer.status}`);
  const { fields } = (await answer.json()) as RawIssue;
  const nameOf = (id: string): string | null => (fields[id] as { name: string } | null)?.name ?? null;
  return {
    summary: fields['summary'] as string,
    description: fields['description'],
    labels: fields['labels'] as string[],
    priority: nameOf('priority'),
    duedate: (fields['duedate'] ?? null) as string | null,
    status: nameOf('status') ?? '',
    comments: fields.comment.comments.map(({ id, body }) => ({ id, body })),
  };
}

export const doc = (...content: Node[]): Node & { version: number } => ({ type: 'doc', version: 1, content });
export const text = (words: string, ...marks: Node[]): Node => ({
  type: 'text',
  text: words,
  ...(marks.length === 0 ? {} : { marks }),
});
export const paragraph = (...content: (Node | string)[]): Node => ({
  type: 'paragraph',
  content: content.map((part) => (typeof part === 'string' ? text(part) : part)),
});
/** A document of one paragraph. */
export const plain = (words: string): Node => doc(paragraph(words));

/** The words of a document, a line per paragraph. */
export function wordsOf(body: unknown): string {
  const node = (body ?? { type: 'doc' }) as Node;
  const inner = (node.content ?? []).map(wordsOf);
  return node.type === 'doc' ? inner.join('\n') : (node.text ?? inner.join(''));
}

/** The items of a site that carry the mark of having been made from `origin`. */
export const twinsOf = (site: SimulatedSite, origin: Issue, synchronizationId?: string): readonly Issue[] =>
  [...site.heart.issues.values()].filter((issue) => {
    const mark = issue.properties.get('tandem.twin') as { originIssueId?: string; synchronizationId?: string } | undefined;
    return (
      issue !== origin &&
      mark?.originIssueId === origin.id &&
      (mark.synchronizationId === synchronizationId || synchronizationId === undefined)
    );
  });

/** The one twin; throws when there is none or more than one. */
export function twinOf(site: SimulatedSite, origin: Issue, synchronizationId?: string): Issue {
  const [twin, ...more] = twinsOf(site, origin, synchronizationId);
  if (twin === undefined || more.length > 0)
    throw new Error(`${origin.key} has ${twin === undefined ? 'no' : more.length + 1} twins on ${site.heart.name}`);
  return twin;
}
