/** A seeded source of chance: the same seed gives the same run. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** True with that probability. */
  chance(probability: number): boolean;
  /** `length` hexadecimal digits. */
  hex(length: number): string;
  /** A version 4 uuid. */
  uuid(): string;
}

/** mulberry32, a small generator of good enough quality for test data; not for secrets of real systems. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const hex = (length: number): string => {
    let digits = '';
    while (digits.length < length) digits += Math.floor(next() * 16).toString(16);
    return digits;
  };
  return {
    next,
    chance: (probability) => probability > 0 && next() < probability,
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  };
}
