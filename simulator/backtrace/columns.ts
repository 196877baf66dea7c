import type { Cell } from './filter.ts';
import type { ErrorObject, Group, TrackerProject } from './tracker.ts';
import { groupOf } from './tracker.ts';

/** What the tables `objects` and `issues` show under each column name. */

const ISSUE_COLUMNS: Readonly<Record<string, ((group: Group) => Cell) | undefined>> = {
  id: (group) => group.id,
  fingerprint: (group) => group.fingerprint,
  state: (group) => group.state,
  tags: (group) => group.tags,
  ticket: (group) => group.ticket,
  invariants: (group) => (group.invariants.length === 0 ? '' : JSON.stringify(group.invariants)),
  invariant_reopen_count: (group) => group.reopenCount,
  invariant_reopen_last_time: (group) => group.reopenLastTime,
  invariant_last_violated: (group) => (group.lastViolated === null ? '' : JSON.stringify(group.lastViolated)),
  last_modified: (group) => group.lastModified,
  blame: (group) => group.blame,
  blame_last_modified: (group) => group.blameLastModified,
};
export const ISSUE_COLUMN_NAMES = Object.keys(ISSUE_COLUMNS);

/** A column of the table `issues`; undefined: there is none of that name. */
export const issueCell = (group: Group, column: string): Cell | undefined => ISSUE_COLUMNS[column]?.(group);

/** A joined column is named `fingerprint;issues;{column}`. */
const JOINED = 'fingerprint;issues;';
const OWN = ['_tx', 'timestamp', 'fingerprint', 'callstack', 'classifiers'];

/** A column of the table `objects`; undefined: this error lacks the attribute. */
export function objectCell(project: TrackerProject, error: ErrorObject, column: string): Cell | undefined {
  const group = groupOf(project, error.fingerprint);
  if (column.startsWith(JOINED)) return group === undefined ? undefined : issueCell(group, column.slice(JOINED.length));
  if (column === '_tx') return error.tx;
  if (column === 'timestamp') return error.timestamp;
  if (column === 'fingerprint') return group?.fingerprint ?? error.fingerprint;
  if (column === 'callstack') return JSON.stringify({ frame: error.callstack });
  if (column === 'classifiers') return error.classifiers.join(' ');
  return error.attributes.get(column);
}

/** Whether any error of the project has that column. */
export const knowsColumn = (project: TrackerProject, column: string): boolean =>
  OWN.includes(column) ||
  (column.startsWith(JOINED) && ISSUE_COLUMNS[column.slice(JOINED.length)] !== undefined) ||
  project.objects.some((error) => error.attributes.has(column));

const attributeNames = (project: TrackerProject): string[] => [
  ...new Set(project.objects.flatMap((error) => [...error.attributes.keys()])),
];

/** The answer to `action=describe`. */
export const describeColumns = (project: TrackerProject, table: 'objects' | 'issues'): Record<string, unknown>[] => {
  const names = table === 'issues' ? ISSUE_COLUMN_NAMES : [...OWN, ...attributeNames(project)];
  return names.map((name) => ({
    name,
    description: name,
    format: formatOf(name),
    type: name === 'timestamp' || name.endsWith('_time') || name.endsWith('modified') ? 'uint64' : 'string',
    custom: table === 'objects' && !OWN.includes(name),
    state: 'enabled',
    filter: ['equal', 'not-equal', 'regular-expression', 'is-set', 'is-not-set'],
    aggregate: ['head', 'tail', 'unique', 'histogram', 'distribution', 'range'],
    group: true,
    statistics: { used: project.objects.length },
  }));
};

export const formatOf = (column: string): string => {
  if (column === 'timestamp' || column.endsWith('modified') || column.endsWith('_time')) return 'unix_timestamp';
  return column === 'callstack' ? 'callstack' : 'none';
};
