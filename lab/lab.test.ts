import { describe, expect, it } from '@jest/globals';
import { exhaust } from './exhaust.ts';
import { PINNED } from './pinned.ts';
import { drawPlan } from './plan.ts';
import { SCENARIOS } from './scenarios.ts';
import { reportPlan } from './seed-run.ts';
import { shrink } from './shrink.ts';

const TIMEOUT_MS = 240_000;

describe('the fault laboratory', () => {
  it(
    'makes the same run of the same seed, byte for byte',
    async () => {
      const first = await reportPlan(drawPlan(5));
      const again = await reportPlan(drawPlan(5));
      expect(again).toEqual(first);
      expect((await reportPlan(drawPlan(6))).digest).not.toBe(first.digest);
    },
    TIMEOUT_MS,
  );

  it.each(PINNED)(
    'finds nothing any more in seed $seed: $why',
    async ({ seed }) => {
      expect((await reportPlan(drawPlan(seed))).breaches).toEqual([]);
    },
    TIMEOUT_MS,
  );

  // The others by `npm run lab -- --exhaustive`.
  it.each(SCENARIOS.slice(1))(
    'loses nothing whatever step the process dies at: $name',
    async (scenario) => {
      const { runs, fatal } = await exhaust(scenario);
      expect(fatal).toEqual([]);
      expect(runs).toBeGreaterThan(30);
    },
    TIMEOUT_MS,
  );

  it('leaves out of a failing plan all that it fails without', async () => {
    const whole = drawPlan(1);
    const [, needed] = whole.acts;
    const smallest = await shrink(whole, async ({ acts }) => acts.some((act) => act === needed));
    expect(smallest).toMatchObject({ acts: [needed], faults: [], deaths: [], suspensions: [], outages: [] });
  });
});
