import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import {
  type Candidate,
  freeze,
  goesBackAndForth,
  MOST_CROSSINGS,
  PING_PONG_WINDOW_MS,
  type PingPong,
  rememberCrossings,
  restOf,
} from './ping-pong.ts';
import { otherSide, type Side } from './side.ts';

const SECOND = 1000;
const HOUR = 60 * 60_000;

/** `Bx`: the value x is written to B. */
const crossing = (sketch: string): Candidate => ({ to: sketch[0] as Side, print: sketch.slice(1) });

/** Lets values cross one after the other; which of them was the first to be held back (0 is the first), or null. */
function frozenAt(sketches: readonly string[], everyMs = 5 * SECOND): number | null {
  let memory: PingPong | undefined;
  for (const [n, sketch] of sketches.entries()) {
    const at = 1_000_000 + n * everyMs;
    if (goesBackAndForth(memory, [crossing(sketch)], at)) return n;
    memory = rememberCrossings(memory, [crossing(sketch)], at);
  }
  return null;
}

const rounds = (count: number, ...round: readonly string[]): string[] => Array.from({ length: count }, () => round).flat();

describe('a value that goes back and forth', () => {
  it.each([
    ['nothing ever returns', ['Bx', 'By', 'Bz', 'Ax', 'Ay'], null],
    ['a person who changes her mind twice', ['Bx', 'By', 'Bx', 'By', 'Bx'], null],
    ['two people of different minds, who notice', ['Bx', 'Ay', 'Bx', 'Ay'], null],
    ['two automations, each with its own value', rounds(9, 'Bx', 'Ay'), 5],
    ['two automations, of which one has two values', rounds(9, 'Bx', 'Ay', 'Bz', 'Ay'), 6],
    ['a ring of synchronizations, seen from one of them', rounds(9, 'Bx', 'By'), 8],
    ['a ring in which three values chase each other', rounds(9, 'Bx', 'By', 'Bz'), 9],
    ['a value that comes back to the side it left from', rounds(9, 'Bx', 'Ax'), 5],
  ])('[M1, M2] %s', (_title, sketches, expected) => {
    expect(frozenAt(sketches)).toBe(expected);
  });

  it('[M2] counts only what crossed within the window', () => {
    const slow = PING_PONG_WINDOW_MS / 3;
    expect(frozenAt(rounds(20, 'Bx', 'Ay'), slow)).toBeNull();
    expect(frozenAt(rounds(20, 'Bx', 'Ay'), PING_PONG_WINDOW_MS / 8)).toBe(5);
  });

  it('[M1] counts what one plan writes to both sides', () => {
    let memory: PingPong | undefined;
    const both = (n: number) => [crossing(n % 2 === 0 ? 'Ax' : 'Ay'), crossing(n % 2 === 0 ? 'Bx' : 'By')];
    let turns = 0;
    while (!goesBackAndForth(memory, both(turns), turns)) memory = rememberCrossings(memory, both(turns), turns++);
    expect(turns).toBe(3);
  });

  const value = fc.constantFrom('u', 'v', 'w', 'x', 'y', 'z');
  const side = fc.constantFrom<Side>('A', 'B');

  it('[M2] never fires for a history in which no value returns', () => {
    fc.assert(
      fc.property(fc.array(side, { maxLength: 40 }), (sides) => {
        expect(frozenAt(sides.map((to, n) => `${to}value-${n}`))).toBeNull();
      }),
      runs(100),
    );
  });

  it('[M2] never fires before the fourth return, whatever crosses', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(side, value), { maxLength: 30 }), (crossed) => {
        const at = frozenAt(crossed.map(([to, print]) => to + print));
        const before = crossed.slice(0, (at ?? -1) + 1).map(([to, print]) => to + print);
        const returns = before.filter((one, n) => before.slice(0, n).includes(one)).length;
        expect(at === null || returns >= 4).toBe(true);
      }),
      runs(100),
    );
  });

  it('[M2] always fires for two automations, whatever their values, whoever begins, after any history', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(side, value), { maxLength: 20 }),
        side,
        fc.uniqueArray(value, { minLength: 2, maxLength: 2 }),
        (history, begins, [mine = '', theirs = '']) => {
          const fight = rounds(6, begins + mine, otherSide(begins) + theirs);
          expect(frozenAt([...history.map(([to, print]) => to + print), ...fight])).not.toBeNull();
        },
      ),
      runs(100),
    );
  });

  it('[M1] remembers eight crossings at most, none older than the window, and no content', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(side, value, fc.nat(PING_PONG_WINDOW_MS)), { maxLength: 40 }), (crossed) => {
        let memory: PingPong | undefined;
        let at = 0;
        for (const [to, print, later] of crossed) {
          at += later;
          memory = rememberCrossings(memory, [{ to, print }], at);
          expect(memory.crossings.length).toBeLessThanOrEqual(MOST_CROSSINGS);
          expect(memory.crossings.every((one) => one.at > at - PING_PONG_WINDOW_MS)).toBe(true);
        }
      }),
      runs(100),
    );
  });
});

describe('a frozen piece', () => {
  it('[M3] rests an hour, twice as long each time in a row, a day at most', () => {
    let memory: PingPong | undefined;
    let at = 0;
    const rests: number[] = [];
    for (let times = 0; times < 7; times++) {
      memory = freeze(memory, at);
      rests.push(restOf(memory) / HOUR);
      at += restOf(memory) + HOUR;
    }
    expect(rests).toEqual([1, 2, 4, 8, 16, 24, 24]);
  });

  it('[M3] begins with an hour again after a quiet day', () => {
    const memory = freeze(freeze(undefined, 0), 2 * HOUR);
    expect(restOf(memory)).toBe(2 * HOUR);
    expect(restOf(freeze(memory, 2 * HOUR + restOf(memory) + 25 * HOUR))).toBe(HOUR);
  });

  it('[M3] has a clean slate after its rest: what crossed before does not count', () => {
    let memory: PingPong | undefined;
    for (let n = 0; n < 5; n++) memory = rememberCrossings(memory, [crossing(n % 2 === 0 ? 'Bx' : 'Ay')], n);
    expect(goesBackAndForth(memory, [crossing('Ay')], 5)).toBe(true);
    expect(goesBackAndForth(freeze(memory, 5), [crossing('Ay')], 6)).toBe(false);
  });
});
