import { describe, expect, it } from '@jest/globals';
import { createRateGate } from './rate-gate.ts';

const limit = (scope: 'app' | 'site' | 'endpoint' | 'item', retryAt: number) => ({
  kind: 'rate-limited' as const,
  scope,
  retryAt,
});

describe('a gate closed by a 429', () => {
  it.each([
    ['app', true, true],
    ['site', true, true],
    ['endpoint', true, false],
    ['item', false, false],
  ] as const)('scope %s: same endpoint closed %s, others closed %s', (scope, same, others) => {
    const gate = createRateGate();
    gate.close('PUT x', limit(scope, 1000));
    expect(gate.closedBy('PUT x', 999) !== null).toBe(same);
    expect(gate.closedBy('GET x', 999) !== null).toBe(others);
  });

  it('opens at the moment that Jira named, not before', () => {
    const gate = createRateGate();
    gate.close('GET x', limit('site', 1000));
    expect(gate.closedBy('GET x', 999)).toEqual(limit('site', 1000));
    expect(gate.closedBy('GET x', 1000)).toBeNull();
  });

  it('keeps the longer of two limits', () => {
    const gate = createRateGate();
    gate.close('GET x', limit('site', 2000));
    gate.close('GET x', limit('site', 1000));
    expect(gate.closedBy('GET x', 1500)?.retryAt).toBe(2000);
  });
});
