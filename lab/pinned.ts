/** A run that once broke a promise, and what was wrong with the app. It is run with the tests for ever. */
export interface Pinned {
  readonly seed: number;
  readonly why: string;
}

export const PINNED: readonly Pinned[] = [
  { seed: 17, why: 'A copy that was looked up after a lost answer was forgotten when the next read failed, and copied again.' },
  { seed: 27, why: 'A turn that had to wait counted what it had looked at as seen, so that what was told again was dropped.' },
  { seed: 42, why: 'The same, with a label.' },
  { seed: 102, why: 'The database went away at the end of a turn.' },
];
