import type { CloudAnswer, CloudRequest, Scope } from '../cloud/route.ts';
import { answer, recordOf, say } from '../cloud/route.ts';
import { jiraTime } from '../shapes/people.ts';
import type { DataCenterSite } from './data-center-site.ts';
import { nameOf } from './people.ts';
import { addWebhook, type ReadWebhook, type RegisteredWebhook, readOwnForm, readPluginForm } from './webhook-registry.ts';

/** A route of Data Center alone. */
export interface DataCenterRoute {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly scope: Scope;
  handle(request: CloudRequest, site: DataCenterSite): CloudAnswer;
}

const OWN = '/rest/webhooks/1.0/webhook';
const PLUGIN = '/rest/jira-webhook/1.0/webhooks';

function ownShape(site: DataCenterSite, webhook: RegisteredWebhook): Record<string, unknown> {
  const user = site.heart.users.get(webhook.updatedBy);
  return {
    name: webhook.name,
    url: webhook.url,
    excludeBody: webhook.excludeBody,
    filters: { 'issue-related-events-section': webhook.filter },
    events: webhook.events,
    enabled: webhook.active,
    self: `${site.url}${OWN}/${webhook.id}`,
    lastUpdatedUser: user === undefined ? '' : nameOf(user),
    lastUpdatedDisplayName: user?.displayName ?? '',
    lastUpdated: webhook.updated,
  };
}

/** The secret is never shown again. */
function pluginShape(_site: DataCenterSite, webhook: RegisteredWebhook): Record<string, unknown> {
  const { SECRET: _secret, ...configuration } = webhook.configuration;
  return {
    id: webhook.id,
    name: webhook.name,
    createdDate: webhook.created,
    updatedDate: webhook.updated,
    events: webhook.events,
    configuration,
    url: webhook.url,
    active: webhook.active,
    scopeType: 'global',
    sslVerificationRequired: webhook.sslVerificationRequired,
  };
}

const REFUSED = 'Only Jira administrators may manage webhooks.';

function routesOf(
  base: string,
  read: (body: unknown) => ReadWebhook | { readonly error: string },
  shape: (site: DataCenterSite, webhook: RegisteredWebhook) => Record<string, unknown>,
): readonly DataCenterRoute[] {
  const asAdmin =
    (handle: DataCenterRoute['handle']): DataCenterRoute['handle'] =>
    (request, site) =>
      request.actor.user.siteAdmin ? handle(request, site) : say(403, REFUSED);
  const named =
    (
      handle: (request: CloudRequest, site: DataCenterSite, webhook: RegisteredWebhook) => CloudAnswer,
    ): DataCenterRoute['handle'] =>
    (request, site) => {
      const webhook = site.registry.webhooks.get(Number(request.params['id']));
      return webhook === undefined ? say(404, 'The webhook does not exist.') : handle(request, site, webhook);
    };
  const route = (method: DataCenterRoute['method'], path: string, handle: DataCenterRoute['handle']): DataCenterRoute => ({
    method,
    path: `${base}${path}`,
    scope: 'ADMIN',
    handle: asAdmin(handle),
  });
  return [
    route('get', '', (_request, site) =>
      answer(
        200,
        [...site.registry.webhooks.values()].map((each) => shape(site, each)),
      ),
    ),
    route('post', '', (request, site) => {
      const form = read(request.body);
      if ('error' in form) return say(400, form.error);
      return answer(201, shape(site, addWebhook(site.registry, form, request.actor.user, site.heart.clock.now())));
    }),
    route(
      'get',
      '/{id}',
      named((_request, site, webhook) => answer(200, shape(site, webhook))),
    ),
    route(
      'put',
      '/{id}',
      named((request, site, webhook) => {
        const form = read({ ...shape(site, webhook), configuration: webhook.configuration, ...recordOf(request.body) });
        if ('error' in form) return say(400, form.error);
        Object.assign(webhook, form, { updated: site.heart.clock.now(), updatedBy: request.actor.user.accountId });
        return answer(200, shape(site, webhook));
      }),
    ),
    route(
      'delete',
      '/{id}',
      named((_request, site, webhook) => answer(site.registry.webhooks.delete(webhook.id) ? 204 : 404)),
    ),
  ];
}

const lastAt = (webhook: RegisteredWebhook): string | null =>
  webhook.statistics.lastAt === null ? null : jiraTime(webhook.statistics.lastAt);

const statistics: DataCenterRoute['handle'] = ({ params }, site) => {
  const webhook = site.registry.webhooks.get(Number(params['id']));
  if (webhook === undefined) return say(404, 'The webhook does not exist.');
  const { delivered, failed } = webhook.statistics;
  return answer(200, { counts: { successes: delivered, failures: failed, errors: 0 }, lastInvocation: lastAt(webhook) });
};

const latest: DataCenterRoute['handle'] = ({ params }, site) => {
  const webhook = site.registry.webhooks.get(Number(params['id']));
  if (webhook === undefined) return say(404, 'The webhook does not exist.');
  return webhook.statistics.lastAt === null
    ? answer(204)
    : answer(200, { finish: webhook.statistics.lastAt, result: { statusCode: webhook.statistics.lastStatus } });
};

/** Webhook routes of a line of Data Center: the other line's path is a 404. */
export const webhookRoutes = (form: 'own' | 'plugin'): readonly DataCenterRoute[] =>
  form === 'own'
    ? routesOf(OWN, readOwnForm, ownShape)
    : [
        { method: 'get', path: `${PLUGIN}/{id}/statistics`, scope: 'ADMIN', handle: statistics },
        { method: 'get', path: `${PLUGIN}/{id}/latest`, scope: 'ADMIN', handle: latest },
        ...routesOf(PLUGIN, readPluginForm, pluginShape),
      ];
