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
  ): Promise<Pick<Jira, 'listSpaces' | 'readSpaceShape' | 'readAdminRights' | 'listGroupsOf' | 'findGroup'> | null>;
}

/** A person in a space of a site that has the app. Everything here was signed by Jira. */
export interface SpaceCaller {
  readonly kind: 'space';
  readonly siteTenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly accountId: AccountId;
  readonly projectId: ProjectId;
  readonly projectKey: string;
}

/** `read` looks; `configure` sets up, changes, starts and stops synchronizations; `connections` makes and removes ways to sites. */
export type TokenScope = 'read' | 'configure' | 'connections';

/** An API token of a tenant: a program that acts for the tenant as a whole, within its scopes. */
export interface TokenCaller {
  readonly kind: 'token';
  readonly siteTenantId: TenantId;
  readonly tokenId: string;
  readonly scopes: readonly TokenScope[];
}

/** Who wants something. */
export type Caller = SpaceCaller | TokenCaller;

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
