import { z } from 'zod';

/** The filters of the query language: one object, attribute to conditions, all of which must hold. */

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const condition = z.union([
  z.tuple([z.string()]),
  z.tuple([z.string(), value]),
  z.tuple([z.string(), value, z.looseObject({ case_insensitive: z.boolean().optional() })]),
]);
export const filterSchema = z.array(z.record(z.string(), z.array(condition))).max(1);
export type Filter = z.infer<typeof filterSchema>;

export type Cell = string | number | null;
export type Row = (column: string) => Cell | undefined;

type Test = (cell: Cell, wanted: string) => boolean;

/** Integers often come as text, and are compared as numbers all the same. */
const compare = (cell: Cell, wanted: string): number =>
  cell !== null && cell !== '' && !Number.isNaN(Number(cell)) && !Number.isNaN(Number(wanted))
    ? Number(cell) - Number(wanted)
    : String(cell).localeCompare(wanted, 'en');

const TESTS: Readonly<Record<string, Test | undefined>> = {
  equal: (cell, wanted) => compare(cell, wanted) === 0,
  'at-least': (cell, wanted) => compare(cell, wanted) >= 0,
  'at-most': (cell, wanted) => compare(cell, wanted) <= 0,
  'greater-than': (cell, wanted) => compare(cell, wanted) > 0,
  'less-than': (cell, wanted) => compare(cell, wanted) < 0,
  contains: (cell, wanted) => String(cell).includes(wanted),
  'regular-expression': (cell, wanted) => new RegExp(wanted).test(String(cell)),
  'is-set': () => true,
};
/** These let rows pass that lack the attribute. */
const INVERSE: Readonly<Record<string, Test | undefined>> = {
  'not-equal': TESTS['equal'],
  'not-contains': TESTS['contains'],
  'inverse-regular-expression': TESTS['regular-expression'],
  'is-not-set': TESTS['is-set'],
};

export type FilterProblem = { readonly message: string };

/** What the server says of a filter that it does not take; null when it takes it. */
export function refuseFilter(filter: Filter): FilterProblem | null {
  const conditions = filter.flatMap((one) => Object.values(one).flat());
  const unknown = conditions.find(([op]) => TESTS[op] === undefined && INVERSE[op] === undefined);
  if (unknown !== undefined) return { message: `invalid parameter 'filter': unknown operator '${unknown[0]}'` };
  return conditions.some(([op]) => TESTS[op] !== undefined)
    ? null
    : { message: 'Query must contain at least one filter that rejects missing data' };
}

export function passes(filter: Filter, row: Row): boolean {
  return filter.every((one) =>
    Object.entries(one).every(([column, conditions]) =>
      conditions.every(([op, given, options]) => {
        const fold = options?.case_insensitive === true;
        const cell = row(column);
        const wanted = fold ? String(given ?? '').toLowerCase() : String(given ?? '');
        const seen = fold && typeof cell === 'string' ? cell.toLowerCase() : cell;
        const missing = seen === undefined || seen === null;
        const inverse = INVERSE[op];
        if (inverse !== undefined) return missing || !inverse(seen, wanted);
        return !missing && (TESTS[op]?.(seen, wanted) ?? false);
      }),
    ),
  );
}
