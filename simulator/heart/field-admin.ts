import type { AnyFieldKind, CustomField, FieldContext, FieldOption } from './field-config.ts';
import type { Outcome } from './outcome.ts';
import { done, refuse, refuseFields } from './outcome.ts';
import { nextId } from './record.ts';
import type { Site } from './site.ts';

/** What an administrator does with custom fields: the fields themselves, where they apply, and what can be chosen. */

export interface NewField {
  readonly name: string;
  readonly kind: AnyFieldKind;
  readonly description?: string;
  readonly id?: string;
}

/** Makes a field with one context that holds everywhere. */
export function addField(site: Site, { id, ...field }: NewField): CustomField {
  const contexts: FieldContext[] = [];
  const made = { ...field, id: id ?? `customfield_${nextId(site, 'other')}`, contexts };
  site.customFields.set(made.id, made);
  addContext(site, made, {
    name: `Default Configuration Scheme for ${field.name}`,
    description: '',
    projectIds: null,
    issueTypeIds: null,
  });
  return made;
}

export function addContext(
  site: Site,
  field: CustomField,
  context: Pick<FieldContext, 'name' | 'description' | 'projectIds' | 'issueTypeIds'>,
): FieldContext {
  const made: FieldContext = { id: nextId(site, 'other'), options: [], defaultValue: null, ...context };
  field.contexts?.push(made);
  return made;
}

export interface NewOption {
  readonly value: string;
  readonly disabled?: boolean;
  /** Of a cascading field: the option above it. */
  readonly parentId?: string | null;
}

/** Adds options to a context; none if one of them is wrong. */
export function addOptions(site: Site, context: FieldContext, options: readonly NewOption[]): Outcome<FieldOption[]> {
  for (const { value, parentId = null } of options) {
    if (value.trim() === '' || value.length > 255)
      return refuseFields(400, { value: 'The value of an option has 1 to 255 characters.' });
    if (context.options.some((other) => other.value === value && other.parentId === parentId))
      return refuse(400, `The option '${value}' already exists in this context.`);
    if (parentId !== null && !context.options.some(({ id }) => id === parentId))
      return refuse(404, `The option ${parentId} does not exist.`);
  }
  const made = options.map(({ value, disabled = false, parentId = null }) => ({
    id: nextId(site, 'other'),
    value,
    disabled,
    parentId,
  }));
  context.options.push(...made);
  return done(made);
}

/** Renames or disables options; issues that have them show the new names from then on, without a changelog. */
export function changeOption(
  context: FieldContext,
  change: { readonly id: string; readonly value?: string | undefined; readonly disabled?: boolean | undefined },
): Outcome<FieldOption> {
  const option = context.options.find(({ id }) => id === change.id);
  if (option === undefined) return refuse(404, `The option ${change.id} does not exist in this context.`);
  if (change.value !== undefined) option.value = change.value;
  if (change.disabled !== undefined) option.disabled = change.disabled;
  return done(option);
}

/** Deletes an option with those below it. One that an issue has cannot go. */
export function deleteOption(site: Site, field: CustomField, context: FieldContext, optionId: string): Outcome<null> {
  const gone = new Set(
    context.options.filter(({ id, parentId }) => id === optionId || parentId === optionId).map(({ id }) => id),
  );
  if (!gone.has(optionId)) return refuse(404, `The option ${optionId} does not exist in this context.`);
  const used = [...site.issues.values()].some((issue) => {
    const value = issue.custom.get(field.id);
    return (Array.isArray(value) ? value : [value]).some((id) => gone.has(String(id)));
  });
  if (used) return refuse(400, 'The option is used by issues and cannot be deleted.');
  context.options.splice(0, context.options.length, ...context.options.filter(({ id }) => !gone.has(id)));
  return done(null);
}
