import type { Request, Response } from 'express';
import { z } from 'zod';
import type { View } from './layout.ts';
import type { PageProject, PageSite, PageUser } from './page-site.ts';

const cookieValue = (request: Request, name: string): string | null => {
  const cookies = (request.headers.cookie ?? '').split(';').map((each) => each.trim());
  const found = cookies.find((each) => each.startsWith(`${name}=`));
  return found === undefined ? null : decodeURIComponentOrEmpty(found.slice(name.length + 1));
};

/** A cookie that is not valid percent encoding names nobody. */
const decodeURIComponentOrEmpty = (text: string): string => (/%(?![0-9a-f]{2})/i.test(text) ? '' : decodeURIComponent(text));

/** Who looks: the person of the session cookie, or the first administrator for someone who has just come. */
export const userOf = (site: PageSite, request: Request): PageUser => {
  const users = site.users();
  const accountId = cookieValue(request, site.sessionCookie);
  const user = users.find((each) => each.accountId === accountId) ?? users.find((each) => each.admin) ?? users[0];
  if (user === undefined) throw new Error(`The site ${site.name} has no users.`);
  return user;
};

/** Lets a person act from now on: sets the cookie that REST calls of the same browser accept too. */
export const becomeUser = (site: PageSite, response: Response, accountId: string): void => {
  response.cookie(site.sessionCookie, accountId, { path: '/', sameSite: 'lax', httpOnly: true });
};

export const viewOf = (site: PageSite, request: Request, project: PageProject | null, problem: string | null = null): View => {
  const user = userOf(site, request);
  return {
    site,
    user,
    project,
    administers: project !== null && site.administers(user.accountId, project),
    problem,
    typed: problem === null ? {} : formOf(request),
    path: request.path,
  };
};

const form = z.record(z.string(), z.string());

/** The posted fields, each once; a field that came twice makes the form unreadable, which gives an empty one. */
export const formOf = (request: Request): Readonly<Record<string, string>> => {
  const parsed = form.safeParse(request.body);
  return parsed.success ? parsed.data : {};
};

/** Only addresses of this site: `//elsewhere` and full urls lead home instead. */
export const ownPath = (path: string | undefined): string => (path !== undefined && /^\/(?![/\\])/.test(path) ? path : '/');
