import { z } from 'zod';
import type { SynchronizationId } from '../core/ids.ts';
import type { Database } from '../platform/database.ts';
import { gather } from '../platform/gather.ts';
import type { Claim, LaneMemory, Synchronization } from '../sync/ports.ts';
import { synchronizationRow } from './synchronization-rows.ts';
import { effectRow, pairRow, pieceRow } from './turn-rows.ts';
import { READ_MEMORIES } from './turn-statements.ts';

/** As many as turns are taken at the same time: more would only make each wait longer. */
const MOST_AT_ONCE = 64;
const MOST_REMEMBERED = 10_000;

const memoryRow = z.object({
  synchronization: z.string().nullable(),
  pair: pairRow.nullable(),
  pieces: z.array(pieceRow),
  effects: z.array(effectRow),
});

/** Parses a synchronization's row. The same text as last time gives the same value as last time: nothing is remembered but parsing. */
const createReading = (): ((id: SynchronizationId, text: string) => Synchronization) => {
  const parsed = new Map<SynchronizationId, { readonly text: string; readonly synchronization: Synchronization }>();
  return (id, text) => {
    const known = parsed.get(id);
    if (known?.text === text) return known.synchronization;
    if (parsed.size >= MOST_REMEMBERED) parsed.clear();
    const synchronization = synchronizationRow.parse(JSON.parse(text));
    parsed.set(id, { text, synchronization });
    return synchronization;
  };
};

const askedRow = ({ laneKey, subject }: Claim, n: number) => ({
  n,
  lane_key: laneKey,
  synchronization_id: subject.synchronizationId,
  side: subject.side,
  issue_id: subject.issueId,
});

/** What turns begin with: one statement for those of a tenant that begin in the same moment. */
export const createMemories = (database: Database): ((claim: Claim) => Promise<LaneMemory | null>) => {
  const readSynchronization = createReading();
  return gather<Claim, LaneMemory | null>({
    groupOf: ({ tenantId }) => tenantId,
    most: MOST_AT_ONCE,
    async work(claims) {
      const tenantId = claims[0]?.tenantId ?? null;
      const rows = await database.rows(READ_MEMORIES, [tenantId, JSON.stringify(claims.map(askedRow))], memoryRow);
      const known = new Map<SynchronizationId, Synchronization>();
      return rows.map(({ synchronization, pair, pieces, effects }, n) => {
        const claim = claims[n];
        if (claim === undefined) return null;
        const { synchronizationId: id } = claim.subject;
        if (synchronization !== null) known.set(id, readSynchronization(id, synchronization));
        const found = known.get(id);
        if (found === undefined) return null;
        return {
          synchronization: found,
          pair,
          pieces: new Map(pieces),
          openEffects: effects,
        };
      });
    },
  });
};
