import type { FieldId } from './ids.ts';
import type { Comment, FieldChange, FieldValue, Item, Transition } from './item.ts';

/** What is known of one side of a pair in this turn. What is not known is taken to be as it was last seen (SPEC O1). */
export interface View {
  /** A field that is not here was not looked at, or, when `whole`, is not offered. */
  readonly fields: ReadonlyMap<FieldId, FieldValue>;
  /** Null: not looked at. */
  readonly status: { readonly id: string; readonly name: string } | null;
  /** Null: not looked at. */
  readonly comments: readonly Comment[] | null;
  /** When a field, or `status`, last changed, epoch milliseconds, as far as it is known. */
  readonly changedAt: ReadonlyMap<string, number>;
  /** The newest changes, oldest first, where the item was looked at whole; else none. */
  readonly changes: readonly FieldChange[];
  /** What a field, or `status`, held when both sides last agreed, where the changelog told it. */
  readonly former: ReadonlyMap<string, FieldValue>;
  /** What may be done with the status now; null: not known. */
  readonly transitions: readonly Transition[] | null;
  /** Everything of the item was looked at. */
  readonly whole: boolean;
}

/** Nobody looked at that side. */
export const UNREAD: View = {
  fields: new Map(),
  status: null,
  comments: null,
  changedAt: new Map(),
  changes: [],
  former: new Map(),
  transitions: null,
  whole: false,
};

/** All of an item that a read, or the answer to a write, showed. */
export const wholeView = (item: Item): View => ({
  fields: item.fields,
  status: item.status,
  comments: item.comments,
  changedAt: item.changedAt,
  changes: item.changes,
  former: new Map(),
  transitions: item.transitions,
  whole: true,
});

/** What is known of a field at one side. */
export type Known = FieldValue | 'unread' | 'not-offered';

/** A field that a whole view does not have is not offered there. */
export const knownField = (view: View, field: FieldId): Known =>
  view.fields.get(field) ?? (view.whole ? 'not-offered' : 'unread');
