import { describe, expect, it } from '@jest/globals';
import { CAUSES } from './causes.ts';
import { type ParkedGroup, type Probe, planRetries, QUICKEST_RETRY_MS, retryClassOf } from './plan-retries.ts';

const MINUTE = 60_000;
const group = (cause: string, kind = 'field:summary'): ParkedGroup => ({ cause, kind, oldestSince: 1 });
const probe = (cause: string, outcome: Probe['outcome'], kind = 'field:summary'): Probe => ({ cause, kind, outcome });
const REFUSED = group('field-refused');

describe('[R9] one of each group is tried', () => {
  it('whose cause others can share, and no other', () => {
    const groups = [REFUSED, group('forbidden', 'item'), group('too-large'), group('conflict-undecided')];
    expect(planRetries(groups, [], QUICKEST_RETRY_MS).one).toEqual(groups.slice(0, 2));
  });

  it('again when it was parked again, and not while it waits for its turn', () => {
    expect(planRetries([REFUSED], [probe('field-refused', 'parked')], 1).one).toEqual([REFUSED]);
    expect(planRetries([REFUSED], [probe('field-refused', 'waiting')], 1).one).toEqual([]);
    expect(planRetries([REFUSED], [probe('field-refused', 'waiting')], 60 * 60_000).one).toEqual([REFUSED]);
  });

  it('and groups do not stand for each other', () => {
    const other = group('field-refused', 'field:duedate');
    const plan = planRetries([REFUSED, other], [probe('field-refused', 'free')], 1);
    expect([plan.all, plan.one]).toEqual([[REFUSED], [other]]);
  });

  it.each([
    ['doubles while nothing changes', [probe('field-refused', 'parked')], 5, 10],
    ['up to an hour', [probe('field-refused', 'parked')], 40, 60],
    ['is quickest for a new group', [], 60, 5],
    ['is quickest after one got through', [probe('field-refused', 'free')], 60, 5],
  ])('the pace %s', (_title, probes, before, after) => {
    expect(planRetries([REFUSED], probes, before * MINUTE).afterMs).toBe(after * MINUTE);
  });

  it('nothing is tried where nothing is parked', () => {
    expect(planRetries([], [probe('field-refused', 'free')], 60 * MINUTE)).toEqual({ all: [], one: [], afterMs: 5 * MINUTE });
  });
});

it('[R10] all of a group are tried once one of it got through', () => {
  expect(planRetries([REFUSED], [probe('field-refused', 'free')], 1)).toMatchObject({ all: [REFUSED], one: [] });
});

it('[R14] of items without a pair that Jira does not show one is tried, of pieces none: their lanes look for the item', () => {
  const groups = [group('item-missing', 'item'), group('item-missing')];
  expect(planRetries(groups, [], 1).one).toEqual(groups.slice(0, 1));
});

describe('[R11] every cause has a class', () => {
  it.each([
    ['forbidden', 'site'],
    ['field-refused', 'site'],
    ['no-direct-transition', 'site'],
    ['too-large', 'piece'],
    ['item-missing', 'item'],
    ['moved-away', 'piece'],
    ['conflict-undecided', 'person'],
    ['mass-deletion', 'person'],
    ['a-code-of-another-version', 'piece'],
  ])('%s: %s', (cause, expected) => {
    expect(retryClassOf(cause)).toBe(expected);
  });

  it('and what waits for a person is named by a cause that exists', () => {
    const persons = Object.keys(CAUSES).filter((cause) => retryClassOf(cause) === 'person');
    expect(persons).toEqual(expect.arrayContaining(['conflict-undecided', 'mass-deletion', 'mass-clear', 'mass-overwrite']));
  });
});
