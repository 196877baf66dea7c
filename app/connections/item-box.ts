import { z } from 'zod';
import type {
  AccountId,
  CommentId,
  EffectId,
  FieldId,
  IssueId,
  IssueKey,
  ProjectId,
  SynchronizationId,
  TenantId,
} from '../core/ids.ts';
import type { AdfNode, Item } from '../core/item.ts';
import type { SecretBox } from './secret-box.ts';

/** Keeps an item as a list showed it until its lane is worked off: content, so it is sealed for its site (docs/adr/0004). */
export interface ItemBox {
  /** Null when it is too large to be kept: then the item is to be read. */
  seal(siteTenantId: TenantId, item: Item): string | null;
  /** Null when it was sealed for another site, by a key that is gone, or is something else: then the item is to be read. */
  open(siteTenantId: TenantId, sealed: string): Item | null;
}

/** Changed with every change of what follows; never a form of an observation, which stands in the same place. */
const FORM = 'item 1';

/** As text, like an observation's. */
const LARGEST = 16 * 1024;

const named = z.object({ id: z.string(), name: z.string() });
const text = <Id extends string>() => z.string().transform((value) => value as Id);

/** Sealed by us from what Jira's schema had passed: that it is a node is all there is to check. */
const document = z.custom<AdfNode>((raw) => z.object({ type: z.string() }).safeParse(raw).success);

const value = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('empty') }),
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('rich'), document }),
  z.object({ kind: z.literal('set'), members: z.array(z.string()) }),
  z.object({ kind: z.literal('option'), id: z.string(), name: z.string() }),
  z.object({ kind: z.literal('date'), date: z.string() }),
]);

const kept = z.object({
  form: z.literal(FORM),
  issueId: text<IssueId>(),
  issueKey: text<IssueKey>(),
  projectId: text<ProjectId>(),
  type: named,
  status: named,
  createdAt: z.number(),
  updatedAt: z.number(),
  fields: z.array(z.tuple([text<FieldId>(), value])).transform((fields) => new Map(fields)),
  comments: z.array(
    z.object({
      commentId: text<CommentId>(),
      authorId: text<AccountId>().nullable(),
      authorName: z.string(),
      body: document,
      createdAt: z.number(),
      updatedAt: z.number(),
      restricted: z.boolean(),
    }),
  ),
  twinMarks: z.array(
    z.object({
      synchronizationId: text<SynchronizationId>(),
      effectId: text<EffectId>(),
      originSide: z.enum(['A', 'B']),
      originIssueId: text<IssueId>(),
      through: z.array(z.string()),
    }),
  ),
});

const parseJson = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
};

/** Seals what lists show of items with the data keys of the site's tenant. */
export const createItemBox = (secretBox: SecretBox): ItemBox => ({
  seal(siteTenantId, item) {
    const { changedAt: _changedAt, changes: _changes, transitions: _transitions, fields, ...rest } = item;
    const json = JSON.stringify({ form: FORM, ...rest, fields: [...fields] });
    return json.length > LARGEST ? null : secretBox.seal(siteTenantId, json);
  },
  open(siteTenantId, sealed) {
    const opened = secretBox.open(siteTenantId, sealed);
    const parsed = opened.ok ? kept.safeParse(parseJson(opened.value)) : null;
    if (parsed?.success !== true) return null;
    const { form: _form, ...item } = parsed.data;
    // A list tells nothing of what happened before, nor what may be done next; a new twin needs neither.
    return { ...item, changedAt: new Map(), changes: [], transitions: null };
  },
});
