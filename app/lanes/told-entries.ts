import type { SealedTold } from '../sync/ports.ts';

/*
 * What a lane was told, as its row keeps it: `A:` and what an event on side A told, sealed; or `A:look`. No sealed text is `look`: it
 * has a form of its own (connections/secret-box.ts). SQL writes the same form (lane-statements.ts).
 */

const LOOK = 'look';

export const writeToldEntry = ({ side, sealed }: SealedTold): string => `${side}:${sealed ?? LOOK}`;

export const readToldEntry = (entry: string): SealedTold => {
  const said = entry.slice(2);
  return { side: entry.startsWith('A') ? 'A' : 'B', sealed: said === LOOK ? null : said };
};
