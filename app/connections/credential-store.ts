import type { ConnectionId, TenantId } from '../core/ids.ts';
import type { ConnectionCause, RemoteConnection } from '../sync/connection-ports.ts';

/** A connection with what opens the site, sealed. */
export interface KeptCredentials {
  readonly connection: RemoteConnection;
  /** Null: nobody has consented yet. */
  readonly sealed: string | null;
  /** The fencing number under which they were stored: another one, other credentials. */
  readonly fence: number;
}

/** Leave to refresh what one has seen. */
export type RefreshLeave =
  /** `doubtful`: an earlier try came to nothing that we know of. The site may have carried it out, or may still do so. */
  | { readonly kind: 'mine'; readonly fence: number; readonly doubtful: boolean }
  /** There are others than those that were seen; read them. */
  | { readonly kind: 'newer' }
  /** Another process refreshes at this moment. */
  | { readonly kind: 'busy' }
  /** The last try came to nothing a moment ago; nobody tries again for `restMs` from now. */
  | { readonly kind: 'resting'; readonly restMs: number }
  /** Gone, or needs authentication. */
  | { readonly kind: 'over' };

/** The name of one connection. */
export interface ConnectionName {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
}

/** What changes about a connection when its credentials are stored. */
export type StoredWith = Partial<Pick<RemoteConnection, 'apiUrl' | 'product' | 'version' | 'syncUser' | 'credentialsEndAt'>>;

/** What a refresh brought. */
export interface Renewed {
  readonly sealed: string;
  /** Now (epoch ms). */
  readonly at: number;
  /** When the connection is to be looked at, at the latest; null: as it would be anyway. */
  readonly lookInMs: number | null;
}

/**
 * Where credentials are kept, and how processes take turns at refreshing them: by a lease, never by an open transaction. Every leave has
 * a fencing number higher than all before, and credentials are only ever replaced by those of a higher number: what the site gave out last
 * stays, whoever was slow. Proven by test/contract/credential-store.contract.ts.
 */
export interface CredentialStore {
  read(name: ConnectionName): Promise<KeptCredentials | null>;
  /** @param seen the fence of the credentials that are to be replaced */
  beginRefresh(name: ConnectionName, seen: number, leaseMs: number): Promise<RefreshLeave>;
  /**
   * The site answered with new ones. They are stored even if the lease has run out, and even if somebody else was told meanwhile that the old
   * ones are void: the connection works. False: newer ones are there already.
   */
  endRefresh(name: ConnectionName, fence: number, renewed: Renewed): Promise<boolean>;
  /** Nothing came of it; nobody tries again for `restMs`, and the connection is looked at after that. */
  rest(name: ConnectionName, fence: number, restMs: number): Promise<void>;
  /**
   * The site does not take those credentials any more. False: they are not the ones stored, or someone is just about to replace them under a
   * higher number.
   * @param fence of the leave under which this was found out; null: by a call with those that were `seen`
   */
  refuse(name: ConnectionName, seen: number, fence: number | null, cause: ConnectionCause, at: number): Promise<boolean>;
  /** By a consent, or typed: replaces whatever is there, and no refresh that was begun before can undo it. False: the connection is gone. */
  store(name: ConnectionName, sealed: string, at: number, change: StoredWith): Promise<boolean>;
  /** Those connections of that application link that only waited for its right secret work again. */
  readmit(tenantId: TenantId, applicationLinkId: string, at: number): Promise<void>;
}
