import type { NextFunction, Request, Response } from 'express';
import { Router, urlencoded } from 'express';
import { createAppRoutes } from './app-routes.ts';
import { createAssetRoutes } from './asset-routes.ts';
import { createItemRoutes } from './item-routes.ts';
import type { PageSite } from './page-site.ts';
import { createProjectRoutes } from './project-routes.ts';
import { becomeUser, formOf, ownPath, viewOf } from './session.ts';
import { worldPage } from './world-page.ts';

/** No inline script and nothing from elsewhere runs on the site's pages (jQuery sets inline styles); frames are for the installed apps alone. */
const contentSecurityPolicy = (site: PageSite): string => {
  const appOrigins = site.apps.list().map((app) => new URL(app.baseUrl).origin);
  return `default-src 'self'; style-src 'self' 'unsafe-inline'; frame-src 'self' ${[...new Set(appOrigins)].join(' ')}; frame-ancestors 'self'; form-action 'self'; base-uri 'none'; object-src 'none'`;
};

const setHeaders =
  (site: PageSite) =>
  (_request: Request, response: Response, next: NextFunction): void => {
    response.set({
      'Content-Security-Policy': contentSecurityPolicy(site),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    next();
  };

/** Other pages, an app's too, cannot post in the name of who is logged in here. */
const refuseForeignPosts = (request: Request, response: Response, next: NextFunction): void => {
  const { origin, host } = request.headers;
  if (request.method === 'POST' && origin !== undefined && origin !== `${request.protocol}://${host}`)
    response.status(403).send('This page can only be posted to from its own site.');
  else next();
};

/** Every path below belongs to the pages; all others fall through to the site's own answers. */
const OWN_PATHS = ['/pages', '/projects', '/browse', '/admin/apps', '/plugins/servlet/ac'];

/** The site in a browser, to be mounted after its REST API. It guards, parses and answers its own paths alone. */
export const createPagesRouter = (site: PageSite): Router => {
  const router = Router();
  router.use(createAssetRoutes(site.baseUrl));
  router.get('/', setHeaders(site), (request, response) => void response.send(worldPage(viewOf(site, request, null))));
  router.use(OWN_PATHS, setHeaders(site), refuseForeignPosts, urlencoded({ extended: false, limit: '1mb' }));
  router.post('/pages/user', (request, response) => {
    const fields = formOf(request);
    if (site.users().some((user) => user.accountId === fields.accountId)) becomeUser(site, response, fields.accountId ?? '');
    response.redirect(303, ownPath(fields.back));
  });
  router.use(createProjectRoutes(site), createItemRoutes(site), createAppRoutes(site));
  return router;
};
