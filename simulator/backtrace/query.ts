import { z } from 'zod';
import { formatOf, ISSUE_COLUMN_NAMES, issueCell, knowsColumn, objectCell } from './columns.ts';
import type { Cell, Filter, Row } from './filter.ts';
import { filterSchema, passes, refuseFilter } from './filter.ts';
import { fold, isFold } from './fold.ts';
import {
  changeGroup,
  type ErrorObject,
  type Group,
  mergeGroups,
  type Tracker,
  type TrackerProject,
  unmergeGroups,
} from './tracker.ts';

const order = z.array(z.object({ name: z.string(), ordering: z.enum(['ascending', 'descending']).default('ascending') }));
const schema = z.looseObject({
  table: z.enum(['objects', 'issues']).default('objects'),
  filter: filterSchema.default([]),
  group: z.array(z.string()).max(1).default([]),
  fold: z.record(z.string(), z.array(z.tuple([z.string()], z.union([z.string(), z.number()])))).optional(),
  having: z
    .array(z.object({ property: z.tuple([z.string()]), op: z.string(), params: z.tuple([z.union([z.string(), z.number()])]) }))
    .default([]),
  select: z.array(z.string()).optional(),
  order: order.default([]),
  limit: z.number().default(20),
  offset: z.number().default(0),
  set: z.record(z.string(), z.string().nullable()).optional(),
  actions: z
    .object({ fingerprint: z.array(z.object({ type: z.enum(['merge', 'unmerge']), arguments: z.array(z.string()).min(1) })) })
    .optional(),
});
type Query = z.infer<typeof schema>;

export type QueryOutcome = { readonly response: Readonly<Record<string, unknown>> } | { readonly problem: string };

/** One row of a table: its number and its cells. */
interface TableRow {
  readonly id: number;
  readonly cell: Row;
}

const SETTABLE = ['state', 'tags', 'ticket'];

/** Answers POST /api/query of one project. `by` is put down as who changed something. */
export function answerQuery(tracker: Tracker, project: TrackerProject, body: unknown, by: string): QueryOutcome {
  const parsed = schema.safeParse(body);
  if (!parsed.success) return { problem: `invalid parameter '${String(parsed.error.issues[0]?.path[0] ?? 'body')}'` };
  const query = parsed.data;
  if (query.actions !== undefined) return act(tracker, project, query.actions.fingerprint);
  if (query.limit <= 0) return { problem: 'limit must be positive' };
  if (query.offset < 0) return { problem: 'offset must be positive' };
  const refused = refuseFilter(query.filter);
  if (refused !== null) return { problem: refused.message };
  const unknown = columnsOf(query).find((column) => !isColumn(project, query.table, column));
  if (unknown !== undefined) return { problem: `${unknown}: column not found` };
  if (query.set !== undefined) return set(tracker, project, query, query.set, by);
  const rows = rowsOf(project, query.table, query.filter);
  const response = query.select === undefined ? aggregate(query, rows) : select(query, query.select, rows);
  if ('problem' in response) return { problem: String(response['problem']) };
  return { response: { version: '1.2.0', seq: 2, encoding: 'rle', ...response } };
}

const columnsOf = (query: Query): string[] => [
  ...query.filter.flatMap((one) => Object.keys(one)),
  ...query.group,
  ...Object.keys(query.fold ?? {}),
  ...(query.select ?? []),
];

const isColumn = (project: TrackerProject, table: Query['table'], column: string): boolean =>
  table === 'issues' ? ISSUE_COLUMN_NAMES.includes(column) : knowsColumn(project, column);

const groupsThat = (project: TrackerProject, filter: Filter): Group[] =>
  [...project.groups.values()].filter(
    (group) => group.mergedInto === null && passes(filter, (column) => issueCell(group, column)),
  );

function rowsOf(project: TrackerProject, table: Query['table'], filter: Filter): TableRow[] {
  if (table === 'issues')
    return groupsThat(project, filter).map((group) => ({ id: group.id, cell: (column) => issueCell(group, column) }));
  return project.objects
    .map((error: ErrorObject): TableRow => ({ id: error.tx, cell: (column) => objectCell(project, error, column) }))
    .filter((row) => passes(filter, row.cell));
}

function act(
  tracker: Tracker,
  project: TrackerProject,
  actions: { type: 'merge' | 'unmerge'; arguments: string[] }[],
): QueryOutcome {
  for (const { type, arguments: fingerprints } of actions) {
    const done = (type === 'merge' ? mergeGroups : unmergeGroups)(tracker, project, fingerprints);
    if (!done) return { problem: "invalid parameter 'arguments': no such fingerprint" };
  }
  return { response: { result: 'success' } };
}

function set(
  tracker: Tracker,
  project: TrackerProject,
  query: Query,
  values: Record<string, string | null>,
  by: string,
): QueryOutcome {
  if (query.table !== 'issues') return { problem: "invalid parameter 'set': only the table issues can be written" };
  const foreign = Object.keys(values).find((column) => !SETTABLE.includes(column));
  if (foreign !== undefined) return { problem: `${foreign}: column not found` };
  const change = Object.fromEntries(Object.entries(values).map(([column, value]) => [column, value ?? '']));
  const groups = groupsThat(project, query.filter);
  for (const group of groups) changeGroup(tracker, group, change, by);
  return { response: { result: 'success', rows: groups.length } };
}

const sorted = <T>(items: readonly T[], terms: Query['order'], cellOf: (item: T, name: string) => unknown): T[] =>
  [...items].sort((left, right) => {
    for (const { name, ordering } of terms) {
      const [a, b] = [cellOf(left, name), cellOf(right, name)];
      const both = typeof a === 'number' && typeof b === 'number';
      const difference = both ? a - b : String(a ?? '').localeCompare(String(b ?? ''), 'en', { numeric: true });
      if (difference !== 0) return ordering === 'ascending' ? difference : -difference;
    }
    return 0;
  });

const counts = (query: Query, all: number, kept: number, page: number): Record<string, unknown> => ({
  pagination: { limit: query.limit, offset: query.offset },
  cardinalities: { initial: { global: all }, having: { global: kept }, pagination: { global: page } },
});

interface Bucket {
  readonly key: Cell;
  readonly columns: readonly (readonly unknown[])[];
  readonly count: number;
}

const COMPARISONS: Readonly<Record<string, ((left: number, right: number) => boolean) | undefined>> = {
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};

function aggregate(query: Query, rows: readonly TableRow[]): Record<string, unknown> {
  const folds = Object.entries(query.fold ?? {}).flatMap(([column, list]) =>
    list.map(([name, argument], place) => ({ column, name, argument: Number(argument ?? 0), place })),
  );
  const strange = folds.find(({ name }) => !isFold(name));
  if (strange !== undefined) return { problem: `invalid parameter 'fold': unknown operator '${strange.name}'` };
  const [by] = query.group;
  const members = new Map<Cell, TableRow[]>();
  for (const row of rows) {
    // An unset attribute and no grouping at all both go by the star.
    const key = by === undefined ? '*' : (row.cell(by) ?? '*');
    const list = members.get(key);
    if (list === undefined) members.set(key, [row]);
    else list.push(row);
  }
  const buckets = [...members].map(
    ([key, list]): Bucket => ({
      key,
      count: list.length,
      columns: folds.map(({ column, name, argument }) =>
        fold(
          name,
          argument,
          list.map((row) => row.cell(column)),
        ),
      ),
    }),
  );
  /** A term is `column;fold;value`, or `;count`, or `;group`. */
  const term = (bucket: Bucket, name: string): unknown => {
    const [column = '', place = '0', position = '0'] = name.split(';');
    if (column === '') return place === 'count' ? bucket.count : bucket.key;
    const at = folds.findIndex((one) => one.column === column && one.place === Number(place));
    return bucket.columns[at]?.[Number(position)];
  };
  const kept = buckets.filter((bucket) =>
    query.having.every(
      ({ property: [name], op, params: [wanted] }) => COMPARISONS[op]?.(Number(term(bucket, name)), Number(wanted)) ?? false,
    ),
  );
  const page = sorted(kept, query.order, term).slice(query.offset, query.offset + query.limit);
  return {
    columns: folds.map(({ column, name }) => [`${name}(${column})`, formatOf(column)]),
    columns_desc: folds.map(({ column, name }) => ({ name: column, format: formatOf(column), type: 'string', op: name })),
    ...counts(query, buckets.length, kept.length, page.length),
    values: page.map(({ key, columns, count }) => [key, columns, count]),
  };
}

/** `[value, how often in a row]` */
function runs(cells: readonly (Cell | undefined)[]): [Cell, number][] {
  const found: [Cell, number][] = [];
  for (const cell of cells) {
    const last = found.at(-1);
    if (last !== undefined && last[0] === (cell ?? null)) last[1] += 1;
    else found.push([cell ?? null, 1]);
  }
  return found;
}

function select(query: Query, columns: readonly string[], rows: readonly TableRow[]): Record<string, unknown> {
  const page = sorted(rows, query.order, (row, name) => row.cell(name)).slice(query.offset, query.offset + query.limit);
  return {
    columns: columns.map((column) => [column, formatOf(column)]),
    columns_desc: columns.map((column) => ({ name: column, format: formatOf(column), type: 'string' })),
    ...counts(query, rows.length, rows.length, page.length),
    objects: [['*', page.map(({ id }) => [id.toString(16), 1])]],
    values: columns.map((column) => ['*', ...runs(page.map((row) => row.cell(column)))]),
  };
}
