import { type Result, succeed } from '../core/failure.ts';
import type { Item } from '../core/item.ts';
import type { Observation } from '../core/observation.ts';
import type { Subject } from './create-twin.ts';
import type { Turn } from './turn.ts';
import { toldOf } from './view-told.ts';

/**
 * An item that has no twin yet: as a list showed it (E2), or as the events since its creation told, if they tell all that a twin needs; else
 * read (SPEC O8).
 * @param doubtful an earlier turn was broken off
 */
export async function observeSubject(turn: Turn, doubtful: boolean): Promise<Result<Subject>> {
  const { claim, jiras } = turn;
  const { side, issueId } = claim.subject;
  const listed = doubtful || claim.attempts > 0 ? null : listedItem(turn);
  if (listed !== null) return succeed({ item: listed, whole: true });
  const told = doubtful || claim.attempts > 0 ? null : await toldItem(turn);
  if (told !== null) return succeed({ item: told, whole: false });
  const read = await jiras[side].readItem(issueId, turn.asked);
  return read.ok ? succeed({ item: read.value, whole: true }) : read;
}

/** Whatever an event told besides is newer, or may be: then the list does not count. */
function listedItem({ claim, memory, ports }: Turn): Item | null {
  const { side, issueId } = claim.subject;
  const [told, ...more] = claim.told;
  if (told === undefined || told.sealed === null || told.side !== side || more.length > 0) return null;
  const item = ports.openListed(memory.synchronization.sides[side].siteTenantId, told.sealed);
  return item?.issueId === issueId && !memory.synchronization.configuration.strict ? item : null;
}

/**
 * Null when the item has to be read: something happened to it that the events do not tell whole, its texts are not told, or it could be
 * a twin whose creation is just under way, which only the mark on it tells.
 */
async function toldItem(turn: Turn): Promise<Item | null> {
  const { claim, memory, ports } = turn;
  const { side, issueId, synchronizationId } = claim.subject;
  const { configuration } = memory.synchronization;
  const observations: Observation[] = [];
  for (const one of toldOf(turn, side, [])) {
    if (one.kind !== 'observation') return null;
    observations.push(one.observation);
  }
  const last = observations.toSorted((a, b) => a.updatedAt - b.updatedAt).at(-1);
  const isComplete = observations.some(({ event }) => event === 'created');
  if (last === undefined || !isComplete || configuration.strict) return null;
  if (configuration.fields.some(({ field }) => last.richFilled.includes(field))) return null;
  if (await ports.turns.isMakingItems(claim.tenantId, synchronizationId, side)) return null;
  // A creation can have ended between our first look at the pairs and the question above: then the pair is there by now.
  if ((await ports.turns.read(claim))?.pair !== null) return null;
  return asItem(last, issueId);
}

/** What no event says is not there yet: no comments, and no mark, since nobody but us makes marked items. */
const asItem = (observation: Observation, issueId: Item['issueId']): Item => ({
  issueId,
  issueKey: observation.issueKey,
  projectId: observation.projectId,
  type: observation.type,
  status: observation.status,
  createdAt: observation.createdAt,
  updatedAt: observation.updatedAt,
  fields: observation.fields,
  changedAt: new Map(observation.changes.map(({ field, at }) => [field, at])),
  changes: observation.changes,
  comments: [],
  transitions: null,
  twinMarks: [],
});
