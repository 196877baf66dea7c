import type { Configuration } from './configuration.ts';
import { emptyDocument, toPortable } from './document.ts';
import type { FieldValue } from './item.ts';
import type { Shows } from './keep-forms.ts';
import { normalForm } from './normal-form.ts';
import { restoreOriginals } from './restore-originals.ts';
import { otherSide, type Side } from './side.ts';

/** A source value in the target's terms. `current` is what the target shows now: it lends back its site-bound nodes (SPEC D3) and its forms (D5). */
export function translateValue(value: FieldValue, current: FieldValue, shows: Shows | null = null): FieldValue {
  // Each site numbers its own options: across sites a value has its name only.
  if (value.kind === 'option') return { kind: 'option', id: '', name: value.name };
  if (value.kind !== 'rich') return value;
  return {
    kind: 'rich',
    document: restoreOriginals(toPortable(value.document), current.kind === 'rich' ? current.document : emptyDocument, shows),
  };
}

/**
 * Whether both sides show the same (SPEC N4). Options are matched by name, since each site numbers its own; rich text in its
 * portable form. This is the only comparison across sides; whether a side *changed* is asked of its own fingerprints.
 */
export function sameAcross(a: FieldValue, b: FieldValue): boolean {
  if (a.kind === 'option' && b.kind === 'option') return sameName(a.name, b.name);
  if (a.kind === 'rich' && b.kind === 'rich') return portableForm(a) === portableForm(b);
  return normalForm(a) === normalForm(b);
}

/** The target's status name for a source status, or null when the map does not say (SPEC T1). First match wins. */
export function translateStatus(configuration: Configuration, name: string, source: Side): string | null {
  const row = configuration.status?.map.find((entry) => sameName(entry[source], name));
  return row === undefined ? null : row[otherSide(source)];
}

/** Jira compares names without regard to case and outer blanks. */
export const sameName = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

const portableForm = (value: FieldValue & { kind: 'rich' }): string =>
  normalForm({ kind: 'rich', document: toPortable(value.document) });
