import express, { type Express, type Router } from 'express';
import { fail, succeed } from '../../app/core/failure.ts';
import type { AccountId } from '../../app/core/ids.ts';
import type { JwtVerifier, VerifiedSite } from '../../app/hosts/connect/verify-jwt.ts';
import { createLogger } from '../../app/platform/logger.ts';
import { makeRandomSecret } from '../../app/platform/make-secret.ts';
import type { ApiTokenStore } from '../../app/sync/api-token-ports.ts';
import { createAskSiteAdmin } from '../../app/sync/ask-site-admin.ts';
import { createAskSpaceAdmin } from '../../app/sync/ask-space-admin.ts';
import type { Audit } from '../../app/sync/audit-ports.ts';
import { createApiTokenCheck } from '../../app/sync/check-api-token.ts';
import { createNoteRefusal } from '../../app/sync/note-refusal.ts';
import { createErrorHandler, refuseUnknownRoute } from '../../app/web/errors.ts';
import { type ApiGuard, createApiGuard } from '../../app/web/guards.ts';
import { createRequestIds } from '../../app/web/request-id.ts';
import type { ApiPorts } from '../../app/web/routes/api-v1-ports.ts';
import { createApiRouter } from '../../app/web/routes/api-v1-router.ts';
import { callerOf } from '../../app/web/set-up-answers.ts';
import { buildInstallation } from '../contract/installation-store.contract.ts';
import { createMemoryApiTokens } from './memory-api-tokens.ts';
import { createMemoryAudit } from './memory-audit.ts';
import type { SetUpSite, SetUpWorld } from './set-up-world.ts';

/** A token here is readable: `Bearer acme SUP ann`. The verifier itself is proven in app/hosts/connect. */
const readableVerifier = (world: SetUpWorld): JwtVerifier => {
  const verifySite = (authorization: string): VerifiedSite | null => {
    const [, siteName, projectKey = '', accountId = ''] = authorization.split(' ');
    const site: SetUpSite | null = siteName === 'acme' ? world.acme : siteName === 'globex' ? world.globex : null;
    if (site === null) return null;
    const { siteTenantId, connectionId, siteUrl } = site.address;
    return {
      kind: 'site',
      installation: buildInstallation({ tenantId: siteTenantId, connectionId, displayUrl: siteUrl }),
      accountId: accountId === '' ? null : (accountId as AccountId),
      space: projectKey === '' ? null : { projectId: site.spaces.get(projectKey)?.shape.projectId ?? '0', projectKey },
    };
  };
  const verify: JwtVerifier['verify'] = async ({ authorizations }: { authorizations: readonly string[] }) => {
    const site = verifySite(authorizations[0] ?? '');
    return site === null ? fail('jwt-missing') : (succeed(site) as never);
  };
  return { verify };
};

/** What a test of the other routes brings; tokens and the audit log are as empty as they are then, and nobody needs a licence. */
type ReadableApiPorts = Omit<ApiPorts, 'guard' | 'administration' | 'counts' | 'licence'> &
  Partial<Pick<ApiPorts, 'counts' | 'licence'>>;

/** The way into the API over a set-up world: for people of that world, and for the tokens given. */
export function createReadableGuard(world: SetUpWorld, { tokens, audit }: { tokens: ApiTokenStore; audit: Audit }): ApiGuard {
  const ask = createAskSpaceAdmin(world.ports);
  const askSite = createAskSiteAdmin(world.ports);
  const { clock } = world.ports;
  return createApiGuard({
    verifier: readableVerifier(world),
    askSpaceAdmin: (context) => ask(callerOf(context)),
    askSiteAdmin: (context) => askSite(callerOf(context)),
    checkToken: createApiTokenCheck({ tokens, clock }),
    noteRefusal: createNoteRefusal(audit, clock),
    behindWall: (_tenantId, work) => work(),
  });
}

/** Routes below /api/v1, as the app mounts them. A logged error fails the test. */
export function serveApi(world: SetUpWorld, router: Router): Express {
  const logger = createLogger('error', {
    write: (line) => {
      throw new Error(line);
    },
  });
  const app = express();
  app.use(createRequestIds(world.ports.makeId), express.json());
  app.use('/api/v1', router);
  app.use(refuseUnknownRoute, createErrorHandler(logger));
  return app;
}

/** The API over a set-up world. */
export function createReadableApi(world: SetUpWorld, ports: ReadableApiPorts): Express {
  const tokens = createMemoryApiTokens();
  const audit = createMemoryAudit();
  const { clock, makeId } = world.ports;
  const guard = createReadableGuard(world, { tokens, audit });
  const { synchronizations } = world.ports;
  const leaving = { planErasure: async () => undefined, closeSite: async () => undefined, synchronizations, audit, clock };
  const administration = { tokens, audit, clock, makeId, makeSecret: makeRandomSecret, leaving };
  return serveApi(
    world,
    createApiRouter({ counts: { reach: async () => null }, licence: null, ...ports, administration, guard }),
  );
}
