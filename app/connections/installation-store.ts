import type { ConnectionId, TenantId } from '../core/ids.ts';

/**
 * `enabled`: works. `disabled`: an admin switched the app off; everything waits. `uninstalled`: the site may not use us and
 * we may not reach it; its data waits for erasure, or for a new installation by the same site.
 */
export type InstallationState = 'enabled' | 'disabled' | 'uninstalled';

/** The fact that a site has installed the app. One per `clientKey`, for ever: a reinstallation changes it in place. */
export interface Installation {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  /** Jira's name for the site. Unique over all tenants. Never shown, never a key of other tables. */
  readonly clientKey: string;
  /** Where its REST API is, without a trailing slash: `https://acme.atlassian.net`. */
  readonly baseUrl: string;
  /** What people see in their address bar; equals `baseUrl` unless the site has a name of its own. */
  readonly displayUrl: string;
  /** The secret it shares with us, sealed by SecretBox with the tenant id bound in. */
  readonly sealedSecret: string;
  readonly oauthClientId: string | null;
  readonly state: InstallationState;
  /** Epoch milliseconds of the newest installation. */
  readonly installedAt: number;
  /** Epoch milliseconds; null unless `state` is `uninstalled`. */
  readonly uninstalledAt: number | null;
}

/** Port: where installations are kept. Proven by test/contract/installation-store.contract.ts. */
export interface InstallationStore {
  /** The one look-up without a tenant: it is how a caller's tenant is found. */
  readByClientKey(clientKey: string): Promise<Installation | null>;
  read(tenantId: TenantId, connectionId: ConnectionId): Promise<Installation | null>;
  /** The tenant's own site, whatever its state; the newest installation if there are several. Null when it was erased. */
  readOwn(tenantId: TenantId): Promise<Installation | null>;
  /**
   * The enabled installation of the site at that base URL or display URL (compared without case and trailing slash), the
   * newest if a site import left several; null when there is none. For finding a partner by the address a person typed.
   */
  readBySite(siteUrl: string): Promise<Installation | null>;
  /**
   * One atomic write: inserts, or replaces everything but the ids when that clientKey is already this tenant's.
   * `taken`: the clientKey belongs to another tenant id (two first installations met): nothing was written, read again.
   */
  record(installation: Installation): Promise<'recorded' | 'taken'>;
  /** Changes only the state; `at` becomes `uninstalledAt` for `uninstalled`, else that is null. False when it is gone. */
  changeState(tenantId: TenantId, connectionId: ConnectionId, state: InstallationState, at: number): Promise<boolean>;
}
