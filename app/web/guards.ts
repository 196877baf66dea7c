import type { Request, RequestHandler, Response } from 'express';
import type { AccountId, ConnectionId, ProjectId, TenantId } from '../core/ids.ts';
import type { PresentedRequest } from '../hosts/connect/presented-token.ts';
import type { JwtVerifier, VerifiedSite } from '../hosts/connect/verify-jwt.ts';
import { API_TOKEN_START } from '../sync/api-token-text.ts';
import type { CheckApiToken } from '../sync/check-api-token.ts';
import type { NoteRefusal } from '../sync/note-refusal.ts';
import type { TokenCaller, TokenScope } from '../sync/set-up-ports.ts';
import {
  NOT_ADMIN,
  NOT_SITE_ADMIN,
  PEOPLE_ONLY,
  refusalOfApiToken,
  SCOPE_MISSING,
  SITE_SILENT,
  SPACE_MISSING,
  SPACE_NEEDED,
} from './api-refusals.ts';
import { asyncHandler, type Refusal, sendRefusal } from './errors.ts';
import { refusalOfToken } from './jwt-refusals.ts';

/** A person who calls our API and from where, as Jira signed it. Nothing of it comes from the URL or the body. */
export interface PersonContext {
  readonly kind: 'person';
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly accountId: AccountId;
  readonly projectId: ProjectId;
  readonly projectKey: string;
  /** What people see in their address bar. */
  readonly siteUrl: string;
}

/** A program that calls our API, by an API token. It is in no space. */
export interface TokenContext {
  readonly kind: 'token';
  readonly tenantId: TenantId;
  readonly tokenId: string;
  readonly scopes: readonly TokenScope[];
}

/** Who calls our API. */
export type ApiContext = PersonContext | TokenContext;

type Handler<Context> = (context: Context, request: Request, response: Response) => Promise<void>;

/** An API handler cannot be mounted without the guard: it needs a context, and only the guard makes one. */
export type ApiHandler = Handler<ApiContext>;
export type PersonHandler = Handler<PersonContext>;

/**
 * Every route says by which door one comes in; none is open.
 *
 * | | people | programs |
 * |---|---|---|
 * | `guard(scope, …)`        | admins of the space they are in | tokens of that scope |
 * | `guard.inSpace(…)`       | admins of the space they are in | none: 422 `space-needed` |
 * | `guard.ofSite(scope, …)` | admins of the site              | tokens of that scope |
 * | `guard.siteAdmins(…)`    | admins of the site              | none: 403 `people-only` |
 */
export interface ApiGuard {
  (scope: TokenScope, handler: ApiHandler): RequestHandler;
  inSpace(handler: PersonHandler): RequestHandler;
  ofSite(scope: TokenScope, handler: ApiHandler): RequestHandler;
  siteAdmins(handler: PersonHandler): RequestHandler;
}

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

/** What Jira says of a person at this moment, or half a minute ago: its page conditions only hide the link. */
export type AskJira = (context: PersonContext) => Promise<'yes' | 'no' | 'unknown'>;

export interface ApiGuardPorts {
  readonly verifier: JwtVerifier;
  /** May that person administer that space? */
  readonly askSpaceAdmin: AskJira;
  /** May that person administer that site? */
  readonly askSiteAdmin: AskJira;
  readonly checkToken: CheckApiToken;
  /** Where refusals of a known tenant's callers are written down. */
  readonly noteRefusal: NoteRefusal;
  /** Runs what a caller asks for behind the tenant's wall (docs/adr/0011). */
  readonly behindWall: <T>(tenantId: TenantId, work: () => Promise<T>) => Promise<T>;
}

/** `Bearer tandem_…` is an API token; everything else is for the verifier of Jira's tokens. */
const apiTokenIn = (request: Request): string | null => {
  const authorizations = request.headersDistinct.authorization ?? [];
  const [, text = ''] = /^Bearer (\S+)$/i.exec(authorizations[0] ?? '') ?? [];
  return authorizations.length === 1 && text.startsWith(API_TOKEN_START) ? text : null;
};

type Door = { readonly scope: TokenScope | null; readonly people: 'space-admins' | 'site-admins' };
type Entering = { readonly ok: true; readonly context: ApiContext } | { readonly ok: false; readonly refusal: Refusal };

const refuse = (refusal: Refusal): Entering => ({ ok: false, refusal });

const contextOf = ({ siteTenantId, tokenId, scopes }: TokenCaller): TokenContext => ({
  kind: 'token',
  tenantId: siteTenantId,
  tokenId,
  scopes,
});

async function enterByToken(ports: ApiGuardPorts, text: string, { scope, people }: Door): Promise<Entering> {
  const checked = await ports.checkToken(text);
  if (!checked.ok) {
    const { code, tenantId, tokenId } = checked.failure;
    if (tenantId !== null)
      await ports.noteRefusal(tenantId, { actor: { kind: 'stranger' }, action: 'token.refused', subject: tokenId, code });
    return refuse(refusalOfApiToken(code));
  }
  const context = contextOf(checked.value);
  if (scope !== null && context.scopes.includes(scope)) return { ok: true, context };
  const refusal = scope !== null ? SCOPE_MISSING : people === 'space-admins' ? SPACE_NEEDED : PEOPLE_ONLY;
  const actor = { kind: 'token', tokenId: context.tokenId } as const;
  await ports.noteRefusal(context.tenantId, { actor, action: 'access.refused', subject: null, code: refusal.code });
  return refuse(refusal);
}

async function enterAsPerson(ports: ApiGuardPorts, request: Request, { people }: Door): Promise<Entering> {
  const verified = await ports.verifier.verify(presentedRequest(request), { kind: 'api' });
  if (!verified.ok) return refuse(refusalOfToken(verified.failure));
  const { installation, accountId, space } = verified.value;
  if (accountId === null || space === null) return refuse(SPACE_MISSING);
  const { tenantId, connectionId, displayUrl } = installation;
  const projectId = space.projectId as ProjectId;
  const context: PersonContext = {
    kind: 'person',
    tenantId,
    connectionId,
    accountId,
    projectId,
    projectKey: space.projectKey,
    siteUrl: displayUrl,
  };
  const answer = await (people === 'space-admins' ? ports.askSpaceAdmin : ports.askSiteAdmin)(context);
  if (answer === 'yes') return { ok: true, context };
  if (answer === 'unknown') return refuse(SITE_SILENT);
  const refusal = people === 'space-admins' ? NOT_ADMIN : NOT_SITE_ADMIN;
  const actor = { kind: 'person', accountId } as const;
  await ports.noteRefusal(tenantId, { actor, action: 'access.refused', subject: null, code: refusal.code });
  return refuse(refusal);
}

/**
 * Guard of `/api/v1`. People: a context token (`qsh` exactly `context-qsh`, `sub` set) in the Authorization header, a space in it, and
 * Jira's own word that they administer it, or the site. Programs: an API token with the scope of the route.
 */
export function createApiGuard(ports: ApiGuardPorts): ApiGuard {
  const through = (door: Door, handler: ApiHandler): RequestHandler =>
    asyncHandler(async (request, response) => {
      const text = apiTokenIn(request);
      const entering = await (text === null ? enterAsPerson(ports, request, door) : enterByToken(ports, text, door));
      if (!entering.ok) return sendRefusal(request, response, entering.refusal);
      const { context } = entering;
      await ports.behindWall(context.tenantId, () => handler(context, request, response));
    });
  const forPeople =
    (handler: PersonHandler): ApiHandler =>
    async (context, request, response) => {
      if (context.kind === 'token') return sendRefusal(request, response, PEOPLE_ONLY);
      await handler(context, request, response);
    };
  const guard = (scope: TokenScope, handler: ApiHandler) => through({ scope, people: 'space-admins' }, handler);
  return Object.assign(guard, {
    inSpace: (handler: PersonHandler) => through({ scope: null, people: 'space-admins' }, forPeople(handler)),
    ofSite: (scope: TokenScope, handler: ApiHandler) => through({ scope, people: 'site-admins' }, handler),
    siteAdmins: (handler: PersonHandler) => through({ scope: null, people: 'site-admins' }, forPeople(handler)),
  });
}
