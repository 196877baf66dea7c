import type { NextFunction, Request, Response } from 'express';
import { json, Router } from 'express';
import { z } from 'zod';
import { notAllowedPage, notFoundPage } from './not-found-page.ts';
import type { PageModule, PageProject, PageResult, PageSite } from './page-site.ts';
import { projectOf } from './path-subjects.ts';
import { formOf, userOf, viewOf } from './session.ts';
import { appFramePage, appsPage, settingsPage } from './settings-pages.ts';
import { shownModules } from './shown-modules.ts';

const frameRequest = z.object({
  projectKey: z.string(),
  appKey: z.string(),
  moduleKey: z.string(),
  dialog: z.boolean().optional(),
});

/** Space settings with the apps' frames, and the administration of apps. */
export const createAppRoutes = (site: PageSite): Router => {
  const routes = Router();

  const withSettings =
    (answer: (request: Request, response: Response, project: PageProject) => void) =>
    (request: Request, response: Response): void => {
      const project = projectOf(site, request.params.projectKey);
      const view = viewOf(site, request, project);
      if (project === null) response.status(404).send(notFoundPage(view, 'There is no such space on this site.'));
      else if (!view.administers)
        response.status(403).send(notAllowedPage(view, `Only administrators of ${project.name} see its settings.`));
      else answer(request, response, project);
    };

  routes.get(
    '/projects/:projectKey/settings',
    withSettings((request, response, project) => {
      const view = viewOf(site, request, project);
      response.send(settingsPage(view, project, shownModules(site, view.user, project)));
    }),
  );
  routes.get(
    '/projects/:projectKey/settings/apps/:moduleKey',
    withSettings((request, response, project) => {
      const view = viewOf(site, request, project);
      const module = shownModules(site, view.user, project).find((each) => each.key === request.params.moduleKey);
      if (module === undefined) response.status(404).send(notFoundPage(view, 'No enabled app shows such a page to you here.'));
      else response.send(appFramePage(view, project, module));
    }),
  );
  /** The address that Jira itself uses, for apps that navigate to their own page by it. */
  routes.get('/plugins/servlet/ac/:appKey/:moduleKey', (request, response) => {
    const key = String(request.query['project.key'] ?? '');
    response.redirect(302, `/projects/${encodeURIComponent(key)}/settings/apps/${encodeURIComponent(request.params.moduleKey)}`);
  });

  /** The module asked for by the host script, if whoever asks may see it there. */
  const frameAsked = (
    request: Request,
  ): { readonly module: PageModule; readonly project: PageProject; readonly accountId: string } | null => {
    const asked = frameRequest.safeParse(request.body);
    const project = asked.success ? projectOf(site, asked.data.projectKey) : null;
    if (!asked.success || project === null) return null;
    const user = userOf(site, request);
    const shown = site.administers(user.accountId, project)
      ? shownModules(site, user, project).filter((each) => each.appKey === asked.data.appKey)
      : [];
    const choice = asked.data.dialog === true && shown.length > 0 ? site.apps.dialogs(asked.data.appKey) : shown;
    const module = choice.find((each) => each.key === asked.data.moduleKey);
    return module === undefined ? null : { module, project, accountId: user.accountId };
  };
  routes.post('/pages/apps/frame', json(), (request, response) => {
    const asked = frameAsked(request);
    if (asked === null) return void response.status(404).json({ problem: 'No enabled app shows such a page to you here.' });
    const { module, project, accountId } = asked;
    response.json({ url: site.apps.frameUrl(module, project, accountId) });
  });
  routes.post('/pages/apps/token', json(), (request, response) => {
    const asked = frameAsked(request);
    if (asked === null) return void response.status(404).json({ problem: 'No enabled app shows such a page to you here.' });
    response.json({ token: site.apps.contextToken(asked.module.appKey, asked.project, asked.accountId) });
  });

  return routes.use(createAdministrationRoutes(site));
};

const createAdministrationRoutes = (site: PageSite): Router => {
  const routes = Router();
  routes.use('/admin', (request: Request, response: Response, next: NextFunction) => {
    const view = viewOf(site, request, null);
    if (view.user.admin) next();
    else response.status(403).send(notAllowedPage(view, 'Only administrators of the site see its apps.'));
  });
  routes.get('/admin/apps', (request, response) => void response.send(appsPage(viewOf(site, request, null))));

  const doing =
    (act: (fields: Readonly<Record<string, string>>) => Promise<PageResult>) =>
    (request: Request, response: Response, next: NextFunction): void => {
      const fields = formOf(request);
      act(fields)
        .then((result) => {
          if (result.ok) return response.redirect(303, '/admin/apps');
          const view = { ...viewOf(site, request, null, result.problem), path: '/admin/apps' };
          return response.status(422).send(appsPage(view));
        })
        .catch(next);
    };
  const { apps } = site;
  routes.post(
    '/admin/apps/install',
    doing((fields) => apps.install(fields.descriptorUrl ?? '')),
  );
  routes.post(
    '/admin/apps/enable',
    doing((fields) => apps.enable(fields.appKey ?? '')),
  );
  routes.post(
    '/admin/apps/disable',
    doing((fields) => apps.disable(fields.appKey ?? '')),
  );
  routes.post(
    '/admin/apps/uninstall',
    doing((fields) => apps.uninstall(fields.appKey ?? '')),
  );
  routes.post(
    '/admin/apps/reinstall',
    doing((fields) => apps.reinstall(fields.appKey ?? '')),
  );
  return routes;
};
