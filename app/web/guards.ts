import type { Request, RequestHandler, Response } from 'express';
import type { AccountId, ConnectionId, ProjectId, TenantId } from '../core/ids.ts';
import type { PresentedRequest } from '../hosts/connect/presented-token.ts';
import type { JwtVerifier, RefusalCode, VerifiedSite } from '../hosts/connect/verify-jwt.ts';
import type { Refusal } from './errors.ts';
import { asyncHandler, sendRefusal } from './errors.ts';

/** Who calls our API and from where, as Jira signed it. Nothing of it comes from the URL or the body. */
export interface ApiContext {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly accountId: AccountId;
  readonly projectId: ProjectId;
  readonly projectKey: string;
  /** What people see in their address bar. */
  readonly siteUrl: string;
}

/** An API handler cannot be mounted without the guard: it needs a context, and only the guard makes one. */
export type ApiHandler = (context: ApiContext, request: Request, response: Response) => Promise<void>;
export type ApiGuard = (handler: ApiHandler) => RequestHandler;

const RELOAD = 'Reload the page in Jira.';
const NOT_FROM_JIRA = 'Open Tandem inside Jira; this address answers only to Jira.';

const refused = (code: RefusalCode, message: string, remedy: string, status = 401): Refusal => ({
  status,
  code,
  message,
  remedy,
});

const REFUSALS: Readonly<Record<RefusalCode, Refusal>> = {
  'jwt-missing': refused('jwt-missing', 'The request carries no Jira token where one is expected.', NOT_FROM_JIRA),
  'jwt-ambiguous': refused('jwt-ambiguous', 'The request carries more than one token.', 'Send exactly one.'),
  'jwt-malformed': refused('jwt-malformed', 'The token cannot be read.', NOT_FROM_JIRA),
  'jwt-algorithm': refused('jwt-algorithm', 'The token is not signed the way this address requires.', NOT_FROM_JIRA),
  'jwt-signature': refused(
    'jwt-signature',
    'The signature of the token does not match.',
    `${RELOAD} If that does not help, reinstall Tandem on this site.`,
  ),
  'jwt-expired': refused('jwt-expired', 'The token has expired.', RELOAD),
  'jwt-not-yet-valid': refused(
    'jwt-not-yet-valid',
    'The token is not valid yet.',
    'Check the clock of the server that Tandem runs on.',
  ),
  'jwt-claims': refused('jwt-claims', 'The token lacks something this address requires.', RELOAD),
  'jwt-query-hash': refused('jwt-query-hash', 'The token was made for another request.', RELOAD),
  'jwt-issuer': refused('jwt-issuer', 'The token was issued by somebody else than the request says.', NOT_FROM_JIRA),
  'jwt-audience': refused(
    'jwt-audience',
    'The token was made for another app or another address of this app.',
    'Check that PUBLIC_URL is the address in the descriptor Jira installed.',
  ),
  'jwt-key-unknown': refused('jwt-key-unknown', 'The key that signed the token is not known.', NOT_FROM_JIRA),
  'jwt-key-unavailable': refused(
    'jwt-key-unavailable',
    'The key that signed the token could not be fetched.',
    'Try again; check that Tandem can reach the key server.',
    503,
  ),
  'site-unknown': refused(
    'site-unknown',
    'No installation of Tandem is known for this site.',
    'Install Tandem on this site, or reinstall it.',
  ),
  'site-disabled': refused('site-disabled', 'Tandem is disabled on this site.', 'Enable it under Manage apps in Jira.'),
  'site-uninstalled': refused(
    'site-uninstalled',
    'Tandem is no longer installed on this site.',
    'Install Tandem on this site again.',
  ),
};

/** What a caller is answered whose token was refused. */
export const refusalOfToken = (code: RefusalCode): Refusal => REFUSALS[code];

/** The parts of a request that the verifier may look at. */
export const presentedRequest = (request: Request): PresentedRequest => ({
  method: request.method,
  originalUrl: request.originalUrl,
  authorizations: request.headersDistinct.authorization ?? [],
});

export type SiteHandler = (site: VerifiedSite, request: Request, response: Response) => Promise<void>;

/** Guard of routes that Jira itself calls; the handler runs only for a good token of that kind. The body is not read yet. */
export const createSiteGuard =
  (verifier: JwtVerifier, kind: 'lifecycle' | 'webhook' | 'page') =>
  (handler: SiteHandler): RequestHandler =>
    asyncHandler(async (request, response) => {
      const verified = await verifier.verify(presentedRequest(request), { kind });
      if (verified.ok) await handler(verified.value, request, response);
      else sendRefusal(request, response, refusalOfToken(verified.failure));
    });

const SPACE_MISSING: Refusal = {
  status: 403,
  code: 'space-missing',
  message: 'The token names no space.',
  remedy: 'Open Tandem from the settings of a space.',
};
const NOT_ADMIN: Refusal = {
  status: 403,
  code: 'not-space-admin',
  message: 'Only admins of this space may use Tandem here.',
  remedy: 'Ask an admin of the space, or become one.',
};
const SITE_SILENT: Refusal = {
  status: 503,
  code: 'site-unreachable',
  message: 'Jira did not say whether you may administer this space.',
  remedy: 'Try again in a minute.',
};

/** Asked on every API call, since Jira's page conditions only hide the link: may that person administer that space now? */
export type AskSpaceAdmin = (context: ApiContext) => Promise<'yes' | 'no' | 'unknown'>;

/**
 * Guard of `/api/v1`: a context token (`qsh` exactly `context-qsh`, `sub` set) in the Authorization header, a space in it, and
 * a person who administers that space by Jira's own word.
 */
export const createApiGuard =
  (verifier: JwtVerifier, askSpaceAdmin: AskSpaceAdmin): ApiGuard =>
  (handler) =>
    asyncHandler(async (request, response) => {
      const verified = await verifier.verify(presentedRequest(request), { kind: 'api' });
      if (!verified.ok) return sendRefusal(request, response, refusalOfToken(verified.failure));
      const { installation, accountId, space } = verified.value;
      if (accountId === null || space === null) return sendRefusal(request, response, SPACE_MISSING);
      const context: ApiContext = {
        tenantId: installation.tenantId,
        connectionId: installation.connectionId,
        accountId,
        projectId: space.projectId as ProjectId,
        projectKey: space.projectKey,
        siteUrl: installation.displayUrl,
      };
      const answer = await askSpaceAdmin(context);
      if (answer === 'unknown') return sendRefusal(request, response, SITE_SILENT);
      if (answer === 'no') return sendRefusal(request, response, NOT_ADMIN);
      await handler(context, request, response);
    });
