import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Express, Router } from 'express';
import { z } from 'zod';
import { composeConnecting } from './compose-connections.ts';
import type { Memory } from './compose-memory.ts';
import { createObserve } from './compose-observe.ts';
import type { Parts, Reach, RunnableConfig } from './compose-parts.ts';
import type { Secrets } from './compose-secrets.ts';
import type { Config } from './config/read-config.ts';
import { createSiteDirectory } from './connections/site-directory.ts';
import { succeed } from './core/failure.ts';
import type { TenantId } from './core/ids.ts';
import type { FieldValue } from './core/item.ts';
import { createLifecycle } from './hosts/connect/lifecycle.ts';
import { renderDescriptor } from './hosts/connect/render-descriptor.ts';
import { createJwtVerifier } from './hosts/connect/verify-jwt.ts';
import { readMaker } from './jira/webhook-observation.ts';
import { createEd25519Check } from './platform/ed25519.ts';
import { makeRandomSecret } from './platform/make-secret.ts';
import { readKeptText } from './store/kept-text.ts';
import { createAskSiteAdmin } from './sync/ask-site-admin.ts';
import { createAskSpaceAdmin } from './sync/ask-space-admin.ts';
import { createApiTokenCheck } from './sync/check-api-token.ts';
import type { ConnectionSetUpPorts } from './sync/connection-set-up-ports.ts';
import { stopTenant } from './sync/erase-tenant.ts';
import type { KeepLicencePorts } from './sync/keep-licence.ts';
import { createAttemptLimit, OF_PARTNER_SPACES } from './sync/limit-attempts.ts';
import { createNoteEvent } from './sync/note-event.ts';
import { createNoteRefusal } from './sync/note-refusal.ts';
import { createSpaceNames } from './sync/space-names.ts';
import { createTakeEndpoints, type TakeEndpoints } from './sync/take-endpoints.ts';
import { createPageCookies } from './web/cookies.ts';
import { createApp } from './web/create-app.ts';
import { createApiGuard } from './web/guards.ts';
import { mountConnections } from './web/routes/api-v1-connections.ts';
import { createApiRouter } from './web/routes/api-v1-router.ts';
import { mountWebhooks } from './web/routes/api-v1-webhooks.ts';
import { createAuthenticatePages } from './web/routes/authenticate-pages.ts';
import { callerOf } from './web/set-up-answers.ts';

const DAY_MS = 86_400_000;

/** Where the files are that come with the code. */
const ROOT = new URL('../', import.meta.url);
const file = (name: string): string => fileURLToPath(new URL(name, ROOT));

/** The descriptor as this configuration has it. */
export const composeDescriptor = ({ mode, publicUrl, appKey }: Pick<Config, 'mode' | 'publicUrl' | 'appKey'>) =>
  renderDescriptor({
    descriptorPath: file('atlassian-connect.json'),
    configPath: file('config.json'),
    mode,
    publicUrl,
    appKey,
  });

/** The web role: pages, API, webhooks and the life cycle of the app. */
export function composeWeb(config: Omit<RunnableConfig, 'databaseUrl'>, parts: Parts, reach: Reach, memory: Memory): Express {
  const { publicUrl, appKey, connectScriptUrl, allowedSiteHosts } = config;
  const { secrets, clock, makeId, logger, descriptor } = parts;
  const verifier = composeVerifier(config, parts, reach, memory);
  const connecting = composeConnecting(config, parts, reach, memory);
  return createApp({
    descriptor,
    verifier,
    lifecycle: createLifecycle({
      installations: reach.installations,
      sealSecret: secrets.secretBox.seal,
      stopSite: (tenantId) => stopTenant({ ...memory, clock }, tenantId),
      planErasure: async (tenantId, at) => memory.tenants?.planErasure(tenantId, at),
      eraseAfterMs: config.eraseAfterDays * DAY_MS,
      audit: memory.audit,
      makeId,
      clock,
      appKey,
      siteRule: { hosts: allowedSiteHosts, http: config.mode === 'production' ? 'never' : 'localhost-too' },
    }),
    inbox: memory.inbox,
    readTrace: secrets.readTrace,
    readMaker,
    observe: createObserve(secrets),
    remoteWebhooks: {
      addresses: secrets.webhookAddressesAt(publicUrl),
      connections: memory.connections,
      clientSecret: config.atlassian.app?.clientSecret ?? null,
      noteEvent: createNoteEvent({ connections: memory.connections, clock }),
      noteRefusal: createNoteRefusal(memory.audit, clock),
    },
    clock,
    apiRouter: composeApi(config, verifier, parts, reach, memory, connecting),
    authenticatePages:
      connecting === null
        ? Router()
        : createAuthenticatePages({ ...connecting, cookies: createPageCookies(publicUrl), behindWall: memory.behindWall }),
    findUnready: memory.findUnready,
    logger,
    makeId,
    publicUrl,
    connectScriptUrl,
    siteHosts: allowedSiteHosts,
    appVersion: readVersion(),
    folders: { views: file('views'), public: file('public') },
  });
}

function composeVerifier(
  config: Omit<RunnableConfig, 'databaseUrl'>,
  { secrets, clock, installKeys }: Parts,
  { installations }: Reach,
  { audit }: Memory,
) {
  const noteRefusal = createNoteRefusal(audit, clock);
  return createJwtVerifier({
    installations,
    openSecret: ({ tenantId, sealedSecret }) => {
      const opened = secrets.secretBox.open(tenantId, sealedSecret);
      return opened.ok ? opened.value : null;
    },
    installKeys,
    clock,
    baseUrl: config.publicUrl,
    async onRefused(tenantId, code) {
      // A page that was left open, or a clock that is slow, is nobody's attack.
      if (code === 'jwt-expired' || code === 'jwt-not-yet-valid' || code === 'site-disabled') return;
      await noteRefusal(tenantId, { actor: { kind: 'stranger' }, action: 'site.refused', subject: null, code });
    },
  });
}

function composeApi(
  config: Pick<Config, 'licencePublicKey' | 'publicUrl'>,
  verifier: ReturnType<typeof createJwtVerifier>,
  parts: Parts,
  { sites, installations, counts }: Reach,
  memory: Memory,
  connecting: ConnectionSetUpPorts | null,
) {
  const { clock, makeId, secrets } = parts;
  // Behind the wall of whoever asks; the audit log alone is also written for the partner.
  const { synchronizations, lanes, turns, kept, conflicts, brakes, parked, scans, tokens, connections, settings, setUps, terms } =
    memory.requests;
  const audit = { note: memory.audit.note, list: memory.requests.audit.list };
  const directory = createSiteDirectory(installations, connections);
  const licence = composeLicence(config, { licences: memory.licences, directory, clock, audit });
  const guard = composeGuard(verifier, parts, sites, memory);
  const router = createApiRouter({
    guard,
    counts,
    administration: {
      tokens,
      audit,
      clock,
      makeId,
      makeSecret: makeRandomSecret,
      leaving: {
        planErasure: async (tenantId, at) => memory.requests.tenants?.planErasure(tenantId, at),
        closeSite: async (tenantId, connectionId, at) => {
          await installations.changeState(tenantId, connectionId, 'uninstalled', at);
        },
        synchronizations,
        audit,
        clock,
      },
    },
    licence,
    setUp: {
      sites,
      directory,
      takeEndpoints: licence === null ? NOTHING_TO_TAKE : createTakeEndpoints(licence),
      connections,
      settings,
      setUps,
      synchronizations,
      terms,
      lookups: createAttemptLimit(clock, OF_PARTNER_SPACES),
      lanes,
      audit,
      clock,
      makeId,
    },
    turns,
    names: createSpaceNames({ sites, clock }),
    conflicts: { sites, settings, synchronizations, kept, conflicts, audit, clock, openValue: openValueWith(secrets) },
    brakes,
    healing: { parked, lanes, clock, scans },
  });
  if (connecting !== null) {
    mountConnections(router, guard, connecting);
    const addresses = secrets.webhookAddressesAt(config.publicUrl);
    mountWebhooks(router, guard, { ...connecting, addresses, schedule: memory.requests.schedule });
  }
  return router;
}

/** Not behind the wall of who asks: a start may concern connections of the owner that the partner does not see. */
const composeLicence = (
  { licencePublicKey }: Pick<Config, 'licencePublicKey'>,
  { licences, ...ports }: Omit<KeepLicencePorts, 'licences' | 'checkSignature'> & Pick<Memory, 'licences'>,
): KeepLicencePorts | null =>
  licences === null
    ? null
    : { ...ports, licences, checkSignature: licencePublicKey === null ? null : createEd25519Check(licencePublicKey) };

const NOTHING_TO_TAKE: TakeEndpoints = async () => succeed({ letGo: async () => undefined });

/** The only way into the API. Who calls is found out before anybody knows whose wall to be behind. */
function composeGuard(verifier: ReturnType<typeof createJwtVerifier>, { clock }: Parts, sites: Reach['sites'], memory: Memory) {
  const askSpaceAdmin = createAskSpaceAdmin({ sites, clock });
  const askSiteAdmin = createAskSiteAdmin({ sites });
  return createApiGuard({
    verifier,
    askSpaceAdmin: (context) => askSpaceAdmin(callerOf(context)),
    askSiteAdmin: (context) => askSiteAdmin(callerOf(context)),
    checkToken: createApiTokenCheck({ tokens: memory.tokens, clock }),
    noteRefusal: createNoteRefusal(memory.audit, clock),
    behindWall: memory.behindWall,
  });
}

/** A value that lost a conflict, out of its seal. */
const openValueWith =
  ({ secretBox }: Secrets) =>
  (tenantId: TenantId, sealed: string): FieldValue | null => {
    const opened = secretBox.open(tenantId, sealed);
    return opened.ok ? readKeptText(opened.value) : null;
  };

const readVersion = (): string =>
  z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file('package.json'), 'utf8'))).version;
