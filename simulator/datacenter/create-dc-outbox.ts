import { createHmac } from 'node:crypto';
import type { Clock, Timers } from '../heart/clock.ts';
import { seededRandom } from '../heart/random.ts';
import type { Site, SiteEvent } from '../heart/site.ts';
import type { CallHttp } from '../http-call.ts';
import { DeliveryQueue } from '../webhooks/delivery-queue.ts';
import { matchesFilter } from '../webhooks/match-jql.ts';
import type { Outbox, WebhookDelivery, WebhookSwitches } from '../webhooks/outbox.ts';
import { dataCenterBodies } from './dc-webhook-body.ts';
import type { Dialect } from './dialect.ts';
import { nameOf } from './people.ts';
import { fillAddress, type RegisteredWebhook, type WebhookRegistry } from './webhook-registry.ts';

interface Parts {
  readonly site: Site;
  readonly dialect: Dialect;
  readonly registry: WebhookRegistry;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly seed: number;
  readonly switches: Partial<WebhookSwitches>;
  readonly call: CallHttp;
}

/** Since 10.0 webhooks have a thread pool and a bounded queue of their own; what does not fit is lost. */
const QUEUE_CAPACITY = 1000;
/** How far a delivery of the pool may fall behind the one after it. */
const REORDER_MS = 20;

/** Until 9.x one after the other as things happen; since 10.0 side by side in any order. Neither tries twice. */
const switchesOf = (dialect: Dialect): Partial<WebhookSwitches> => ({
  maxRetries: 0,
  ...(dialect.webhooks === 'own' ? { concurrent: 1 } : { reorderMs: REORDER_MS }),
});

function variablesOf(site: Site, event: SiteEvent): Record<string, string> {
  const issue = 'issue' in event ? event.issue : undefined;
  const project = issue === undefined ? undefined : site.projects.get(issue.projectId);
  return {
    ...(issue === undefined ? {} : { 'issue.id': issue.id, 'issue.key': issue.key }),
    ...(project === undefined ? {} : { 'project.id': project.id, 'project.key': project.key }),
    ...('comment' in event ? { 'comment.id': event.comment.id } : {}),
    'modifiedUser.key': event.actor.user.accountId,
    'modifiedUser.name': nameOf(event.actor.user),
  };
}

const headersFor = ({ dialect }: Parts, webhook: RegisteredWebhook, delivery: WebhookDelivery): Record<string, string> => ({
  'content-type': 'application/json; charset=UTF-8',
  'user-agent': `Atlassian HttpClient unknown / JIRA-${dialect.version} (${dialect.buildNumber}) / Default`,
  ...(dialect.webhooks === 'own' || webhook.secret === null
    ? {}
    : { 'x-hub-signature': `sha256=${createHmac('sha256', webhook.secret).update(delivery.body).digest('hex')}` }),
});

/** Joins a Data Center site to its queue: every event goes to every active webhook that asked for it and whose filter fits. */
export function createDataCenterOutbox(parts: Parts): Outbox {
  const { site, registry, dialect } = parts;
  const webhookOf = ({ appKey }: WebhookDelivery) => registry.webhooks.get(Number(appKey));
  const queue = new DeliveryQueue({
    clock: parts.clock,
    timers: parts.timers,
    random: seededRandom(parts.seed),
    switches: { ...switchesOf(dialect), ...parts.switches },
    call: parts.call,
    ...(dialect.webhooks === 'plugin' ? { capacity: QUEUE_CAPACITY } : {}),
    headersOf: (delivery) => {
      const webhook = webhookOf(delivery);
      return webhook === undefined ? null : headersFor(parts, webhook, delivery);
    },
    onFinished: (delivery) => {
      const statistics = webhookOf(delivery)?.statistics;
      if (statistics === undefined) return;
      statistics[delivery.state === 'delivered' ? 'delivered' : 'failed'] += 1;
      statistics.lastStatus = delivery.lastStatus;
      statistics.lastAt = parts.clock.now();
    },
  });

  const send = (webhook: RegisteredWebhook, event: string, body: string, variables: Readonly<Record<string, string>>): void => {
    const url = fillAddress(webhook.url, dialect.webhooks, variables);
    const sent = webhook.excludeBody ? '' : body;
    queue.queue({ appKey: String(webhook.id), event, url, body: sent, trace: null, flow: 'Primary' });
  };

  site.listeners.add((event) => {
    const interested = [...registry.webhooks.values()].filter(({ active }) => active);
    if (interested.length === 0) return;
    const variables = variablesOf(site, event);
    for (const { event: name, body } of dataCenterBodies(site, event)) {
      const text = JSON.stringify(body);
      for (const webhook of interested)
        if (webhook.events.includes(name) && (!('issue' in event) || matchesFilter(site, webhook.filter, event.issue)))
          send(webhook, name, text, variables);
    }
  });

  return {
    dynamic: new Map(),
    admin: new Map(),
    switches: queue.switches,
    change: (switches) => queue.change(switches),
    counts: () => queue.counts(),
    idle: () => queue.idle(),
    recent: () => queue.recent(),
    failed: () => queue.failed(),
    close: () => queue.close(),
    deliverRaw: (raw) => {
      const interested = [...registry.webhooks.values()].filter(
        ({ active, events }) => active && events.includes(raw.webhookEvent),
      );
      for (const webhook of interested) send(webhook, raw.webhookEvent, JSON.stringify(raw), {});
      return interested.length;
    },
  };
}
