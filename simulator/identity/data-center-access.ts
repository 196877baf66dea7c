/** Scopes of Data Center's OAuth 2.0, each including those before it. */
export const DATA_CENTER_SCOPES = ['READ', 'WRITE', 'ADMIN', 'SYSTEM_ADMIN'] as const;
export type DataCenterScope = (typeof DATA_CENTER_SCOPES)[number];

export interface PersonalToken {
  readonly id: number;
  readonly name: string;
  readonly userKey: string;
  readonly token: string;
  /** Epoch milliseconds, like all times here. */
  readonly createdAt: number;
  readonly expiresAt: number | null;
  lastUsedAt: number | null;
}

/** An incoming application link for OAuth 2.0. */
export interface OAuthLink {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
  /** The widest scope that may be asked for. */
  readonly scope: DataCenterScope;
}

/** A request to authorize that waits for a person's word. */
export interface PendingConsent {
  readonly id: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: DataCenterScope;
  readonly state: string | null;
  readonly challenge: string | null;
  readonly challengeMethod: 'plain' | 'S256';
}

export interface AuthorizationCode extends PendingConsent {
  readonly code: string;
  readonly userKey: string;
  readonly expiresAt: number;
}

/** What a person let a client do. */
export interface OAuthGrant {
  readonly id: string;
  readonly clientId: string;
  readonly userKey: string;
  readonly redirectUri: string;
  readonly scope: DataCenterScope;
  accessToken: string;
  accessExpiresAt: number;
  refreshToken: string;
  refreshExpiresAt: number;
}

/** An incoming application link for OAuth 1.0a. */
export interface OAuth1Consumer {
  readonly key: string;
  readonly name: string;
  /** PEM; requests are signed with the private key that belongs to it. */
  readonly publicKey: string;
  /** Where to go when a request names no callback of its own. */
  readonly callbackUrl: string | null;
}

export interface OAuth1Token {
  readonly token: string;
  readonly secret: string;
  readonly consumerKey: string;
  readonly kind: 'request' | 'access';
  readonly expiresAt: number;
  /** `oob`: the verifier is shown to the person. Request tokens alone. */
  readonly callback: string | null;
  /** Who authorized it; null while nobody has. */
  userKey: string | null;
  verifier: string | null;
}

/** All that a Data Center site knows of tokens: plain data, so that it can be saved with the site. */
export interface DataCenterAccess {
  readonly personalTokens: Map<number, PersonalToken>;
  readonly links: Map<string, OAuthLink>;
  readonly pending: Map<string, PendingConsent>;
  readonly codes: Map<string, AuthorizationCode>;
  readonly grants: Map<string, OAuthGrant>;
  readonly consumers: Map<string, OAuth1Consumer>;
  readonly oauth1Tokens: Map<string, OAuth1Token>;
  /** `consumer timestamp nonce` of OAuth 1.0a requests that were answered, to the time after which they may be forgotten. */
  readonly nonces: Map<string, number>;
}

export const emptyAccess = (): DataCenterAccess => ({
  personalTokens: new Map(),
  links: new Map(),
  pending: new Map(),
  codes: new Map(),
  grants: new Map(),
  consumers: new Map(),
  oauth1Tokens: new Map(),
  nonces: new Map(),
});

/** Puts a saved state in place of what is there. */
export function restoreAccess(access: DataCenterAccess, saved: DataCenterAccess): void {
  const refill = <Key, Value>(map: Map<Key, Value>, from: ReadonlyMap<Key, Value>): void => {
    map.clear();
    for (const [key, value] of from) map.set(key, value);
  };
  refill(access.personalTokens, saved.personalTokens);
  refill(access.links, saved.links);
  refill(access.pending, saved.pending);
  refill(access.codes, saved.codes);
  refill(access.grants, saved.grants);
  refill(access.consumers, saved.consumers);
  refill(access.oauth1Tokens, saved.oauth1Tokens);
  refill(access.nonces, saved.nonces);
}
