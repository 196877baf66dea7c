import { Router } from 'express';
import { editOf } from './item-form.ts';
import type { PageSite } from './page-site.ts';
import { withProject } from './path-subjects.ts';
import { createPage, projectPage } from './project-page.ts';
import { formOf, userOf, viewOf } from './session.ts';

/** Lists of items, and the form that makes one. */
export const createProjectRoutes = (site: PageSite): Router => {
  const routes = Router();
  routes.get(
    '/projects/:projectKey',
    withProject(site, (request, response, project) => {
      response.send(projectPage(viewOf(site, request, project), project));
    }),
  );
  routes.get('/pages/version', (_request, response) => {
    response.json({ version: site.items.version() });
  });
  routes.get(
    '/projects/:projectKey/create',
    withProject(site, (request, response, project) => {
      response.send(createPage(viewOf(site, request, project), project));
    }),
  );
  routes.post(
    '/projects/:projectKey/create',
    withProject(site, (request, response, project) => {
      const fields = formOf(request);
      const made = site.items.create(userOf(site, request).accountId, project.key, fields.typeId ?? '', editOf(fields, null));
      if (made.ok) response.redirect(303, `/browse/${made.value.key}`);
      else response.status(422).send(createPage(viewOf(site, request, project, made.problem), project));
    }),
  );
  return routes;
};
