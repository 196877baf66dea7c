import { normalDocument } from './document.ts';
import type { Fingerprint } from './ids.ts';
import type { AdfNode, FieldValue } from './item.ts';

/** Keyed hash, given by the shell: the core knows no key and no cryptography. Its results have no commas and are never `''`. */
export type Fingerprinter = (normalForm: string) => Fingerprint;

/**
 * The one way a value is written down before it is hashed or compared (SPEC N1–N3). Equal content gives equal text; the kind
 * is part of it, so a text never equals a date. Every value that shows nothing is the one `empty`.
 */
export function normalForm(value: FieldValue): string {
  switch (value.kind) {
    case 'empty':
      return 'empty';
    case 'text':
      return normalText(value.text) === '' ? 'empty' : `text:${normalText(value.text)}`;
    case 'rich':
      return normalRich(value.document);
    case 'set':
      return value.members.length === 0 ? 'empty' : `set:${JSON.stringify([...new Set(value.members)].sort())}`;
    case 'option':
      return `option:${value.id}`;
    case 'date':
      return `date:${value.date}`;
  }
}

/** A document without any content counts as empty: Jira gives null for some and an empty paragraph for others (SPEC N3). */
export function normalRich(document: AdfNode): string {
  const normal = normalDocument(document);
  return normal === null ? 'empty' : `rich:${normal}`;
}

/** Line ends differ between Jira's editors, and Jira trims single-line texts (SPEC N2). */
const normalText = (text: string): string => text.replace(/\r\n?/g, '\n').trim();

/** The base of a set: each member hashed for itself, sorted, joined by commas (SPEC G1). */
export const fingerprintMembers = (members: readonly string[], fingerprint: Fingerprinter): string =>
  [...new Set(members)]
    .map((member) => fingerprint(`member:${member}`))
    .sort()
    .join(',');

/** A status is known by its id, since its name can be changed without any item changing. */
export const fingerprintStatus = (status: { readonly id: string }, fingerprint: Fingerprinter): string =>
  fingerprint(`status:${status.id}`);

/** What is kept of a value: for sets a fingerprint per member, for all else one. */
export const fingerprintValue = (value: FieldValue, fingerprint: Fingerprinter): string =>
  value.kind === 'set' ? fingerprintMembers(value.members, fingerprint) : fingerprint(normalForm(value));
