/**
 * The ports of getting into a site without the app: what a person's consent there needs, credentials that a person types, and what an
 * admin of that site sets up for us. Secrets go in by these and never come out.
 */
import type { Result } from '../core/failure.ts';
import type { ApplicationLinkId, TenantId } from '../core/ids.ts';
import type { AUTHENTICATION_REFUSALS } from './authentication-refusal.ts';
import type { Product, RemoteConnection, RemoteKind, SyncUser } from './connection-ports.ts';

export type AuthenticationRefusalCode = keyof typeof AUTHENTICATION_REFUSALS;

export interface AuthenticationRefusal {
  readonly code: AuthenticationRefusalCode;
  /** A word of the protocol that tells an expert more (`invalid_scope`, `nonce_used`); null: nothing more to say. Never content, never a secret. */
  readonly detail: string | null;
}

// ---------------------------------------------------------------- consent

/** A consent that was begun. */
export interface BegunConsent {
  /** The page of the site, or of Atlassian, on which the person consents. Send the browser there. */
  readonly url: string;
  /** What {@link AuthenticationProviders.complete} needs (PKCE verifier, request token), sealed for the tenant and this connection. */
  readonly sealed: string;
  /** Until when the person may come back (epoch ms). */
  readonly until: number;
}

/** What the browser brought back to our callback address besides the state. Everything may be forged. */
export interface ConsentAnswer {
  /** OAuth 2.0: `code`, or `error`. */
  readonly code: string | null;
  readonly error: string | null;
  /** OAuth 1.0a: `oauth_token` and `oauth_verifier`. */
  readonly requestToken: string | null;
  readonly verifier: string | null;
}

/** The connection works now; its row is changed and its credentials are stored. */
export interface Authenticated {
  readonly connection: RemoteConnection;
  /** Another one than before: the sync user was replaced. Null: there was none, or it is the same. */
  readonly formerSyncUser: SyncUser | null;
}

/** Knows nothing of links, browsers and single use: that is the caller's affair. */
export interface AuthenticationProviders {
  /**
   * Says where the browser goes. Kinds without a consent: `kind-impossible`.
   * @param state comes back with the answer as query parameter `state`, for every kind; at most 500 characters that an address may hold
   */
  begin(connection: RemoteConnection, state: string): Promise<Result<BegunConsent, AuthenticationRefusal>>;
  /**
   * Swaps what came back for credentials, makes sure that they are for the site that the connection names, learns who the sync user is,
   * and stores it all: `state` becomes `working`. Its lanes are the caller's to wake.
   */
  complete(
    connection: RemoteConnection,
    sealed: string,
    answer: ConsentAnswer,
  ): Promise<Result<Authenticated, AuthenticationRefusal>>;
}

// ---------------------------------------------------------------- typed credentials

export type TypedCredentials =
  | { readonly kind: 'personal-token'; readonly token: string }
  | { readonly kind: 'api-token'; readonly email: string; readonly token: string }
  | { readonly kind: 'password'; readonly userName: string; readonly password: string };

export interface TypedAuthentication {
  /** Tries them at the site, and stores them if they are good: like {@link AuthenticationProviders.complete}. */
  enter(connection: RemoteConnection, credentials: TypedCredentials): Promise<Result<Authenticated, AuthenticationRefusal>>;
}

// ---------------------------------------------------------------- what a site is

/** What an address leads to, asked without credentials. */
export interface ProbedSite {
  /** As people see it: scheme, host and context path, without a slash at the end. */
  readonly siteUrl: string;
  readonly product: Product;
  /** `10.3.1`; null for Cloud. */
  readonly version: string | null;
  /** Cloud's id of the site; null for Data Center. */
  readonly cloudId: string | null;
  /** The ways in that this product and version have, the best first. Those that this installation switched off are left out. */
  readonly kinds: readonly RemoteKind[];
}

export interface SiteProbe {
  /** `typed`: whatever a person copied from the address bar; pages and queries are dropped. */
  probe(typed: string): Promise<Result<ProbedSite, AuthenticationRefusal>>;
}

// ---------------------------------------------------------------- application links

/** Data Center's scopes for OAuth 2.0, each including those before it. Webhooks can be registered with `ADMIN` alone. */
export type LinkScope = 'READ' | 'WRITE' | 'ADMIN';

/** What an admin of a Data Center site set up there for this tenant. Carries no secret. */
export interface ApplicationLink {
  readonly tenantId: TenantId;
  readonly applicationLinkId: ApplicationLinkId;
  readonly siteUrl: string;
  readonly kind: 'oauth2' | 'oauth1';
  readonly name: string;
  /** OAuth 2.0: the client id that the site gave out. OAuth 1.0a: the consumer key that we chose. */
  readonly clientId: string;
  /** OAuth 1.0a: what the admin pastes into the site (PEM). Null for OAuth 2.0. */
  readonly publicKey: string | null;
  /** What is asked for; null for OAuth 1.0a, which knows no scopes. */
  readonly scope: LinkScope | null;
  readonly createdAt: number;
}

export type NewApplicationLink =
  | {
      readonly kind: 'oauth2';
      readonly siteUrl: string;
      readonly name: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope: LinkScope;
    }
  /** Its key pair is made here: RSA, 2048 bits. */
  | { readonly kind: 'oauth1'; readonly siteUrl: string; readonly name: string };

export interface ApplicationLinks {
  read(tenantId: TenantId, applicationLinkId: ApplicationLinkId): Promise<ApplicationLink | null>;
  /** Newest first. With `siteUrl`, those of that instance: they can be used again. */
  list(tenantId: TenantId, siteUrl?: string): Promise<readonly ApplicationLink[]>;
  add(tenantId: TenantId, link: NewApplicationLink): Promise<ApplicationLink>;
  /**
   * Changes what is given; a secret that is not given stays. Connections that waited for the right secret go on. False when it is gone.
   */
  change(
    tenantId: TenantId,
    applicationLinkId: ApplicationLinkId,
    change: { readonly name?: string; readonly clientId?: string; readonly clientSecret?: string; readonly scope?: LinkScope },
  ): Promise<boolean>;
  /** `in-use`: connections are made with it. Removing what is gone already is `removed`. */
  remove(tenantId: TenantId, applicationLinkId: ApplicationLinkId): Promise<'removed' | 'in-use'>;
}
