import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import { finishOf, nextStep, offerName, type SetUpRoute, type SetUpStep, stepsOf } from './set-up-steps.ts';

/** Each route walked from nothing, every step done as it is asked for. */
const WALKS: readonly (readonly [SetUpRoute, readonly SetUpStep[], 'request' | 'at-once'])[] = [
  ['same-site', ['own-space', 'space', 'name', 'content'], 'request'],
  ['cloud-with-app', ['own-space', 'site', 'space', 'mode', 'name', 'content'], 'request'],
  ['cloud-without-app', ['own-space', 'site', 'space', 'connection', 'authentication', 'name', 'content'], 'at-once'],
  ['data-center', ['own-space', 'site', 'connection', 'authentication', 'space', 'name', 'content'], 'at-once'],
  ['any', ['own-space', 'connection', 'authentication', 'space', 'name', 'content'], 'at-once'],
];
const ROUTES = WALKS.map(([route]) => route);
const ALL: readonly SetUpStep[] = ['own-space', 'site', 'space', 'connection', 'authentication', 'mode', 'name', 'content'];

describe('[S12] the steps of a set-up', () => {
  it.each(WALKS)('%s: %j', (route, expected) => {
    const done = new Set<SetUpStep>();
    const walked: SetUpStep[] = [];
    for (let next = nextStep(route, done); next !== 'finish'; next = nextStep(route, done)) {
      walked.push(next);
      done.add(next);
    }
    expect(walked).toEqual(expected);
  });

  it('may be done in any order: the next one is the first that is left, and none twice', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ROUTES), fc.subarray([...ALL]), (route, some) => {
        const done = new Set(some);
        const left = stepsOf(route, done).filter((step) => !step.done);
        expect(nextStep(route, done)).toBe(left[0]?.step ?? 'finish');
        expect(nextStep(route, new Set([...done, ...left.map(({ step }) => step)]))).toBe('finish');
      }),
      runs(100),
    );
  });

  it.each<[string | null, string | null, string | null]>([
    ['SUP', 'ENG', 'SUP and ENG'],
    ['SUP', null, null],
    [null, 'ENG', null],
  ])('offers a name for %s and %s: %s', (own, partner, name) => expect(offerName(own, partner)).toBe(name));
});

describe('[S13] whether the partner is asked', () => {
  it.each(WALKS)('%s', (route, steps, expected) => {
    expect(finishOf(route)).toBe(expected);
    // Where nobody is asked, somebody has consented.
    expect(steps.includes('authentication')).toBe(expected === 'at-once');
  });
});
