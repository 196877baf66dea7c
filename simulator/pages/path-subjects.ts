import type { Request, RequestHandler, Response } from 'express';
import { notFoundPage } from './not-found-page.ts';
import type { PageItem, PageProject, PageSite } from './page-site.ts';
import { userOf, viewOf } from './session.ts';

export const projectOf = (site: PageSite, key: string | undefined): PageProject | null =>
  site.projects().find((project) => project.key === key) ?? null;

const missing = (site: PageSite, request: Request, response: Response, what: string): void => {
  response.status(404).send(notFoundPage(viewOf(site, request, null), what));
};

/** Answers with the project that `:projectKey` names, or that there is none. */
export const withProject =
  (site: PageSite, answer: (request: Request, response: Response, project: PageProject) => void): RequestHandler =>
  (request, response) => {
    const project = projectOf(site, request.params.projectKey);
    if (project === null) missing(site, request, response, 'There is no such space on this site.');
    else answer(request, response, project);
  };

/** Answers with the item that `:itemKey` names, or that there is none for whoever looks. */
export const withItem =
  (site: PageSite, answer: (request: Request, response: Response, item: PageItem) => void): RequestHandler =>
  (request, response) => {
    const item = site.items.read(userOf(site, request).accountId, request.params.itemKey ?? '');
    if (item === null) missing(site, request, response, 'There is no such work item, or it was deleted.');
    else answer(request, response, item);
  };
