import express, { type Request, type Response, Router } from 'express';
import type { TenantId } from '../../core/ids.ts';
import { hashSecret, isHashOf } from '../../platform/make-secret.ts';
import { beginAuthentication, completeAuthentication, refuseUnseen, showConsent } from '../../sync/authenticate-connection.ts';
import type { ConnectionRefusal } from '../../sync/connection-refusal.ts';
import type { ConnectionSetUpPorts } from '../../sync/connection-set-up-ports.ts';
import { readLinkToken } from '../../sync/link-token.ts';
import { refusalOfConnection } from '../connection-answers.ts';
import { askerOf, hostOf, nextOf, readableTime } from '../consent-words.ts';
import type { PageCookies } from '../cookies.ts';
import { asyncHandler } from '../errors.ts';

export interface AuthenticatePorts extends ConnectionSetUpPorts {
  readonly cookies: PageCookies;
  /** Runs what a link asks for behind the wall of the tenant that it names. */
  readonly behindWall: <T>(tenantId: TenantId, work: () => Promise<T>) => Promise<T>;
}

/** Nothing but our own styles and pictures; the form leads to us, and the way on is a link, which no policy of forms concerns. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** How long the page may stay open before its button is pressed. */
const SEEN_MS = 3_600_000;
const SEEN = 'seen';
const LARGEST_FORM = 4096;

/** Pages whose address carries a secret: nothing keeps them, nothing is told of them, nothing frames them. */
function guardPage(response: Response): void {
  response.set({ 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
  response.set({ 'X-Frame-Options': 'DENY', 'X-Robots-Tag': 'noindex, nofollow' });
}

function showRefusal(response: Response, refusal: ConnectionRefusal): void {
  const { status, code, message, remedy } = refusalOfConnection(refusal);
  response.locals.refusalCode = code;
  response.status(status).render('authentication-answer', { title: message, text: remedy, code });
}

const tokenOf = (request: Request): string => request.params['token'] ?? '';

/** Binds the form to the browser that was shown the page and to the link it showed. */
const seenBy = (cookie: string, token: string): string => hashSecret(`seen ${cookie} ${token}`);

/** GET /authenticate/:token: who asks for what. Uses nothing up. */
const authenticateGet = (ports: AuthenticatePorts) => async (request: Request, response: Response) => {
  const asked = await showConsent(ports, tokenOf(request));
  if (!asked.ok) return showRefusal(response, asked.failure);
  const { connection, expiresAt } = asked.value;
  const cookie = ports.cookies.read(request, SEEN) ?? ports.makeSecret();
  ports.cookies.set(response, SEEN, cookie, ports.clock.now() + SEEN_MS);
  response.render('authenticate', {
    asker: askerOf(asked.value),
    site: hostOf(connection.siteUrl),
    next: nextOf(connection),
    isCloud: connection.product === 'cloud',
    syncUser: connection.syncUser?.name,
    expiresAt: readableTime(expiresAt),
    action: `/authenticate/${tokenOf(request)}`,
    seen: seenBy(cookie, tokenOf(request)),
  });
};

const formField = (request: Request, name: string): string => {
  const body: unknown = request.body;
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : null;
  return typeof value === 'string' ? value : '';
};

const consentCookie = (linkId: string): string => `consent-${linkId}`;

/**
 * POST /authenticate/:token: on to the site. By a page that leads on, not by a redirect: browsers hold redirects after a form, and all
 * that follow (a company's own login page), against the form's policy.
 */
const authenticatePost = (ports: AuthenticatePorts) => async (request: Request, response: Response) => {
  const cookie = ports.cookies.read(request, SEEN);
  if (cookie === null || !isHashOf(formField(request, 'seen'), `seen ${cookie} ${tokenOf(request)}`))
    return showRefusal(response, await refuseUnseen(ports, tokenOf(request)));
  const begun = await beginAuthentication(ports, tokenOf(request));
  if (!begun.ok) return showRefusal(response, begun.failure);
  const { url, linkId, browserKey, until, connection } = begun.value;
  ports.cookies.set(response, consentCookie(linkId), browserKey, until);
  response.set('Refresh', `0; url=${url}`);
  response.render('authenticate-go', { url, host: new URL(url).host, site: hostOf(connection.siteUrl) });
};

/** A query that names something twice names nothing. */
const queryOf = (request: Request, name: string): string | null => {
  const value = request.query[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** GET /oauth/callback: the site sent the browser back. */
const callbackGet = (ports: AuthenticatePorts) => async (request: Request, response: Response) => {
  const state = queryOf(request, 'state');
  const token = readLinkToken(state ?? '');
  const cookie = token === null ? null : consentCookie(token.linkId);
  const completed = await completeAuthentication(ports, {
    state,
    browserKey: cookie === null ? null : ports.cookies.read(request, cookie),
    code: queryOf(request, 'code'),
    error: queryOf(request, 'error'),
    requestToken: queryOf(request, 'oauth_token'),
    verifier: queryOf(request, 'oauth_verifier'),
  });
  if (!completed.ok) return showRefusal(response, completed.failure);
  if (cookie !== null) ports.cookies.remove(response, cookie);
  const { connection, formerSyncUser } = completed.value;
  response.render('authentication-answer', {
    done: true,
    title: `${hostOf(connection.siteUrl)} is connected`,
    text: 'Tandem can work there now. You can close this page: who asked for access sees it in Tandem, and goes on from there.',
    syncUser: connection.syncUser?.name,
    formerSyncUser: formerSyncUser?.name,
  });
};

type PageHandler = (request: Request, response: Response) => Promise<void>;

/** The pages on which a person lets Tandem into a site. Their addresses are all that they believe; where they lead, the connection says. */
export function createAuthenticatePages(ports: AuthenticatePorts): Router {
  const router = Router();
  const page = (secretOf: (request: Request) => string, handler: PageHandler) =>
    asyncHandler(async (request, response) => {
      guardPage(response);
      const token = readLinkToken(secretOf(request));
      if (token === null) await handler(request, response);
      else await ports.behindWall(token.tenantId, () => handler(request, response));
    });
  const form = express.urlencoded({ extended: false, limit: LARGEST_FORM, inflate: false });
  router.get('/authenticate/:token', page(tokenOf, authenticateGet(ports)));
  router.post('/authenticate/:token', form, page(tokenOf, authenticatePost(ports)));
  router.get(
    '/oauth/callback',
    page((request) => queryOf(request, 'state') ?? '', callbackGet(ports)),
  );
  return router;
}
