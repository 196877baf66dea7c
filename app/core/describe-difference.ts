import type { Configuration, ConfigurationMode, ConflictPolicy } from './configuration.ts';
import type { FieldId } from './ids.ts';
import type { Direction, Sides } from './side.ts';

/** All that the two sides agree on (SPEC V). */
export interface Terms {
  readonly configuration: Configuration;
  readonly mode: ConfigurationMode;
}

/** How something flows, and who wins. */
export interface Flow {
  readonly direction: Direction;
  readonly conflict: ConflictPolicy;
}

/** One thing that is other after a change than before; null: not there. */
export type Difference =
  | { readonly kind: 'field'; readonly field: FieldId; readonly before: Flow | null; readonly after: Flow | null }
  | { readonly kind: 'status'; readonly before: Flow | null; readonly after: Flow | null }
  /** Two statuses that stand for each other. */
  | { readonly kind: 'status-pair'; readonly names: Sides<string>; readonly change: 'added' | 'removed' }
  | {
      readonly kind: 'type';
      readonly types: Sides<{ readonly id: string; readonly name: string }>;
      readonly before: Direction | null;
      readonly after: Direction | null;
    }
  | {
      readonly kind: 'comments';
      readonly before: { readonly direction: Direction; readonly authorLine: boolean } | null;
      readonly after: { readonly direction: Direction; readonly authorLine: boolean } | null;
    }
  | { readonly kind: 'strict'; readonly after: boolean }
  | { readonly kind: 'mode'; readonly after: ConfigurationMode };

/** Everything by which `after` differs from `before`, in the order a person reads a configuration. Empty: they mean the same. */
export const describeDifference = (before: Terms, after: Terms): readonly Difference[] => [
  ...(before.mode === after.mode ? [] : [{ kind: 'mode', after: after.mode } as const]),
  ...typeDifferences(before.configuration, after.configuration),
  ...fieldDifferences(before.configuration, after.configuration),
  ...statusDifferences(before.configuration, after.configuration),
  ...commentDifferences(before.configuration, after.configuration),
  ...(before.configuration.strict === after.configuration.strict
    ? []
    : [{ kind: 'strict', after: after.configuration.strict } as const]),
];

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What both lists hold by name, and what was or is under it. */
function byName<T>(before: readonly T[], after: readonly T[], nameOf: (one: T) => string) {
  const names = [...new Set([...before, ...after].map(nameOf))];
  const under = (list: readonly T[], name: string): T | null => list.find((one) => nameOf(one) === name) ?? null;
  return names.map((name) => ({ before: under(before, name), after: under(after, name) }));
}

const flowOf = (part: Flow | null): Flow | null =>
  part === null ? null : { direction: part.direction, conflict: part.conflict };

const fieldDifferences = (before: Configuration, after: Configuration): readonly Difference[] =>
  byName(before.fields, after.fields, ({ field }) => field).flatMap((one) => {
    const field = (one.after ?? one.before)?.field;
    const flows = { before: flowOf(one.before), after: flowOf(one.after) };
    return field === undefined || same(flows.before, flows.after) ? [] : [{ kind: 'field', field, ...flows }];
  });

const typeDifferences = (before: Configuration, after: Configuration): readonly Difference[] =>
  byName(before.types, after.types, ({ types }) => JSON.stringify([types.A.id, types.B.id])).flatMap((one) => {
    const types = (one.after ?? one.before)?.types;
    const directions = { before: one.before?.direction ?? null, after: one.after?.direction ?? null };
    return types === undefined || directions.before === directions.after ? [] : [{ kind: 'type', types, ...directions }];
  });

function statusDifferences(before: Configuration, after: Configuration): readonly Difference[] {
  const flows = { before: flowOf(before.status), after: flowOf(after.status) };
  // The order counts where a name stands in several rows, since the first match wins: rows that merely moved are not told apart here.
  const rows = byName(before.status?.map ?? [], after.status?.map ?? [], ({ A, B }) => JSON.stringify([A, B]));
  return [
    ...(same(flows.before, flows.after) ? [] : [{ kind: 'status', ...flows } as const]),
    ...(flows.before === null || flows.after === null ? [] : rows).flatMap((row): readonly Difference[] => {
      const names = row.after ?? row.before;
      if (names === null || (row.before !== null && row.after !== null)) return [];
      return [{ kind: 'status-pair', names: { A: names.A, B: names.B }, change: row.before === null ? 'added' : 'removed' }];
    }),
  ];
}

function commentDifferences(before: Configuration, after: Configuration): readonly Difference[] {
  const shown = ({ comments }: Configuration) =>
    comments === null ? null : { direction: comments.direction, authorLine: comments.authorLine };
  const parts = { before: shown(before), after: shown(after) };
  return same(parts.before, parts.after) ? [] : [{ kind: 'comments', ...parts }];
}
