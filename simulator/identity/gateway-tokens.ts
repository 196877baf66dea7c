import type { Authentication, BearerReader } from '../cloud/authenticate.ts';
import type { Route } from '../cloud/route.ts';
import type { Clock } from '../heart/clock.ts';
import type { Site, User } from '../heart/site.ts';
import type { CloudIdentity } from './cloud-identity.ts';
import { neededScope } from './cloud-identity.ts';
import { grantOf } from './cloud-oauth.ts';

const wrong = (detail: string): Authentication => ({ kind: 'wrong', detail });

function asGranted(user: User | undefined, scopes: readonly string[], clientId: string | null): Authentication {
  if (user?.active !== true) return wrong('The account behind the token is not active.');
  return {
    kind: 'known',
    installation: null,
    actor: { user, through: clientId === null ? { kind: 'person' } : { kind: 'oauth', appKey: clientId }, trace: null },
    allows: (route: Route) => {
      const needed = neededScope(route);
      return needed === null || scopes.includes(needed);
    },
  };
}

/** Reads tokens of 3LO apps and API tokens with scopes, as the gateway of one site takes them. */
export const createGatewayReader =
  (identity: CloudIdentity, clock: Clock, site: Site): BearerReader =>
  (token) => {
    const scoped = identity.scopedTokens.get(token);
    if (scoped !== undefined) {
      if (scoped.cloudId !== site.cloudId || scoped.expiresAt <= clock.now()) return wrong('The API token is not valid here.');
      return asGranted(site.users.get(scoped.accountId), scoped.scopes, null);
    }
    const grant = grantOf({ identity, clock }, token);
    if (grant === null) return null;
    if (grant.cloudId !== site.cloudId) return wrong('The token grants nothing on this site.');
    return asGranted(site.users.get(grant.accountId), grant.scopes, grant.clientId);
  };
