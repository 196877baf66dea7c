import { inWords, readDuration } from './durations.ts';
import type { FieldRule, Parsed } from './issue-fields.ts';
import { defineField, parseRichText, pick, referenceOf } from './issue-fields.ts';
import type { Component, Version } from './planning.ts';
import type { ChangeItem, Issue, Project, Site } from './site.ts';
import { toWikiText } from './wiki-text.ts';

/** System fields that only some issues use: planning, time, security, the parent. */

interface Owned {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
}

/** The ids in a list of `{id}` or `{name}` of things that belong to the project. */
function parseOwned<T extends Owned>(
  all: ReadonlyMap<string, T>,
  project: Project,
  raw: unknown,
  what: string,
): Parsed<string[]> {
  if (raw === null) return { value: [] };
  if (!Array.isArray(raw)) return { error: 'data was not an array' };
  const own = new Map([...all].filter(([, thing]) => thing.projectId === project.id));
  const ids: string[] = [];
  for (const member of raw as unknown[]) {
    const found = pick(own, member);
    const { id, name } = referenceOf(member);
    if (found === undefined && id !== undefined) return { error: `${what} id '${id}' is not valid` };
    if (found === undefined) return { error: `${what} name '${name ?? ''}' is not valid` };
    if (!ids.includes(found.id)) ids.push(found.id);
  }
  return { value: ids };
}

/** One entry for each exchange, removal and addition, in that order: so recorded from Cloud for versions. */
export function pairedItems(
  field: { readonly name: string; readonly id: string },
  before: readonly string[],
  after: readonly string[],
  nameOf: (id: string) => string | null,
): ChangeItem[] {
  const gone = before.filter((id) => !after.includes(id));
  const come = after.filter((id) => !before.includes(id));
  return Array.from({ length: Math.max(gone.length, come.length) }, (_unused, position) => {
    const [from, to] = [gone[position] ?? null, come[position] ?? null];
    return {
      field: field.name,
      fieldtype: 'jira',
      fieldId: field.id,
      from,
      fromString: from === null ? null : nameOf(from),
      to,
      toString: to === null ? null : nameOf(to),
    };
  });
}

const ownedList = (definition: {
  readonly id: string;
  readonly name: string;
  /** What the changelog calls it. */
  readonly logName: string;
  readonly items: 'version' | 'component';
  readonly what: string;
  all(site: Site): ReadonlyMap<string, Version> | ReadonlyMap<string, Component>;
  read(issue: Issue): readonly string[];
  write(issue: Issue, ids: readonly string[]): void;
}): FieldRule =>
  defineField<readonly string[]>({
    id: definition.id,
    name: definition.name,
    schema: { type: 'array', items: definition.items, system: definition.id },
    operations: ['set', 'add', 'remove'],
    parse: (site, project, raw) => parseOwned<Owned>(definition.all(site), project, raw, definition.what),
    read: definition.read,
    write: definition.write,
    label: () => ({ id: null, text: null }),
    changes: (site, before, after) =>
      pairedItems(
        { name: definition.logName, id: definition.id },
        before,
        after,
        (id) => definition.all(site).get(id)?.name ?? null,
      ),
    list: {
      members: (issue) => definition.read(issue).map((id) => ({ id })),
      identify: (site, project, raw) => {
        const found = parseOwned<Owned>(definition.all(site), project, [raw], definition.what);
        return 'value' in found ? (found.value[0] ?? null) : null;
      },
    },
  });

const fixVersions = ownedList({
  id: 'fixVersions',
  name: 'Fix versions',
  logName: 'Fix Version',
  items: 'version',
  what: 'Version',
  all: (site) => site.versions,
  read: (issue) => issue.fixVersionIds,
  write: (issue, ids) => {
    issue.fixVersionIds = ids;
  },
});

const versions = ownedList({
  id: 'versions',
  name: 'Affects versions',
  logName: 'Version',
  items: 'version',
  what: 'Version',
  all: (site) => site.versions,
  read: (issue) => issue.versionIds,
  write: (issue, ids) => {
    issue.versionIds = ids;
  },
});

const components = ownedList({
  id: 'components',
  name: 'Components',
  logName: 'Component',
  items: 'component',
  what: 'Component',
  all: (site) => site.components,
  read: (issue) => issue.componentIds,
  write: (issue, ids) => {
    issue.componentIds = ids;
  },
});

const environment = defineField<Issue['environment']>({
  id: 'environment',
  name: 'Environment',
  schema: { type: 'string', system: 'environment' },
  parse: (_site, _project, raw, format) => parseRichText(raw, format),
  read: (issue) => issue.environment,
  write: (issue, value) => {
    issue.environment = value;
  },
  label: (_site, value) => ({ id: null, text: toWikiText(value) }),
});

interface Estimates {
  readonly original: number | null;
  readonly remaining: number | null;
}

function parseEstimate(raw: unknown, what: string): Parsed<number | null | undefined> {
  if (raw === undefined) return { value: undefined };
  if (raw === null || raw === '') return { value: null };
  const seconds = typeof raw === 'string' ? readDuration(raw) : null;
  return seconds === null ? { error: `Invalid time entered in '${what}'.` } : { value: seconds };
}

const estimateItem = (fieldId: string, from: number | null, to: number | null): ChangeItem[] => {
  const [before, after] = [from === null ? null : String(from), to === null ? null : String(to)];
  const entry = { field: fieldId, fieldtype: 'jira' as const, fieldId };
  return from === to ? [] : [{ ...entry, from: before, fromString: before, to: after, toString: after }];
};

const timetracking = defineField<Partial<Estimates>>({
  id: 'timetracking',
  name: 'Time tracking',
  schema: { type: 'timetracking', system: 'timetracking' },
  operations: ['set', 'edit'],
  parse: (_site, _project, raw) => {
    if (raw === null) return { value: { original: null, remaining: null } };
    if (typeof raw !== 'object') return { error: 'expected Object' };
    const given = raw as { originalEstimate?: unknown; remainingEstimate?: unknown };
    const original = parseEstimate(given.originalEstimate, 'Original Estimate');
    const remaining = parseEstimate(given.remainingEstimate, 'Remaining Estimate');
    if ('error' in original) return original;
    if ('error' in remaining) return remaining;
    return {
      value: {
        ...(original.value === undefined ? {} : { original: original.value }),
        ...(remaining.value === undefined ? {} : { remaining: remaining.value }),
      },
    };
  },
  read: (issue) => ({ original: issue.originalEstimate, remaining: issue.remainingEstimate }),
  write: (issue, value) => {
    // An estimate for an issue without any is what remains, too.
    if (value.original !== undefined && value.remaining === undefined && issue.remainingEstimate === null)
      issue.remainingEstimate = value.original;
    if (value.original !== undefined) issue.originalEstimate = value.original;
    if (value.remaining !== undefined) issue.remainingEstimate = value.remaining;
  },
  label: (_site, value) => ({ id: null, text: inWords(value.original ?? 0) }),
  changes: (_site, before, after) => {
    const { original = null, remaining = null } = before;
    const nextOriginal = after.original === undefined ? original : after.original;
    const settled = after.remaining === undefined && remaining === null ? nextOriginal : remaining;
    return [
      ...estimateItem('timeoriginalestimate', original, nextOriginal),
      ...estimateItem('timeestimate', remaining, after.remaining === undefined ? settled : after.remaining),
    ];
  },
});

const security = defineField<string | null>({
  id: 'security',
  name: 'Security Level',
  schema: { type: 'securitylevel', system: 'security' },
  parse: (site, project, raw) => {
    if (raw === null) return { value: null };
    const levels = new Map([...site.securityLevels].filter(([id]) => project.securityLevelIds.includes(id)));
    const found = pick(levels, raw);
    return found === undefined ? { error: 'The security level selected is invalid.' } : { value: found.id };
  },
  read: (issue) => issue.securityId,
  write: (issue, value) => {
    issue.securityId = value;
  },
  label: (site, value) => ({ id: value, text: value === null ? null : (site.securityLevels.get(value)?.name ?? null) }),
});

/** Only on the screens of transitions: a resolution is given with the step that resolves. */
export const RESOLUTION_RULE = defineField<string | null>({
  id: 'resolution',
  name: 'Resolution',
  schema: { type: 'resolution', system: 'resolution' },
  parse: (site, _project, raw) => {
    const found = pick(site.resolutions, raw);
    return found === undefined ? { error: 'The resolution selected is invalid.' } : { value: found.id };
  },
  read: (issue) => issue.resolutionId,
  write: (issue, value) => {
    issue.resolutionId = value;
  },
  label: (site, value) => ({ id: value, text: value === null ? null : (site.resolutions.get(value)?.name ?? null) }),
});

/** How high a type stands: sub-tasks -1, epics 1. */
export const levelOf = (site: Site, typeId: string): number => {
  const type = site.issueTypes.get(typeId);
  return type?.subtask === true ? -1 : (type?.hierarchyLevel ?? 0);
};

/** The parent, for an issue of the given type. */
export const parentRule = (typeId: string): FieldRule =>
  defineField<string | null>({
    id: 'parent',
    name: 'Parent',
    schema: { type: 'issuelink', system: 'parent' },
    parse: (site, project, raw) => {
      const level = levelOf(site, typeId);
      const { none, id, key } = (typeof raw === 'object' && raw !== null ? raw : {}) as {
        none?: unknown;
        id?: unknown;
        key?: unknown;
      };
      if (raw === null || none === true)
        return level === -1 ? { error: 'Issue type is a sub-task but parent issue key or id not specified.' } : { value: null };
      const parent =
        site.issues.get(String(id ?? '')) ?? site.issues.get(site.issueIdsByKey.get(String(key ?? '').toUpperCase()) ?? '');
      if (parent === undefined) return { error: 'Could not find issue by id or key.' };
      if (levelOf(site, parent.typeId) !== level + 1 || (level === -1 && parent.projectId !== project.id))
        return { error: 'Given parent work item does not belong to appropriate hierarchy.' };
      return { value: parent.id };
    },
    read: (issue) => issue.parentId,
    write: (issue, value, site) => {
      site.issues.get(issue.parentId ?? '')?.childIds.delete(issue.id);
      issue.parentId = value;
      site.issues.get(value ?? '')?.childIds.add(issue.id);
    },
    label: (site, value) => ({ id: value, text: value === null ? null : (site.issues.get(value)?.key ?? null) }),
    changes: (site, from, to) => [
      {
        field: 'IssueParentAssociation',
        fieldtype: 'jira',
        fieldId: 'IssueParentAssociation',
        from,
        fromString: from === null ? null : (site.issues.get(from)?.key ?? null),
        to,
        toString: to === null ? null : (site.issues.get(to)?.key ?? null),
      },
    ],
  });

export const SYSTEM_RULES: readonly FieldRule[] = [environment, components, fixVersions, versions, timetracking, security];
