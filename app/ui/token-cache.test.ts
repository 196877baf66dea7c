import { describe, expect, it } from '@jest/globals';
import { readExpiry, tokenCache } from './token-cache.ts';

const encode = (claims: unknown): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(claims))))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
const tokenUntil = (expiresAt: number, mark: string): string => `e30.${encode({ exp: expiresAt / 1000, mark })}.signature`;

describe('readExpiry', () => {
  it.each([
    ['a token with an end', `e30.${encode({ exp: 1_700_000_000 })}.s`, 1_700_000_000_000],
    ['a payload that needs the URL alphabet of base64', `e30.${encode({ exp: 7, text: '???>>>ÿÿ' })}.s`, 7_000],
    ['a token without an end', `e30.${encode({ iss: 'x' })}.s`, null],
    ['an end that is no number', `e30.${encode({ exp: 'soon' })}.s`, null],
    ['a payload that is no object', `e30.${encode(null)}.s`, null],
    ['something that is no token', 'opaque', null],
    ['a payload that is no JSON', 'a.!!!.c', null],
  ])('%s', (_name, token, expected) => {
    expect(readExpiry(token)).toBe(expected);
  });
});

describe('tokenCache', () => {
  const host = (lifetime: number) => {
    const state = { now: 1_000_000, asked: 0 };
    const tokens = tokenCache(
      async () => {
        state.asked += 1;
        return tokenUntil(state.now + lifetime, `token ${state.asked}`);
      },
      () => state.now,
    );
    return { state, tokens };
  };

  it.each([
    ['reuses a token that is good for more than a minute', 180_000, 119_999, 1],
    ['asks again a minute before the end', 180_000, 120_000, 2],
    ['does not reuse a token that lives less than a minute', 59_000, 0, 2],
  ])('%s', async (_name, lifetime, later, asked) => {
    const { state, tokens } = host(lifetime);
    const first = await tokens.token();
    state.now += later;
    const second = await tokens.token();
    expect(state.asked).toBe(asked);
    expect(second === first).toBe(asked === 1);
  });

  it('asks once for calls that come together', async () => {
    const { state, tokens } = host(180_000);
    const [first, second] = await Promise.all([tokens.token(), tokens.token()]);
    expect(first).toBe(second);
    expect(state.asked).toBe(1);
  });

  it('asks again after the server refused the token', async () => {
    const { state, tokens } = host(180_000);
    await tokens.token();
    tokens.forget();
    await tokens.token();
    expect(state.asked).toBe(2);
  });

  it('is not stuck after the host failed once', async () => {
    let fails = true;
    const tokens = tokenCache(
      () => (fails ? Promise.reject(new Error('no token')) : Promise.resolve('opaque')),
      () => 0,
    );
    await expect(tokens.token()).rejects.toThrow('no token');
    fails = false;
    await expect(tokens.token()).resolves.toBe('opaque');
  });
});
