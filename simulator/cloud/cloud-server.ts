import type { Express, NextFunction, Request, Response } from 'express';
import express from 'express';
import type { Timers } from '../heart/clock.ts';
import type { SimulatedSite } from '../simulated-site.ts';
import { ADMIN_WEBHOOK_ROUTES } from './admin-webhook-routes.ts';
import { AGILE_ROUTES } from './agile-routes.ts';
import { answerCall } from './answer-call.ts';
import { APP_ROUTES } from './app-routes.ts';
import { ATTACHMENT_ROUTES } from './attachment-routes.ts';
import { COMMENT_ROUTES } from './comment-routes.ts';
import { DYNAMIC_WEBHOOK_ROUTES } from './dynamic-webhook-routes.ts';
import { FIELD_ROUTES } from './field-routes.ts';
import { FOLLOWER_ROUTES } from './follower-routes.ts';
import { mountGateway } from './gateway.ts';
import { INACCESSIBLE_ROUTES } from './inaccessible-routes.ts';
import { ISSUE_ROUTES } from './issue-routes.ts';
import { LINK_ROUTES } from './link-routes.ts';
import { METADATA_ROUTES } from './metadata-routes.ts';
import { PEOPLE_ROUTES } from './people-routes.ts';
import { PERMISSION_ROUTES } from './permission-routes.ts';
import { PROPERTY_ROUTES } from './property-routes.ts';
import { RELEASE_ROUTES } from './release-routes.ts';
import type { Route } from './route.ts';
import { SCHEME_ROUTES } from './scheme-routes.ts';
import { SEARCH_ROUTES } from './search-routes.ts';
import { SERVICE_DESK_ROUTES } from './service-desk-routes.ts';
import { WORKLOG_ROUTES } from './worklog-routes.ts';

const BODY_LIMIT = '10mb';
/** A little more than a site lets its users attach, so that Jira itself refuses what is too large. */
const UPLOAD_BODY_LIMIT = '12mb';

/** Metadata first: `/issue/createmeta/…` and `/project/search` would otherwise be taken for an issue and a project of that name. */
export const CLOUD_ROUTES: readonly Route[] = [
  ...METADATA_ROUTES,
  ...SCHEME_ROUTES,
  ...ISSUE_ROUTES,
  ...COMMENT_ROUTES,
  ...PROPERTY_ROUTES,
  ...SEARCH_ROUTES,
  ...PEOPLE_ROUTES,
  ...APP_ROUTES,
  ...DYNAMIC_WEBHOOK_ROUTES,
  ...ADMIN_WEBHOOK_ROUTES,
  ...RELEASE_ROUTES,
  ...LINK_ROUTES,
  ...ATTACHMENT_ROUTES,
  ...WORKLOG_ROUTES,
  ...FOLLOWER_ROUTES,
  ...AGILE_ROUTES,
  ...SERVICE_DESK_ROUTES,
  ...FIELD_ROUTES,
  ...PERMISSION_ROUTES,
];

const reading = (faulty: Error & { status?: number }, _request: Request, response: Response, next: NextFunction): void => {
  if (faulty.status === undefined || faulty.status >= 500) next(faulty);
  else
    response.status(faulty.status).json({
      errorMessages: [`There was an error parsing JSON. Check that your request body is valid. ${faulty.message}`],
      errors: {},
    });
};

/** Puts Jira's REST API on a server. */
export function mountCloud(server: Express, simulated: SimulatedSite, timers: Timers): void {
  const { heart: site, control } = simulated;
  let calls = 0;
  mountGateway(server, site);
  server.use('/rest', (_request, response, next) => {
    calls += 1;
    response.set('X-AREQUESTID', `${site.name}-${calls}`);
    response.set('X-RateLimit-Limit', '100');
    response.set('X-RateLimit-Remaining', '99');
    response.set('Cache-Control', 'no-cache, no-store, no-transform');
    if (control.latencyMs > 0) timers.after(control.latencyMs, () => next());
    else next();
  });
  server.use('/rest', express.raw({ limit: UPLOAD_BODY_LIMIT, type: 'multipart/form-data' }), reading);
  server.use('/rest', express.json({ limit: BODY_LIMIT, strict: false }), reading);
  for (const route of [...CLOUD_ROUTES, ...INACCESSIBLE_ROUTES]) {
    const own = route.path.startsWith('/rest/');
    const pattern = `${own ? '' : '/rest/api/:version(2|3|latest)'}${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    const template = own ? () => route.path : (request: Request) => `/rest/api/${request.params['version'] ?? '3'}${route.path}`;
    server[route.method](pattern, (request: Request, response: Response) =>
      answerCall(route, template(request), simulated, request, response),
    );
  }
  server.get('/_edge/tenant_info', (_request, response) => void response.json({ cloudId: site.cloudId }));
}

/** What is not simulated is a 404, as for any unknown path. */
export function mountNotFound(server: Express): void {
  server.use(
    (request, response) =>
      void response
        .status(404)
        .json({ errorMessages: [`The simulated site has no ${request.method} ${request.path}.`], errors: {} }),
  );
}
