import type { Memory } from './compose-memory.ts';
import type { Parts, RunnableConfig } from './compose-parts.ts';
import { createApplicationLinks } from './connections/application-links.ts';
import { createAuthenticationProviders } from './connections/authenticate.ts';
import { createTypedAuthentication } from './connections/enter-credentials.ts';
import { createSiteProbe } from './connections/probe-site.ts';
import { createRemoteTransports } from './connections/remote-transports.ts';
import { createSendHttp } from './connections/send-http.ts';
import type { Transports } from './connections/transport.ts';
import { makeRandomSecret } from './platform/make-secret.ts';
import type { ApplicationLinks, AuthenticationProviders, SiteProbe, TypedAuthentication } from './sync/authentication-ports.ts';

/** Sites without the app: how they are reached, and how somebody lets us in. */
export interface Remote {
  readonly transports: Transports;
  readonly probe: SiteProbe;
  /** Behind the wall of the tenant that asks. */
  readonly providers: AuthenticationProviders;
  readonly typed: TypedAuthentication;
  readonly applicationLinks: ApplicationLinks;
}

/** Null where nothing is remembered of such sites. */
export function composeRemote(
  config: Pick<RunnableConfig, 'atlassian' | 'tokenConnections' | 'publicUrl'>,
  { http, givenHttp, clock, logger, makeId, secrets: { secretBox } }: Parts,
  { remote, requests, audit }: Memory,
): Remote | null {
  if (remote === null || requests.remote === null) return null;
  const { app, ...atlassian } = config.atlassian;
  const typedAllowed = config.tokenConnections;
  const parts = {
    ...{ secretBox, clock, logger, makeId, app, atlassian, audit, typedAllowed },
    makeSecret: makeRandomSecret,
    callbackUrl: `${config.publicUrl}/oauth/callback`,
    send: { given: createSendHttp(givenHttp.instance), vouched: createSendHttp(http.instance) },
  };
  const asked = { ...parts, ...requests.remote, connections: requests.connections };
  return {
    transports: createRemoteTransports({ ...parts, ...remote }),
    probe: createSiteProbe({ send: parts.send.given, typedAllowed }),
    providers: createAuthenticationProviders(asked),
    typed: createTypedAuthentication(asked),
    applicationLinks: createApplicationLinks(asked),
  };
}
