import type { Audit } from '../../sync/audit-ports.ts';
import type { Brakes } from '../../sync/brake-ports.ts';
import type { ConflictPorts } from '../../sync/conflict-ports.ts';
import type { ScanMemory } from '../../sync/healing-ports.ts';
import type { KeepLicencePorts } from '../../sync/keep-licence.ts';
import type { LeavePorts } from '../../sync/leave.ts';
import type { TokenPorts } from '../../sync/manage-api-tokens.ts';
import type { TurnStore } from '../../sync/ports.ts';
import type { RetryPorts } from '../../sync/retry-parked.ts';
import type { SetUpFlowPorts } from '../../sync/set-up-ports.ts';
import type { ShowTermsPorts } from '../../sync/show-terms.ts';
import type { SpaceNames } from '../../sync/space-names.ts';
import type { ApiGuard } from '../guards.ts';

/** What admins of a site do for their tenant as a whole. */
export interface AdministrationPorts extends TokenPorts {
  readonly audit: Audit;
  readonly leaving: LeavePorts;
}

/** What the routes under /api/v1 are made of. */
export interface ApiPorts {
  /** Made with `createApiGuard(verifier, createAskSpaceAdmin(…))`: no handler runs without a person who administers the space, or a token. */
  readonly guard: ApiGuard;
  readonly administration: AdministrationPorts;
  readonly setUp: SetUpFlowPorts;
  /** Null: nobody needs a licence. */
  readonly licence: KeepLicencePorts | null;
  /** How many items of a space a change of terms would concern. */
  readonly counts: ShowTermsPorts['counts'];
  readonly turns: Pick<TurnStore, 'listHistory' | 'readStanding'>;
  readonly names: SpaceNames;
  readonly conflicts: ConflictPorts;
  readonly brakes: Brakes;
  readonly healing: RetryPorts & { readonly scans: Pick<ScanMemory, 'listFoundLate'> };
}
