/** Set by jest.config.mjs. */
declare const propertyRuns: { readonly seed: number; readonly times: number };

/**
 * How a property is tried: `count` times, from a seed that is always the same, so that a red test run is the doing of the change at hand.
 * `npm run test:properties` tries others.
 */
export const runs = (count: number): { readonly seed: number; readonly numRuns: number } => ({
  seed: propertyRuns.seed,
  numRuns: count * propertyRuns.times,
});
