import type { AdfNode } from './adf.ts';
import { isDay } from './days.ts';
import type { ChangeItem, Issue, Priority, Project, Site } from './site.ts';
import { fromWikiText, isDocument, roughWikiText, toWikiText, verbatimDocument } from './wiki-text.ts';

/** How a request writes rich text: ADF (REST v3), wiki text that becomes ADF (REST v2), or wiki text that is kept as it is (Data Center). */
export type TextFormat = 'adf' | 'wiki' | 'verbatim';

export const MAX_SUMMARY = 255;
export const MAX_TEXT = 32_767;
export const TOO_LONG = `The entered text is too long. It exceeds the allowed limit of ${MAX_TEXT.toLocaleString('en-US')} characters.`;

export type Parsed<T> = { readonly value: T } | { readonly error: string };

/** One checked change of one field, not yet made. */
export interface FieldEdit {
  readonly fieldId: string;
  readonly fieldName: string;
  /** Whether it leaves the field without a value. */
  readonly empties: boolean;
  /** What the changelog will say; empty when the issue has that value already. */
  describe(site: Site, issue: Issue): readonly ChangeItem[];
  apply(issue: Issue, site: Site): void;
}

/** The members of a list field: as a request would name them, and how two names of one member are told to be the same. */
export interface FieldList {
  members(issue: Issue): readonly unknown[];
  identify(site: Site, project: Project, raw: unknown): string | null;
}

/** A field that create and edit know by name. */
export interface FieldRule {
  readonly id: string;
  readonly name: string;
  readonly required: boolean;
  readonly schema: {
    readonly type: string;
    readonly items?: string;
    readonly system?: string;
    readonly custom?: string;
    readonly customId?: number;
  };
  readonly operations: readonly string[];
  /** For fields that can be added to and removed from. */
  readonly list: FieldList | null;
  prepare(
    site: Site,
    project: Project,
    raw: unknown,
    format: TextFormat,
  ): { readonly edit: FieldEdit } | { readonly error: string };
}

interface FieldDefinition<T> {
  readonly id: string;
  readonly name: string;
  readonly required?: boolean;
  readonly schema: FieldRule['schema'];
  readonly operations?: readonly string[];
  parse(site: Site, project: Project, raw: unknown, format: TextFormat): Parsed<T>;
  read(issue: Issue): T;
  write(issue: Issue, value: T, site: Site): void;
  /** The changelog's `from`/`to` and `fromString`/`toString` of a value. */
  label(site: Site, value: T): { readonly id: string | null; readonly text: string | null };
  /** Where one entry of the changelog does not say it. */
  changes?(site: Site, before: T, after: T): readonly ChangeItem[];
  readonly list?: FieldList;
}

const isEmpty = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);

export function defineField<T>(definition: FieldDefinition<T>): FieldRule {
  return {
    id: definition.id,
    name: definition.name,
    required: definition.required ?? false,
    schema: definition.schema,
    operations: definition.operations ?? ['set'],
    list: definition.list ?? null,
    prepare: (site, project, raw, format) => {
      const parsed = definition.parse(site, project, raw, format);
      if ('error' in parsed) return parsed;
      return {
        edit: {
          fieldId: definition.id,
          fieldName: definition.name,
          empties: isEmpty(parsed.value),
          describe: (at, issue) => {
            const old = definition.read(issue);
            if (JSON.stringify(old) === JSON.stringify(parsed.value)) return [];
            if (definition.changes !== undefined) return definition.changes(at, old, parsed.value);
            const before = definition.label(at, old);
            const after = definition.label(at, parsed.value);
            const isCustom = definition.schema.custom !== undefined;
            return [
              {
                field: isCustom ? definition.name : definition.id,
                fieldtype: isCustom ? 'custom' : 'jira',
                fieldId: definition.id,
                from: before.id,
                fromString: before.text,
                to: after.id,
                toString: after.text,
              },
            ];
          },
          apply: (issue, at) => {
            // What a recording put there is no longer so.
            issue.otherFields.delete(definition.id);
            definition.write(issue, parsed.value, at);
          },
        },
      };
    },
  };
}

/** Rich text from a request: null and empty text mean none. */
export function parseRichText(raw: unknown, format: TextFormat): Parsed<AdfNode | null> {
  if (raw === null || raw === '') return { value: null };
  if (format !== 'adf' && typeof raw !== 'string') return { error: 'Operation value must be a string' };
  if (format === 'adf' && !isDocument(raw))
    return { error: 'Operation value must be an Atlassian Document (see the Atlassian Document Format)' };
  // Measured before it is converted, which is slow for a long text.
  if (typeof raw === 'string' && raw.length > MAX_TEXT) return { error: TOO_LONG };
  if (typeof raw === 'string') return { value: format === 'verbatim' ? verbatimDocument(raw) : fromWikiText(raw) };
  const document = raw as AdfNode;
  return roughWikiText(document).length > MAX_TEXT ? { error: TOO_LONG } : { value: document };
}

const summary = defineField<string>({
  id: 'summary',
  name: 'Summary',
  required: true,
  schema: { type: 'string', system: 'summary' },
  parse: (_site, _project, raw) => {
    if (raw === null || (typeof raw === 'string' && raw.trim() === ''))
      return { error: 'You must specify a summary of the issue.' };
    if (typeof raw !== 'string') return { error: 'Operation value must be a string' };
    if (/[\r\n]/.test(raw)) return { error: 'The summary is invalid because it contains newline characters.' };
    if (raw.length > MAX_SUMMARY) return { error: `Summary must be less than ${MAX_SUMMARY} characters.` };
    return { value: raw.trim() };
  },
  read: (issue) => issue.summary,
  write: (issue, value) => {
    issue.summary = value;
  },
  label: (_site, value) => ({ id: null, text: value }),
});

const description = defineField<AdfNode | null>({
  id: 'description',
  name: 'Description',
  schema: { type: 'string', system: 'description' },
  parse: (_site, _project, raw, format) => parseRichText(raw, format),
  read: (issue) => issue.description,
  write: (issue, value) => {
    issue.description = value;
  },
  label: (_site, value) => ({ id: null, text: toWikiText(value) }),
});

/** Labels have no spaces; they are kept sorted, each once. */
export function parseLabels(raw: unknown): Parsed<string[]> {
  if (raw === null) return { value: [] };
  if (!Array.isArray(raw)) return { error: 'data was not an array' };
  for (const label of raw as unknown[]) {
    if (typeof label !== 'string') return { error: 'string expected at index 0' };
    if (/\s/.test(label)) return { error: `The label '${label}' contains spaces which is invalid.` };
    if (label.length > MAX_SUMMARY) return { error: `The label '${label.slice(0, 20)}…' exceeds ${MAX_SUMMARY} characters.` };
  }
  return { value: [...new Set(raw as string[])].filter((label) => label !== '').sort() };
}

const labels = defineField<readonly string[]>({
  id: 'labels',
  name: 'Labels',
  schema: { type: 'array', items: 'string', system: 'labels' },
  operations: ['add', 'set', 'remove'],
  parse: (_site, _project, raw) => parseLabels(raw),
  list: { members: (issue) => issue.labels, identify: (_site, _project, raw) => String(raw) },
  read: (issue) => issue.labels,
  write: (issue, value) => {
    issue.labels = value;
  },
  label: (_site, value) => ({ id: null, text: value.join(' ') }),
});

/** What a reference names: `{ id }`, `{ name }` or `{ value }`, as texts. */
export function referenceOf(raw: unknown): { readonly id?: string; readonly name?: string; readonly value?: string } {
  if (typeof raw !== 'object' || raw === null) return {};
  const entries = (['id', 'name', 'value'] as const).map((key) => [key, (raw as Record<string, unknown>)[key]] as const);
  return Object.fromEntries(
    entries.filter(([, value]) => value !== undefined && value !== null).map(([key, value]) => [key, String(value)]),
  );
}

/** The id inside `{ id }` of the named record, or found by `{ name }`. */
export function pick<T extends { readonly id: string; readonly name: string }>(
  all: ReadonlyMap<string, T>,
  raw: unknown,
): T | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const { id, name } = raw as { id?: unknown; name?: unknown };
  if (typeof id === 'string' || typeof id === 'number') return all.get(String(id));
  if (typeof name === 'string') return [...all.values()].find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  return undefined;
}

const priority = defineField<string | null>({
  id: 'priority',
  name: 'Priority',
  schema: { type: 'priority', system: 'priority' },
  parse: (site, _project, raw) => {
    const found: Priority | undefined = pick(site.priorities, raw);
    return found === undefined ? { error: 'The priority selected is invalid.' } : { value: found.id };
  },
  read: (issue) => issue.priorityId,
  write: (issue, value) => {
    issue.priorityId = value;
  },
  label: (site, value) => ({ id: value, text: value === null ? null : (site.priorities.get(value)?.name ?? null) }),
});

const dueDate = defineField<string | null>({
  id: 'duedate',
  name: 'Due date',
  schema: { type: 'date', system: 'duedate' },
  parse: (_site, _project, raw) => {
    if (raw === null || raw === '') return { value: null };
    if (typeof raw !== 'string' || !isDay(raw)) return { error: `Error parsing date string: ${String(raw)}` };
    return { value: raw };
  },
  read: (issue) => issue.dueDate,
  write: (issue, value) => {
    issue.dueDate = value;
  },
  label: (_site, value) => ({ id: value, text: value === null ? null : `${value} 00:00:00.0` }),
});

export function parseUser(site: Site, raw: unknown): Parsed<string | null> {
  if (raw === null) return { value: null };
  const { accountId, id } = (typeof raw === 'object' ? raw : {}) as { accountId?: unknown; id?: unknown };
  if (accountId === null) return { value: null };
  const user = site.users.get(String(accountId ?? id));
  return user === undefined ? { error: 'Specify a valid value for user' } : { value: user.accountId };
}

const assignee = defineField<string | null>({
  id: 'assignee',
  name: 'Assignee',
  schema: { type: 'user', system: 'assignee' },
  parse: (site, _project, raw) => parseUser(site, raw),
  read: (issue) => issue.assigneeId,
  write: (issue, value) => {
    issue.assigneeId = value;
  },
  label: (site, value) => ({ id: value, text: value === null ? null : (site.users.get(value)?.displayName ?? null) }),
});

const reporter = defineField<string | null>({
  id: 'reporter',
  name: 'Reporter',
  schema: { type: 'user', system: 'reporter' },
  parse: (site, _project, raw) => parseUser(site, raw),
  read: (issue) => issue.reporterId,
  write: (issue, value) => {
    issue.reporterId = value;
  },
  label: (site, value) => ({ id: value, text: value === null ? null : (site.users.get(value)?.displayName ?? null) }),
});

const issueType = defineField<string>({
  id: 'issuetype',
  name: 'Issue Type',
  required: true,
  schema: { type: 'issuetype', system: 'issuetype' },
  operations: [],
  parse: (site, project, raw) => {
    const type = pick(site.issueTypes, raw);
    return type === undefined || !project.issueTypeIds.includes(type.id)
      ? { error: 'The issue type selected is invalid.' }
      : { value: type.id };
  },
  read: (issue) => issue.typeId,
  write: (issue, value) => {
    issue.typeId = value;
  },
  label: (site, value) => ({ id: value, text: site.issueTypes.get(value)?.name ?? null }),
});

/** The named fields, in the order in which metadata lists them. */
export const FIELD_RULES: ReadonlyMap<string, FieldRule> = new Map(
  [summary, issueType, description, labels, priority, dueDate, assignee, reporter].map((rule) => [rule.id, rule]),
);

const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value);

/** A custom field of no known kind takes any JSON. */
export function customFieldEdit(fieldId: string, name: string, value: unknown): FieldEdit {
  return {
    fieldId,
    fieldName: name,
    empties: isEmpty(value),
    describe: (_site, issue) => {
      const before = textOf(issue.otherFields.get(fieldId));
      const after = textOf(value);
      if (before === after) return [];
      return [{ field: name, fieldtype: 'custom', fieldId, from: null, fromString: before, to: null, toString: after }];
    },
    apply: (issue) => void issue.otherFields.set(fieldId, value),
  };
}
