import type { Screen } from './field-registry.ts';
import { settableRule } from './field-registry.ts';
import type { FieldEdit, FieldRule, TextFormat } from './issue-fields.ts';
import type { Outcome } from './outcome.ts';
import { done, refuseFields } from './outcome.ts';
import type { Site } from './site.ts';

/** The `fields` and `update` of a create, edit or transition request, unread. */
export interface FieldInput {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly update: Readonly<Record<string, unknown>>;
}

export interface Edits {
  readonly edits: readonly FieldEdit[];
  /** Bodies of `update.comment[].add`, to be added after the edits. */
  readonly commentsToAdd: readonly Readonly<Record<string, unknown>>[];
}

/** Fields that name where an issue goes; create reads them itself, and an edit cannot change them. */
const PLACE_FIELDS = new Set(['project']);

const OFF_SCREEN = (id: string): string => `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`;

type Value = { readonly value: unknown } | { readonly error: string };

/** One verb, `{ add: 'x' }`, done to a value. Only lists can be added to and removed from. */
function applyVerb(
  site: Site,
  screen: Screen,
  rule: FieldRule | undefined,
  name: string,
  operand: unknown,
  value: unknown,
): Value {
  if (name === 'set' || (name === 'edit' && rule?.operations.includes('edit') === true)) return { value: operand };
  const list: unknown[] = Array.isArray(value) ? value : [];
  const identify = (raw: unknown): unknown => rule?.list?.identify(site, screen.project, raw) ?? raw;
  if (rule?.list != null && name === 'add') return { value: [...list, operand] };
  if (rule?.list != null && name === 'remove') return { value: list.filter((member) => identify(member) !== identify(operand)) };
  return { error: `Field does not support update '${name}'` };
}

function applyVerbs(site: Site, screen: Screen, id: string, verbs: readonly unknown[]): Value {
  const rule = settableRule(site, screen, id);
  if (rule === undefined) return { error: OFF_SCREEN(id) };
  let value: unknown = screen.issue === null ? [] : rule.list?.members(screen.issue);
  for (const verb of verbs) {
    if (typeof verb !== 'object' || verb === null) return { error: 'Operation must be an object' };
    for (const [name, operand] of Object.entries(verb)) {
      const result = applyVerb(site, screen, rule, name, operand, value);
      if ('error' in result) return result;
      value = result.value;
    }
  }
  return { value };
}

interface Wanted {
  readonly values: Map<string, unknown>;
  readonly errors: Record<string, string>;
  readonly comments: Readonly<Record<string, unknown>>[];
}

/** The wanted value of every field named in a request, with the update verbs worked out against the issue as it is. */
function wantedValues(site: Site, screen: Screen, input: FieldInput): Wanted {
  const named = Object.entries(input.fields).filter(([id]) => !(screen.issue === null && PLACE_FIELDS.has(id)));
  const wanted: Wanted = { values: new Map(named), errors: {}, comments: [] };
  for (const [id, verbs] of Object.entries(input.update)) {
    if (!Array.isArray(verbs)) wanted.errors[id] = 'Operations must be an array';
    else if (id === 'comment') wanted.comments.push(...commentsIn(verbs));
    else if (wanted.values.has(id)) wanted.errors[id] = `Field '${id}' cannot be set and updated in one request.`;
    else {
      const result = applyVerbs(site, screen, id, verbs);
      if ('error' in result) wanted.errors[id] = result.error;
      else wanted.values.set(id, result.value);
    }
  }
  return wanted;
}

const commentsIn = (verbs: readonly { add?: Readonly<Record<string, unknown>> }[]): Readonly<Record<string, unknown>>[] =>
  verbs.map((verb) => verb.add).filter((comment) => comment !== undefined);

function readEdit(
  site: Site,
  screen: Screen,
  id: string,
  raw: unknown,
  format: TextFormat,
): { readonly edit: FieldEdit } | { readonly error: string } {
  const rule = settableRule(site, screen, id);
  return rule === undefined ? { error: OFF_SCREEN(id) } : rule.prepare(site, screen.project, raw, format);
}

/** Checks a request's fields as Jira does: all complaints at once, by field; nothing is changed yet. */
export function readEdits(site: Site, screen: Screen, input: FieldInput, format: TextFormat): Outcome<Edits> {
  const { values, errors, comments } = wantedValues(site, screen, input);
  const edits: FieldEdit[] = [];
  for (const [id, raw] of values) {
    const read = readEdit(site, screen, id, raw, format);
    if ('error' in read) errors[id] = read.error;
    else edits.push(read.edit);
  }
  return Object.keys(errors).length > 0 ? refuseFields(400, errors) : done({ edits, commentsToAdd: comments });
}
