import type { AdminWebhook } from '../webhooks/admin-webhook.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, listOf, recordOf, say } from './route.ts';

const BASE = '/rest/webhooks/1.0/webhook';
const ISSUE_EVENTS = 'issue-related-events-section';

type Form = Pick<AdminWebhook, 'name' | 'url' | 'events' | 'filter' | 'excludeBody' | 'enabled' | 'secret'>;

/** What a body changes of a webhook; of a new one when there is none yet. */
function readForm(body: unknown, before: AdminWebhook | null): Form | { readonly error: string } {
  const given = recordOf(body);
  const text = (name: string, otherwise: string): string => (typeof given[name] === 'string' ? given[name] : otherwise);
  const form: Form = {
    name: text('name', before?.name ?? ''),
    url: text('url', before?.url ?? ''),
    events: given['events'] === undefined ? (before?.events ?? []) : listOf(given['events']),
    filter: String(recordOf(given['filters'])[ISSUE_EVENTS] ?? before?.filter ?? ''),
    excludeBody: given['excludeBody'] === undefined ? (before?.excludeBody ?? false) : given['excludeBody'] === true,
    enabled: given['enabled'] === undefined ? (before?.enabled ?? true) : given['enabled'] === true,
    secret: text('secret', before?.secret ?? '') || null,
  };
  if (form.name.trim() === '') return { error: 'Webhook name is required.' };
  if (!/^https?:\/\/[^\s/]/.test(form.url)) return { error: 'The URL of the webhook is not valid.' };
  return form;
}

function shape({ site }: CloudRequest, webhook: AdminWebhook): Record<string, unknown> {
  return {
    name: webhook.name,
    url: webhook.url,
    excludeBody: webhook.excludeBody,
    filters: { [ISSUE_EVENTS]: webhook.filter },
    events: webhook.events,
    enabled: webhook.enabled,
    isSigned: webhook.secret !== null,
    self: `${site.baseUrl}${BASE}/${webhook.id}`,
    lastUpdatedUser: webhook.updatedBy,
    lastUpdatedDisplayName: site.users.get(webhook.updatedBy)?.displayName ?? '',
    lastUpdated: webhook.updated,
  };
}

const asAdmin =
  (handle: Route['handle']): Route['handle'] =>
  (request) =>
    request.actor.user.siteAdmin ? handle(request) : say(403, 'Only Jira administrators may manage webhooks.');

const named = (handle: (request: CloudRequest, webhook: AdminWebhook) => CloudAnswer): Route['handle'] =>
  asAdmin((request) => {
    const webhook = request.webhooks.admin.get(Number(request.params['id']));
    return webhook === undefined ? say(404, 'The webhook does not exist.') : handle(request, webhook);
  });

const stamp = ({ site, actor }: CloudRequest) => ({ updated: site.clock.now(), updatedBy: actor.user.accountId });

const list = asAdmin((request) =>
  answer(
    200,
    [...request.webhooks.admin.values()].map((webhook) => shape(request, webhook)),
  ),
);

const add = asAdmin((request) => {
  const form = readForm(request.body, null);
  if ('error' in form) return say(400, form.error);
  const { admin } = request.webhooks;
  const webhook: AdminWebhook = { ...form, ...stamp(request), id: Math.max(0, ...admin.keys()) + 1 };
  admin.set(webhook.id, webhook);
  return answer(201, shape(request, webhook));
});

const change = named((request, webhook) => {
  const form = readForm(request.body, webhook);
  if ('error' in form) return say(400, form.error);
  Object.assign(webhook, form, stamp(request));
  return answer(200, shape(request, webhook));
});

const remove = named((request, { id }) => {
  request.webhooks.admin.delete(id);
  return answer(204);
});

/** Webhooks of administrators. Basic authentication works; apps have their own kinds. */
export const ADMIN_WEBHOOK_ROUTES: readonly Route[] = [
  { method: 'get', path: BASE, scope: 'ADMIN', handle: list },
  { method: 'post', path: BASE, scope: 'ADMIN', handle: add },
  {
    method: 'get',
    path: `${BASE}/{id}`,
    scope: 'ADMIN',
    handle: named((request, webhook) => answer(200, shape(request, webhook))),
  },
  { method: 'put', path: `${BASE}/{id}`, scope: 'ADMIN', handle: change },
  { method: 'delete', path: `${BASE}/{id}`, scope: 'ADMIN', handle: remove },
];
