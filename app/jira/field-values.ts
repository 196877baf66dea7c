import { z } from 'zod';
import type { FieldId } from '../core/ids.ts';
import type { FieldValue } from '../core/item.ts';
import type { Dialect } from './dialect.ts';

interface FieldCodec {
  /** Null: Jira sent something else than this field holds. */
  decode(raw: unknown): FieldValue | null;
  /** What `fields.<id>` of a write takes; null clears it. */
  encode(value: FieldValue): unknown;
}

const EMPTY: FieldValue = { kind: 'empty' };

const decoding =
  <Raw>(schema: z.ZodType<Raw>, toValue: (raw: Raw) => FieldValue) =>
  (raw: unknown): FieldValue | null => {
    const parsed = schema.safeParse(raw);
    return parsed.success ? toValue(parsed.data) : null;
  };

const text: FieldCodec = {
  decode: decoding(z.string().nullable(), (raw) => (raw === null ? EMPTY : { kind: 'text', text: raw })),
  encode: (value) => (value.kind === 'text' ? value.text : null),
};
/** The one kind in which the dialects differ. */
const richText = ({ richText: shown, writeRichText }: Dialect): FieldCodec => ({
  decode: decoding(shown.nullable(), (raw) => (raw === null ? EMPTY : { kind: 'rich', document: raw })),
  encode: (value) => (value.kind === 'rich' ? writeRichText(value.document) : null),
});
/** An unset list is an empty list: additions and removals are told apart by members, so both read alike. */
const words: FieldCodec = {
  decode: decoding(z.array(z.string()).nullable(), (raw) => ({ kind: 'set', members: raw ?? [] })),
  encode: (value) => (value.kind === 'set' ? value.members : []),
};
const option: FieldCodec = {
  decode: decoding(z.object({ id: z.string(), name: z.string() }).nullable(), (raw) =>
    raw === null ? EMPTY : { kind: 'option', id: raw.id, name: raw.name },
  ),
  // Each site numbers its own options: a value that comes from the other site has a name only.
  encode: (value) => (value.kind === 'option' ? (value.id === '' ? { name: value.name } : { id: value.id }) : null),
};
const date: FieldCodec = {
  decode: decoding(
    z
      .string()
      .regex(/^\d{4}-\d\d-\d\d$/)
      .nullable(),
    (raw) => (raw === null ? EMPTY : { kind: 'date', date: raw }),
  ),
  encode: (value) => (value.kind === 'date' ? value.date : null),
};

/** The fields of this version (contract/synchronizations.ts offers the same). */
const CODECS: ReadonlyMap<string, FieldCodec | typeof richText> = new Map<string, FieldCodec | typeof richText>([
  ['summary', text],
  ['description', richText],
  ['priority', option],
  ['labels', words],
  ['duedate', date],
]);

const fieldsWith = (wanted: (codec: FieldCodec | typeof richText) => boolean): readonly FieldId[] =>
  [...CODECS].filter(([, codec]) => wanted(codec)).map(([field]) => field as FieldId);

/** Rich text: shown by a read as a document or as wiki markup, by a webhook always as wiki markup. */
export const RICH_FIELDS = fieldsWith((codec) => codec === richText);
/** The others: reads, webhooks and changelogs of all sites show the same of them. */
export const PLAIN_FIELDS = fieldsWith((codec) => codec !== richText);

/** Whether there is a codec for the field: no other can be synchronized. */
export const isKnownField = (field: FieldId): boolean => CODECS.has(field);

/**
 * `unreadable`: the field is known, but what Jira sent is not what it holds. Fields without a codec are `unknown`, rich text too where no
 * dialect says how it is written.
 */
export function decodeField(field: FieldId, raw: unknown, dialect: Dialect | null): FieldValue | 'unreadable' | 'unknown' {
  const codec = codecOf(field, dialect);
  return codec === null ? 'unknown' : (codec.decode(raw) ?? 'unreadable');
}

/** Throws for a field without a codec: a plan never holds one, since reading it gave no value. */
export function encodeField(field: FieldId, value: FieldValue, dialect: Dialect): unknown {
  const codec = codecOf(field, dialect);
  if (codec === null) throw new Error(`No codec for field ${field}`);
  return codec.encode(value);
}

function codecOf(field: FieldId, dialect: Dialect | null): FieldCodec | null {
  const codec = CODECS.get(field) ?? null;
  if (typeof codec !== 'function') return codec;
  return dialect === null ? null : codec(dialect);
}
