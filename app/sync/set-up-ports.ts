import type { ConfigurationMode } from '../core/configuration.ts';
import type { Result } from '../core/failure.ts';
import type { AccountId, ConnectionId, ProjectId, SetUpId, TenantId } from '../core/ids.ts';
import type { ContentChoice } from '../core/propose-configuration.ts';
import type { SetUpRoute } from '../core/set-up-steps.ts';
import type { Clock } from '../platform/clock.ts';
import type { MakeId } from '../platform/ids.ts';
import type { Audit } from './audit-ports.ts';
import type { ConnectionStore } from './connection-ports.ts';
import type { AttemptLimit } from './limit-attempts.ts';
import type { Jira, Lanes, SiteDirectory, SiteGroup, SynchronizationStore } from './ports.ts';
import type { SetUpRefusal } from './set-up-refusal.ts';
import type { TakeEndpoints } from './take-endpoints.ts';
import type { TermsStore } from './terms-ports.ts';

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

/** `read` looks; `configure` sets up, changes, starts and stops synchronizations; `connections` makes and removes connections to sites without the app. */
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

/** What a tenant decided for itself. */
export interface TenantSettings {
  /** Admins of a space configure only if they are in one of these, by Jira's word at that moment. None: every one of them may. */
  readonly configuringGroups: readonly SiteGroup[];
}

export interface SettingsStore {
  /** What holds for everybody who has decided nothing: no groups. */
  read(tenantId: TenantId): Promise<TenantSettings>;
  write(tenantId: TenantId, settings: TenantSettings): Promise<void>;
}

/** What it takes to know whether a caller may configure. */
export interface RightsPorts {
  readonly sites: SpaceSites;
  readonly settings: Pick<SettingsStore, 'read'>;
}

/** What every set-up use case is given. */
export interface SetUpPorts extends RightsPorts {
  readonly directory: SiteDirectory;
  readonly connections: Pick<ConnectionStore, 'read' | 'endLook'>;
  readonly synchronizations: SynchronizationStore;
  readonly terms: TermsStore;
  /** Bounds how often spaces of other sites are looked for that are not there. */
  readonly lookups: AttemptLimit;
  readonly lanes: Pick<Lanes, 'resume'>;
  readonly takeEndpoints: TakeEndpoints;
  readonly audit: Pick<Audit, 'note'>;
  readonly clock: Clock;
  readonly makeId: MakeId;
}

/** One end of what is being set up, as far as it is known. */
export interface SetUpEnd {
  /** As a person typed it; null: not yet, or the connection says. */
  readonly siteUrl: string | null;
  /** Null: no connection yet, or none is needed since the site has the app. */
  readonly connectionId: ConnectionId | null;
  /** Null: no space chosen yet. */
  readonly projectKey: string | null;
}

/** A synchronization that is being set up: what somebody has entered so far (SPEC S12). */
export interface SetUp {
  readonly tenantId: TenantId;
  readonly setUpId: SetUpId;
  readonly route: SetUpRoute;
  /** Side A. */
  readonly own: SetUpEnd;
  /** The space it was begun in; null: an API token began it. */
  readonly begunIn: ProjectId | null;
  readonly partner: SetUpEnd;
  readonly mode: ConfigurationMode | null;
  readonly name: string | null;
  readonly description: string;
  readonly content: ContentChoice | null;
  /** Null: an API token. */
  readonly createdBy: AccountId | null;
  readonly createdAt: number;
  /** When somebody last entered something (epoch ms). Later with every entry, so that it tells them apart. */
  readonly touchedAt: number;
}

export interface SetUpStore {
  read(tenantId: TenantId, setUpId: SetUpId): Promise<SetUp | null>;
  /** Those touched last come first. */
  list(tenantId: TenantId): Promise<readonly SetUp[]>;
  insert(setUp: SetUp): Promise<void>;
  /** Writes it as it is now, if it is still the one that was touched at `readAs`. False when it is not, or gone. */
  replace(setUp: SetUp, readAs: number): Promise<boolean>;
  /** With `readAs`: only if nobody has entered anything since. */
  remove(tenantId: TenantId, setUpId: SetUpId, readAs?: number): Promise<void>;
  /** Removes those last touched at or before that moment, and says how many. */
  removeUntouched(tenantId: TenantId, until: number): Promise<number>;
}

/** What the use cases around set-ups are given. */
export interface SetUpFlowPorts extends SetUpPorts {
  readonly settings: SettingsStore;
  readonly setUps: SetUpStore;
}

export type SetUpResult<T> = Promise<Result<T, SetUpRefusal>>;
