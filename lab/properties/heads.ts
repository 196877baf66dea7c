import type { CoupleSide } from '../sites.ts';
import { across } from '../sites.ts';

/** A value that somebody gave, or the app wrote, on one side. */
export interface Given {
  readonly nth: number;
  readonly side: CoupleSide;
  readonly by: 'person' | 'app';
  readonly value: string;
}

export type Verdict =
  /** What the last person wrote is there. */
  | { readonly kind: 'last' }
  /** Two people wrote at the same time, neither seeing what the other did; the earlier one's is there. */
  | { readonly kind: 'conflict'; readonly lost: string }
  /** What is there is not what anybody should see. */
  | { readonly kind: 'lost'; readonly lost: string }
  | { readonly kind: 'untouched' };

/** Holds what both sides show in the end against what people gave. `given` in order. */
export function judgeValue(given: readonly Given[], shown: string): Verdict {
  const byPeople = given.filter(({ by }) => by === 'person');
  const last = byPeople.at(-1);
  if (last === undefined) return { kind: 'untouched' };
  if (last.value === shown) return { kind: 'last' };
  const other = byPeople.findLast(({ side }) => side === across(last.side));
  if (other === undefined || other.value !== shown) return { kind: 'lost', lost: last.value };
  const wasSeen = given.some(
    (one) => one.by === 'app' && one.side === last.side && one.value === other.value && one.nth > other.nth && one.nth < last.nth,
  );
  return wasSeen ? { kind: 'lost', lost: last.value } : { kind: 'conflict', lost: last.value };
}
