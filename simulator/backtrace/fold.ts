import type { Cell } from './filter.ts';

/** Folds of the query language: what one column of a group of errors comes to. Sorted only where the real ones are. */

type Folded = readonly unknown[];
type Fold = (cells: readonly Cell[], argument: number) => Folded;

/** Value and count in the order of first appearance: the real histogram is not sorted by count either. */
const counted = (cells: readonly Cell[]): [Cell, number][] => {
  const counts = new Map<Cell, number>();
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return [...counts];
};
const numbers = (cells: readonly Cell[]): number[] => cells.map(Number).filter((cell) => !Number.isNaN(cell));
const lowest = (cells: readonly Cell[]): number => numbers(cells).reduce((low, cell) => Math.min(low, cell), Infinity);
const highest = (cells: readonly Cell[]): number => numbers(cells).reduce((high, cell) => Math.max(high, cell), -Infinity);
const sum = (cells: readonly Cell[]): number => numbers(cells).reduce((total, cell) => total + cell, 0);

function bins(cells: readonly Cell[], wanted: number): Folded {
  const [low, high] = [lowest(cells), highest(cells)];
  const count = Number.isInteger(wanted) && wanted > 0 ? wanted : 10;
  const width = (high - low) / count || 1;
  return Array.from({ length: count }, (_unused, position) => {
    const from = low + position * width;
    const last = position === count - 1;
    const inside = numbers(cells).filter((cell) => cell >= from && (last || cell < from + width));
    return [from, from + width, inside.length];
  }).filter(([, , hits]) => hits !== 0);
}

const FOLDS: Readonly<Record<string, Fold | undefined>> = {
  head: (cells) => cells.slice(0, 1),
  tail: (cells) => cells.slice(-1),
  min: (cells) => [lowest(cells)],
  max: (cells) => [highest(cells)],
  sum: (cells) => [sum(cells)],
  mean: (cells) => [sum(cells) / numbers(cells).length],
  unique: (cells) => [new Set(cells).size],
  range: (cells) => [lowest(cells), highest(cells)],
  histogram: (cells) => counted(cells),
  bin: bins,
  distribution: (cells, wanted) => {
    const all = counted(cells).sort(([, a], [, b]) => b - a);
    const shown = all.slice(0, wanted || 3);
    return [{ keys: all.length, tail: all.length - shown.length, vals: shown }];
  },
};

export const isFold = (name: string): boolean => FOLDS[name] !== undefined;

/** Errors that lack the attribute are left out; none left: an empty list. */
export function fold(name: string, argument: number, cells: readonly (Cell | undefined)[]): Folded {
  const present = cells.filter((cell): cell is Exclude<Cell, null> => cell !== undefined && cell !== null);
  return present.length === 0 ? [] : (FOLDS[name]?.(present, argument) ?? []);
}
