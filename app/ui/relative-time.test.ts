import { describe, expect, it } from '@jest/globals';
import { dayOf, fullTime, relativeTime } from './relative-time.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const ago = (ms: number): string => new Date(NOW - ms).toISOString();
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('relativeTime', () => {
  it.each([
    ['a clock that is ahead', -5 * SECOND, 'Just now'],
    ['this moment', 0, 'Just now'],
    ['just under a minute', MINUTE - 1, 'Just now'],
    ['a minute', MINUTE, '1 minute ago'],
    ['just under an hour', HOUR - 1, '59 minutes ago'],
    ['an hour', HOUR, '1 hour ago'],
    ['just under a day', DAY - 1, '23 hours ago'],
    ['a day', DAY, '1 day ago'],
    ['just under thirty days', 30 * DAY - 1, '29 days ago'],
    ['thirty days', 30 * DAY, 'Oct 23, 2026'],
  ])('%s', (_name, age, expected) => {
    expect(relativeTime(ago(age), NOW, 'en', 'Just now')).toBe(expected);
  });

  it('speaks the reader’s language', () => {
    expect(relativeTime(ago(5 * MINUTE), NOW, 'de', 'Gerade eben')).toBe('vor 5 Minuten');
  });

  it('shows what it cannot read as it is', () => {
    expect(relativeTime('yesterday', NOW, 'en', 'Just now')).toBe('yesterday');
    expect(fullTime('yesterday', 'en')).toBe('yesterday');
    expect(dayOf('yesterday', 'en')).toBe('yesterday');
  });

  it('says the day of a moment', () => {
    expect(dayOf('2026-11-22T12:00:00.000Z', 'en')).toBe('Nov 22, 2026');
  });
});
