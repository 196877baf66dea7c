import jwt from 'atlassian-jwt';
import type { ConnectHost, Installation } from '../connect/connect-host.ts';
import { queryHash } from '../connect/sign.ts';
import type { Actor, Site, User } from '../heart/site.ts';
import type { Route } from './route.ts';

/** What a call shows to prove who it is. */
export interface Credentials {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly authorization: string | undefined;
  /** The account id in the session cookie of a browser. */
  readonly session: string | undefined;
  readonly trace: string | undefined;
  /** True: the call came through the gateway, where alone tokens of Forge and of OAuth count. */
  readonly gateway: boolean;
}

/** Reads one kind of bearer token; null: the token is of another kind. */
export type BearerReader = (token: string, trace: string | null) => Authentication | null;

export type Authentication =
  | {
      readonly kind: 'known';
      readonly actor: Actor;
      readonly installation: Installation | null;
      /** What a token grants, in Connect's scopes; absent: all that its bearer may do. */
      readonly scopes?: readonly string[];
      /** What a token of the gateway grants; absent: all that its bearer may do. */
      readonly allows?: (route: Route) => boolean;
    }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'wrong'; readonly detail: string };

/** Clocks may differ by this much, in seconds. */
const LEEWAY = 60;
/** Jira ignores a longer trace. */
const MAX_TRACE = 1024;

interface Claims {
  readonly iss?: unknown;
  readonly qsh?: unknown;
  readonly exp?: unknown;
}

function unverifiedIssuer(token: string): string | null {
  try {
    const claims: Claims | null = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims?.iss === 'string' ? claims.iss : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const traceOf = ({ trace }: Credentials): string | null => (trace === undefined || trace.length > MAX_TRACE ? null : trace);

function byBearer(bearers: readonly BearerReader[], credentials: Credentials, token: string): Authentication {
  const wrong: Authentication = { kind: 'wrong', detail: 'The bearer token is not known here.' };
  if (!credentials.gateway) return wrong;
  for (const reader of bearers) {
    const found = reader(token, traceOf(credentials));
    if (found !== null) return found;
  }
  return wrong;
}

/** An app's token: HS256 with the shared secret, `iss` the app's key, a `qsh` of just this request, not expired. */
function byToken(site: Site, connect: ConnectHost, credentials: Credentials, token: string): Authentication {
  const wrong = (detail: string): Authentication => ({ kind: 'wrong', detail });
  const installation = connect.installations.get(unverifiedIssuer(token) ?? '');
  if (installation === undefined) return wrong('The token is not from an app installed here.');
  let claims: Claims;
  try {
    claims = jwt.decodeSymmetric(token, installation.sharedSecret, jwt.SymmetricAlgorithm.HS256);
  } catch (error) {
    return wrong(`The token was not signed with this installation's secret: ${String(error)}`);
  }
  if (typeof claims.exp !== 'number' || claims.exp + LEEWAY < site.clock.now() / 1000) return wrong('The token has expired.');
  if (claims.qsh !== queryHash(credentials.method, credentials.url, site.baseUrl))
    return wrong('The token is for another request: its qsh does not match.');
  if (!installation.enabled) return wrong('The app is disabled.');
  return {
    kind: 'known',
    installation,
    scopes: installation.descriptor.scopes,
    actor: {
      user: installation.appUser,
      through: { kind: 'app', appKey: installation.descriptor.key },
      trace: traceOf(credentials),
    },
  };
}

const asPerson = (user: User): Authentication => ({
  kind: 'known',
  installation: null,
  actor: { user, through: { kind: 'person' }, trace: null },
});

function byPassword(site: Site, encoded: string): Authentication {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const email = text.slice(0, colon).toLowerCase();
  const user = [...site.users.values()].find(
    (candidate) => candidate.accountType === 'atlassian' && candidate.emailAddress === email,
  );
  return user?.active && user.apiToken === text.slice(colon + 1)
    ? asPerson(user)
    : { kind: 'wrong', detail: 'The e-mail address or the API token is wrong.' };
}

/** Finds out who calls. Wrong credentials are never treated as none. */
export function authenticate(
  site: Site,
  connect: ConnectHost,
  credentials: Credentials,
  bearers: readonly BearerReader[] = [],
): Authentication {
  const [scheme, value] = (credentials.authorization ?? '').split(' ', 2);
  if (scheme === 'JWT' && value !== undefined) return byToken(site, connect, credentials, value);
  if (scheme === 'Basic' && value !== undefined) return byPassword(site, value);
  if (scheme === 'Bearer' && value !== undefined) return byBearer(bearers, credentials, value);
  if (scheme !== undefined && scheme !== '') return { kind: 'wrong', detail: `Authorization by ${scheme} is not simulated.` };
  const user = site.users.get(credentials.session ?? '');
  return user?.active ? asPerson(user) : { kind: 'anonymous' };
}
