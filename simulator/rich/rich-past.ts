import type { Outcome } from '../heart/outcome.ts';
import type { Actor, Site, User } from '../heart/site.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
/** Later than all that happened in the world `small`. */
const BEGIN_HOURS_AGO = 12;
const STEP_MINUTES = 4;

/** What an action led to; a refused one means that the seed world itself is wrong. */
export const settled = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(`The rich world is not valid: ${JSON.stringify(outcome.refusal)}`);
  return outcome.value;
};

/** A site seen at moments of its past; its state is the site's own. */
export interface Past {
  readonly site: Site;
  /** When the world begins. */
  readonly now: number;
  /** Lets some minutes pass, so that no two actions share a moment. */
  pass(): void;
}

export function pastOf(site: Site): Past {
  const now = site.clock.now();
  let at = now - BEGIN_HOURS_AGO * HOUR;
  return {
    site: { ...site, clock: { now: () => at } },
    now,
    pass: () => {
      at = Math.min(now, at + STEP_MINUTES * MINUTE);
    },
  };
}

export function actorOf(people: readonly User[], position: number): Actor {
  const user = people[position];
  if (user === undefined) throw new Error('The rich world needs its people');
  return { user, through: { kind: 'person' }, trace: null };
}
