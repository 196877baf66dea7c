import type { Authentication } from '../cloud/authenticate.ts';
import { gatewayPath } from '../cloud/gateway.ts';
import type { Scope } from '../cloud/route.ts';
import type { Site, User } from '../heart/site.ts';
import type { KeyRing } from './key-ring.ts';
import type { Manifest } from './manifest.ts';

/** A Forge app on a site. */
export interface ForgeInstallation {
  /** `ari:cloud:ecosystem::installation/{uuid}` */
  readonly id: string;
  readonly manifestText: string;
  readonly manifest: Manifest;
  readonly version: string;
  readonly environmentId: string;
  readonly installerAccountId: string;
  /** Who the app acts as by its system token. */
  readonly appUser: User;
}

/** A token for one call is good this long, in seconds. */
const INVOCATION_SECONDS = 180;
/** App tokens outlive the call they came with; a remote keeps them for its work in between. */
const APP_TOKEN_SECONDS = 3600;

export interface Invocation {
  readonly installation: ForgeInstallation;
  readonly moduleType: string;
  readonly moduleKey: string;
  /** Who clicked; null for events. */
  readonly accountId: string | null;
  /** What the module adds to the context, such as the project. */
  readonly extension?: Readonly<Record<string, unknown>>;
}

const seconds = (site: Site): number => Math.floor(site.clock.now() / 1000);

/** The Forge Invocation Token. Shape: developer.atlassian.com/platform/forge/forge-remote-invocation-contract. */
export function invocationToken(site: Site, keys: KeyRing, call: Invocation, jti: string): string {
  const { installation } = call;
  const now = seconds(site);
  return keys.sign({
    iss: 'forge/invocation-token',
    aud: installation.manifest.appId,
    iat: now,
    nbf: now,
    exp: now + INVOCATION_SECONDS,
    jti,
    app: {
      id: installation.manifest.appId,
      version: installation.version,
      installationId: installation.id,
      apiBaseUrl: `${site.baseUrl}${gatewayPath(site)}`,
      environment: { type: 'DEVELOPMENT', id: installation.environmentId },
      module: { type: call.moduleType, key: call.moduleKey },
    },
    context: {
      cloudId: site.cloudId,
      siteUrl: site.baseUrl,
      moduleKey: call.moduleKey,
      ...(call.extension === undefined ? {} : { extension: call.extension }),
    },
    ...(call.accountId === null ? {} : { principal: call.accountId }),
  });
}

/** A token to call the gateway with: as the app, or as a person through the app. */
export function appToken(site: Site, keys: KeyRing, installation: ForgeInstallation, user: User): string {
  const now = seconds(site);
  return keys.sign({
    iss: 'forge/app-token',
    aud: 'api.atlassian.com',
    sub: user.accountId,
    iat: now,
    exp: now + APP_TOKEN_SECONDS,
    installationId: installation.id,
  });
}

/** What classic scopes amount to in those of Connect, which the routes name. */
const CONNECT_SCOPES: Readonly<Record<string, readonly Scope[] | undefined>> = {
  'read:jira-work': ['READ'],
  'read:jira-user': ['READ'],
  'write:jira-work': ['WRITE', 'DELETE'],
  'manage:jira-project': ['PROJECT_ADMIN'],
  'manage:jira-configuration': ['ADMIN'],
  'read:connect-jira': ['READ'],
  'write:connect-jira': ['WRITE'],
  'delete:connect-jira': ['DELETE'],
  'project-admin:connect-jira': ['PROJECT_ADMIN'],
  'admin:connect-jira': ['ADMIN'],
};

interface Reader {
  readonly site: Site;
  readonly keys: KeyRing;
  readonly installationOf: (id: string) => ForgeInstallation | undefined;
}

/** Finds out who calls the gateway with an app token; null: the token is none of Forge's. */
export function readAppToken({ site, keys, installationOf }: Reader, token: string, trace: string | null): Authentication | null {
  const claims = keys.read(token);
  if (claims === null || claims['iss'] !== 'forge/app-token') return null;
  const { exp, sub, installationId } = claims;
  if (typeof exp !== 'number' || exp < seconds(site)) return { kind: 'wrong', detail: 'The token has expired.' };
  const installation = installationOf(String(installationId));
  const user = site.users.get(String(sub));
  if (installation === undefined || user?.active !== true)
    return { kind: 'wrong', detail: 'The app is no longer installed, or the person has left.' };
  return {
    kind: 'known',
    installation: null,
    scopes: installation.manifest.scopes.flatMap((scope) => CONNECT_SCOPES[scope] ?? []),
    actor: { user, through: { kind: 'app', appKey: installation.manifest.appId }, trace },
  };
}
