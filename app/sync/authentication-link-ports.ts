/** One-time links by which a person lets Tandem into a site, and the attempt that is under way on one. Ports, like those of ports.ts. */
import type { AccountId, AuthenticationLinkId, ConnectionId, TenantId } from '../core/ids.ts';

/** `me`: who asked goes on at once, in this browser. `somebody`: it is sent to whoever may log in as the sync user. */
export type LinkFor = 'me' | 'somebody';

/** Who asked for a consent: a person of the tenant's own site, reached by `connectionId`, or a program. */
export type Asker =
  /** The account is null once it was closed: ids of such are not kept. */
  | { readonly kind: 'person'; readonly accountId: AccountId | null; readonly connectionId: ConnectionId }
  | { readonly kind: 'token'; readonly tokenId: string };

/**
 * One try to get consent: from the press of the button on our page until the site sends the browser back. There is at most one on a
 * link; a new one takes the place of the one before.
 */
export interface Attempt {
  /** SHA-256 of the secret in the `state` that the site brings back. */
  readonly stateHash: string;
  /** SHA-256 of the cookie of the browser that pressed the button. */
  readonly browserHash: string;
  /** What the exchange needs (PKCE verifier, request token), sealed for the tenant. */
  readonly sealed: string;
  /** Epoch ms. */
  readonly until: number;
}

export interface AuthenticationLink {
  readonly tenantId: TenantId;
  readonly linkId: AuthenticationLinkId;
  readonly connectionId: ConnectionId;
  /** SHA-256 of the secret in the address; the secret itself is shown once and kept nowhere. */
  readonly secretHash: string;
  readonly for: LinkFor;
  readonly asker: Asker;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** `used`: consent was given by it. `replaced`: by a newer link, or another one was used first. */
  readonly end: 'used' | 'replaced' | null;
  readonly attempt: Attempt | null;
}

/** Where they are kept. Ended ones stay for a month, so that whoever opens one is told what happened to it. */
export interface AuthenticationLinks {
  /** An open link of the same connection that was made for the same ends as replaced. False: the connection is gone. */
  insert(link: AuthenticationLink): Promise<boolean>;
  /** Null also when the tenant has left, and all of it is about to be erased. */
  read(tenantId: TenantId, linkId: AuthenticationLinkId): Promise<AuthenticationLink | null>;
  /** False: the link has ended or expired (at `now`) meanwhile, and nothing was begun. */
  begin(tenantId: TenantId, linkId: AuthenticationLinkId, attempt: Attempt, now: number): Promise<boolean>;
  /**
   * Ends the link by the attempt of that state, as used, and takes the attempt out of it. True for one caller alone, however many
   * come with the same state at the same moment.
   */
  use(tenantId: TenantId, linkId: AuthenticationLinkId, stateHash: string): Promise<boolean>;
  /** It came to nothing: a link just used is open again, without an attempt; or replaced, if a newer one was made for the same. */
  reopen(tenantId: TenantId, linkId: AuthenticationLinkId): Promise<void>;
  /** Consent was given: what other links to this connection are open end as replaced. */
  endOthers(tenantId: TenantId, connectionId: ConnectionId): Promise<void>;
}
