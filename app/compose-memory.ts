import { z } from 'zod';
import type { ApplicationLinkStore } from './connections/application-link-store.ts';
import type { CredentialStore } from './connections/credential-store.ts';
import { createPostgresApplicationLinkStore } from './connections/postgres-application-link-store.ts';
import { createPostgresConnectionStore } from './connections/postgres-connection-store.ts';
import { createPostgresCredentialStore } from './connections/postgres-credential-store.ts';
import { createInbox } from './lanes/inbox.ts';
import { createLanes } from './lanes/lanes.ts';
import { createQuotaStore } from './lanes/quota-store.ts';
import { turnLanes } from './lanes/turn-lanes.ts';
import type { Clock } from './platform/clock.ts';
import type { Database } from './platform/database.ts';
import { makeRandomId } from './platform/ids.ts';
import type { Logger } from './platform/logger.ts';
import { createTenantWall, type TenantWall } from './platform/tenant-wall.ts';
import { createApiTokens } from './store/api-tokens.ts';
import { createAuditLog } from './store/audit-log.ts';
import { createAuthenticationLinks } from './store/authentication-links.ts';
import { createBackfills } from './store/backfills.ts';
import { createBrakes } from './store/brakes.ts';
import { createKeptValues } from './store/kept-values.ts';
import { createLicences } from './store/licences.ts';
import { createOpenConflicts } from './store/open-conflicts.ts';
import { createParkedStore } from './store/parked-store.ts';
import { createPersonalData } from './store/personal-data.ts';
import { createRetention } from './store/retention.ts';
import { createScanMemory } from './store/scan-memory.ts';
import { createScanSchedule } from './store/scan-schedule.ts';
import { createSetUpStore } from './store/set-up-store.ts';
import { createSettingsStore } from './store/settings-store.ts';
import { createSynchronizationStore } from './store/synchronization-store.ts';
import { createTenants } from './store/tenants.ts';
import { createTermsStore } from './store/terms-store.ts';
import { createTurnStore } from './store/turn-store.ts';
import type { ApiTokenStore } from './sync/api-token-ports.ts';
import type { Audit } from './sync/audit-ports.ts';
import type { AuthenticationLinks } from './sync/authentication-link-ports.ts';
import type { Backfills } from './sync/backfill-ports.ts';
import type { Brakes } from './sync/brake-ports.ts';
import type { KeptValues, OpenConflicts } from './sync/conflict-ports.ts';
import type { ConnectionStore } from './sync/connection-ports.ts';
import type { ParkedStore, Retention, ScanMemory, ScanSchedule } from './sync/healing-ports.ts';
import type { LicenceStore } from './sync/licence-ports.ts';
import type { PersonalData } from './sync/personal-data-ports.ts';
import type { Inbox, Lanes, SynchronizationStore, TurnStore } from './sync/ports.ts';
import type { QuotaStore } from './sync/quota-ports.ts';
import type { SettingsStore, SetUpStore } from './sync/set-up-ports.ts';
import type { Tenants } from './sync/tenant-ports.ts';
import type { TermsStore } from './sync/terms-ports.ts';
import type { FindUnready } from './web/routes/health-get.ts';

/** What is remembered, and the ledger of work. */
export interface Remembered {
  readonly synchronizations: SynchronizationStore;
  readonly lanes: Lanes;
  readonly inbox: Inbox;
  readonly turns: TurnStore;
  readonly kept: KeptValues;
  readonly conflicts: OpenConflicts;
  readonly brakes: Brakes;
  readonly schedule: ScanSchedule;
  readonly quotas: QuotaStore;
  readonly scans: ScanMemory;
  readonly parked: ParkedStore;
  /** Null: existing items are found by overlap scans. */
  readonly backfills: Backfills | null;
  /** Null where nothing is kept for long. */
  readonly retention: Retention | null;
  readonly connections: ConnectionStore;
  readonly setUps: SetUpStore;
  readonly settings: SettingsStore;
  readonly terms: TermsStore;
  readonly tokens: ApiTokenStore;
  readonly audit: Audit;
  /** Null: nobody needs a licence. */
  readonly licences: LicenceStore | null;
  /** Null: nobody ever leaves. */
  readonly tenants: Tenants | null;
  /** Null: no account of a person is stored. */
  readonly personalData: PersonalData | null;
  /** Null: there are no sites without the app. */
  readonly remote: RemoteMemory | null;
  /** What of it cannot be reached now. */
  readonly findUnready: FindUnready;
}

/** What getting into sites without the app needs, besides `connections`. */
export interface RemoteMemory {
  readonly credentials: CredentialStore;
  readonly applicationLinks: ApplicationLinkStore;
  readonly authenticationLinks: AuthenticationLinks;
}

export interface Memory extends Remembered {
  /** The same for what callers of the API ask for: behind the wall of their tenant, and only within `behindWall` (docs/adr/0011). */
  readonly requests: Remembered;
  readonly behindWall: TenantWall['run'];
}

export interface MemoryParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onWake: () => void;
}

/** All of it on Postgres. */
export function openPostgres(parts: MemoryParts): Memory {
  const wall = createTenantWall(parts.database);
  return { ...rememberOn(parts), requests: rememberOn({ ...parts, database: wall.database }), behindWall: wall.run };
}

const rememberOn = ({ database, clock, logger, onWake }: MemoryParts): Remembered => ({
  synchronizations: createSynchronizationStore(database),
  lanes: createLanes({ database, onWake }),
  inbox: createInbox({ database, onWake }),
  turns: createTurnStore({ database, lanes: turnLanes, makeId: makeRandomId, onWake }),
  kept: createKeptValues({ database, makeId: makeRandomId }),
  conflicts: createOpenConflicts({ database, lanes: turnLanes, onWake }),
  brakes: createBrakes({ database, lanes: turnLanes, makeId: makeRandomId, onWake }),
  schedule: createScanSchedule(database),
  quotas: createQuotaStore(database),
  scans: createScanMemory(database),
  parked: createParkedStore(database),
  backfills: createBackfills(database),
  retention: createRetention(database),
  connections: createPostgresConnectionStore(database),
  setUps: createSetUpStore(database),
  settings: createSettingsStore(database),
  terms: createTermsStore(database),
  tokens: createApiTokens(database),
  audit: createAuditLog({ database, clock, logger, makeId: makeRandomId }),
  licences: createLicences(database),
  tenants: createTenants(database),
  personalData: createPersonalData(database),
  remote: {
    credentials: createPostgresCredentialStore(database),
    applicationLinks: createPostgresApplicationLinkStore(database),
    authenticationLinks: createAuthenticationLinks(database),
  },
  findUnready: () => findUnready(database),
});

/** The web role needs its database; Jira being away makes nothing unready. */
async function findUnready(database: Database): Promise<readonly string[]> {
  try {
    await database.rows('SELECT 1 AS one', [], z.object({ one: z.number() }));
    return [];
  } catch {
    return ['database'];
  }
}
