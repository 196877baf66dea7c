import type { Request, Response, Router } from 'express';
import {
  type AuthenticationLink,
  type ChangeConnection,
  type CreateConnection,
  changeConnection as changeBody,
  createConnection as createBody,
  createAuthenticationLink as linkBody,
  probeSite,
} from '../../contract/connections.ts';
import type { ApplicationLinkId } from '../../core/ids.ts';
import { makeAuthenticationLink } from '../../sync/authenticate-connection.ts';
import {
  type ConnectionChange,
  changeConnection,
  listApplicationLinks,
  removeApplicationLink,
  removeConnection,
} from '../../sync/change-connection.ts';
import { readConnectionHealth } from '../../sync/connection-health.ts';
import type { RemoteConnection } from '../../sync/connection-ports.ts';
import type { ConnectionSetUpPorts } from '../../sync/connection-set-up-ports.ts';
import { findConnection, listConnections } from '../../sync/find-connection.ts';
import { listRemoteSpaces, lookAtSite } from '../../sync/look-at-site.ts';
import { makeConnection, type WantedConnection } from '../../sync/make-connection.ts';
import { connectionIdOf, isDone } from '../connection-answers.ts';
import { isoTime, viewApplicationLink, viewConnection, viewHealth, viewProbed } from '../connection-view.ts';
import type { ApiContext, ApiGuard, ApiHandler } from '../guards.ts';
import { callerOf } from '../set-up-answers.ts';
import { bodyOf } from './api-v1-synchronizations.ts';

type Ports = ConnectionSetUpPorts;

const contextOf = async ({ applicationLinks, publicUrl }: Ports, { tenantId }: ApiContext) => ({
  links: await applicationLinks.list(tenantId),
  publicUrl,
});

/** A connection after a step, or the refusal of the step. */
async function answerConnection(
  ports: Ports,
  context: ApiContext,
  connection: RemoteConnection,
  response: Response,
  status = 200,
): Promise<void> {
  response.status(status).json(viewConnection(connection, await contextOf(ports, context)));
}

/** POST /api/v1/connections/probe */
const probePost =
  (ports: Ports): ApiHandler =>
  async (context, request, response) => {
    const body = bodyOf(probeSite, request, response);
    if (body === null) return;
    const looked = await lookAtSite(ports, callerOf(context), body.siteUrl);
    if (isDone(request, response, looked)) response.json(viewProbed(looked.value, ports.publicUrl));
  };

/** GET /api/v1/connections */
const connectionsGet =
  (ports: Ports): ApiHandler =>
  async (context, request, response) => {
    const listed = await listConnections(ports, callerOf(context));
    if (!isDone(request, response, listed)) return;
    const view = await contextOf(ports, context);
    response.json({ connections: listed.value.map((one) => viewConnection(one, view)) });
  };

const known = ({ applicationLinkId }: { readonly applicationLinkId: string }) => ({
  known: applicationLinkId as ApplicationLinkId,
});

function wantedOf(body: CreateConnection): WantedConnection {
  switch (body.kind) {
    case 'oauth2-data-center': {
      const { kind, siteUrl, applicationLink: link } = body;
      return { kind, siteUrl, link: 'applicationLinkId' in link ? known(link) : { new: link } };
    }
    case 'oauth1': {
      const { kind, siteUrl, applicationLink: link } = body;
      return { kind, siteUrl, link: 'applicationLinkId' in link ? known(link) : { new: link } };
    }
    case 'oauth2-cloud':
    case 'personal-token':
    case 'api-token':
    case 'password':
      return body;
  }
}

/** POST /api/v1/connections */
const connectionsPost =
  (ports: Ports): ApiHandler =>
  async (context, request, response) => {
    const body = bodyOf(createBody, request, response);
    if (body === null) return;
    const made = await makeConnection(ports, callerOf(context), wantedOf(body));
    if (isDone(request, response, made)) await answerConnection(ports, context, made.value, response, 201);
  };

/** GET /api/v1/connections/:id */
const connectionGet =
  (ports: Ports): ApiHandler =>
  async (context, request, response) => {
    const found = await findConnection(ports, callerOf(context), connectionIdOf(request));
    if (isDone(request, response, found)) await answerConnection(ports, context, found.value, response);
  };

function changeOf(body: ChangeConnection): ConnectionChange {
  if ('credentials' in body) return body;
  const { clientId, clientSecret, scope } = body.applicationLink;
  return {
    applicationLink: {
      ...(clientId === undefined ? {} : { clientId }),
      ...(clientSecret === undefined ? {} : { clientSecret }),
      ...(scope === undefined ? {} : { scope }),
    },
  };
}

/** PATCH /api/v1/connections/:id */
const connectionPatch =
  (ports: Ports): ApiHandler =>
  async (context, request, response) => {
    const body = bodyOf(changeBody, request, response);
    if (body === null) return;
    const changed = await changeConnection(ports, callerOf(context), connectionIdOf(request), changeOf(body));
    if (isDone(request, response, changed)) await answerConnection(ports, context, changed.value, response);
  };

/** DELETE /api/v1/connections/:id */
const connectionDelete =
  (ports: Ports): ApiHandler =>
  async (context, request, response) => {
    const removed = await removeConnection(ports, callerOf(context), connectionIdOf(request));
    if (isDone(request, response, removed)) response.status(204).end();
  };

/** POST /api/v1/connections/:id/authentication-links: a secret, so no cache keeps it. */
const linksPost =
  (ports: Ports): ApiHandler =>
  async (context, request, response) => {
    const body = bodyOf(linkBody, request, response);
    if (body === null) return;
    const made = await makeAuthenticationLink(ports, callerOf(context), connectionIdOf(request), body.for);
    if (!isDone(request, response, made)) return;
    const { url, expiresAt } = made.value;
    const view: AuthenticationLink = { url, expiresAt: isoTime(expiresAt) };
    response.status(201).set('Cache-Control', 'no-store').json(view);
  };

/** GET /api/v1/connections/:id/spaces */
const spacesGet =
  (ports: Ports): ApiHandler =>
  async (context, request, response) => {
    const listed = await listRemoteSpaces(ports, callerOf(context), connectionIdOf(request));
    if (!isDone(request, response, listed)) return;
    response.json({ spaces: listed.value.map(({ projectId, projectKey, name }) => ({ projectId, projectKey, name })) });
  };

/** GET /api/v1/connections/:id/health */
const healthGet =
  (ports: Ports): ApiHandler =>
  async (context, request, response) => {
    const health = await readConnectionHealth(ports, callerOf(context), connectionIdOf(request));
    if (isDone(request, response, health)) response.json(viewHealth(health.value, await contextOf(ports, context)));
  };

const siteUrlIn = ({ query }: Request): string | undefined => {
  const wanted = query['siteUrl'];
  return typeof wanted === 'string' && wanted !== '' ? wanted : undefined;
};

/** GET /api/v1/application-links?siteUrl= */
const applicationLinksGet =
  (ports: Ports): ApiHandler =>
  async (context, request, response) => {
    const listed = await listApplicationLinks(ports, callerOf(context), siteUrlIn(request));
    if (isDone(request, response, listed)) response.json({ applicationLinks: listed.value.map(viewApplicationLink) });
  };

/** DELETE /api/v1/application-links/:id */
const applicationLinkDelete =
  (ports: Ports): ApiHandler =>
  async (context, request, response) => {
    const id = (request.params.id ?? '') as ApplicationLinkId;
    const removed = await removeApplicationLink(ports, callerOf(context), id);
    if (isDone(request, response, removed)) response.status(204).end();
  };

/** The table at the head of app/contract/connections.ts as routes. */
export function mountConnections(router: Router, guard: ApiGuard, ports: Ports): void {
  router.post('/connections/probe', guard('connections', probePost(ports)));
  router.get('/connections', guard('connections', connectionsGet(ports)));
  router.post('/connections', guard('connections', connectionsPost(ports)));
  router.get('/connections/:id', guard('connections', connectionGet(ports)));
  router.patch('/connections/:id', guard('connections', connectionPatch(ports)));
  router.delete('/connections/:id', guard('connections', connectionDelete(ports)));
  router.post('/connections/:id/authentication-links', guard('connections', linksPost(ports)));
  router.get('/connections/:id/spaces', guard('connections', spacesGet(ports)));
  router.get('/connections/:id/health', guard('connections', healthGet(ports)));
  router.get('/application-links', guard('connections', applicationLinksGet(ports)));
  router.delete('/application-links/:id', guard('connections', applicationLinkDelete(ports)));
}
