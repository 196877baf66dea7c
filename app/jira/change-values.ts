import type { FieldId } from '../core/ids.ts';
import { DELETED_COMMENT, type FieldChange, type FieldValue } from '../core/item.ts';
import { decodeField, isKnownField } from './field-values.ts';
import type { RawChangeItem } from './schemas.ts';

/** One end of a change as the changelog has it: an id or value, and words for people. `undefined`: it does not say. */
interface Said {
  readonly value: string | null | undefined;
  readonly words: string | null | undefined;
}

/** Null when it is not said. Data Center leaves `fieldId` out: system fields then go by their name, a custom one cannot be told by it. */
export const changedField = ({ field, fieldId, fieldtype }: RawChangeItem): string | null =>
  fieldId || (fieldtype === 'custom' ? null : field.toLowerCase()) || null;

/** Recorded: `"from": null, "fromString": "bad test-label"`; no label has a blank in it. */
const labels = ({ words }: Said): unknown =>
  words === undefined ? undefined : (words ?? '').split(' ').filter((word) => word !== '');

const text = ({ words }: Said): unknown => words;

/** The id in `from`, the name in `fromString`. */
const option = ({ value, words }: Said): unknown => (value === null && words === null ? null : { id: value, name: words });

/** `2026-12-24` in `from`, `2026-12-24 00:00:00.0` in `fromString`. */
const day = ({ value, words }: Said): unknown => (value === null && words === null ? null : (value ?? words?.split(' ')[0]));

/** What each field's end of a change is in the form in which an item shows the field. */
const SHOWN: ReadonlyMap<string, (said: Said) => unknown> = new Map([
  ['summary', text],
  ['labels', labels],
  ['priority', option],
  ['duedate', day],
]);

const readValue = (field: string, said: Said): FieldValue | null => {
  if (field === 'status') return said.value && said.words ? { kind: 'option', id: said.value, name: said.words } : null;
  const shown = SHOWN.get(field)?.(said);
  const value = shown === undefined ? 'unknown' : decodeField(field as FieldId, shown, null);
  return value === 'unknown' || value === 'unreadable' ? null : value;
};

const wordsIf = (value: FieldValue | null, words: string | null | undefined): string | null =>
  value === null ? (words ?? null) : null;

/** Lines that decisions need and that are of no field. */
const OTHER_LINES: ReadonlySet<string> = new Set(['status', DELETED_COMMENT]);

/** The entry that lines of a changelog are in. */
export type ChangeEntry = Pick<FieldChange, 'id' | 'at'>;

/** Jira tells an entry's number as text; null when it tells none, or something else. */
export const changeIdOf = (told: string | null | undefined): number | null => {
  const id = told == null || told === '' ? Number.NaN : Number(told);
  return Number.isSafeInteger(id) ? id : null;
};

/**
 * One line of a changelog in the form that decisions need; null for a field that is not synchronized in this version. `from` and `to`
 * are the values that a read would have shown, or null where the changelog does not tell them (rich text, an unexpected form).
 */
export const readChange = (raw: RawChangeItem, { id, at }: ChangeEntry): FieldChange | null => {
  const field = changedField(raw);
  if (field === null || !(OTHER_LINES.has(field) || isKnownField(field as FieldId))) return null;
  const from = readValue(field, { value: raw.from, words: raw.fromString });
  const to = readValue(field, { value: raw.to, words: raw.toString });
  return { id, at, field, from, to, fromText: wordsIf(from, raw.fromString), toText: wordsIf(to, raw.toString) };
};
