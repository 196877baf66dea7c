import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Express, Response } from 'express';
import { Router } from 'express';
import { createObserve } from '../../app/compose-observe.ts';
import { createCommentEventBox } from '../../app/connections/comment-event-box.ts';
import type { InstallationStore } from '../../app/connections/installation-store.ts';
import { createObservationBox, type ObservationBox } from '../../app/connections/observation-box.ts';
import { createSecretBox } from '../../app/connections/secret-box.ts';
import { createTenantKeys, type TenantKeys } from '../../app/connections/tenant-keys.ts';
import { readTrace } from '../../app/connections/trace.ts';
import { createWebhookAddresses } from '../../app/connections/webhook-addresses.ts';
import { createInstallKeys } from '../../app/hosts/connect/install-keys.ts';
import { createLifecycle } from '../../app/hosts/connect/lifecycle.ts';
import { renderDescriptor } from '../../app/hosts/connect/render-descriptor.ts';
import { createJwtVerifier } from '../../app/hosts/connect/verify-jwt.ts';
import { readMaker } from '../../app/jira/webhook-observation.ts';
import { createLogger } from '../../app/platform/logger.ts';
import { createApiTokenCheck } from '../../app/sync/check-api-token.ts';
import { createNoteEvent } from '../../app/sync/note-event.ts';
import { createNoteRefusal } from '../../app/sync/note-refusal.ts';
import type { WebhookAddresses } from '../../app/sync/webhook-ports.ts';
import { createApp } from '../../app/web/create-app.ts';
import { type ApiContext, type AskJira, createApiGuard } from '../../app/web/guards.ts';
import { createMemoryApiTokens } from './memory-api-tokens.ts';
import { createMemoryAudit, type MemoryAudit } from './memory-audit.ts';
import { createMemoryConnectionStore, type MemoryConnectionStore } from './memory-connection-store.ts';
import { createMemoryInbox, type MemoryInbox } from './memory-inbox.ts';
import { createMemoryInstallationStore } from './memory-installation-store.ts';

export const BASE_URL = 'https://tandem.example.com';
export const APP_KEY = 'com.tandem.jira';
/** Of the app at Atlassian. */
export const CLIENT_SECRET = 'secret-of-tandem-at-atlassian';
export const KEY_ID = '0e50fccb-239d-4991-a5db-dc850ba3f236';
/** Every test happens at this moment unless it moves `time.now`. */
export const NOW = 1_800_000_000_000;

const folder = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The app with everything around it but Postgres and Jira: real routes, real verifier, a key server on this machine. */
export interface ConnectWorld {
  readonly app: Express;
  readonly installations: InstallationStore;
  readonly inbox: MemoryInbox;
  readonly connections: MemoryConnectionStore;
  readonly webhookAddresses: WebhookAddresses;
  readonly audit: MemoryAudit;
  readonly tenantKeys: TenantKeys;
  readonly observations: ObservationBox;
  readonly time: { now: number };
  /** The key of `KEY_ID`, and one that no server knows. */
  readonly atlassian: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  readonly stranger: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  /** Paths the key server was asked for. */
  readonly keyRequests: readonly string[];
  /** Tenants whose synchronizations were stopped. */
  readonly stopped: readonly string[];
  /** When the data of tenants that left will be erased. */
  readonly leaving: ReadonlyMap<string, number>;
  /** All log lines so far. */
  readLog(): string;
  readonly admins: { answer: Awaited<ReturnType<AskJira>> };
  close(): Promise<void>;
}

/** Made once for a test file: they cost most of a second and never change. */
const atlassian = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const descriptor = renderDescriptor({
  descriptorPath: folder('atlassian-connect.json'),
  configPath: folder('config.json'),
  mode: 'production',
  publicUrl: BASE_URL,
  appKey: APP_KEY,
});

const serveKeys = async (pem: string, requests: string[]) => {
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (request.url === '/broken') response.writeHead(500).end('down');
    else if (request.url === '/moved') response.writeHead(302, { location: `/${KEY_ID}` }).end();
    else if (request.url === '/page') response.writeHead(200).end('<html>not a key</html>');
    else if (request.url === `/${KEY_ID}`) response.writeHead(200, { 'content-type': 'text/plain' }).end(pem);
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The key server has no port.');
  return { url: `http://127.0.0.1:${address.port}`, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
};

const showContext = async (context: ApiContext, response: Response): Promise<void> => {
  response.json({ context });
};

export const createConnectWorld = async (): Promise<ConnectWorld> => {
  const keyRequests: string[] = [];
  const keyServer = await serveKeys(atlassian.publicKey.export({ type: 'spki', format: 'pem' }).toString(), keyRequests);
  const time = { now: NOW };
  const clock = { now: () => time.now, sleepUntil: async () => undefined };
  const masterKey = Buffer.alloc(32, 7);
  const secretBox = createSecretBox({ current: masterKey, older: [] });
  const tenantKeys = createTenantKeys(masterKey);
  const observations = createObservationBox(secretBox);
  const installations = createMemoryInstallationStore();
  const inbox = createMemoryInbox(['10000']);
  const connections = createMemoryConnectionStore(clock);
  const webhookAddresses = createWebhookAddresses(tenantKeys, BASE_URL);
  const lines: string[] = [];
  const stopped: string[] = [];
  const leaving = new Map<string, number>();
  const audit = createMemoryAudit();
  const noteRefusal = createNoteRefusal(audit, clock);
  const admins: ConnectWorld['admins'] = { answer: 'yes' };
  let made = 0;
  const makeId = (): string => {
    made += 1;
    return `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`;
  };
  const verifier = createJwtVerifier({
    installations,
    openSecret: ({ tenantId, sealedSecret }) => {
      const opened = secretBox.open(tenantId, sealedSecret);
      return opened.ok ? opened.value : null;
    },
    installKeys: createInstallKeys({ servers: [keyServer.url], clock }),
    clock,
    baseUrl: BASE_URL,
    onRefused: (tenantId, code) =>
      noteRefusal(tenantId, { actor: { kind: 'stranger' }, action: 'site.refused', subject: null, code }),
  });
  const lifecycle = createLifecycle({
    installations,
    sealSecret: secretBox.seal,
    stopSite: async (tenantId) => {
      stopped.push(tenantId);
    },
    planErasure: async (tenantId, at) => {
      leaving.set(tenantId, at);
    },
    eraseAfterMs: 30 * 86_400_000,
    audit,
    makeId,
    clock,
    appKey: APP_KEY,
    siteRule: { hosts: ['*.atlassian.net'], http: 'never' },
  });
  const guard = createApiGuard({
    verifier,
    askSpaceAdmin: async () => admins.answer,
    askSiteAdmin: async () => admins.answer,
    checkToken: createApiTokenCheck({ tokens: createMemoryApiTokens(), clock }),
    noteRefusal,
    behindWall: (_tenantId, work) => work(),
  });
  const apiRouter = Router();
  apiRouter.get(
    '/context',
    guard('read', (context, _request, response) => showContext(context, response)),
  );
  apiRouter.post(
    '/echo',
    guard('configure', (context, _request, response) => showContext(context, response)),
  );
  const app = createApp({
    descriptor: await descriptor,
    verifier,
    lifecycle,
    inbox,
    authenticatePages: Router(),
    apiRouter,
    makeId,
    readTrace: (siteTenantId, trace) => readTrace(tenantKeys, siteTenantId, trace),
    readMaker,
    observe: createObserve({ observations, commentEvents: createCommentEventBox(secretBox) }),
    remoteWebhooks: {
      addresses: webhookAddresses,
      connections,
      clientSecret: CLIENT_SECRET,
      noteEvent: createNoteEvent({ connections, clock }),
      noteRefusal,
    },
    clock,
    findUnready: async () => [],
    logger: createLogger('debug', {
      write: (line) => {
        lines.push(line);
      },
    }),
    publicUrl: BASE_URL,
    connectScriptUrl: 'https://connect-cdn.atl-paas.net/all.js',
    siteHosts: ['*.atlassian.net'],
    appVersion: '1.2.3',
    folders: { views: folder('views'), public: folder('public') },
  });
  return {
    app,
    installations,
    inbox,
    connections,
    webhookAddresses,
    audit,
    tenantKeys,
    observations,
    time,
    atlassian,
    stranger,
    keyRequests,
    stopped,
    leaving,
    admins,
    readLog: () => lines.join(''),
    close: keyServer.close,
  };
};
