import type { Request, RequestHandler, Response } from 'express';
import { Router } from 'express';
import type { AdfNode } from '../heart/adf.ts';
import { textToAdf } from './adf-text.ts';
import { editOf } from './item-form.ts';
import { itemPage } from './item-page.ts';
import type { PageItem, PageResult, PageSite } from './page-site.ts';
import { projectOf, withItem } from './path-subjects.ts';
import { formOf, userOf, viewOf } from './session.ts';

const showItem = (site: PageSite, request: Request, response: Response, item: PageItem, problem: string | null): void => {
  const view = { ...viewOf(site, request, projectOf(site, item.projectKey), problem), path: `/browse/${item.key}` };
  response.status(problem === null ? 200 : 422).send(itemPage(view, item));
};

type Change = (request: Request, item: PageItem, actor: string) => PageResult;

/** A change is followed by another page when it was made, and by the item with the site's words when it was refused. */
const changing = (site: PageSite, change: Change, next: (item: PageItem) => string): RequestHandler =>
  withItem(site, (request, response, item) => {
    const result = change(request, item, userOf(site, request).accountId);
    if (result.ok) response.redirect(303, next(item));
    else showItem(site, request, response, item, result.problem);
  });

const commentIdOf = (request: Request): string => request.params.commentId ?? '';

/** The posted comment; empty text is an empty document, which the site refuses. */
const commentBody = (request: Request, item: PageItem): AdfNode => {
  const before = item.comments.find((comment) => comment.id === commentIdOf(request));
  return textToAdf(formOf(request).body ?? '', before?.body ?? null) ?? { type: 'doc', version: 1, content: [] };
};

/** One item and everything a person does with it. Each change is made in the name of who is logged in. */
export const createItemRoutes = (site: PageSite): Router => {
  const { items } = site;
  const routes = Router();
  const postTo = (path: string, change: Change): void => {
    routes.post(
      `/browse/:itemKey${path}`,
      changing(site, change, (item) => `/browse/${item.key}`),
    );
  };
  routes.get(
    '/browse/:itemKey',
    withItem(site, (request, response, item) => showItem(site, request, response, item, null)),
  );
  postTo('', (request, item, actor) => items.edit(actor, item.key, editOf(formOf(request), item.description)));
  postTo('/transitions', (request, item, actor) => items.transition(actor, item.key, formOf(request).transitionId ?? ''));
  postTo('/comments', (request, item, actor) => items.addComment(actor, item.key, commentBody(request, item)));
  postTo('/comments/:commentId', (request, item, actor) =>
    items.editComment(actor, item.key, commentIdOf(request), commentBody(request, item)),
  );
  postTo('/comments/:commentId/delete', (request, item, actor) => items.removeComment(actor, item.key, commentIdOf(request)));
  const remove: Change = (_request, item, actor) => items.remove(actor, item.key);
  routes.post(
    '/browse/:itemKey/delete',
    changing(site, remove, (item) => `/projects/${item.projectKey}`),
  );
  return routes;
};
