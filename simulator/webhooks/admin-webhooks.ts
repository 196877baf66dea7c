import { createHmac } from 'node:crypto';
import type { Site, SiteEvent } from '../heart/site.ts';
import { EVENT_NAMES, webhookBody } from '../shapes/webhook-body.ts';
import type { AdminWebhook, AdminWebhooks } from './admin-webhook.ts';
import type { NewDelivery } from './delivery-queue.ts';
import { matchesFilter } from './match-jql.ts';

/** Deliveries name whom they are for by a key; no app has one like this. */
const PREFIX = 'admin-webhook ';

/** The webhook that a delivery is for; undefined when it is for somebody else, or gone. */
export const adminWebhookOf = (webhooks: AdminWebhooks, key: string): AdminWebhook | undefined =>
  key.startsWith(PREFIX) ? webhooks.get(Number(key.slice(PREFIX.length))) : undefined;

/** One delivery to each that asked for the event and whose filter fits. An app's trace is for the app alone. */
export function adminDeliveries(site: Site, webhooks: AdminWebhooks, event: SiteEvent): NewDelivery[] {
  const name = EVENT_NAMES[event.kind];
  const asked = [...webhooks.values()].filter(
    (webhook) =>
      webhook.enabled &&
      webhook.events.includes(name) &&
      (!('issue' in event) || matchesFilter(site, webhook.filter, event.issue)),
  );
  if (asked.length === 0) return [];
  const body = JSON.stringify(webhookBody(site, event));
  return asked.map((webhook) => ({
    appKey: `${PREFIX}${webhook.id}`,
    event: name,
    url: webhook.url,
    body: webhook.excludeBody ? '' : body,
    trace: null,
    flow: 'secondary' in event && event.secondary ? 'Secondary' : 'Primary',
  }));
}

/** `X-Hub-Signature` as in WebSub: the method by name, then HMAC-SHA-256 of the body as it is sent. */
export const signatureOf = ({ secret }: AdminWebhook, body: string): Record<string, string> =>
  secret === null ? {} : { 'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
