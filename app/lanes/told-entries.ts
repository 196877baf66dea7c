import type { Claim, SealedTold } from '../sync/ports.ts';

/*
 * What a lane was told, as its row keeps it: `A:` and what an event on side A told, sealed; or `A:look`. No sealed text is `look`: it
 * has a form of its own (connections/secret-box.ts). SQL writes the same form (lane-statements.ts).
 */

const LOOK = 'look';

/** As it stands in the row. */
export const writeToldEntry = ({ side, sealed }: SealedTold): string => `${side}:${sealed ?? LOOK}`;

/** About an hour by the waits of SPEC R2: content is not kept for longer than that where nothing comes of it (docs/adr/0004). */
const MOST_ATTEMPTS_TOLD = 20;

/** What a claim was told and its turn, which comes back later, shall be told again; after many failed turns only where to look. */
export const toldAgain = ({ told, attempts }: Pick<Claim, 'told' | 'attempts'>): readonly SealedTold[] =>
  attempts < MOST_ATTEMPTS_TOLD ? told : told.map(({ side }) => ({ side, sealed: null }));

/** The other way round. */
export const readToldEntry = (entry: string): SealedTold => {
  const said = entry.slice(2);
  return { side: entry.startsWith('A') ? 'A' : 'B', sealed: said === LOOK ? null : said };
};
