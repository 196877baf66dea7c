import type { FieldEdit, TextFormat } from './issue-fields.ts';
import { customFieldEdit, FIELD_RULES } from './issue-fields.ts';
import type { Outcome } from './outcome.ts';
import { done, refuseFields } from './outcome.ts';
import type { Issue, Project, Site } from './site.ts';

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

type Value = { readonly value: unknown } | { readonly error: string };

/** One verb, `{ add: 'x' }`, done to a value. Only lists can be added to and removed from. */
function applyVerb(name: string, operand: unknown, value: unknown, isList: boolean): Value {
  if (name === 'set') return { value: operand };
  const list: unknown[] = Array.isArray(value) ? value : [];
  if (name === 'add' && isList) return { value: [...list, operand] };
  if (name === 'remove' && isList) return { value: list.filter((member) => member !== operand) };
  return { error: `Field does not support update '${name}'` };
}

function applyVerbs(verbs: readonly unknown[], current: readonly string[] | null): Value {
  let value: unknown = current;
  for (const verb of verbs) {
    if (typeof verb !== 'object' || verb === null) return { error: 'Operation must be an object' };
    for (const [name, operand] of Object.entries(verb)) {
      const result = applyVerb(name, operand, value, current !== null);
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
function wantedValues(input: FieldInput, issue: Issue | null): Wanted {
  const named = Object.entries(input.fields).filter(([id]) => !(issue === null && PLACE_FIELDS.has(id)));
  const wanted: Wanted = { values: new Map(named), errors: {}, comments: [] };
  for (const [id, verbs] of Object.entries(input.update)) {
    if (!Array.isArray(verbs)) wanted.errors[id] = 'Operations must be an array';
    else if (id === 'comment') wanted.comments.push(...commentsIn(verbs));
    else if (wanted.values.has(id)) wanted.errors[id] = `Field '${id}' cannot be set and updated in one request.`;
    else {
      const result = applyVerbs(verbs, id === 'labels' ? (issue?.labels ?? []) : null);
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
  project: Project,
  id: string,
  raw: unknown,
  format: TextFormat,
): { readonly edit: FieldEdit } | { readonly error: string } {
  const refused = { error: `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.` };
  if (project.hiddenFields.has(id)) return refused;
  const rule = FIELD_RULES.get(id);
  if (rule !== undefined) return rule.prepare(site, project, raw, format);
  const custom = site.customFields.get(id);
  return custom === undefined ? refused : { edit: customFieldEdit(id, custom.name, raw) };
}

/** Checks a request's fields as Jira does: all complaints at once, by field; nothing is changed yet. */
export function readEdits(
  site: Site,
  project: Project,
  issue: Issue | null,
  input: FieldInput,
  format: TextFormat,
): Outcome<Edits> {
  const { values, errors, comments } = wantedValues(input, issue);
  const edits: FieldEdit[] = [];
  for (const [id, raw] of values) {
    const read = readEdit(site, project, id, raw, format);
    if ('error' in read) errors[id] = read.error;
    else edits.push(read.edit);
  }
  return Object.keys(errors).length > 0 ? refuseFields(400, errors) : done({ edits, commentsToAdd: comments });
}
