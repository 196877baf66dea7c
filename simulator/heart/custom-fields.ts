import { dayForPeople, isDay, momentText, readMoment } from './days.ts';
import type { CustomField, FieldContext, FieldKind, FieldOption } from './field-config.ts';
import type { FieldRule, Parsed, TextFormat } from './issue-fields.ts';
import { customFieldEdit, defineField, parseLabels, parseRichText, parseUser, pick, referenceOf } from './issue-fields.ts';
import { requestTypeRule } from './request-types.ts';
import type { Issue, Project, Site } from './site.ts';
import { toWikiText } from './wiki-text.ts';

/** Jira's key of a kind, its JSON type, and the type of the members of a list. */
export const KINDS: Readonly<Record<FieldKind, { readonly key: string; readonly type: string; readonly items?: string }>> = {
  select: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:select', type: 'option' },
  radiobuttons: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:radiobuttons', type: 'option' },
  multiselect: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:multiselect', type: 'array', items: 'option' },
  multicheckboxes: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:multicheckboxes', type: 'array', items: 'option' },
  cascadingselect: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:cascadingselect', type: 'option-with-child' },
  float: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:float', type: 'number' },
  datepicker: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:datepicker', type: 'date' },
  datetime: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:datetime', type: 'datetime' },
  url: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:url', type: 'string' },
  userpicker: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:userpicker', type: 'user' },
  multiuserpicker: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:multiuserpicker', type: 'array', items: 'user' },
  grouppicker: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:grouppicker', type: 'group' },
  multigrouppicker: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:multigrouppicker', type: 'array', items: 'group' },
  version: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:version', type: 'version' },
  multiversion: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:multiversion', type: 'array', items: 'version' },
  project: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:project', type: 'project' },
  textfield: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:textfield', type: 'string' },
  textarea: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:textarea', type: 'string' },
  labels: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:labels', type: 'array', items: 'string' },
  readonlyfield: { key: 'com.atlassian.jira.plugin.system.customfieldtypes:readonlyfield', type: 'string' },
  'gh-sprint': { key: 'com.pyxis.greenhopper.jira:gh-sprint', type: 'array', items: 'json' },
  'jsw-story-points': { key: 'com.pyxis.greenhopper.jira:jsw-story-points', type: 'number' },
  'atlassian-team': { key: 'com.atlassian.jira.plugin.system.customfieldtypes:atlassian-team', type: 'team' },
  'cmdb-object-cftype': { key: 'com.atlassian.jira.plugins.cmdb:cmdb-object-cftype', type: 'array', items: 'cmdb-object-field' },
};

/** The context of a field that holds for items of a type in a project; null: the field is not there. Special ones come first. */
export function contextFor(field: CustomField, projectId: string, typeId: string): FieldContext | null {
  const fits = (field.contexts ?? []).filter(
    (context) =>
      (context.projectIds === null || context.projectIds.has(projectId)) &&
      (context.issueTypeIds === null || context.issueTypeIds.has(typeId)),
  );
  return fits.find((context) => context.projectIds !== null) ?? fits[0] ?? null;
}

/** An option of a field, in whatever context; renamed and disabled ones are still shown on the issues that have them. */
export const optionOf = (field: CustomField, id: string): FieldOption | undefined => {
  for (const context of field.contexts ?? []) {
    const found = context.options.find((option) => option.id === id);
    if (found !== undefined) return found;
  }
  return undefined;
};

const array = <T>(raw: unknown, member: (raw: unknown) => Parsed<T | null>): Parsed<T[] | null> => {
  if (raw === null) return { value: null };
  if (!Array.isArray(raw)) return { error: 'data was not an array' };
  const values: T[] = [];
  for (const entry of raw as unknown[]) {
    const parsed = member(entry);
    if ('error' in parsed) return parsed;
    if (parsed.value !== null && !values.includes(parsed.value)) values.push(parsed.value);
  }
  return { value: values.length === 0 ? null : values };
};

function parseOption(options: readonly FieldOption[], raw: unknown): Parsed<string | null> {
  if (raw === null) return { value: null };
  const { id, value } = referenceOf(raw);
  if (typeof raw !== 'object' || (id === undefined && value === undefined))
    return { error: "Specify a valid 'id' or 'value' for the option" };
  const found = options.find((option) => !option.disabled && (id === undefined ? option.value === value : option.id === id));
  if (found !== undefined) return { value: found.id };
  return { error: id === undefined ? `Option value '${value ?? ''}' is not valid` : `Option id '${id}' is not valid` };
}

/** `{parent, child}` as option ids. */
function parseCascade(options: readonly FieldOption[], raw: unknown): Parsed<readonly string[] | null> {
  if (raw === null) return { value: null };
  const parent = parseOption(
    options.filter((option) => option.parentId === null),
    raw,
  );
  if ('error' in parent) return { error: "Could not find valid 'id' or 'value' in the Parent Option object." };
  const { child } = raw as { child?: unknown };
  if (child === undefined || child === null) return { value: parent.value === null ? null : [parent.value] };
  const found = parseOption(
    options.filter((option) => option.parentId === parent.value),
    child,
  );
  if ('error' in found) return { error: "Could not find valid 'id' or 'value' in the Child Option object." };
  return { value: [parent.value, found.value].filter((id) => id !== null) };
}

function parseGroup(site: Site, raw: unknown): Parsed<string | null> {
  if (raw === null) return { value: null };
  const { name, groupId } = (typeof raw === 'object' ? raw : {}) as { name?: unknown; groupId?: unknown };
  const found = [...site.groups.values()].find((group) => group.id === groupId || group.name === name);
  return found === undefined
    ? { error: `Could not find group with name or id: ${String(name ?? groupId ?? '')}` }
    : { value: found.id };
}

function parseVersion(site: Site, project: Project, raw: unknown): Parsed<string | null> {
  if (raw === null) return { value: null };
  const own = new Map([...site.versions].filter(([, version]) => version.projectId === project.id));
  const found = pick(own, raw);
  return found === undefined ? { error: `Version name '${referenceOf(raw).name ?? ''}' is not valid` } : { value: found.id };
}

function parseText(raw: unknown): Parsed<string | null> {
  if (raw === null || raw === '') return { value: null };
  if (typeof raw !== 'string') return { error: 'Operation value must be a string' };
  return raw.length > 255
    ? { error: 'The entered text is too long. It exceeds the allowed limit of 255 characters.' }
    : { value: raw };
}

const parseNumber = (raw: unknown): Parsed<number | null> =>
  raw === null || typeof raw === 'number' ? { value: raw } : { error: 'Operation value must be a number' };

interface Place {
  readonly site: Site;
  readonly project: Project;
  readonly format: TextFormat;
  readonly options: readonly FieldOption[];
}

const parseMoment = (raw: unknown): Parsed<number | null> => {
  if (raw === null || raw === '') return { value: null };
  const at = readMoment(String(raw));
  return at === null ? { error: `Error parsing time: ${String(raw)}` } : { value: at };
};
const parseDay = (raw: unknown): Parsed<string | null> => {
  if (raw === null || raw === '') return { value: null };
  return typeof raw === 'string' && isDay(raw) ? { value: raw } : { error: `Error parsing date string: ${String(raw)}` };
};
const parseUrl = (raw: unknown): Parsed<string | null> => {
  const text = parseText(raw);
  return 'error' in text || text.value === null || URL.canParse(text.value) ? text : { error: 'Not a valid URL' };
};
/** Sprints are given by number and kept in the issue itself. */
const parseSprint = ({ site }: Place, raw: unknown): Parsed<unknown> => {
  if (raw === null) return { value: null };
  if (typeof raw !== 'number') return { error: 'Number value expected as the Sprint id.' };
  const sprint = site.sprints.get(String(raw));
  return sprint === undefined || sprint.state === 'closed'
    ? { error: `Sprint with id ${raw} does not exist or is closed.` }
    : { value: [sprint.id] };
};
const parseObjects = (raw: unknown): Parsed<unknown> =>
  raw === null || Array.isArray(raw) ? { value: raw } : { error: 'data was not an array' };
const parseTeam = (raw: unknown): Parsed<string | null> => {
  if (raw === null || typeof raw === 'string') return { value: raw };
  return { error: 'Team id must be a string' };
};
const parseProject = ({ site }: Place, raw: unknown): Parsed<string | null> => {
  if (raw === null) return { value: null };
  const { id, key } = raw as { id?: unknown; key?: unknown };
  const found = site.projects.get(String(id ?? '')) ?? [...site.projects.values()].find((project) => project.key === key);
  return found === undefined ? { error: 'The project selected is invalid.' } : { value: found.id };
};

const PARSERS: Readonly<Record<FieldKind, (place: Place, raw: unknown) => Parsed<unknown>>> = {
  select: ({ options }, raw) => parseOption(options, raw),
  radiobuttons: ({ options }, raw) => parseOption(options, raw),
  multiselect: ({ options }, raw) => array(raw, (member) => parseOption(options, member)),
  multicheckboxes: ({ options }, raw) => array(raw, (member) => parseOption(options, member)),
  cascadingselect: ({ options }, raw) => parseCascade(options, raw),
  float: (_place, raw) => parseNumber(raw),
  'jsw-story-points': (_place, raw) => parseNumber(raw),
  datepicker: (_place, raw) => parseDay(raw),
  datetime: (_place, raw) => parseMoment(raw),
  url: (_place, raw) => parseUrl(raw),
  userpicker: ({ site }, raw) => parseUser(site, raw),
  multiuserpicker: ({ site }, raw) => array(raw, (member) => parseUser(site, member)),
  grouppicker: ({ site }, raw) => parseGroup(site, raw),
  multigrouppicker: ({ site }, raw) => array(raw, (member) => parseGroup(site, member)),
  version: ({ site, project }, raw) => parseVersion(site, project, raw),
  multiversion: ({ site, project }, raw) => array(raw, (member) => parseVersion(site, project, member)),
  project: parseProject,
  textfield: (_place, raw) => parseText(raw),
  textarea: ({ format }, raw) => parseRichText(raw, format),
  labels: (_place, raw) => {
    const parsed = parseLabels(raw);
    return 'value' in parsed && parsed.value.length === 0 ? { value: null } : parsed;
  },
  readonlyfield: (_place, raw) => parseText(raw),
  'gh-sprint': parseSprint,
  'atlassian-team': (_place, raw) => parseTeam(raw),
  'cmdb-object-cftype': (_place, raw) => parseObjects(raw),
};

type Label = { readonly id: string | null; readonly text: string | null };
const bracketed = (ids: readonly string[]): string => `[${ids.join(', ')}]`;

/** How the changelog names a kept value. */
function labelOf(site: Site, field: CustomField, value: unknown): Label {
  if (value === null || value === undefined) return { id: null, text: null };
  const ids = Array.isArray(value) ? value.map(String) : [String(value)];
  const names = (nameOf: (id: string) => string | undefined): string[] => ids.map((id) => nameOf(id) ?? id);
  const option = (id: string): string | undefined => optionOf(field, id)?.value;
  const group = (id: string): string | undefined => site.groups.get(id)?.name;
  const version = (id: string): string | undefined => site.versions.get(id)?.name;
  const person = (id: string): string | undefined => site.users.get(id)?.displayName;
  const first = ids[0] ?? '';
  switch (field.kind) {
    case 'select':
    case 'radiobuttons':
      return { id: first, text: option(first) ?? null };
    case 'multiselect':
    case 'multicheckboxes':
      return { id: bracketed(ids), text: names(option).join(',') };
    case 'cascadingselect': {
      const child = ids[1] === undefined ? '' : `Level 1 values: ${option(ids[1]) ?? ''}(${ids[1]})`;
      return { id: null, text: `Parent values: ${option(first) ?? ''}(${first})${child}` };
    }
    case 'datepicker':
      return { id: first, text: dayForPeople(first) };
    case 'datetime':
      return { id: momentText(Number(value)), text: momentText(Number(value)) };
    case 'userpicker':
      return { id: first, text: person(first) ?? null };
    case 'multiuserpicker':
      return { id: bracketed(ids), text: bracketed(names(person)) };
    case 'grouppicker':
      return { id: first, text: group(first) ?? null };
    case 'multigrouppicker':
      return { id: bracketed(ids), text: bracketed(names(group)) };
    case 'version':
    case 'multiversion':
      return { id: bracketed(ids), text: bracketed(names(version)) };
    case 'project':
      return { id: first, text: site.projects.get(first)?.name ?? null };
    case 'gh-sprint':
      return { id: ids.join(', '), text: names((id) => site.sprints.get(id)?.name).join(', ') };
    case 'labels':
      return { id: null, text: ids.join(' ') };
    case 'textarea':
      return { id: null, text: toWikiText(value as Issue['description']) };
    case 'cmdb-object-cftype':
      return { id: null, text: JSON.stringify(value) };
    default:
      return { id: null, text: first };
  }
}

/** What an issue has in a custom field; null: nothing. */
export const customValue = (field: CustomField, issue: Issue): unknown => {
  if (field.kind !== 'gh-sprint') return issue.custom.get(field.id) ?? null;
  return issue.sprintIds.length === 0 ? null : issue.sprintIds;
};

function writeCustom(site: Site, field: CustomField, issue: Issue, value: unknown): void {
  if (field.kind === 'gh-sprint') {
    const closed = issue.sprintIds.filter((id) => site.sprints.get(id)?.state === 'closed');
    issue.sprintIds = [...closed, ...(Array.isArray(value) ? value.map(String) : [])];
  } else if (value === null) issue.custom.delete(field.id);
  else issue.custom.set(field.id, value);
}

const LISTS = new Set<FieldKind>([
  'multiselect',
  'multicheckboxes',
  'multiuserpicker',
  'multigrouppicker',
  'multiversion',
  'labels',
]);

const memberOf = (kind: FieldKind, id: string): unknown => {
  if (kind === 'labels') return id;
  if (kind === 'multiuserpicker') return { accountId: id };
  return kind === 'multigrouppicker' ? { groupId: id } : { id };
};

/** The rule of a custom field in one of its contexts; without a kind it takes any JSON. */
export function customRule(field: CustomField, context: FieldContext | null): FieldRule {
  const customId = Number(field.id.replace('customfield_', '')) || 0;
  const { kind } = field;
  if (kind === undefined) {
    return {
      id: field.id,
      name: field.name,
      required: false,
      schema: { type: 'any', custom: 'com.atlassian.jira.plugin.system.customfieldtypes:textfield', customId },
      operations: ['set'],
      list: null,
      prepare: (_site, _project, raw) => ({ edit: customFieldEdit(field.id, field.name, raw) }),
    };
  }
  if (kind === 'vp-origin') return requestTypeRule(field);
  const { key, type, items } = KINDS[kind];
  const options = context?.options ?? [];
  const parse = (at: Site, project: Project, raw: unknown, format: TextFormat) =>
    PARSERS[kind]({ site: at, project, format, options }, raw);
  return defineField<unknown>({
    id: field.id,
    name: field.name,
    schema: { type, ...(items === undefined ? {} : { items }), custom: key, customId },
    operations: LISTS.has(kind) ? ['add', 'set', 'remove'] : ['set'],
    parse,
    read: (issue) => customValue(field, issue),
    write: (issue, value, at) => writeCustom(at, field, issue, value),
    label: (at, value) => labelOf(at, field, value),
    ...(LISTS.has(kind)
      ? {
          list: {
            members: (issue: Issue) => {
              const kept = customValue(field, issue);
              return Array.isArray(kept) ? kept.map((id) => memberOf(kind, String(id))) : [];
            },
            identify: (at: Site, project: Project, raw: unknown) => {
              const found = parse(at, project, [raw], 'adf');
              return 'value' in found && Array.isArray(found.value) ? String(found.value[0]) : null;
            },
          },
        }
      : {}),
  });
}
