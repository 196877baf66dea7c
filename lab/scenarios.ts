import type { Act, LabPlan } from './plan.ts';

/** A short story in which the app is made to die at every step it takes. */
export interface Scenario {
  readonly name: string;
  readonly plan: LabPlan;
}

const HOUR_MS = 3_600_000;
/** Until everything that was done last has crossed. */
const AFTERWARDS_MS = 3_000;

type Line = readonly [at: number, side: Act['side'], kind: string];

const story = (name: string, spanMs: number, lines: readonly Line[]): Scenario => ({
  name,
  plan: {
    seed: 1,
    twoTenants: false,
    limits: false,
    travelMs: 20,
    processes: 1,
    quietMs: HOUR_MS,
    spanMs: spanMs + AFTERWARDS_MS,
    acts: lines.map(([at, side, kind], nth) => ({ nth, at, couple: 0, side, kind, seed: nth + 1 })),
    faults: [],
    deaths: [],
    suspensions: [],
    outages: [],
  },
});

export const SCENARIOS: readonly Scenario[] = [
  story('an item is made, filled and commented', 4_000, [
    [0, 'A', 'create-item'],
    [1_500, 'A', 'several-fields'],
    [2_000, 'A', 'comment'],
    [2_500, 'A', 'status'],
  ]),
  story('both sides edit one item at once', 5_000, [
    [0, 'B', 'create-item'],
    [2_000, 'B', 'summary'],
    [2_010, 'A', 'summary'],
    [2_020, 'A', 'add-label'],
    [2_500, 'B', 'description'],
  ]),
  story('a comment is written, edited and deleted', 6_000, [
    [0, 'A', 'create-item'],
    [1_500, 'A', 'comment'],
    [3_000, 'B', 'edit-comment'],
    [4_500, 'A', 'delete-comment'],
  ]),
];
