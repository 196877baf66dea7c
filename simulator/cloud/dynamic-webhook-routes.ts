import { jiraTime } from '../shapes/people.ts';
import type { DynamicWebhook } from '../webhooks/dynamic-webhook.ts';
import { complaints, DYNAMIC_DAYS, MOST_DYNAMIC } from '../webhooks/dynamic-webhooks.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, isRecord, listOf, pageOf, recordOf, say } from './route.ts';

const DAY = 86_400_000;
const A_PAGE = 100;

interface Owner {
  readonly kind: DynamicWebhook['kind'];
  readonly appKey: string;
  readonly accountId: string;
}

const ownerOf = ({ actor }: CloudRequest): Owner | null =>
  actor.through.kind === 'person' ? null : { ...actor.through, accountId: actor.user.accountId };

/** A Connect app's webhooks are the app's, those of an OAuth 2.0 app belong to the person who let it act. */
const isOwn = (owner: Owner, webhook: DynamicWebhook): boolean =>
  webhook.appKey === owner.appKey && (owner.kind === 'app' || webhook.accountId === owner.accountId);

const asApp =
  (handle: (request: CloudRequest, owner: Owner, own: readonly DynamicWebhook[]) => CloudAnswer) =>
  (request: CloudRequest): CloudAnswer => {
    const owner = ownerOf(request);
    if (owner === null) return say(403, 'Only Connect and OAuth 2.0 apps can use this operation.');
    const all = [...request.webhooks.dynamic.values()].filter(({ expiresAt }) => expiresAt > request.site.clock.now());
    return handle(
      request,
      owner,
      all.filter((webhook) => isOwn(owner, webhook)),
    );
  };

function complaintsOf(url: string, input: Readonly<Record<string, unknown>>, owner: Owner, own: readonly DynamicWebhook[]) {
  const found = complaints(listOf(input['events']), input['jqlFilter']);
  if (own.some((webhook) => webhook.url !== url))
    found.push('Only a single URL per app is allowed to be registered via REST API.');
  if (own.length >= MOST_DYNAMIC[owner.kind])
    found.push(`The app has reached its limit of ${MOST_DYNAMIC[owner.kind]} webhooks.`);
  return found;
}

const register = asApp((request, owner, own) => {
  const body = recordOf(request.body);
  const url = String(body['url'] ?? '');
  const wanted = Array.isArray(body['webhooks']) ? body['webhooks'].filter(isRecord) : [];
  if (!/^https?:\/\//.test(url)) return say(400, 'The URL of the webhooks is not valid.');
  if (wanted.length === 0) return say(400, 'No webhooks were given.');
  const { dynamic } = request.webhooks;
  const mine = [...own];
  // Jira answers 200 whatever becomes of the single webhooks.
  const webhookRegistrationResult = wanted.map((input) => {
    const errors = complaintsOf(url, input, owner, mine);
    if (errors.length > 0) return { errors };
    const webhook: DynamicWebhook = {
      ...owner,
      id: Math.max(0, ...dynamic.keys()) + 1,
      url,
      events: listOf(input['events']),
      jqlFilter: String(input['jqlFilter']),
      fieldIdsFilter: input['fieldIdsFilter'] === undefined ? null : listOf(input['fieldIdsFilter']),
      expiresAt: request.site.clock.now() + DYNAMIC_DAYS * DAY,
    };
    dynamic.set(webhook.id, webhook);
    mine.push(webhook);
    return { createdWebhookId: webhook.id };
  });
  return answer(200, { webhookRegistrationResult });
});

const list = asApp((request, _owner, own) => {
  const page = pageOf(request, 'webhook', own, A_PAGE);
  const values = page.values.map(({ id, url, events, jqlFilter, fieldIdsFilter, expiresAt }) => ({
    id,
    url,
    events,
    jqlFilter,
    ...(fieldIdsFilter === null ? {} : { fieldIdsFilter }),
    expirationDate: jiraTime(expiresAt),
  }));
  return answer(200, { ...page, values });
});

const named = (request: CloudRequest, own: readonly DynamicWebhook[]): readonly DynamicWebhook[] => {
  const ids = new Set(listOf(recordOf(request.body)['webhookIds']).map(Number));
  return own.filter(({ id }) => ids.has(id));
};

const refresh = asApp((request, _owner, own) => {
  const expiresAt = request.site.clock.now() + DYNAMIC_DAYS * DAY;
  for (const webhook of named(request, own)) webhook.expiresAt = expiresAt;
  return answer(200, { expirationDate: jiraTime(expiresAt) });
});

/** Ids that are unknown or another app's are passed over. */
const remove = asApp((request, _owner, own) => {
  for (const { id } of named(request, own)) request.webhooks.dynamic.delete(id);
  return answer(202);
});

export const DYNAMIC_WEBHOOK_ROUTES: readonly Route[] = [
  { method: 'post', path: '/webhook', scope: 'READ', handle: register },
  { method: 'get', path: '/webhook', scope: 'READ', handle: list },
  { method: 'put', path: '/webhook/refresh', scope: 'READ', handle: refresh },
  { method: 'delete', path: '/webhook', scope: 'READ', handle: remove },
];
