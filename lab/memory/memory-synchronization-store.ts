import type { SynchronizationId, TenantId } from '../../app/core/ids.ts';
import { SIDES } from '../../app/core/side.ts';
import type { Clock } from '../../app/platform/clock.ts';
import type { Synchronization, SynchronizationStore } from '../../app/sync/ports.ts';
import { followStart, forgetScans } from './memory-scans.ts';
import { frozenCopy, nameOf, type Tables } from './tables.ts';

/** A side that moved to another space begins to count its items anew. */
const followSpaces = (tables: Tables, { tenantId, synchronizationId, sides }: Synchronization): void => {
  for (const side of SIDES) {
    const name = nameOf(tenantId, synchronizationId, side);
    const { projectKey } = sides[side];
    if (tables.itemNumbers.get(name)?.projectKey !== projectKey) tables.itemNumbers.set(name, { projectKey, highest: 0 });
  }
};

/** Its rows in all tables: known by the beginning of their names, or by what they say. */
const removeAll = (tables: Tables, tenantId: TenantId, synchronizationId: SynchronizationId): void => {
  const name = nameOf(tenantId, synchronizationId);
  tables.synchronizations.delete(name);
  tables.listening.delete(name);
  tables.itemsSince.delete(name);
  tables.retryWatches.delete(name);
  forgetScans(tables);
  const named: readonly [Pick<Set<string>, 'keys' | 'delete'>, string][] = [
    [tables.itemNumbers, `${name} `],
    [tables.pairsByItem, `${name} `],
    [tables.inbox, `${name} `],
    [tables.unpairedLooks, `${name} `],
    [tables.foundLate, `${name} `],
    [tables.brakes, `${name} `],
    [tables.riskyChanges, `${name} `],
    // The key of a lane begins with its synchronization.
    [tables.lanes, `${name}:`],
    [tables.openEffects, `${name}:`],
  ];
  for (const [rows, beginning] of named) {
    for (const key of rows.keys()) if (key.startsWith(beginning)) rows.delete(key);
  }
  for (const rows of [tables.pairs, tables.kept, tables.effects, tables.history]) {
    for (const [key, row] of rows) {
      if (row.tenantId !== tenantId || row.synchronizationId !== synchronizationId) continue;
      rows.delete(key);
      tables.pieces.delete(key);
    }
  }
};

const A_MINUTE = 60_000;
const HOLDING: ReadonlySet<Synchronization['state']> = new Set(['requested', 'stopped', 'running']);

const spacesOf = ({ sides }: Synchronization): string =>
  SIDES.map((side) => nameOf(sides[side].siteTenantId, sides[side].connectionId, sides[side].projectId))
    .sort()
    .join();

const askedAt = ({ request, createdAt }: Synchronization): number => request?.askedAt ?? createdAt;

const tiesAtTheSameMoment = (other: Synchronization, one: Synchronization): boolean =>
  other.synchronizationId !== one.synchronizationId &&
  HOLDING.has(other.state) &&
  askedAt(other) > askedAt(one) - A_MINUTE &&
  spacesOf(other) === spacesOf(one);

type Remove = Parameters<SynchronizationStore['remove']>;

/** Whether it is what somebody read: in one of those states, with the same content, sent at the same time. */
const isStill = (written: Synchronization, from: Remove[2], readAs: Remove[3]): boolean =>
  from?.includes(written.state) !== false &&
  (readAs === undefined ||
    (written.configurationVersion === readAs.configurationVersion && written.request?.askedAt === readAs.request?.askedAt));

/** Synchronizations in memory. A new configuration raises `configurationVersion` by one. */
export const createMemorySynchronizationStore = (tables: Tables, clock: Pick<Clock, 'now'>): SynchronizationStore => {
  const { synchronizations } = tables;
  const isTied = (one: Synchronization): boolean =>
    [...synchronizations.values()].some((other) => tiesAtTheSameMoment(other, one));
  return {
    read: async (tenantId, synchronizationId) => synchronizations.get(nameOf(tenantId, synchronizationId)) ?? null,
    listOfSite: async (siteTenantId) =>
      [...synchronizations.values()]
        .filter(({ sides }) => SIDES.some((side) => sides[side].siteTenantId === siteTenantId))
        .sort((a, b) => a.createdAt - b.createdAt || (a.synchronizationId < b.synchronizationId ? -1 : 1)),
    async insert(synchronization) {
      synchronizations.set(nameOf(synchronization.tenantId, synchronization.synchronizationId), frozenCopy(synchronization));
      followSpaces(tables, synchronization);
      followStart(tables, clock.now(), undefined, synchronization);
    },
    async insertUnlessTied(synchronization) {
      const { tenantId, synchronizationId } = synchronization;
      if (synchronizations.has(nameOf(tenantId, synchronizationId)) || isTied(synchronization)) return false;
      await this.insert(synchronization);
      return true;
    },
    async update(tenantId, synchronizationId, change, from, readAs) {
      const name = nameOf(tenantId, synchronizationId);
      const before = synchronizations.get(name);
      if (before === undefined || !isStill(before, from, readAs)) return false;
      const configurationVersion = before.configurationVersion + (change.configuration === undefined ? 0 : 1);
      const after = Object.freeze({ ...before, ...frozenCopy(change), configurationVersion });
      if (before.request?.askedAt !== after.request?.askedAt && isTied(after)) return false;
      synchronizations.set(name, after);
      followSpaces(tables, after);
      followStart(tables, clock.now(), before, after);
      return true;
    },
    async expireRequests(tenantId, sentUntil) {
      const expired = [...synchronizations.entries()].flatMap(([name, one]) =>
        one.tenantId === tenantId && one.state === 'requested' && one.request !== null && one.request.askedAt <= sentUntil
          ? [[name, Object.freeze({ ...one, state: 'expired' as const })] as const]
          : [],
      );
      for (const [name, one] of expired) synchronizations.set(name, one);
      return expired.map(([, one]) => one);
    },
    async remove(tenantId, synchronizationId, from, readAs) {
      const found = synchronizations.get(nameOf(tenantId, synchronizationId));
      if (found === undefined) return true;
      if (!isStill(found, from, readAs)) return false;
      removeAll(tables, tenantId, synchronizationId);
      return true;
    },
  };
};
