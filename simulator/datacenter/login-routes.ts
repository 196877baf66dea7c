import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import { loginPage } from '../identity/consent-pages.ts';
import { sessionCookie } from '../simulated-site.ts';
import type { DataCenterSite } from './data-center-site.ts';
import { nameOf } from './people.ts';

const form = z.record(z.string(), z.string()).catch({});
export const formOf = (request: Request): Readonly<Record<string, string | undefined>> => form.parse(request.body);

/** Only addresses of this site: whatever else stands there leads to its front page. */
const ownPath = (site: DataCenterSite, path: string | undefined): string =>
  path !== undefined && /^\/(?![/\\])/.test(path) ? `${site.url}${path}` : `${site.url}/`;

/** Sends the browser to the login page, and from there back to where it was. */
export function askToLogIn(site: DataCenterSite, request: Request, response: Response): void {
  const back = request.originalUrl.slice(site.contextPath.length);
  response.redirect(302, `${site.url}/login.jsp?os_destination=${encodeURIComponent(back)}`);
}

/** The login page. Passwords are `password-of-<name>`. */
export function mountLogin(server: Express, site: DataCenterSite): void {
  const page = (destination: string, problem: string | null): string =>
    loginPage({
      site: site.heart.title,
      action: `${site.contextPath}/login.jsp`,
      hiddenFields: { os_destination: destination },
      problem,
      hint: `In this simulated Jira: ${[...site.heart.users.values()].map(nameOf).join(', ')}. The password is password-of- and the name.`,
    });
  server.get('/login.jsp', (request, response) => {
    response.send(page(String(request.query['os_destination'] ?? '/'), null));
  });
  server.post('/login.jsp', (request, response) => {
    const fields = formOf(request);
    const user = [...site.heart.users.values()].find((each) => nameOf(each) === fields['username']);
    const known = user?.active === true && user.apiToken === fields['password'];
    if (!known) {
      response.status(401).send(page(fields['os_destination'] ?? '/', 'The username or the password is wrong.'));
      return;
    }
    response.cookie(sessionCookie(site.heart), user.accountId, { path: '/', sameSite: 'lax', httpOnly: true });
    response.redirect(303, ownPath(site, fields['os_destination']));
  });
}
