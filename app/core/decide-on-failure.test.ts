import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fieldId } from '../../test/factories/core.ts';
import { runs } from '../../test/property-runs.ts';
import { decideOnFailure, type FailureDecision, SIGNATURE_TRIES } from './decide-on-failure.ts';
import type { Failure } from './failure.ts';

const NOW = 1_000_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const unavailable: Failure = { kind: 'unavailable', detail: '' };
const uncertain: Failure = { kind: 'uncertain', detail: '' };
const rateLimited = (retryAt: number): Failure => ({ kind: 'rate-limited', scope: 'app', retryAt });
const rejected = (...fields: string[]): Failure => ({ kind: 'rejected', detail: '', fields: fields.map(fieldId) });

/** How long the lane waits, with a jitter of one half: neither early nor late. */
const waitAfter = (failure: Failure, attempts = 0, jitter = 0.5): number => {
  const decision = decideOnFailure(failure, 'write', attempts, NOW, jitter);
  if (decision.kind !== 'again') throw new Error(`Decided on ${decision.kind}`);
  return decision.at - NOW;
};

describe('decideOnFailure', () => {
  it.each<[string, number, number, number]>([
    ['to the moment', NOW + 7 * SECOND, 0, 7 * SECOND],
    ['and a little', NOW + 7 * SECOND, 1, 8 * SECOND],
    ['not at all when the moment has come', NOW, 0, 0],
    ['not at all when it has passed', NOW - MINUTE, 0, 0],
    ['an hour when Jira says so', NOW + 60 * MINUTE, 0, 60 * MINUTE],
  ])('[R1] waits as asked: %s', (_, retryAt, jitter, wait) => {
    expect(decideOnFailure(rateLimited(retryAt), 'write', 9, NOW, jitter)).toEqual({
      kind: 'again',
      at: NOW + wait,
      counts: false,
      cause: 'rate-limited',
      yields: true,
    });
  });

  it.each([
    ['app', true],
    ['site', true],
    ['endpoint', false],
    ['item', false],
  ] as const)('[Q6] a limit of the %s lets more urgent work go on: %s', (scope, yields) => {
    expect(decideOnFailure({ kind: 'rate-limited', scope, retryAt: NOW }, 'write', 0, NOW, 0)).toMatchObject({ yields });
  });

  it.each([
    [0, 2 * SECOND],
    [1, 4 * SECOND],
    [2, 8 * SECOND],
    [7, 256 * SECOND],
    [8, 5 * MINUTE],
    [9, 5 * MINUTE],
    [10_000, 5 * MINUTE],
  ])('[R2] after %i failed turns it waits about %i ms', (attempts, wait) => {
    expect(waitAfter(unavailable, attempts)).toBe(wait);
    expect(waitAfter(unavailable, attempts, 0)).toBe(0.7 * wait);
    expect(waitAfter(unavailable, attempts, 1)).toBe(1.3 * wait);
  });

  it.each([
    [0, 10 * SECOND],
    [2, 10 * SECOND],
    [3, 16 * SECOND],
    [20, 5 * MINUTE],
  ])('[R4] after a lost answer and %i failed turns it waits %i ms', (attempts, wait) => {
    expect(waitAfter(uncertain, attempts)).toBe(wait);
  });

  it.each<[Failure, FailureDecision]>([
    [rejected('labels', 'duedate'), { kind: 'park', cause: 'field-refused', refused: [fieldId('labels'), fieldId('duedate')] }],
    [rejected(), { kind: 'park', cause: 'request-rejected', refused: 'all' }],
    [{ kind: 'too-large' }, { kind: 'park', cause: 'too-large', refused: 'all' }],
  ])('[R5] %j parks what was refused', (failure, decision) => {
    expect(decideOnFailure(failure, 'write', 0, NOW, 0)).toEqual(decision);
  });

  it('[R7] missing rights park a write, and on a read the lane comes back in ten minutes', () => {
    expect(decideOnFailure({ kind: 'forbidden' }, 'write', 0, NOW, 0)).toEqual({
      kind: 'park',
      cause: 'forbidden',
      refused: 'all',
    });
    const again = { kind: 'again', at: NOW + 10 * MINUTE, counts: true };
    expect(decideOnFailure({ kind: 'forbidden' }, 'read', 0, NOW, 0)).toEqual({ ...again, cause: 'forbidden' });
  });

  it.each([
    [0, 2_000],
    [1, 4_000],
    [SIGNATURE_TRIES - 1, 8_000],
    [SIGNATURE_TRIES, 10 * MINUTE],
    [50, 10 * MINUTE],
  ])('[R8] a signature refused after %i failed turns is tried again after %i ms', (attempts, wait) => {
    const decision = { kind: 'again', at: NOW + wait, counts: true, cause: 'unauthorized' };
    for (const doing of ['read', 'write'] as const)
      expect(decideOnFailure({ kind: 'unauthorized' }, doing, attempts, NOW, 0.5)).toEqual(decision);
  });

  it.each<Failure['kind']>(['missing'])('[I6] %s: the item is gone', () => {
    expect(decideOnFailure({ kind: 'missing' }, 'read', 3, NOW, 0)).toEqual({ kind: 'gone' });
  });

  const failure = fc.oneof<fc.Arbitrary<Failure>[]>(
    fc.integer({ min: 0, max: 3 * NOW }).map(rateLimited),
    fc.constantFrom<Failure>(
      unavailable,
      uncertain,
      rejected(),
      rejected('labels'),
      { kind: 'unauthorized' },
      { kind: 'forbidden' },
      { kind: 'missing' },
      { kind: 'contended' },
      { kind: 'too-large' },
    ),
  );
  const doing = fc.constantFrom('read' as const, 'write' as const);
  const jitter = fc.double({ min: 0, max: 1, noNaN: true });
  const attempts = fc.nat(100_000);

  it('[R6] no decision schedules in the past, nor at no time at all', () => {
    fc.assert(
      fc.property(failure, doing, attempts, jitter, (failed, what, tried, shake) => {
        const decision = decideOnFailure(failed, what, tried, NOW, shake);
        if (decision.kind !== 'again') return;
        expect(decision.at).toBeGreaterThanOrEqual(NOW);
        expect(Number.isSafeInteger(decision.at)).toBe(true);
      }),
      runs(500),
    );
  });

  it('[R2] with the same luck, a later attempt never waits less', () => {
    fc.assert(
      fc.property(failure, attempts, jitter, (failed, tried, shake) => {
        const earlier = decideOnFailure(failed, 'read', tried, NOW, shake);
        const later = decideOnFailure(failed, 'read', tried + 1, NOW, shake);
        if (earlier.kind !== 'again' || later.kind !== 'again') return;
        expect(later.at).toBeGreaterThanOrEqual(earlier.at);
      }),
      runs(100),
    );
  });
});
