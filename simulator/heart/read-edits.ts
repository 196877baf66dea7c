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

const NOT_ON_SCREEN = 'It is not on the appropriate screen, or unknown.';
/** Fields that name where an issue goes; create reads them itself, and an edit cannot change them. */
const PLACE_FIELDS = new Set(['project']);

function applyVerbs(
  verbs: readonly unknown[],
  current: readonly string[] | null,
): { readonly value: unknown } | { readonly error: string } {
  let value: unknown = current;
  for (const verb of verbs) {
    if (typeof verb !== 'object' || verb === null) return { error: 'Operation must be an object' };
    for (const [name, operand] of Object.entries(verb)) {
      const list: unknown[] = Array.isArray(value) ? value : [];
      if (name === 'set') value = operand;
      else if (name === 'add' && current !== null) value = [...list, operand];
      else if (name === 'remove' && current !== null) value = list.filter((member) => member !== operand);
      else return { error: `Field does not support update '${name}'` };
    }
  }
  return { value };
}

/** The wanted value of every field named in a request, with the update verbs worked out against the issue as it is. */
function wantedValues(
  input: FieldInput,
  issue: Issue | null,
): { values: Map<string, unknown>; errors: Record<string, string>; comments: Readonly<Record<string, unknown>>[] } {
  const values = new Map<string, unknown>(
    Object.entries(input.fields).filter(([id]) => !(issue === null && PLACE_FIELDS.has(id))),
  );
  const errors: Record<string, string> = {};
  const comments: Readonly<Record<string, unknown>>[] = [];
  for (const [id, verbs] of Object.entries(input.update)) {
    if (!Array.isArray(verbs)) errors[id] = 'Operations must be an array';
    else if (id === 'comment') {
      for (const verb of verbs as { add?: Readonly<Record<string, unknown>> }[])
        if (verb.add !== undefined) comments.push(verb.add);
    } else if (values.has(id)) errors[id] = `Field '${id}' cannot be set and updated in one request.`;
    else {
      const result = applyVerbs(verbs, id === 'labels' ? (issue?.labels ?? []) : null);
      if ('error' in result) errors[id] = result.error;
      else values.set(id, result.value);
    }
  }
  return { values, errors, comments };
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
    const rule = FIELD_RULES.get(id);
    const custom = site.customFields.get(id);
    if ((rule === undefined && custom === undefined) || project.hiddenFields.has(id)) {
      errors[id] = `Field '${id}' cannot be set. ${NOT_ON_SCREEN}`;
    } else if (rule !== undefined) {
      const prepared = rule.prepare(site, project, raw, format);
      if ('error' in prepared) errors[id] = prepared.error;
      else edits.push(prepared.edit);
    } else if (custom !== undefined) {
      edits.push(customFieldEdit(id, custom.name, raw));
    }
  }
  return Object.keys(errors).length > 0 ? refuseFields(400, errors) : done({ edits, commentsToAdd: comments });
}
