import type { Express, RequestHandler, Router } from 'express';
import express from 'express';
import type { Lifecycle } from '../hosts/connect/lifecycle.ts';
import type { Descriptor } from '../hosts/connect/render-descriptor.ts';
import type { JwtVerifier } from '../hosts/connect/verify-jwt.ts';
import type { MakeId } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { Inbox } from '../sync/ports.ts';
import { createErrorHandler, refuseUnknownRoute, sendRefusal } from './errors.ts';
import { createRequestIds } from './request-id.ts';
import { createRequestLog } from './request-log.ts';
import type { FindUnready } from './routes/health-get.ts';
import { healthzGet, readyzGet } from './routes/health-get.ts';
import { installedPost, switchedPost, uninstalledPost } from './routes/lifecycle-post.ts';
import { pagesSpaceSettingsGet } from './routes/pages-space-settings-get.ts';
import { type ConnectionWebhookPorts, webhooksConnectionPost } from './routes/webhooks-connection-post.ts';
import type { WebhookRoutePorts } from './routes/webhooks-jira-post.ts';
import { webhooksJiraPost } from './routes/webhooks-jira-post.ts';
import { createContentSecurityPolicy, createSecurityHeaders } from './security-headers.ts';
import { mountViews } from './views.ts';

/** All that the web application needs; it reaches nothing else. */
export interface AppPorts {
  readonly descriptor: Descriptor;
  readonly verifier: JwtVerifier;
  readonly lifecycle: Lifecycle;
  readonly inbox: Inbox;
  readonly readTrace: WebhookRoutePorts['readTrace'];
  readonly readMaker: WebhookRoutePorts['readMaker'];
  readonly observe: WebhookRoutePorts['observe'];
  /** Webhooks of sites without the app. */
  readonly remoteWebhooks: Omit<ConnectionWebhookPorts, 'inbox' | 'observe' | 'clock'>;
  readonly clock: WebhookRoutePorts['clock'];
  /** Mounted under /api/v1; its handlers are made with `createApiGuard`. Bodies up to 256 KB arrive parsed. */
  readonly apiRouter: Router;
  /** The pages on which a person lets us into a site without the app. */
  readonly authenticatePages: Router;
  readonly findUnready: FindUnready;
  readonly logger: Logger;
  readonly makeId: MakeId;
  readonly publicUrl: string;
  readonly connectScriptUrl: string;
  readonly siteHosts: readonly string[];
  /** Part of the addresses of static files, so that a new version is never mixed with a cached old one. */
  readonly appVersion: string;
  /** Absolute paths. */
  readonly folders: { readonly views: string; readonly public: string };
}

/** A browser's POST without a body says `Content-Length: 0` and no type. */
const requireJson: RequestHandler = (request, response, next) => {
  if (request.is('application/json') !== false || request.get('Content-Length') === '0') return next();
  return sendRefusal(request, response, {
    status: 415,
    code: 'content-type-unsupported',
    message: 'The body is not declared as JSON.',
    remedy: 'Send it with Content-Type: application/json.',
  });
};

const mountRoutes = (app: Express, ports: AppPorts): void => {
  const policy = createContentSecurityPolicy(ports.connectScriptUrl);
  app.get('/healthz', healthzGet);
  app.get('/readyz', readyzGet(ports.findUnready));
  app.get('/atlassian-connect.json', (_request, response) => {
    response.json(ports.descriptor);
  });
  app.post('/installed', installedPost(ports));
  app.post('/uninstalled', uninstalledPost(ports));
  app.post('/enabled', switchedPost(ports, 'enable'));
  app.post('/disabled', switchedPost(ports, 'disable'));
  app.post('/webhooks/jira', webhooksJiraPost(ports));
  app.post('/webhooks/connection/:token', webhooksConnectionPost({ ...ports, ...ports.remoteWebhooks }));
  app.get(
    '/pages/space-settings',
    pagesSpaceSettingsGet({ verifier: ports.verifier, policy, connectScriptUrl: ports.connectScriptUrl }),
  );
  app.use(ports.authenticatePages);
  app.use('/api/v1', requireJson, express.json({ limit: 256 * 1024, inflate: false }), ports.apiRouter);
  app.use(express.static(ports.folders.public, { index: false, redirect: false, dotfiles: 'ignore', maxAge: '1h' }));
};

/** The web application, ready to be listened with. No globals: two of them can live in one process. */
export const createApp = (ports: AppPorts): Express => {
  const app = express();
  app.disable('x-powered-by');
  // The same reading of a query that the query hash uses: no nested objects from `a[b]=c`.
  app.set('query parser', 'simple');
  app.set('etag', false);
  app.locals.appVersion = ports.appVersion;
  mountViews(app, ports.folders.views);
  app.use(createRequestIds(ports.makeId), createRequestLog(ports.logger));
  app.use(createSecurityHeaders(createContentSecurityPolicy(ports.connectScriptUrl), ports));
  mountRoutes(app, ports);
  app.use(refuseUnknownRoute);
  app.use(createErrorHandler(ports.logger));
  return app;
};
