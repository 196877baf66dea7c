import jwt from 'atlassian-jwt';
import type { JqlClause } from '../heart/jql-parse.ts';
import { parseJql } from '../heart/jql-parse.ts';
import type { Site, SiteEvent } from '../heart/site.ts';
import { EVENT_NAMES, webhookBody } from '../shapes/webhook-body.ts';
import type { NewDelivery } from './delivery-queue.ts';
import type { DynamicWebhook, DynamicWebhooks } from './dynamic-webhook.ts';
import { matchesFilter } from './match-jql.ts';

export const DYNAMIC_DAYS = 30;
/** How many an app may have: of Connect by site, of OAuth 2.0 by person and site. */
export const MOST_DYNAMIC: Readonly<Record<DynamicWebhook['kind'], number>> = { app: 100, oauth: 5 };

const EVENTS = new Set([
  'jira:issue_created',
  'jira:issue_updated',
  'jira:issue_deleted',
  'comment_created',
  'comment_updated',
  'comment_deleted',
  'issue_property_set',
  'issue_property_deleted',
  'sprint_created',
  'sprint_updated',
  'sprint_closed',
  'sprint_deleted',
  'sprint_started',
  'jira:version_released',
  'jira:version_unreleased',
  'jira:version_created',
  'jira:version_moved',
  'jira:version_updated',
  'jira:version_deleted',
]);
const FIELDS = /^(issuekey|key|project|issuetype|type|status|priority|assignee|reporter|issue\.property.*|cf\[\d+\])$/;
const OPERATORS = new Set(['=', '!=', 'in', 'not in']);

function foreignTest(clause: JqlClause): string | null {
  if (clause.kind === 'not') return foreignTest(clause.clause);
  if (clause.kind !== 'test') return clause.clauses.map(foreignTest).find((found) => found !== null) ?? null;
  if (!FIELDS.test(clause.field)) return `Field '${clause.field}' is not supported in the JQL filter of a webhook.`;
  return OPERATORS.has(clause.operator) ? null : `Operator '${clause.operator}' is not supported in the JQL filter of a webhook.`;
}

/** What Jira says against a registration; they come inside a 200. */
export function complaints(events: readonly string[], jqlFilter: unknown): string[] {
  const found: string[] = [];
  if (events.length === 0) found.push('The event list cannot be empty.');
  for (const event of events) if (!EVENTS.has(event)) found.push(`The event '${event}' is not supported.`);
  if (typeof jqlFilter !== 'string') return [...found, 'The JQL filter is required.'];
  const parsed = parseJql(jqlFilter);
  if (!parsed.ok) return [...found, parsed.error];
  const foreign = parsed.query.clause === null ? null : foreignTest(parsed.query.clause);
  return foreign === null ? found : [...found, foreign];
}

function asksFor(site: Site, webhook: DynamicWebhook, event: SiteEvent, now: number): boolean {
  if (webhook.expiresAt <= now || !webhook.events.includes(EVENT_NAMES[event.kind])) return false;
  if (!('issue' in event)) return true;
  const { fieldIdsFilter } = webhook;
  if (fieldIdsFilter !== null && event.kind === 'issue-updated')
    if (!event.change.items.some(({ fieldId }) => fieldIdsFilter.includes(fieldId))) return false;
  return matchesFilter(site, webhook.jqlFilter, event.issue);
}

/** OAuth 2.0 apps are called without the query of the address they gave. */
const addressOf = ({ kind, url }: DynamicWebhook): string => (kind === 'oauth' ? (url.split('?')[0] ?? url) : url);

/** One delivery to each app that has webhooks for an event; the body names those that matched. */
export function dynamicDeliveries(site: Site, webhooks: DynamicWebhooks, event: SiteEvent): NewDelivery[] {
  const now = site.clock.now();
  for (const [id, { expiresAt }] of webhooks) if (expiresAt <= now) webhooks.delete(id);
  if (webhooks.size === 0) return [];
  const byAddress = new Map<string, DynamicWebhook[]>();
  for (const webhook of webhooks.values()) {
    if (!asksFor(site, webhook, event, now)) continue;
    const address = `${webhook.appKey} ${addressOf(webhook)}`;
    byAddress.set(address, [...(byAddress.get(address) ?? []), webhook]);
  }
  const { through, trace } = event.actor;
  return [...byAddress.values()].flatMap((matched): NewDelivery[] => {
    const [first] = matched;
    if (first === undefined) return [];
    return [
      {
        appKey: first.appKey,
        event: EVENT_NAMES[event.kind],
        url: addressOf(first),
        body: JSON.stringify({ ...webhookBody(site, event), matchedWebhookIds: matched.map(({ id }) => id) }),
        trace: through.kind === 'app' && through.appKey === first.appKey ? trace : null,
        flow: 'secondary' in event && event.secondary ? 'Secondary' : 'Primary',
      },
    ];
  });
}

/** Seconds that the token of a delivery is good for. */
const TOKEN_SECONDS = 180;

/** What a delivery to an OAuth 2.0 app is signed with: HS256 by the app's client secret. */
export function bearerFor(clientId: string, clientSecret: string, now: number): string {
  const iat = Math.floor(now / 1000);
  const claims = { iss: clientId, iat, exp: iat + TOKEN_SECONDS };
  return `Bearer ${jwt.encodeSymmetric(claims, clientSecret, jwt.SymmetricAlgorithm.HS256)}`;
}
