import type { IssueId, TenantId } from '../../app/core/ids.ts';
import { SIDES, type Side } from '../../app/core/side.ts';
import type { Clock } from '../../app/platform/clock.ts';
import type { Delivery, Inbox, LaneSubject, Receipt, SideAddress, Synchronization } from '../../app/sync/ports.ts';
import { dirtyLane, LATER, LIVE, laneSubjectOf } from './lane-rows.ts';
import { effectName, nameOf, pairOfItem, raiseItemNumber, type Tables } from './tables.ts';

export interface MemoryInboxParts {
  readonly tables: Tables;
  readonly clock: Pick<Clock, 'now'>;
  readonly onWake: () => void;
  /** False: every delivery counts as a new one. */
  readonly deduplicates: boolean;
}

/** A lane concerned, the side at which the event happened, and whether it is only the answer to that synchronization's own write. */
interface Route {
  readonly tenantId: TenantId;
  readonly side: Side;
  readonly lane: LaneSubject;
  readonly isEcho: boolean;
  /** The answer to that synchronization's own write, where that one is told of it, is nobody's edit. */
  readonly priority: number;
}

/** The lane for which that synchronization made the item that the event tells of; its pair may not be recorded yet. */
const madeFor = (
  tables: Tables,
  { tenantId, synchronizationId }: Synchronization,
  side: Side,
  delivery: Delivery,
): LaneSubject | null => {
  if (delivery.madeBy === null || delivery.echoOf !== synchronizationId) return null;
  const made = tables.effects.get(effectName(tenantId, delivery.madeBy));
  if (made?.synchronizationId !== synchronizationId) return null;
  if (made.effect.kind !== 'create-item' || made.effect.target !== side) return null;
  const [, origin, issueId = ''] = made.laneKey.split(':');
  return { synchronizationId, side: origin === 'B' ? 'B' : 'A', issueId: issueId as IssueId };
};

/** Ids of spaces and items are unique within one site only, and a tenant can reach several. */
const isOf = (side: SideAddress, { siteTenantId, connectionId }: Delivery): boolean =>
  side.siteTenantId === siteTenantId && side.connectionId === connectionId;

/** The lanes of one synchronization that an event concerns: the pair's wherever the item is, else its own if it is in the space. */
const routesOf = (tables: Tables, synchronization: Synchronization, delivery: Delivery): readonly Route[] => {
  const { tenantId, synchronizationId, sides } = synchronization;
  const { issueId, projectId, echoOf, tellsWriter } = delivery;
  const places = SIDES.filter((side) => isOf(sides[side], delivery)).map((side) => {
    const made = madeFor(tables, synchronization, side, delivery);
    const isPaired = made !== null || pairOfItem(tables, tenantId, synchronizationId, side, issueId) !== null;
    const lane = made ?? laneSubjectOf(tables, tenantId, { synchronizationId, side, issueId });
    const isAnswer = echoOf === synchronizationId;
    const isEcho = isAnswer && !tellsWriter && made === null;
    return { tenantId, side, lane, isPaired, isEcho, priority: isAnswer && tellsWriter ? LATER : LIVE };
  });
  const paired = places.filter(({ isPaired }) => isPaired);
  return paired.length > 0 ? paired : places.filter(({ side }) => sides[side].projectId === projectId);
};

const raiseNumbers = (tables: Tables, { tenantId, synchronizationId, sides }: Synchronization, delivery: Delivery): void => {
  const { projectId, issueKey } = delivery;
  for (const side of SIDES) {
    if (!isOf(sides[side], delivery) || sides[side].projectId !== projectId || issueKey === null) continue;
    raiseItemNumber(tables, { tenantId, synchronizationId, side, issueKey });
  }
};

/** What another synchronization made carries marks that no event tells: it is looked at. */
const toldTo = ({ synchronizationId }: LaneSubject, { madeBy, echoOf, sealedObservation }: Delivery): string | null =>
  madeBy === null || echoOf === synchronizationId ? sealedObservation : null;

/** The inbox in memory. */
export const createMemoryInbox = ({ tables, clock, onWake, deduplicates }: MemoryInboxParts): Inbox => ({
  async receive(delivery): Promise<Receipt> {
    const { connectionId, deliveryId } = delivery;
    if (deliveryId.includes('\0')) throw new Error('A text with a zero character cannot be stored.');
    const running = [...tables.synchronizations.values()].filter(({ state }) => state === 'running');
    let routes = 0;
    let fresh = 0;
    const woken: Route[] = [];
    for (const synchronization of running) {
      const { tenantId, synchronizationId } = synchronization;
      const found = routesOf(tables, synchronization, delivery);
      raiseNumbers(tables, synchronization, delivery);
      routes += found.length;
      const name = nameOf(tenantId, synchronizationId, connectionId, deliveryId);
      if (found.length === 0 || (deduplicates && tables.inbox.has(name))) continue;
      tables.inbox.add(name);
      fresh += found.length;
      if (found.some(({ isEcho }) => !isEcho)) woken.push(...found);
    }
    const now = clock.now();
    for (const { tenantId, lane, side, priority } of woken) {
      dirtyLane(tables, { tenantId, subject: lane, priority, told: [{ side, sealed: toldTo(lane, delivery) }], now });
    }
    if (routes === 0) return { kind: 'unconcerned' };
    if (fresh === 0) return { kind: 'duplicate' };
    if (woken.length === 0) return { kind: 'echo' };
    onWake();
    return { kind: 'accepted', lanes: woken.length };
  },
});
