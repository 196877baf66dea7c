import { describe, expect, it } from '@jest/globals';
import { synchronizationRow } from '../contract/synchronizations.ts';
import { actionsFor, isBlocked } from './row-actions.ts';
import { lookOf } from './status-look.ts';

const statuses = synchronizationRow.shape.status.options;

describe('actionsFor', () => {
  it.each([
    ['request-sent', 'view-request', ['delete']],
    ['incoming-request', 'view-request', []],
    ['declined', 'view-request', ['delete']],
    ['expired', 'view-request', ['delete']],
    ['stopped', 'start', ['edit-content', 'history', 'conflicts', 'delete']],
    ['running', 'stop', ['edit-content', 'history', 'conflicts', 'delete']],
  ] as const)('%s', (status, primary, menu) => {
    expect(actionsFor({ status, brakes: [] })).toEqual({ primary, menu });
  });

  it.each(statuses)('asks first for a decision about what was stopped, while %s runs', (status) => {
    const brakes = [{ kind: 'clear' as const, since: '', counted: 21, waiting: 3 }];
    const { primary, menu } = actionsFor({ status, brakes });
    expect(primary === 'brake').toBe(status === 'running');
    expect(menu.includes('stop')).toBe(status === 'running');
  });

  it('holds back only the deletion of a running one', () => {
    const blocked = statuses.flatMap((status) =>
      actionsFor({ status, brakes: [] })
        .menu.filter((action) => isBlocked(action, status))
        .map((action) => [status, action]),
    );
    expect(blocked).toEqual([['running', 'delete']]);
  });
});

describe('lookOf', () => {
  it('tells every status apart by its words and its place', () => {
    const looks = statuses.map(lookOf);
    expect(new Set(looks.map(({ label }) => label)).size).toBe(statuses.length);
    expect(new Set(looks.map(({ rank }) => rank)).size).toBe(statuses.length);
  });

  it('puts first what waits for this space', () => {
    expect([...statuses].sort((a, b) => lookOf(a).rank - lookOf(b).rank)[0]).toBe('incoming-request');
  });
});
