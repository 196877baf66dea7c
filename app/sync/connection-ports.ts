/**
 * The ports of connections to sites that have not installed the app: who is connected how, what the site says of it, and the way in.
 * Like those of ports.ts, and apart from them because turns need none of it: they `reach` a site, whatever its connection.
 */
import type { Result } from '../core/failure.ts';
import type { AccountId, ApplicationLinkId, ConnectionId, ProjectId, TenantId } from '../core/ids.ts';

/** How a site is reached that has not installed the app. `password` is deprecated, and says so. */
export type RemoteKind = 'oauth2-cloud' | 'oauth2-data-center' | 'oauth1' | 'personal-token' | 'api-token' | 'password';

/** Kinds that a person types in. Refused where `TOKEN_CONNECTIONS=off` (Atlassian forbids Marketplace apps to collect them). */
export const TYPED_KINDS = ['personal-token', 'api-token', 'password'] as const satisfies readonly RemoteKind[];

export type Product = 'cloud' | 'data-center';

/**
 * `awaiting-authentication`: nobody has consented yet. `working`. `needs-authentication`: the site does not know us any more; lanes wait,
 * nothing is lost, and a person has to authenticate again.
 */
export type ConnectionState = 'awaiting-authentication' | 'working' | 'needs-authentication';

/** Why a connection stopped working; docs/troubleshooting.md lists them. `client-refused`: the site does not know the application link. */
export type ConnectionCause = 'consent-revoked' | 'token-expired' | 'token-refused' | 'client-refused' | 'credentials-sealed';

/** As whom a site is reached. */
export interface SyncUser {
  /** Cloud: the account id. Data Center: the user's key (`JIRAUSER10100`). */
  readonly accountId: AccountId;
  readonly name: string;
}

/** A webhook that we registered at a site. */
export interface RegisteredWebhook {
  readonly kind: 'registered';
  readonly remoteId: string;
  /** Dynamic webhooks of Cloud end after 30 days; null: it stays. */
  readonly expiresAt: number | null;
  /** The spaces that it covers. */
  readonly projectIds: readonly ProjectId[];
  /** Its deliveries carry a proof beside their address; Data Center before 10.0 knows none. */
  readonly isProven: boolean;
}

/** How a site tells us of changes. */
export type RemoteWebhook =
  /** Not decided yet: Tandem registers one. */
  | { readonly kind: 'none' }
  | RegisteredWebhook
  /** A person was shown what to register: by choice, because the sync user may not, or because the site refuses ours. */
  | { readonly kind: 'manual'; readonly because: 'chosen' | 'forbidden' | 'refused' }
  /**
   * The site cannot reach us: its changes are found by scans that follow one another quickly. `silent`: nobody chose that, but scans
   * found changes and no event ever came; our webhook stays, and the first event ends the polling. Null: there is none of ours.
   */
  | { readonly kind: 'polling'; readonly because: 'chosen' | 'silent'; readonly registered: RegisteredWebhook | null };

/** One site that a tenant reaches by somebody's consent or token. Carries no secret. */
export interface RemoteConnection {
  /** Who made it; the site itself has no tenant. */
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly kind: RemoteKind;
  /** What people see in their address bar, context path included, without a slash at the end. */
  readonly siteUrl: string;
  /** Where its REST API is: `siteUrl`, or Atlassian's gateway `https://api.atlassian.com/ex/jira/{cloudId}`. */
  readonly apiUrl: string;
  readonly product: Product;
  /** What the server calls itself: `10.3.1`; null for Cloud or where nobody asked yet. */
  readonly version: string | null;
  readonly state: ConnectionState;
  /** Since when (epoch ms). */
  readonly since: number;
  /** Null unless `state` is `needs-authentication`. */
  readonly cause: ConnectionCause | null;
  readonly syncUser: SyncUser | null;
  /** The application link whose client it uses; null for kinds without one. */
  readonly applicationLinkId: ApplicationLinkId | null;
  /** The account of the tenant's own site that set it up; null: an API token did. That account, site admins and API tokens alone may use it. */
  readonly createdBy: AccountId | null;
  readonly createdAt: number;
  /** When the credentials end for good, where the site says so (epoch ms). */
  readonly credentialsEndAt: number | null;
  readonly webhook: RemoteWebhook;
  /** When the site last answered us, and when its last authentic webhook came (epoch ms). To the minute. */
  readonly lastCallAt: number | null;
  readonly lastEventAt: number | null;
}

/** Where remote connections are kept. Their credentials are the connections folder's affair, and never leave it. */
export interface ConnectionStore {
  read(tenantId: TenantId, connectionId: ConnectionId): Promise<RemoteConnection | null>;
  list(tenantId: TenantId): Promise<readonly RemoteConnection[]>;
  /** False: the application link that it is to be made with is gone, perhaps since a moment ago. */
  insert(connection: RemoteConnection): Promise<boolean>;
  /** Changes what is given, leaves the rest. False when it is gone. */
  change(
    tenantId: TenantId,
    connectionId: ConnectionId,
    change: Partial<Omit<RemoteConnection, 'tenantId' | 'connectionId' | 'createdAt' | 'createdBy'>>,
  ): Promise<boolean>;
  /** With its credentials. False: a synchronization of the tenant goes by it, perhaps since a moment ago, so it stays. */
  remove(tenantId: TenantId, connectionId: ConnectionId): Promise<boolean>;
  /** Connections of all tenants that are due for a look (health, webhook renewal, tokens near their end); each is handed out once per lease. */
  claimDue(limit: number, leaseMs: number): Promise<readonly RemoteConnection[]>;
  /** The look is over; the next one comes in `afterMs`. */
  endLook(tenantId: TenantId, connectionId: ConnectionId, afterMs: number): Promise<void>;
}

/** A right that the sync user needs for something, and whether it has it. */
export interface RightStanding {
  /** Jira's name: `BROWSE_PROJECTS`, `CREATE_ISSUES` … */
  readonly right: string;
  readonly has: boolean;
}

/** A webhook as it is to be registered. */
export interface WantedWebhook {
  /** Where events go: our address for exactly this connection. */
  readonly address: string;
  /** What the site is to sign deliveries with, where it can; printable ASCII. */
  readonly secret: string;
  /** The spaces that concern us. */
  readonly projectIds: readonly ProjectId[];
}

/** What is asked of a site besides its items: who we are there, what we may, and that it tells us of changes. */
export interface SiteCare {
  readServer(): Promise<Result<{ product: Product; version: string | null }>>;
  whoAmI(): Promise<Result<SyncUser>>;
  /** What the sync user may in that space, of the rights that synchronizing needs. */
  readRights(projectId: ProjectId): Promise<Result<readonly RightStanding[]>>;
  /** `forbidden`: the sync user may not; a person has to. Errors that come inside a 200 are failures here. */
  registerWebhook(wanted: WantedWebhook): Promise<Result<RegisteredWebhook>>;
  /** Makes it last and cover what is wanted; registers it anew if the site has lost it. */
  renewWebhook(registered: RegisteredWebhook, wanted: WantedWebhook): Promise<Result<RegisteredWebhook>>;
  removeWebhook(registered: RegisteredWebhook): Promise<Result<null>>;
}

/** Finds the way. Null when the connection is gone or needs authentication. */
export interface SiteCares {
  reach(tenantId: TenantId, connectionId: ConnectionId): Promise<SiteCare | null>;
}
