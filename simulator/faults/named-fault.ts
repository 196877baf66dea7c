import type { Random } from '../heart/random.ts';
import type { SimulatedSite } from '../simulated-site.ts';

/** Puts things right again. What happened meanwhile stays: a lost webhook is lost. */
export type Undo = () => void | Promise<void>;

/** One thing that goes wrong in the real world, by name. */
export interface NamedFault {
  readonly name: string;
  /** What happens, for whoever reads a report. */
  readonly what: string;
  /** Makes it happen to a site; whom or what it hits is drawn where there is a choice. Null: the site has nothing that it could hit. */
  apply(site: SimulatedSite, random: Random): Undo | null | Promise<Undo | null>;
}

/** One of a list, drawn; null when it is empty. */
export const draw = <T>(random: Random, all: readonly T[]): T | null => all[Math.floor(random.next() * all.length)] ?? null;
