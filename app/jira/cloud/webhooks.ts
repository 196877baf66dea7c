import { z } from 'zod';
import { type Failure, fail, type Result, succeed } from '../../core/failure.ts';
import type { RegisteredWebhook, WantedWebhook } from '../../sync/connection-ports.ts';
import type { JiraClient } from '../client.ts';
import { createKeptWebhookCalls, OWN_WEBHOOKS_PATH, ownBody, ownListed, type WebhookForm } from '../kept-webhooks.ts';
import { anything, jiraTime, recordId } from '../schemas.ts';
import {
  filterOf,
  idIn,
  isOurs,
  remoteIdOf,
  removed,
  sameEvents,
  spacesIn,
  WEBHOOK_EVENTS,
  type WebhookCalls,
} from '../webhook-wish.ts';
import { apiPath } from './paths.ts';

const FORM = 'dynamic';
/** More than a person's app may have (5), so one page shows all. */
const PAGE = 100;

const dynamicPage = z.object({
  values: z.array(z.object({ id: recordId, url: z.string(), events: z.array(z.string()), jqlFilter: z.string() })),
});
type Dynamic = z.output<typeof dynamicPage>['values'][number];

/** Each entry of a 200 is either an id or what is wrong with that webhook. */
const registration = z.object({
  webhookRegistrationResult: z
    .array(z.object({ createdWebhookId: recordId.nullish(), errors: z.array(z.string()).nullish() }))
    .min(1),
});
/** The API document says milliseconds, its example shows a time in words. */
const refreshed = z.object({ expirationDate: z.union([z.number(), jiraTime]) });

const path = apiPath(['webhook']);

/** Of Jira's sentence only what it is about: the rest of it may quote the address. */
const complaintOf = (errors: readonly string[]): string => {
  const text = errors.join(' ');
  if (/single URL/i.test(text)) return 'the sync user has a webhook of Tandem at another address on that site';
  if (/limit|maximum/i.test(text)) return 'the sync user has as many webhooks of Tandem as Jira allows';
  return 'Jira refuses the webhook';
};

const rejected = (errors: readonly string[]): Failure => ({ kind: 'rejected', fields: [], detail: complaintOf(errors) });

async function list(client: JiraClient): Promise<Result<readonly Dynamic[]>> {
  const page = await client.call({
    endpoint: 'GET /webhook',
    method: 'GET',
    path: apiPath(['webhook'], { maxResults: PAGE }),
    intent: 'read',
    schema: dynamicPage,
  });
  return page.ok ? succeed(page.value.values) : page;
}

async function add(client: JiraClient, wanted: WantedWebhook): Promise<Result<string>> {
  const answer = await client.call({
    endpoint: 'POST /webhook',
    method: 'POST',
    path,
    body: { url: wanted.address, webhooks: [{ events: WEBHOOK_EVENTS, jqlFilter: filterOf(wanted) }] },
    intent: 'write',
    schema: registration,
  });
  if (!answer.ok) return answer;
  const [made] = answer.value.webhookRegistrationResult;
  return made?.createdWebhookId == null ? fail(rejected(made?.errors ?? [])) : succeed(made.createdWebhookId);
}

const remove = (client: JiraClient, ids: readonly string[]): Promise<Result<unknown>> =>
  client.call({
    endpoint: 'DELETE /webhook',
    method: 'DELETE',
    path,
    body: { webhookIds: ids.map(Number) },
    intent: 'write',
    schema: anything,
  });

/** Thirty days more, and when these end. */
const refresh = (client: JiraClient, id: string) =>
  client.call({
    endpoint: 'PUT /webhook/refresh',
    method: 'PUT',
    path: apiPath(['webhook', 'refresh']),
    body: { webhookIds: [Number(id)] },
    intent: 'write',
    schema: refreshed,
  });

/**
 * One webhook for all spaces. It cannot be changed, so another one takes its place: first the new one, that no event is missed in
 * between; where Jira wants no second one, first the old one goes.
 */
async function ensure(
  client: JiraClient,
  wanted: WantedWebhook,
  known: RegisteredWebhook | null,
): Promise<Result<RegisteredWebhook>> {
  const listed = await list(client);
  if (!listed.ok) return listed;
  const ours = listed.value.filter(({ url }) => isOurs(url, wanted));
  const fits = ours.find(
    (one) =>
      one.url === wanted.address && sameEvents(one.events) && (one.jqlFilter === filterOf(wanted) || covers(known, one, wanted)),
  );
  const stale = ours.filter((one) => one !== fits).map(({ id }) => id);
  const replaced = fits === undefined ? await replace(client, wanted, stale) : { id: succeed(fits.id), left: stale };
  const { id } = replaced;
  if (!id.ok) return id;
  if (replaced.left.length > 0) await remove(client, replaced.left);
  const lasting = await refresh(client, id.value);
  if (!lasting.ok) return lasting;
  return succeed({
    kind: 'registered',
    remoteId: remoteIdOf(FORM, id.value),
    expiresAt: lasting.value.expirationDate,
    projectIds: spacesIn(wanted),
    isProven: true,
  });
}

/** Nobody can change its filter, so one that we registered for these spaces is for them in whatever words Jira gives that back. */
const covers = (known: RegisteredWebhook | null, { id }: Dynamic, wanted: WantedWebhook): boolean =>
  known !== null && idIn(FORM, known) === id && [...known.projectIds].sort().join() === [...spacesIn(wanted)].sort().join();

/** The new one's id, and which of the old ones are still there. */
async function replace(
  client: JiraClient,
  wanted: WantedWebhook,
  stale: readonly string[],
): Promise<{ readonly id: Result<string>; readonly left: readonly string[] }> {
  const added = await add(client, wanted);
  if (added.ok || added.failure.kind !== 'rejected' || stale.length === 0) return { id: added, left: stale };
  const cleared = await remove(client, stale);
  return cleared.ok ? { id: await add(client, wanted), left: [] } : { id: cleared, left: stale };
}

/**
 * Dynamic webhooks, of connections by OAuth 2.0 (3LO): an app registers them for itself, with one address and five of them per sync
 * user and site; they end after thirty days unless refreshed. Their deliveries come without the query of the address.
 */
export const createDynamicWebhookCalls = (client: JiraClient): WebhookCalls => ({
  registerWebhook: (wanted) => ensure(client, wanted, null),
  renewWebhook: (registered, wanted) => ensure(client, wanted, registered),
  async removeWebhook(registered) {
    const id = idIn(FORM, registered);
    return id === null ? succeed(null) : removed(await remove(client, [id]));
  },
});

const ADMIN_FORM: WebhookForm = {
  name: 'admin',
  path: OWN_WEBHOOKS_PATH,
  signs: true,
  listed: ownListed,
  bodyOf: (wanted) => ({ ...ownBody(wanted), secret: wanted.secret }),
};

/** Webhooks of a Cloud site's administrators, of connections by a token or password. */
export const createAdminWebhookCalls = (client: JiraClient): WebhookCalls => createKeptWebhookCalls(client, ADMIN_FORM);
