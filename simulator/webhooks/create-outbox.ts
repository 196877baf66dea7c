import type { ConnectHost, Installation, ModuleContext } from '../connect/connect-host.ts';
import { fillVariables } from '../connect/descriptor.ts';
import { signWithSecret } from '../connect/sign.ts';
import type { Clock, Timers } from '../heart/clock.ts';
import { seededRandom } from '../heart/random.ts';
import type { Site, SiteEvent } from '../heart/site.ts';
import type { CallHttp } from '../http-call.ts';
import { EVENT_NAMES, webhookBody } from '../shapes/webhook-body.ts';
import type { AdminWebhooks } from './admin-webhook.ts';
import { adminDeliveries, adminWebhookOf, signatureOf } from './admin-webhooks.ts';
import type { NewDelivery } from './delivery-queue.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import type { DynamicWebhooks } from './dynamic-webhook.ts';
import { bearerFor, dynamicDeliveries } from './dynamic-webhooks.ts';
import type { Outbox, WebhookDelivery, WebhookSwitches } from './outbox.ts';

interface Parts {
  readonly site: Site;
  readonly connect: ConnectHost;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly seed: number;
  readonly switches: Partial<WebhookSwitches>;
  /** Webhooks that apps registered by REST. */
  readonly dynamic: DynamicWebhooks;
  readonly admin: AdminWebhooks;
  /** The client secret of an OAuth 2.0 app; null when there is no such app. */
  readonly clientSecretOf: (clientId: string) => string | null;
  /** Over sockets unless given. */
  readonly call?: CallHttp;
}

/** Deliveries of one event to one app: one for each of its webhook modules of that name. */
function deliveriesOf(
  installation: Installation,
  event: string,
  context: ModuleContext,
  body: (propertyKeys: readonly string[]) => string,
  rest: Pick<NewDelivery, 'trace' | 'flow'>,
): NewDelivery[] {
  const { descriptor } = installation;
  if (!installation.enabled) return [];
  return descriptor.webhooks
    .filter((webhook) => webhook.event === event)
    .map((webhook) => ({
      ...rest,
      appKey: descriptor.key,
      event,
      url: `${descriptor.baseUrl}${fillVariables(webhook.url, context)}`,
      body: webhook.excludeBody ? '' : body(webhook.propertyKeys),
    }));
}

/** What all of Cloud's webhooks carry, whoever signs them and however. */
const cloudHeaders = (delivery: WebhookDelivery, proof: Readonly<Record<string, string>>): Record<string, string> => ({
  ...proof,
  'content-type': 'application/json; charset=UTF-8',
  'user-agent': 'Atlassian Webhook HTTP Client',
  'x-atlassian-webhook-identifier': delivery.id,
  'x-atlassian-webhook-flow': delivery.flow,
  ...(delivery.attempts > 1 ? { 'x-atlassian-webhook-retry': String(delivery.attempts - 1) } : {}),
  ...(delivery.trace === null ? {} : { 'x-atlassian-webhook-trace': delivery.trace }),
});

function signedHeaders(delivery: WebhookDelivery, installation: Installation, now: number): Record<string, string> {
  const { clientKey, descriptor, sharedSecret } = installation;
  const request = { clientKey, method: 'POST', url: delivery.url, baseUrl: descriptor.baseUrl, now };
  return cloudHeaders(delivery, { authorization: `JWT ${signWithSecret(request, sharedSecret)}` });
}

/** A trace comes back only to the app that sent it. */
const traceFor = (installation: Installation, event: SiteEvent): string | null =>
  event.actor.through.kind === 'app' && event.actor.through.appKey === installation.descriptor.key ? event.actor.trace : null;

/** All deliveries of an event: to the installed apps, to those registered by REST, to those of administrators. */
function deliveriesTo(parts: Parts, event: SiteEvent): NewDelivery[] {
  const { site, connect } = parts;
  // The body is what the site shows at the moment of the event, however late it is sent; written out once for each choice of properties.
  const texts = new Map<string, string>();
  const body = (propertyKeys: readonly string[]): string => {
    const name = propertyKeys.join();
    const text = texts.get(name) ?? JSON.stringify(webhookBody(site, event, propertyKeys));
    texts.set(name, text);
    return text;
  };
  const issue = 'issue' in event ? event.issue : null;
  const projectId = issue?.projectId ?? ('version' in event ? event.version.projectId : '');
  const project = site.projects.get(projectId);
  const context = {
    ...(issue === null ? {} : { issue: { id: issue.id, key: issue.key } }),
    ...(project === undefined ? {} : { project: { id: project.id, key: project.key } }),
  };
  const secondary = 'secondary' in event && event.secondary;
  const toApps = [...connect.installations.values()].flatMap((installation) => {
    const rest = { trace: traceFor(installation, event), flow: secondary ? ('Secondary' as const) : ('Primary' as const) };
    return deliveriesOf(installation, EVENT_NAMES[event.kind], context, body, rest);
  });
  return [...toApps, ...dynamicDeliveries(site, parts.dynamic, event), ...adminDeliveries(site, parts.admin, event)];
}

/** Joins a site to its webhook queue: every event goes to every installed app that asked for it. */
export function createOutbox(parts: Parts): Outbox {
  const { site, connect } = parts;
  const queue = new DeliveryQueue({
    clock: parts.clock,
    timers: parts.timers,
    random: seededRandom(parts.seed),
    headersOf: (delivery) => {
      const now = parts.clock.now();
      const installation = connect.installations.get(delivery.appKey);
      if (installation !== undefined) return signedHeaders(delivery, installation, now);
      const webhook = adminWebhookOf(parts.admin, delivery.appKey);
      if (webhook !== undefined) return cloudHeaders(delivery, signatureOf(webhook, delivery.body));
      const secret = parts.clientSecretOf(delivery.appKey);
      return secret === null ? null : cloudHeaders(delivery, { authorization: bearerFor(delivery.appKey, secret, now) });
    },
    switches: parts.switches,
    call: parts.call,
  });

  site.listeners.add((event) => {
    for (const delivery of deliveriesTo(parts, event)) queue.queue(delivery);
  });

  return {
    dynamic: parts.dynamic,
    admin: parts.admin,
    switches: queue.switches,
    change: (switches) => queue.change(switches),
    counts: () => queue.counts(),
    idle: () => queue.idle(),
    recent: () => queue.recent(),
    failed: () => queue.failed(),
    close: () => queue.close(),
    deliverRaw: (raw) => {
      const deliveries = [...connect.installations.values()].flatMap((installation) =>
        deliveriesOf(installation, raw.webhookEvent, {}, () => JSON.stringify(raw), { trace: null, flow: 'Primary' }),
      );
      for (const delivery of deliveries) queue.queue(delivery);
      return deliveries.length;
    },
  };
}
