import { Router } from 'express';
import type { Request, Response } from 'express';
import { textToAdf } from './adf-text.ts';
import { editOf } from './item-form.ts';
import { itemPage } from './item-page.ts';
import { notFoundPage } from './not-found-page.ts';
import type { PageItem, PageProject, PageResult, PageSite } from './page-site.ts';
import { createPage, projectPage } from './project-page.ts';
import { formOf, userOf, viewOf } from './session.ts';

/** Lists, items and everything a person does with them. Each change is made in the name of who is logged in. */
export const createItemRoutes = (site: PageSite): Router => {
  const routes = Router();
  const projectOf = (key: string | undefined): PageProject | null => site.projects().find((project) => project.key === key) ?? null;

  const missing = (request: Request, response: Response, what: string): void => {
    response.status(404).send(notFoundPage(viewOf(site, request, null), what));
  };

  const withProject = (answer: (request: Request, response: Response, project: PageProject) => void) => (request: Request, response: Response): void => {
    const project = projectOf(request.params['projectKey']);
    if (project === null) return missing(request, response, 'There is no such space on this site.');
    answer(request, response, project);
  };

  const withItem = (answer: (request: Request, response: Response, item: PageItem) => void) => (request: Request, response: Response): void => {
    const item = site.items.read(userOf(site, request).accountId, request.params['itemKey'] ?? '');
    if (item === null) return missing(request, response, 'There is no such work item, or it was deleted.');
    answer(request, response, item);
  };

  const showItem = (request: Request, response: Response, item: PageItem, problem: string | null): void => {
    const view = { ...viewOf(site, request, projectOf(item.projectKey), problem), path: `/browse/${item.key}` };
    response.status(problem === null ? 200 : 422).send(itemPage(view, item));
  };

  /** A change is followed by the item's page: anew when it was made, with the site's words when it was refused. */
  const change = (make: (request: Request, item: PageItem, actor: string) => PageResult) =>
    withItem((request, response, item) => {
      const result = make(request, item, userOf(site, request).accountId);
      if (!result.ok) return showItem(request, response, item, result.problem);
      response.redirect(303, `/browse/${item.key}`);
    });

  const bodyOf = (request: Request, item: PageItem) => {
    const before = item.comments.find((comment) => comment.id === request.params['commentId']);
    return textToAdf(formOf(request)['body'] ?? '', before?.body ?? null) ?? { type: 'doc', version: 1, content: [] };
  };

  routes.get('/projects/:projectKey', withProject((request, response, project) => {
    response.send(projectPage(viewOf(site, request, project), project));
  }));
  routes.get('/pages/version', (_request, response) => void response.json({ version: site.items.version() }));
  routes.get('/projects/:projectKey/create', withProject((request, response, project) => {
    response.send(createPage(viewOf(site, request, project), project, {}));
  }));
  routes.post('/projects/:projectKey/create', withProject((request, response, project) => {
    const fields = formOf(request);
    const { dueDate, ...others } = editOf(fields, null);
    const edit = dueDate === null || dueDate === undefined ? others : { ...others, dueDate };
    const made = site.items.create(userOf(site, request).accountId, project.key, fields['typeId'] ?? '', edit);
    if (made.ok) return response.redirect(303, `/browse/${made.value.key}`);
    response.status(422).send(createPage(viewOf(site, request, project, made.problem), project, fields));
  }));

  routes.get('/browse/:itemKey', withItem((request, response, item) => showItem(request, response, item, null)));
  routes.post('/browse/:itemKey', change((request, item, actor) => site.items.edit(actor, item.key, editOf(formOf(request), item.description))));
  routes.post('/browse/:itemKey/transitions', change((request, item, actor) => site.items.transition(actor, item.key, formOf(request)['transitionId'] ?? '')));
  routes.post('/browse/:itemKey/comments', change((request, item, actor) => site.items.addComment(actor, item.key, bodyOf(request, item))));
  routes.post('/browse/:itemKey/comments/:commentId', change((request, item, actor) =>
    site.items.editComment(actor, item.key, request.params['commentId'] ?? '', bodyOf(request, item))));
  routes.post('/browse/:itemKey/comments/:commentId/delete', change((request, item, actor) =>
    site.items.removeComment(actor, item.key, request.params['commentId'] ?? '')));
  routes.post('/browse/:itemKey/delete', withItem((request, response, item) => {
    const removed = site.items.remove(userOf(site, request).accountId, item.key);
    if (!removed.ok) return showItem(request, response, item, removed.problem);
    response.redirect(303, `/projects/${item.projectKey}`);
  }));
  return routes;
};
