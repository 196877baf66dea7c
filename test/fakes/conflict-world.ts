import { type Failure, fail, type Result, succeed } from '../../app/core/failure.ts';
import type { FieldId, IssueId, KeptId, SynchronizationId } from '../../app/core/ids.ts';
import type { FieldValue, Item, Transition } from '../../app/core/item.ts';
import type { PieceBase } from '../../app/core/piece.ts';
import { SIDES, type Side } from '../../app/core/side.ts';
import type { ConflictJira, ConflictPorts } from '../../app/sync/conflict-ports.ts';
import type { KeptValue, Pair, Synchronization } from '../../app/sync/ports.ts';
import type { Caller } from '../../app/sync/set-up-ports.ts';
import { createMemoryLedger, type MemoryLedger } from '../../lab/memory/memory-ledger.ts';
import {
  buildHistoryLine,
  buildPair,
  buildRecord,
  buildSynchronization,
  SUMMARY,
  synchronizationId,
} from '../contract/ledger-world.ts';
import { buildConfiguration, buildItem } from '../factories/core.ts';
import { createSetUpWorld, type SetUpSite, type SetUpWorld } from './set-up-world.ts';

const DAY_MS = 86_400_000;

/** The item that each side of the pair has, and what happens to writes. */
export interface ConflictSite {
  item: Item | null;
  transitions: readonly Transition[];
  /** What every write answers instead of being carried out. */
  refusal: Failure | null;
  /** What every write answers although it was carried out. */
  lostAnswer: boolean;
  /** The writes that were carried out. */
  readonly writes: string[];
}

/** A running synchronization of SUP and ENG with one pair, to which conflicts happened. */
export interface ConflictWorld {
  readonly setUp: SetUpWorld;
  readonly ledger: MemoryLedger;
  readonly ports: ConflictPorts;
  readonly sites: Readonly<Record<Side, ConflictSite>>;
  readonly synchronizationId: SynchronizationId;
  /** Administrators of the two spaces, and of a space that takes no part. */
  readonly ann: Caller;
  readonly ben: Caller;
  readonly stranger: Caller;
  /** A turn recorded this; answers with the ids of all values that are kept then. */
  record(of: { kept?: readonly KeptValue[]; pieces?: ReadonlyMap<typeof SUMMARY, PieceBase> }): Promise<readonly KeptId[]>;
  change(change: Partial<Pick<Synchronization, 'state' | 'configuration'>>): Promise<void>;
}

const siteOf = (side: Side, projectId: Item['projectId']): ConflictSite => ({
  item: {
    ...buildItem({ fields: { summary: `Summary of ${side}` }, site: side }),
    issueId: buildPair().issueIds[side],
    projectId,
  },
  transitions: [],
  refusal: null,
  lostAnswer: false,
  writes: [],
});

const withField = (item: Item, field: FieldId, value: FieldValue): Item => ({
  ...item,
  fields: new Map([...item.fields, [field, value]]),
});

type ItemCalls = Pick<ConflictJira, 'readItem' | 'writeFields' | 'readTransitions' | 'applyTransition' | 'editComment'>;

function itemCallsOf(site: ConflictSite): ItemCalls {
  const theItem = (issueId: IssueId): Result<Item> =>
    site.item?.issueId === issueId ? succeed(site.item) : fail({ kind: 'missing' });
  const write = async <T>(issueId: IssueId, what: string, change: (item: Item) => readonly [Item, T]): Promise<Result<T>> => {
    const found = theItem(issueId);
    if (!found.ok) return found;
    if (site.refusal !== null) return fail(site.refusal);
    const [item, answer] = change(found.value);
    site.item = item;
    site.writes.push(what);
    return site.lostAnswer ? fail({ kind: 'uncertain', detail: 'no answer' }) : succeed(answer);
  };
  return {
    readItem: async (issueId, fields) => {
      const found = theItem(issueId);
      if (!found.ok) return found;
      const shown = [...found.value.fields].filter(([field]) => fields.includes(field));
      return succeed({ ...found.value, fields: new Map(shown) });
    },
    writeFields: (issueId, writes, _asked, trace) =>
      write(issueId, `${writes.map(({ field }) => field).join()} traced ${trace}`, (item) => {
        const after = writes.reduce(
          (now, { field, value }) => (value.kind === 'set-change' ? now : withField(now, field, value)),
          item,
        );
        return [after, after];
      }),
    readTransitions: async () => succeed(site.transitions),
    applyTransition: (issueId, transitionId, trace) =>
      write(issueId, `transition ${transitionId} traced ${trace}`, (item) => {
        const status = site.transitions.find(({ id }) => id === transitionId)?.to ?? item.status;
        return [{ ...item, status }, null];
      }),
    editComment: (issueId, commentId, body, trace) =>
      write(issueId, `comment ${commentId} traced ${trace}`, (item) => {
        const [edited, ...others] = item.comments;
        if (edited === undefined) throw new Error('The item has no comment.');
        return [
          { ...item, comments: [{ ...edited, body }, ...others] },
          { ...edited, body },
        ];
      }),
  };
}

const addressOf = ({ address, spaces }: SetUpSite, projectKey: string): Synchronization['sides']['A'] => {
  const projectId = spaces.get(projectKey)?.shape.projectId;
  if (projectId === undefined) throw new Error(`There is no space ${projectKey}.`);
  return { siteTenantId: address.siteTenantId, connectionId: address.connectionId, projectId, projectKey };
};

export async function createConflictWorld(): Promise<ConflictWorld> {
  const setUp = createSetUpWorld();
  const { clock, makeId } = setUp.ports;
  const ledger = createMemoryLedger({ clock, makeId, onWake: () => undefined });
  const sides = { A: addressOf(setUp.acme, 'SUP'), B: addressOf(setUp.globex, 'ENG') };
  const sites = { A: siteOf('A', sides.A.projectId), B: siteOf('B', sides.B.projectId) };
  const tenantId = sides.A.siteTenantId;
  const pair: Pair = buildPair({ tenantId });
  const configuration = buildConfiguration({
    fields: ['summary'],
    status: { direction: 'both', conflict: 'newest', map: [] },
    comments: { direction: 'both', authorLine: true },
  });
  await ledger.synchronizations.insert(buildSynchronization({ tenantId, sides, configuration }));
  return {
    setUp,
    ledger,
    sites,
    synchronizationId: synchronizationId(1),
    ann: setUp.caller(setUp.acme, 'SUP', 'ann'),
    ben: setUp.caller(setUp.globex, 'ENG', 'ben'),
    stranger: setUp.caller(setUp.acme, 'LAB', 'ann'),
    ports: {
      sites: {
        reach: async (siteTenantId, connectionId) => {
          const space = await setUp.ports.sites.reach(siteTenantId, connectionId);
          const side = SIDES.find((one) => sides[one].siteTenantId === siteTenantId);
          return space === null || side === undefined ? null : { ...space, ...itemCallsOf(sites[side]) };
        },
      },
      settings: setUp.ports.settings,
      synchronizations: ledger.synchronizations,
      kept: ledger.kept,
      conflicts: ledger.conflicts,
      audit: setUp.ports.audit,
      clock,
      openValue: (of, sealed) => (sealed.startsWith(`${of} `) ? (JSON.parse(sealed.slice(of.length)) as FieldValue) : null),
    },
    async record({ kept = [], pieces = new Map() }) {
      const subject = { synchronizationId: synchronizationId(1), side: pair.originSide, issueId: pair.issueIds[pair.originSide] };
      await ledger.lanes.wake(tenantId, [subject]);
      const [claim] = await ledger.lanes.claim(1, DAY_MS);
      if (claim === undefined) throw new Error('No lane was due.');
      await ledger.turns.complete(
        claim,
        buildRecord({ pair, pieces, kept, history: [buildHistoryLine({ pairId: pair.pairId })] }),
      );
      const listed = await ledger.kept.list(tenantId, synchronizationId(1), clock.now(), 10);
      return listed.map(({ keptId }) => keptId);
    },
    async change(change) {
      await ledger.synchronizations.update(tenantId, synchronizationId(1), change);
    },
  };
}

/** A value that lost, as a turn records it in this world: "sealed" so that only its tenant opens it. */
export const buildLost = (world: ConflictWorld, value: FieldValue, overrides: Partial<KeptValue> = {}): KeptValue => ({
  piece: SUMMARY,
  side: 'B',
  fingerprint: JSON.stringify(value),
  sealed: `${world.setUp.acme.address.siteTenantId} ${JSON.stringify(value)}`,
  keptAt: world.setUp.time.now,
  until: world.setUp.time.now + 30 * DAY_MS,
  ...overrides,
});
