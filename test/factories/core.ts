import { createHash } from 'node:crypto';
import type { Configuration, FieldMapping } from '../../app/core/configuration.ts';
import type { AccountId, CommentId, FieldId, Fingerprint, IssueId, IssueKey, PieceKey, ProjectId } from '../../app/core/ids.ts';
import type { AdfNode, Comment, FieldChange, FieldValue, Item } from '../../app/core/item.ts';
import type { PieceBase } from '../../app/core/piece.ts';
import type { PlanInput } from '../../app/core/plan.ts';
import { wholeView } from '../../app/core/view.ts';

/** Makers of the core's data for tests: name what matters, the rest is filled in. */

export const fingerprint = (normalForm: string): Fingerprint =>
  createHash('sha256').update(normalForm).digest('hex').slice(0, 16) as Fingerprint;

export const fieldId = (id: string): FieldId => id as FieldId;
export const commentId = (id: string): CommentId => id as CommentId;

/** `null` makes an empty value, a string a text, a list a set of labels, a node rich text. */
export type ValueSketch = FieldValue | string | null | readonly string[] | AdfNode;

export function buildValue(sketch: ValueSketch): FieldValue {
  if (sketch === null) return { kind: 'empty' };
  if (typeof sketch === 'string') return { kind: 'text', text: sketch };
  if (isMembers(sketch)) return { kind: 'set', members: sketch };
  return 'kind' in sketch ? sketch : { kind: 'rich', document: sketch };
}

const isMembers = (sketch: FieldValue | AdfNode | readonly string[]): sketch is readonly string[] => Array.isArray(sketch);

interface ItemSketch {
  readonly issueId?: string;
  readonly type?: Item['type'];
  /** Name; the id is made from it and `site`, so that two sites number their statuses apart. */
  readonly status?: string;
  readonly site?: string;
  readonly createdAt?: number;
  readonly updatedAt?: number;
  readonly fields?: Readonly<Record<string, ValueSketch>>;
  readonly changedAt?: Readonly<Record<string, number>>;
  /** Oldest first. */
  readonly changes?: readonly FieldChange[];
  readonly comments?: readonly Comment[];
}

/** A line of a changelog; `undefined` for a value: it is not told. */
export const buildChange = (
  field: string,
  from: ValueSketch | undefined,
  to: ValueSketch | undefined,
  at = 2_000,
): FieldChange => ({
  id: null,
  at,
  field,
  from: from === undefined ? null : buildValue(from),
  to: to === undefined ? null : buildValue(to),
  fromText: null,
  toText: null,
});

export function buildItem(sketch: ItemSketch = {}): Item {
  const status = sketch.status ?? 'To Do';
  return {
    issueId: (sketch.issueId ?? '10001') as IssueId,
    issueKey: `SUP-${sketch.issueId ?? '1'}` as IssueKey,
    projectId: '10000' as ProjectId,
    type: sketch.type ?? { id: '1', name: 'Task' },
    status: { id: `${sketch.site ?? ''}${status}`, name: status },
    createdAt: sketch.createdAt ?? 1_000,
    updatedAt: sketch.updatedAt ?? 1_000,
    fields: new Map(Object.entries(sketch.fields ?? {}).map(([field, value]) => [fieldId(field), buildValue(value)])),
    changedAt: new Map(Object.entries(sketch.changedAt ?? {})),
    changes: sketch.changes ?? [],
    comments: sketch.comments ?? [],
    transitions: null,
    twinMarks: [],
  };
}

export interface CommentSketch {
  readonly commentId?: string;
  readonly authorName?: string;
  /** A string makes one paragraph. */
  readonly body?: string | AdfNode;
  readonly createdAt?: number;
  readonly updatedAt?: number;
  readonly restricted?: boolean;
}

export const buildComment = (sketch: CommentSketch = {}): Comment => ({
  commentId: commentId(sketch.commentId ?? '1'),
  authorId: 'maria-id' as AccountId,
  authorName: sketch.authorName ?? 'Maria',
  body: typeof sketch.body === 'object' ? sketch.body : doc(paragraph(sketch.body ?? 'Hello')),
  createdAt: sketch.createdAt ?? 1_000,
  updatedAt: sketch.updatedAt ?? sketch.createdAt ?? 1_000,
  restricted: sketch.restricted ?? false,
});

export const buildMapping = (field: string, mapping: Partial<Omit<FieldMapping, 'field'>> = {}): FieldMapping => ({
  field: fieldId(field),
  direction: mapping.direction ?? 'both',
  conflict: mapping.conflict ?? 'newest',
});

/** Nothing is synchronized unless named; fields given as names flow both ways, newest wins. */
export const buildConfiguration = (
  sketch: Omit<Partial<Configuration>, 'fields'> & { readonly fields?: readonly (string | FieldMapping)[] } = {},
): Configuration => ({
  types: sketch.types ?? [{ types: { A: { id: '1', name: 'Task' }, B: { id: '1', name: 'Task' } }, direction: 'both' }],
  fields: (sketch.fields ?? []).map((field) => (typeof field === 'string' ? buildMapping(field) : field)),
  status: sketch.status ?? null,
  comments: sketch.comments ?? null,
  strict: sketch.strict ?? false,
});

interface PlanSketch {
  readonly configuration?: Configuration;
  readonly A?: Item;
  readonly B?: Item;
  readonly bases?: ReadonlyMap<PieceKey, PieceBase> | readonly (readonly [PieceKey, PieceBase])[];
  readonly now?: number;
}

export const buildPlanInput = (sketch: PlanSketch): PlanInput => ({
  configuration: sketch.configuration ?? buildConfiguration(),
  views: { A: wholeView(sketch.A ?? buildItem()), B: wholeView(sketch.B ?? buildItem()) },
  bases: new Map(sketch.bases ?? []),
  fingerprint,
  now: sketch.now ?? 1_000_000,
});

export const doc = (...content: readonly AdfNode[]): AdfNode => ({ type: 'doc', version: 1, content });
export const text = (words: string, ...marks: readonly string[]): AdfNode => ({
  type: 'text',
  text: words,
  ...(marks.length === 0 ? {} : { marks: marks.map((type) => ({ type })) }),
});
/** Strings become texts. */
export const paragraph = (...content: readonly (string | AdfNode)[]): AdfNode => ({
  type: 'paragraph',
  content: content.map((part) => (typeof part === 'string' ? text(part) : part)),
});
export const node = (type: string, ...content: readonly AdfNode[]): AdfNode => ({ type, content });
export const mention = (name: string, id = `id-of-${name}`): AdfNode => ({ type: 'mention', attrs: { id, text: `@${name}` } });
export const media = (alt: string, id = `id-of-${alt}`): AdfNode => ({
  type: 'mediaSingle',
  attrs: { layout: 'center' },
  content: [{ type: 'media', attrs: { type: 'file', id, collection: 'c', alt } }],
});
export const mediaInline = (alt: string, id = `id-of-${alt}`): AdfNode => ({ type: 'mediaInline', attrs: { id, alt } });
