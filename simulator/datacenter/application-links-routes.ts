import type { Express, Request, Response } from 'express';
import type { z } from 'zod';
import { messagePage } from '../identity/consent-pages.ts';
import { addOAuth1Consumer, addOAuth2Link, newOAuth1Consumer, newOAuth2Link, removeLink } from './application-links.ts';
import { applicationLinksPage, type Shown } from './application-links-page.ts';
import type { DataCenterSite } from './data-center-site.ts';
import { sessionUser } from './dc-authenticate.ts';
import { askToLogIn, formOf } from './login-routes.ts';

/** Where Jira Data Center has it. */
const PATH = '/plugins/servlet/applinks/listApplicationLinks';

type Form = ReturnType<typeof formOf>;

const refused = ({ issues }: z.ZodError, typed: Form): Shown => ({
  kind: 'refused',
  problem: issues.map(({ message }) => message).join(' '),
  typed,
});

function makeOAuth2(site: DataCenterSite, form: Form): Shown {
  const read = newOAuth2Link.safeParse({ name: form['name'], redirectUris: [form['redirectUri'] ?? ''], scope: form['scope'] });
  return read.success ? { kind: 'made', link: addOAuth2Link(site, read.data) } : refused(read.error, form);
}

function makeOAuth1(site: DataCenterSite, form: Form): Shown {
  const { consumerName, consumerKey, publicKey, callbackUrl = '' } = form;
  const read = newOAuth1Consumer.safeParse({
    name: consumerName,
    consumerKey,
    publicKey,
    callbackUrl: callbackUrl === '' ? null : callbackUrl,
  });
  if (!read.success) return refused(read.error, form);
  if (site.access.consumers.has(read.data.consumerKey))
    return { kind: 'refused', problem: 'Another application has this consumer key already.', typed: form };
  addOAuth1Consumer(site, read.data);
  return { kind: 'list' };
}

/** Whether an administrator looks; the answer is given where not. */
function admits(site: DataCenterSite, request: Request, response: Response): boolean {
  const user = sessionUser(site, request);
  if (user?.siteAdmin === true) return true;
  if (user === null && request.method === 'GET') askToLogIn(site, request, response);
  else response.status(403).send(messagePage('Application links', 'Only administrators of Jira may see and change them.'));
  return false;
}

/** The administrators' page of incoming application links: list, create, remove. A client secret is shown once. */
export function mountApplicationLinks(server: Express, site: DataCenterSite): void {
  const action = `${site.contextPath}${PATH}`;
  server.get(PATH, (request, response) => {
    if (admits(site, request, response)) response.send(applicationLinksPage(site, action, { kind: 'list' }));
  });
  server.post(PATH, (request, response) => {
    if (!admits(site, request, response)) return;
    const form = formOf(request);
    if (form['do'] === 'remove') removeLink(site, form['client'] ?? '');
    const made = { oauth1: makeOAuth1, oauth2: makeOAuth2 };
    const shown: Shown = form['do'] === 'oauth1' || form['do'] === 'oauth2' ? made[form['do']](site, form) : { kind: 'list' };
    if (shown.kind === 'list') response.redirect(303, action);
    else
      response
        .status(shown.kind === 'made' ? 201 : 400)
        .set('Cache-Control', 'no-store')
        .send(applicationLinksPage(site, action, shown));
  });
}
