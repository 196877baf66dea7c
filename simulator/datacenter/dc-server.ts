import type { Express, NextFunction, Request, Response } from 'express';
import express from 'express';
import { CLOUD_ROUTES } from '../cloud/cloud-server.ts';
import type { Timers } from '../heart/clock.ts';
import { answerDataCenterCall } from './answer-dc-call.ts';
import type { DataCenterSite } from './data-center-site.ts';
import { SHARED_OPERATIONS } from './dc-operations.ts';
import { OWN_ROUTES } from './dc-routes.ts';
import { PERSONAL_TOKEN_ROUTES } from './personal-token-routes.ts';
import type { DataCenterRoute } from './webhook-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

const BODY_LIMIT = '10mb';
/** A little more than a site lets its users attach, so that Jira itself refuses what is too large. */
const UPLOAD_BODY_LIMIT = '12mb';

const isShared = (route: { readonly method: string; readonly path: string }): boolean =>
  (SHARED_OPERATIONS[route.path.replaceAll(/\{\w+\}/g, '{}')] ?? '').split(' ').includes(route.method);

/** Own routes first: where both have one, Data Center's form holds. */
export const routesOf = (webhooks: 'own' | 'plugin'): readonly DataCenterRoute[] => [
  ...OWN_ROUTES,
  ...PERSONAL_TOKEN_ROUTES,
  ...webhookRoutes(webhooks),
  ...CLOUD_ROUTES.filter(isShared),
];

const reading = (faulty: Error & { status?: number }, _request: Request, response: Response, next: NextFunction): void => {
  if (faulty.status === undefined || faulty.status >= 500) next(faulty);
  else response.status(faulty.status).json({ errorMessages: [`The request body is not valid JSON. ${faulty.message}`] });
};

/** Puts the REST API of a Data Center site on a server that is mounted at the context path. */
export function mountDataCenter(server: Express, site: DataCenterSite, timers: Timers): void {
  let calls = 0;
  server.use('/rest', (_request, response, next) => {
    calls += 1;
    response.set('X-AREQUESTID', `${calls}x${site.heart.name}x1`);
    response.set('X-ANODEID', 'node1');
    response.set('Cache-Control', 'no-cache, no-store, no-transform');
    if (site.control.latencyMs > 0) timers.after(site.control.latencyMs, () => next());
    else next();
  });
  server.use('/rest', express.raw({ limit: UPLOAD_BODY_LIMIT, type: 'multipart/form-data' }), reading);
  server.use('/rest', express.json({ limit: BODY_LIMIT, strict: false }), reading);
  for (const route of routesOf(site.dialect.webhooks)) {
    const own = route.path.startsWith('/rest/');
    const path = `${own ? '' : '/rest/api/2'}${route.path}`;
    const pattern = `${own ? '' : '/rest/api/:version(2|latest)'}${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    server[route.method](pattern, (request: Request, response: Response) =>
      answerDataCenterCall(route, path, site, request, response),
    );
  }
  const file = CLOUD_ROUTES.find(({ path }) => path === '/attachment/content/{id}');
  if (file === undefined) return;
  // Data Center gives the bytes itself, at an address outside of REST.
  const download: DataCenterRoute = { ...file, handle: (call) => file.handle({ ...call, query: { redirect: 'false' } }) };
  server.get('/secure/attachment/:id/:filename', (request: Request, response: Response) =>
    answerDataCenterCall(download, '/secure/attachment/{id}/{filename}', site, request, response),
  );
}
