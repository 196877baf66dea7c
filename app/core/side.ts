/** The two sides of a synchronization. A is the side that created it. Neither is "local". */
export type Side = 'A' | 'B';

export const SIDES: readonly Side[] = ['A', 'B'];

/** B for A, A for B. */
export const otherSide = (side: Side): Side => (side === 'A' ? 'B' : 'A');

/** One value for each side. */
export interface Sides<T> {
  readonly A: T;
  readonly B: T;
}

/** Which way content flows: `both`, or from the first named side to the second only. */
export type Direction = 'both' | 'A-to-B' | 'B-to-A';

/** Whether content may flow away from `source` under `direction`. */
export const flowsFrom = (source: Side, direction: Direction): boolean =>
  direction === 'both' || direction === (source === 'A' ? 'A-to-B' : 'B-to-A');

/** The two values in their places: `here` is the one of `side`. */
export const onSides = <T>(side: Side, here: T, there: T): Sides<T> =>
  side === 'A' ? { A: here, B: there } : { A: there, B: here };
