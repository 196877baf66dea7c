import type { Side } from './side.ts';

/** One value of a piece that crossed. No content: a fingerprint. */
export interface Crossing {
  readonly at: number;
  /** The side that was written. */
  readonly to: Side;
  /** The source's fingerprint of the value. */
  readonly print: string;
  /** The same value had been written to that side before, and had been left. */
  readonly returned: boolean;
}

/** What is remembered of a piece to see that it goes back and forth (SPEC M1–M4). */
export interface PingPong {
  /** The newest that crossed within the window, oldest first, at most {@link MOST_CROSSINGS}. */
  readonly crossings: readonly Crossing[];
  /** How often in a row the piece was frozen, and when last. */
  readonly frozen: { readonly times: number; readonly at: number } | null;
}

/** Automations answer within seconds; a site that is polled within a minute. Ten rounds of that still count as one fight. */
export const PING_PONG_WINDOW_MS = 10 * 60_000;
export const MOST_CROSSINGS = 8;
/**
 * Returns that make a fight. Both sides were written: two of them pull, and four returns are each having had its way three times; a
 * person who changes her mind twice makes two or three. One side alone was written: a person there who cannot decide, or a ring of
 * synchronizations around which two automations chase each other; so longer.
 */
export const RETURNS_OF_A_FIGHT = { bothSides: 4, oneSide: 7 };

/** An hour, doubled each time in a row, at most a day: somebody has to change an automation, and people do that during a day. */
const FIRST_REST_MS = 60 * 60_000;
const LONGEST_REST_MS = 24 * 60 * 60_000;
/** A fight that begins again within a day after a rest is the same one. */
const FORGET_AFTER_MS = 24 * 60 * 60_000;

const NOTHING: PingPong = { crossings: [], frozen: null };

/** A write that a plan asks for, before it is made. */
export type Candidate = Pick<Crossing, 'to' | 'print'>;

/** The memory with what crosses now (SPEC M1). */
export function rememberCrossings(memory: PingPong | undefined, candidates: readonly Candidate[], at: number): PingPong {
  const { crossings, frozen } = memory ?? NOTHING;
  const recent = crossings.filter((crossing) => crossing.at > at - PING_PONG_WINDOW_MS);
  const now = candidates.map(({ to, print }) => ({ at, to, print, returned: isReturn(recent, { to, print }) }));
  return { crossings: [...recent, ...now].slice(-MOST_CROSSINGS), frozen };
}

const isReturn = (earlier: readonly Crossing[], { to, print }: Candidate): boolean =>
  earlier.some((crossing) => crossing.to === to && crossing.print === print);

/** Longer than a write takes from its plan until the target has done it. */
const WRITE_TAKES_MS = 60_000;

/**
 * Until when a value that came back on that side may be our own doing (epoch ms): of two values that crossed to it lately the second can be
 * what stood there before the first (SPEC F10). 0: at no time.
 */
export function ownReturnsUntil(memory: PingPong | undefined, side: Side): number {
  const crossings = memory?.crossings.filter(({ to }) => to === side) ?? [];
  return crossings.length < 2 ? 0 : (crossings.at(-1)?.at ?? 0) + WRITE_TAKES_MS;
}

/** Whether these writes would be one turn too many of a fight (SPEC M1, M2). */
export function goesBackAndForth(memory: PingPong | undefined, candidates: readonly Candidate[], at: number): boolean {
  const { crossings } = memory ?? NOTHING;
  const recent = crossings.filter((crossing) => crossing.at > at - PING_PONG_WINDOW_MS);
  if (!candidates.some((candidate) => isReturn(recent, candidate))) return false;
  const returns = [
    ...recent,
    ...rememberCrossings({ crossings: recent, frozen: null }, candidates, at).crossings.slice(-candidates.length),
  ].filter(({ returned }) => returned).length;
  const sides = new Set([...recent, ...candidates].map(({ to }) => to));
  return returns >= (sides.size > 1 ? RETURNS_OF_A_FIGHT.bothSides : RETURNS_OF_A_FIGHT.oneSide);
}

/** The memory of a piece that is frozen now. What crossed before does not count again after the rest (SPEC M3). */
export function freeze(memory: PingPong | undefined, at: number): PingPong {
  const last = memory?.frozen ?? null;
  const again = last !== null && at < last.at + restAfter(last.times) + FORGET_AFTER_MS;
  return { crossings: [], frozen: { times: again ? last.times + 1 : 1, at } };
}

const restAfter = (times: number): number => Math.min(FIRST_REST_MS * 2 ** Math.min(times - 1, 10), LONGEST_REST_MS);

/** How long a piece rests that was frozen for the last time as this memory says. */
export const restOf = (memory: PingPong | undefined): number => restAfter(memory?.frozen?.times ?? 1);

/** When a piece goes on that is parked since then. Its time was moved if a person asked to try it again: then at once (SPEC M3). */
export const thawAfter = (memory: PingPong | undefined, since: number): number =>
  memory?.frozen != null && Math.abs(memory.frozen.at - since) >= 1 ? since : since + restOf(memory);
