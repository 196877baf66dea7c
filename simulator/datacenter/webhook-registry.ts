import type { User } from '../heart/site.ts';

/** One registered webhook, in whichever of the two forms it came. */
export interface RegisteredWebhook {
  readonly id: number;
  name: string;
  url: string;
  events: readonly string[];
  /** JQL; empty for every issue. */
  filter: string;
  excludeBody: boolean;
  active: boolean;
  /** Null: unsigned. */
  secret: string | null;
  description: string;
  /** As the body named them, for answers of the 10.x form. */
  configuration: Readonly<Record<string, string>>;
  sslVerificationRequired: boolean;
  readonly created: number;
  updated: number;
  updatedBy: string;
  statistics: { delivered: number; failed: number; lastStatus: number | null; lastAt: number | null };
}

/** A site's webhooks by id. Plain data, saved with the site. */
export interface WebhookRegistry {
  readonly webhooks: Map<number, RegisteredWebhook>;
}

type Body = Readonly<Record<string, unknown>>;
export type ReadWebhook = Pick<
  RegisteredWebhook,
  | 'name'
  | 'url'
  | 'events'
  | 'filter'
  | 'excludeBody'
  | 'active'
  | 'secret'
  | 'description'
  | 'configuration'
  | 'sslVerificationRequired'
>;

/** The section of a 9.x body whose JQL holds for events about issues. */
const ISSUE_EVENTS = 'issue-related-events-section';

const recordOf = (value: unknown): Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {};
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const isAddress = (text: string): boolean => /^https?:\/\/[^\s/]/.test(text);

const complaint = (body: Body): string | null => {
  if (textOf(body['name']).trim() === '') return 'Webhook name is required.';
  if (!isAddress(textOf(body['url']))) return 'The URL of the webhook is not valid.';
  return null;
};

/** A body of `/rest/webhooks/1.0/webhook`, until 9.x. There are no secrets in it. */
export function readOwnForm(body: unknown): ReadWebhook | { readonly error: string } {
  const source = recordOf(body);
  const error = complaint(source);
  if (error !== null) return { error };
  return {
    name: textOf(source['name']),
    url: textOf(source['url']),
    events: listOf(source['events']),
    filter: textOf(recordOf(source['filters'])[ISSUE_EVENTS]),
    excludeBody: source['excludeBody'] === true,
    active: source['enabled'] !== false,
    secret: null,
    description: textOf(source['description']),
    configuration: {},
    sslVerificationRequired: true,
  };
}

/**
 * A body of `/rest/jira-webhook/1.0/webhooks`, since 10.0. What a 9.x body has beside name, url and events is passed over
 * without a word: its `filters`, its `excludeBody`, a `secret` at its top. Only `configuration` counts.
 */
export function readPluginForm(body: unknown): ReadWebhook | { readonly error: string } {
  const source = recordOf(body);
  const error = complaint(source);
  if (error !== null) return { error };
  const configuration = Object.fromEntries(
    Object.entries(recordOf(source['configuration'])).map(([name, value]) => [name, String(value)]),
  );
  const secret = configuration['SECRET'] ?? '';
  return {
    name: textOf(source['name']),
    url: textOf(source['url']),
    events: listOf(source['events']),
    filter: configuration['FILTERS'] ?? '',
    excludeBody: configuration['EXCLUDE_BODY'] === 'true',
    active: source['active'] !== false,
    secret: secret === '' ? null : secret,
    description: configuration['DESCRIPTION'] ?? '',
    configuration,
    sslVerificationRequired: source['sslVerificationRequired'] !== false,
  };
}

export function addWebhook(registry: WebhookRegistry, read: ReadWebhook, user: User, now: number): RegisteredWebhook {
  const webhook: RegisteredWebhook = {
    ...read,
    id: Math.max(0, ...registry.webhooks.keys()) + 1,
    created: now,
    updated: now,
    updatedBy: user.accountId,
    statistics: { delivered: 0, failed: 0, lastStatus: null, lastAt: null },
  };
  registry.webhooks.set(webhook.id, webhook);
  return webhook;
}

/** Fills the variables of an address: `${issue.id}` until 9.x, `{issue.id}` since 10.0. Unknown ones stay as they are. */
export function fillAddress(url: string, form: 'own' | 'plugin', values: Readonly<Record<string, string>>): string {
  const variable = form === 'own' ? /\$\{([\w.]+)\}/g : /\{([\w.]+)\}/g;
  return url.replaceAll(variable, (whole, name: string) =>
    values[name] === undefined ? whole : encodeURIComponent(values[name]),
  );
}
