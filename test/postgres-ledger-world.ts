import { createInbox } from '../app/lanes/inbox.ts';
import { createLanes } from '../app/lanes/lanes.ts';
import { createQuotaStore } from '../app/lanes/quota-store.ts';
import { turnLanes } from '../app/lanes/turn-lanes.ts';
import { makeRandomId } from '../app/platform/ids.ts';
import { createBrakes } from '../app/store/brakes.ts';
import { createKeptValues } from '../app/store/kept-values.ts';
import { createOpenConflicts } from '../app/store/open-conflicts.ts';
import { createSynchronizationStore } from '../app/store/synchronization-store.ts';
import { createTurnStore } from '../app/store/turn-store.ts';
import type { LedgerWorld } from './contract/ledger-world.ts';
import type { TestDatabase } from './database.ts';

const TABLES =
  'spent_points, gate, quota, heartbeat, site_scan, unpaired_look, found_late, retry_watch, brake, risky_change, history, effect, lane, inbox, kept_value, piece, pair, item_number, participation, synchronization, site_directory, connection, tenant';

/** Empties every table. */
export const clearDatabase = async (database: TestDatabase): Promise<void> => {
  await database.execute(`TRUNCATE ${TABLES} CASCADE`, []);
};

/** The real stores on an emptied database. `onWake` is told what a worker in the same process would be told. */
export const createPostgresLedgerWorld = async (
  database: TestDatabase,
  onWake: () => void = () => undefined,
): Promise<LedgerWorld> => {
  await clearDatabase(database);
  return {
    synchronizations: createSynchronizationStore(database),
    turns: createTurnStore({ database, lanes: turnLanes, makeId: makeRandomId, onWake }),
    inbox: createInbox({ database, onWake }),
    lanes: createLanes({ database, onWake }),
    kept: createKeptValues({ database, makeId: makeRandomId }),
    conflicts: createOpenConflicts({ database, lanes: turnLanes, onWake }),
    quotas: createQuotaStore(database),
    brakes: createBrakes({ database, lanes: turnLanes, makeId: makeRandomId, onWake }),
    async addTenant(tenantId) {
      await database.execute('INSERT INTO tenant (tenant_id) VALUES ($1)', [tenantId]);
    },
    async expireLease({ tenantId, laneKey }) {
      await database.execute(
        'UPDATE lane SET lease_until = now(), due_at = now() WHERE tenant_id = $1 AND lane_key = $2 AND lease_until IS NOT NULL',
        [tenantId, laneKey],
      );
    },
  };
};
