import { describe, expect, it } from '@jest/globals';
import { SIDES } from './side.ts';
import {
  decideNext,
  holdsItsSpaces,
  NEXT,
  REQUEST_LASTS_MS,
  type SynchronizationEvent,
  type SynchronizationState,
  stateAt,
} from './synchronization-states.ts';

/** Written down a second time, by hand and sideways: `A`, `B`, `AB` may; `-` nobody may. */
const EVENTS = [
  'accept',
  'decline',
  'send-again',
  'start',
  'stop',
  'rename',
  'change-content',
  'settle-conflict',
  'retry',
  'delete',
] as const;
const EXPECTED: Record<SynchronizationState, readonly string[]> = {
  requested: ['B→stopped', 'B→declined', '-', '-', '-', 'A→requested', '-', '-', '-', 'A→gone'],
  declined: ['-', '-', 'A→requested', '-', '-', 'A→declined', 'A→declined', '-', '-', 'AB→gone'],
  expired: ['-', '-', 'A→requested', '-', '-', 'A→expired', 'A→expired', '-', '-', 'AB→gone'],
  stopped: ['-', '-', '-', 'AB→running', 'AB→stopped', 'AB→stopped', 'AB→stopped', '-', '-', 'AB→gone'],
  running: ['-', '-', '-', 'AB→running', 'AB→stopped', 'AB→running', 'AB→running', 'AB→running', 'AB→running', '-'],
};

const rows = (Object.keys(EXPECTED) as SynchronizationState[]).flatMap((state) =>
  EVENTS.map((event, at) => [state, event, EXPECTED[state][at] ?? 'missing'] as const),
);

const shown = (state: SynchronizationState, event: SynchronizationEvent): string => {
  const decisions = SIDES.map((side) => ({ side, decision: decideNext(state, event, side) }));
  const who = decisions
    .filter(({ decision }) => decision.kind === 'allowed')
    .map(({ side }) => side)
    .join('');
  const [to] = decisions.flatMap(({ decision }) => (decision.kind === 'allowed' ? [decision.to] : []));
  return to === undefined ? '-' : `${who}→${to}`;
};

describe('[S4] [S5] [S6] [S7] [S8] who may do what, and what comes of it', () => {
  it.each(rows)('%s, %s: %s', (state, event, expected) => expect(shown(state, event)).toBe(expected));

  it('covers the whole table', () => {
    const cells = Object.values(NEXT).flatMap((events) => Object.keys(events));
    expect(cells).toHaveLength(rows.length);
  });

  it('tells the wrong side from the wrong moment', () => {
    expect(decideNext('requested', 'accept', 'A')).toEqual({ kind: 'refused', because: 'side' });
    expect(decideNext('running', 'accept', 'B')).toEqual({ kind: 'refused', because: 'state' });
  });
});

it('[S5] nothing runs that the partner has not accepted', () => {
  const intoRunning = (Object.keys(NEXT) as SynchronizationState[]).filter((state) =>
    Object.values(NEXT[state]).some((verdict) => verdict?.to === 'running'),
  );
  const intoStopped = (Object.keys(NEXT) as SynchronizationState[]).filter((state) =>
    Object.values(NEXT[state]).some((verdict) => verdict?.to === 'stopped'),
  );
  expect(intoRunning).toEqual(['stopped', 'running']);
  expect(intoStopped).toEqual(['requested', 'stopped', 'running']);
  expect(NEXT.requested.accept?.by).toBe('B');
});

describe('[S9] a request that nobody answers', () => {
  const asked = 1_800_000_000_000;
  const states = Object.keys(NEXT) as SynchronizationState[];

  it('expires after 30 days, to the millisecond', () => {
    expect(REQUEST_LASTS_MS).toBe(30 * 24 * 60 * 60 * 1000);
    expect(stateAt('requested', asked, asked + REQUEST_LASTS_MS - 1)).toBe('requested');
    expect(stateAt('requested', asked, asked + REQUEST_LASTS_MS)).toBe('expired');
  });

  it.each(states.filter((state) => state !== 'requested'))('%s does not expire', (state) =>
    expect(stateAt(state, asked, asked + 10 * REQUEST_LASTS_MS)).toBe(state),
  );

  it('leaves its spaces free for another one, as a declined one does', () => {
    expect(states.filter(holdsItsSpaces)).toEqual(['requested', 'stopped', 'running']);
  });
});
