import type { Result } from '../core/failure.ts';
import type { AccountId, ConnectionId, ProjectId, TenantId } from '../core/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { MakeId } from '../platform/ids.ts';
import type { Jira, Lanes, SiteDirectory, SynchronizationStore } from './ports.ts';
import type { SetUpRefusal } from './set-up-refusal.ts';

/** The way to a site, as far as set-up goes. Every `Sites` is one. */
export interface SpaceSites {
  reach(
    siteTenantId: TenantId,
    connectionId: ConnectionId,
  ): Promise<Pick<Jira, 'listSpaces' | 'readSpaceShape' | 'mayAdministerSpace'> | null>;
}

/** Who wants something, and from which space. Everything here was signed by Jira. */
export interface Caller {
  readonly siteTenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly accountId: AccountId;
  readonly projectId: ProjectId;
  readonly projectKey: string;
}

/** What every set-up use case is given. */
export interface SetUpPorts {
  readonly sites: SpaceSites;
  readonly directory: SiteDirectory;
  readonly synchronizations: SynchronizationStore;
  readonly lanes: Pick<Lanes, 'resume'>;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

export type SetUpResult<T> = Promise<Result<T, SetUpRefusal>>;
