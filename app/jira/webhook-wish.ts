import type { Result } from '../core/failure.ts';
import type { ProjectId } from '../core/ids.ts';
import type { RegisteredWebhook, SiteCare, WantedWebhook } from '../sync/connection-ports.ts';

/** How a kind of site is told to send us events. */
export type WebhookCalls = Pick<SiteCare, 'registerWebhook' | 'renewWebhook' | 'removeWebhook'>;

/** What the engine acts on; the descriptor of the app asks for the same (atlassian-connect.json). */
export const WEBHOOK_EVENTS = [
  'jira:issue_created',
  'jira:issue_updated',
  'jira:issue_deleted',
  'comment_created',
  'comment_updated',
  'comment_deleted',
] as const;

export const WEBHOOK_NAME = 'Tandem';

/** The spaces in an order of their own, each once: what is registered is compared with what is wanted. */
export const spacesIn = ({ projectIds }: WantedWebhook): readonly ProjectId[] =>
  [...new Set(projectIds)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));

/** JQL of one clause and one operator: dynamic webhooks of Cloud take few of either. Ids, since keys change. */
export const filterOf = (wanted: WantedWebhook): string => `project in (${spacesIn(wanted).join(', ')})`;

/** An address without the proof at its end: the part that names the connection, whatever host and keys we had. */
const stemOf = (address: string): string => new URL(address).pathname.replace(/\.[^.]*$/, '.');

/** Whether a webhook at that site was registered for the connection that `wanted` is about. */
export const isOurs = (url: string, wanted: WantedWebhook): boolean =>
  URL.canParse(url) && new URL(url).pathname.startsWith(stemOf(wanted.address));

export const sameEvents = (registered: readonly string[]): boolean =>
  registered.length === WEBHOOK_EVENTS.length && WEBHOOK_EVENTS.every((event) => registered.includes(event));

/** Ids as they are remembered: with the form they are ids of. A site that was upgraded speaks another one. */
export const remoteIdOf = (form: string, id: string): string => `${form}:${id}`;

/** The id, if it is one of that form. */
export const idIn = (form: string, registered: RegisteredWebhook): string | null =>
  registered.remoteId.startsWith(`${form}:`) ? registered.remoteId.slice(form.length + 1) : null;

/** Gone is what was wanted. */
export const removed = (answer: Result<unknown>): Result<null> =>
  answer.ok || answer.failure.kind === 'missing' ? { ok: true, value: null } : answer;
