/** What Atlassian's account service and API gateway know: plain data, so that it can be saved with the world. */

/** An OAuth 2.0 (3LO) app as its developer registered it. */
export interface CloudApp {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
  /** What it may ask for. */
  readonly scopes: readonly string[];
}

export interface CloudConsent {
  readonly id: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | null;
  /** PKCE with S256, where the app sent a challenge. */
  readonly challenge: string | null;
}

export interface CloudCode extends CloudConsent {
  readonly code: string;
  readonly cloudId: string;
  readonly accountId: string;
  /** Epoch milliseconds, like all times here. */
  readonly expiresAt: number;
}

/** What a person let an app do on a site. */
export interface CloudGrant {
  readonly id: string;
  readonly clientId: string;
  readonly cloudId: string;
  readonly accountId: string;
  readonly scopes: readonly string[];
  accessTokens: { token: string; expiresAt: number }[];
  /** Null: the app did not ask for `offline_access`. */
  refreshToken: { token: string; expiresAt: number } | null;
  /** Spent refresh tokens that still work for a while, for clients whose answer got lost. */
  spent: { token: string; until: number }[];
}

/** An API token with scopes: good at the gateway alone. */
export interface ScopedToken {
  readonly token: string;
  readonly cloudId: string;
  readonly accountId: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
}

export interface CloudIdentity {
  readonly apps: Map<string, CloudApp>;
  readonly pending: Map<string, CloudConsent>;
  readonly codes: Map<string, CloudCode>;
  readonly grants: Map<string, CloudGrant>;
  readonly scopedTokens: Map<string, ScopedToken>;
}

export const emptyIdentity = (): CloudIdentity => ({
  apps: new Map(),
  pending: new Map(),
  codes: new Map(),
  grants: new Map(),
  scopedTokens: new Map(),
});

/** Scopes of the classic kind that the simulated gateway knows, with what they let an app do. */
export const CLOUD_SCOPES: Readonly<Record<string, string>> = {
  'read:jira-work': 'See projects, work items and comments',
  'write:jira-work': 'Create and change work items and comments',
  'read:jira-user': 'See people',
  'manage:jira-webhook': 'Manage webhooks',
  'manage:jira-project': 'Administer projects',
  'manage:jira-configuration': 'Administer Jira',
  offline_access: 'Stay connected while you are away',
  'read:me': 'See your profile',
  'report:personal-data': 'Report whose personal data the app keeps',
};

/** The scope of the classic kind that an operation needs; null: any token does. */
export function neededScope(route: {
  readonly method: string;
  readonly path: string;
  readonly scope: string;
  readonly reads?: true;
}): string | null {
  if (route.scope === 'NONE') return null;
  if (route.path.startsWith('/webhook')) return 'manage:jira-webhook';
  if (/^\/(myself|users?)(\/|$)/.test(route.path)) return 'read:jira-user';
  // The document of the API says so, though a Connect app needs no more than READ.
  if (route.path === '/priority/search') return 'manage:jira-configuration';
  if (route.scope === 'ADMIN') return 'manage:jira-configuration';
  if (route.scope === 'PROJECT_ADMIN') return 'manage:jira-project';
  return route.method === 'get' || route.reads === true ? 'read:jira-work' : 'write:jira-work';
}
