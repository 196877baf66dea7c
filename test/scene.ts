import type { Issue } from '../simulator/heart/site.ts';
import { type Person, personOn, twinOf } from './person.ts';
import { startTurnsByHand, type TurnsByHand } from './turns-by-hand.ts';
import { startTwoSites, type TwoSites, type TwoSitesOptions } from './two-sites.ts';

/** SUP and ENG are in step, there is a person on each side, and the test takes each turn itself. */
export interface Scene {
  readonly two: TwoSites;
  readonly hand: TurnsByHand;
  /** At acme, side A. */
  readonly priya: Person;
  /** At globex, side B. */
  readonly noah: Person;
  /** An item of SUP, as it was made with these fields, and its twin. */
  aPair(fields: Readonly<Record<string, unknown>>): Promise<{ a: Issue; b: Issue }>;
  close(): Promise<void>;
}

export async function startScene(options: Omit<TwoSitesOptions, 'role'> = {}): Promise<Scene> {
  const two = await startTwoSites({ ...options, role: 'web' });
  const hand = await startTurnsByHand(two);
  const { acme, globex } = two.world.sites;
  const priya = personOn(acme, 'Priya Raman');
  return {
    two,
    hand,
    priya,
    noah: personOn(globex, 'Noah Becker'),
    async aPair(fields) {
      const a = priya.create('SUP', 'Task', fields);
      await hand.workOff();
      return { a, b: twinOf(globex, a) };
    },
    async close() {
      await hand.close();
      await two.close();
    },
  };
}
