import { describe, expect, it } from '@jest/globals';
import { hashSecret, isHashOf, makeRandomSecret } from './make-secret.ts';

describe('secrets that come back to us', () => {
  it('are 256 bits, fit into an address, and never come twice', () => {
    const made = Array.from({ length: 200 }, makeRandomSecret);
    expect(new Set(made).size).toBe(200);
    for (const secret of made) expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('are known by their hash, which does not contain them', () => {
    const secret = makeRandomSecret();
    expect(hashSecret(secret)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(hashSecret(secret)).not.toBe(secret);
    expect(isHashOf(hashSecret(secret), secret)).toBe(true);
  });

  it.each(['', 'x', makeRandomSecret()])('are not another one: %j', (other) => {
    expect(isHashOf(hashSecret(makeRandomSecret()), other)).toBe(false);
    expect(isHashOf(other, makeRandomSecret())).toBe(false);
  });
});
