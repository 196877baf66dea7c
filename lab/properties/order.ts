import type { Evidence } from '../evidence.ts';
import { across, COUPLE_SIDES, type CoupleSide } from '../sites.ts';
import type { Deed } from '../witness.ts';
import type { Property } from './property.ts';
import { livingPairs, nameOf, type TwinPair } from './twins.ts';

/** Values that no two acts ever have in common. */
const UNIQUE = ['summary', 'description'];

interface Value {
  readonly name: string;
  readonly value: string;
}

const valuesOf = ({ fields, comment, kind }: Deed): Value[] => [
  ...UNIQUE.flatMap((field) =>
    fields[field] === undefined || fields[field] === '' ? [] : [{ name: field, value: fields[field] }],
  ),
  ...(comment === null || kind === 'comment-deleted' ? [] : [{ name: comment.token, value: comment.text }]),
];

/** What the app wrote on that side, each with the place at which somebody on the other side had written it. */
function reversals(evidence: Evidence, pair: TwinPair, side: CoupleSide): string[] {
  const own = evidence.deeds.filter((deed) => deed.couple === pair.couple && deed.issueId === pair[deed.side].id);
  const writtenAt = new Map<string, number>();
  const newest = new Map<string, { at: number; value: string }>();
  const found: string[] = [];
  for (const deed of own) {
    for (const { name, value } of valuesOf(deed)) {
      const key = `${name} ${value}`;
      if (deed.by === 'person' && deed.side === across(side)) writtenAt.set(key, deed.nth);
      if (deed.by !== 'app' || deed.side !== side) continue;
      const at = writtenAt.get(key);
      const before = newest.get(name);
      if (at === undefined) continue;
      if (before !== undefined && at < before.at)
        found.push(`${nameOf(pair)}: ${side} showed “${value}” after “${before.value}”, which was newer`);
      else newest.set(name, { at, value });
    }
  }
  return found;
}

export const order: Property = {
  name: 'order',
  promise:
    'No side ever shows, after a newer value from the other side, an older one; a worker that lost its lane writes nothing.',
  check: (evidence) => [
    ...livingPairs(evidence).flatMap((pair) => COUPLE_SIDES.flatMap((side) => reversals(evidence, pair, side))),
    ...evidence.voidWrites.map((lane) => `a claim of the lane ${lane} was written though a newer one had made it void`),
  ],
};
