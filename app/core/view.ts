import { type ChangeMark, isAfter } from './change-mark.ts';
import type { FieldId } from './ids.ts';
import type { Comment, FieldChange, FieldValue, Item, Transition } from './item.ts';
import { normalForm } from './normal-form.ts';
import { isTold } from './observation.ts';

/** What is known of one side of a pair in this turn. What is not known is taken to be as it was last seen (SPEC O1). */
export interface View {
  /** A field that is not here was not looked at, or, when `whole`, is absent: the work type does not have it there. */
  readonly fields: ReadonlyMap<FieldId, FieldValue>;
  /** Null: not looked at. */
  readonly status: { readonly id: string; readonly name: string } | null;
  /** Null: not looked at. */
  readonly comments: readonly Comment[] | null;
  /** When a field, or `status`, last changed, epoch milliseconds, as far as it is known. */
  readonly changedAt: ReadonlyMap<string, number>;
  /** When a field, or `status`, came to hold again what it had held since it was known before: somebody changed it and changed it back (F10). */
  readonly changedBackAt: ReadonlyMap<string, number>;
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
  changedBackAt: new Map(),
  changes: [],
  former: new Map(),
  transitions: null,
  whole: false,
};

/**
 * All of an item that a read, or the answer to a write, showed.
 * @param known up to where its changes were known before; null: whatever it shows counts as known
 */
export const wholeView = (item: Item, known: KnownUntil | null = null): View => ({
  fields: item.fields,
  status: item.status,
  comments: item.comments,
  changedAt: item.changedAt,
  changedBackAt: known === null ? new Map() : changedBack(item, known),
  changes: item.changes,
  former: new Map(),
  transitions: item.transitions,
  whole: true,
});

/** Up to where what happened to an item is known. */
export interface KnownUntil {
  readonly seen: ChangeMark;
  /** What events told of: everything but texts (O4). */
  readonly told: ChangeMark;
}

const isNew = (change: FieldChange, { seen, told }: KnownUntil): boolean =>
  isAfter(change, seen) && (!isTold(change) || isAfter(change, told));

/** When each field came back to what it held before one of these changes. */
function changedBack(item: Item, known: KnownUntil): ReadonlyMap<string, number> {
  const changes = item.changes.filter((change) => isNew(change, known));
  const isBack = (end: FieldChange): boolean =>
    changes.some((change) => change.field === end.field && change !== end && ends(change).from === ends(end).to);
  return new Map([...lastChanges(item, changes).values()].filter(isBack).map(({ field, at }) => [field, at]));
}

/**
 * The last change of each field: the newest one to what the item shows. Once a clock that was ahead is put right the newest by its time need
 * not be that, where its changelog has no numbers. Where none reads so (the changelog has of rich text only words) time decides.
 */
function lastChanges({ fields, status }: Item, changes: readonly FieldChange[]): ReadonlyMap<string, FieldChange> {
  const shown = new Map<string, FieldValue>([...fields, ['status', { kind: 'option', ...status }]]);
  const isShown = ({ field, to }: FieldChange): boolean => {
    const value = shown.get(field);
    return to !== null && value !== undefined && normalForm(to) === normalForm(value);
  };
  return new Map([...changes, ...changes.filter(isShown)].map((change) => [change.field, change]));
}

/** Both ends of a change in a form that can be compared: values, or what the changelog has for words. */
const ends = ({ from, to, fromText, toText }: FieldChange): { readonly from: string; readonly to: string } => ({
  from: from === null ? `words:${fromText ?? ''}` : normalForm(from),
  to: to === null ? `words:${toText ?? ''}` : normalForm(to),
});

/** What is known of a field at one side. */
export type Known = FieldValue | 'unread' | 'absent';

/** A field that a whole view does not have is absent there. */
export const knownField = (view: View, field: FieldId): Known => view.fields.get(field) ?? (view.whole ? 'absent' : 'unread');
