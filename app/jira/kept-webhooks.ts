import { z } from 'zod';
import { type Result, succeed } from '../core/failure.ts';
import type { RegisteredWebhook, WantedWebhook } from '../sync/connection-ports.ts';
import type { JiraClient } from './client.ts';
import { anything } from './schemas.ts';
import {
  filterOf,
  idIn,
  isOurs,
  remoteIdOf,
  removed,
  sameEvents,
  spacesIn,
  WEBHOOK_EVENTS,
  WEBHOOK_NAME,
  type WebhookCalls,
} from './webhook-wish.ts';

/** A webhook as a site lists it. */
export interface ListedWebhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  /** JQL; empty: every item. */
  readonly filter: string;
  readonly isEnabled: boolean;
  /** False: it has no secret. Null: the site does not say. */
  readonly isSigned: boolean | null;
}

/** How one kind of site speaks of the webhooks of its administrators. */
export interface WebhookForm {
  readonly name: string;
  readonly path: string;
  /** Whether it can be given a secret. */
  readonly signs: boolean;
  readonly listed: z.ZodType<ListedWebhook>;
  bodyOf(wanted: WantedWebhook): object;
}

/** Lists are long on some sites, and somebody else's webhook may look like anything: what cannot be read is none of ours. */
const listOf = (form: WebhookForm): z.ZodType<readonly ListedWebhook[]> =>
  z.array(z.unknown()).transform((entries) =>
    entries.flatMap((entry) => {
      const read = form.listed.safeParse(entry);
      return read.success ? [read.data] : [];
    }),
  );

const isAsWanted = (listed: ListedWebhook, wanted: WantedWebhook): boolean =>
  listed.url === wanted.address &&
  listed.isEnabled &&
  listed.isSigned !== false &&
  listed.filter === filterOf(wanted) &&
  sameEvents(listed.events);

const write = (client: JiraClient, form: WebhookForm, id: string | null, wanted: WantedWebhook): Promise<Result<ListedWebhook>> =>
  client.call({
    endpoint: `${id === null ? 'POST' : 'PUT'} ${form.path}`,
    method: id === null ? 'POST' : 'PUT',
    path: id === null ? form.path : `${form.path}/${encodeURIComponent(id)}`,
    body: form.bodyOf(wanted),
    intent: 'write',
    schema: form.listed,
  });

const remove = (client: JiraClient, form: WebhookForm, id: string): Promise<Result<unknown>> =>
  client.call({
    endpoint: `DELETE ${form.path}`,
    method: 'DELETE',
    path: `${form.path}/${encodeURIComponent(id)}`,
    intent: 'write',
    schema: anything,
  });

/**
 * Sees to it that the site has exactly one webhook for that connection, as wanted. One that is there already is taken over: our
 * registration may have got no answer, or a person made it by our steps. A secret is not shown by any site, so unless `known` is the
 * one found it is set anew.
 */
async function ensure(
  client: JiraClient,
  form: WebhookForm,
  wanted: WantedWebhook,
  known: string | null,
): Promise<Result<RegisteredWebhook>> {
  const listed = await client.call({
    endpoint: `GET ${form.path}`,
    method: 'GET',
    path: form.path,
    intent: 'read',
    schema: listOf(form),
  });
  if (!listed.ok) return listed;
  const ours = listed.value.filter(({ url }) => isOurs(url, wanted));
  const kept = ours.find(({ id }) => id === known) ?? ours[0] ?? null;
  if (kept === null || kept.id !== known || !isAsWanted(kept, wanted)) {
    const written = await write(client, form, kept?.id ?? null, wanted);
    if (!written.ok) return written;
    if (kept === null) return succeed(registeredAs(form, written.value.id, wanted));
  }
  // What cannot be removed now is found again at the next renewal.
  for (const { id } of ours) if (id !== kept.id) await remove(client, form, id);
  return succeed(registeredAs(form, kept.id, wanted));
}

const registeredAs = (form: WebhookForm, id: string, wanted: WantedWebhook): RegisteredWebhook => ({
  kind: 'registered',
  remoteId: remoteIdOf(form.name, id),
  expiresAt: null,
  projectIds: spacesIn(wanted),
  isProven: form.signs,
});

/** Webhooks that stay until somebody removes them, and can be changed: those of administrators. */
export const createKeptWebhookCalls = (client: JiraClient, form: WebhookForm): WebhookCalls => ({
  registerWebhook: (wanted) => ensure(client, form, wanted, null),
  renewWebhook: (registered, wanted) => ensure(client, form, wanted, idIn(form.name, registered)),
  async removeWebhook(registered) {
    const id = idIn(form.name, registered);
    return id === null ? succeed(null) : removed(await remove(client, form, id));
  },
});

/** Cloud and Data Center before 10.0 keep them at the same address and tell of them alike, with their id in `self` alone. */
export const OWN_WEBHOOKS_PATH = '/rest/webhooks/1.0/webhook';
const OWN_FILTER = 'issue-related-events-section';

/** What is sent there for such a webhook, but for a secret. */
export const ownBody = (wanted: WantedWebhook): object => ({
  name: WEBHOOK_NAME,
  url: wanted.address,
  events: WEBHOOK_EVENTS,
  filters: { [OWN_FILTER]: filterOf(wanted) },
  excludeBody: false,
  enabled: true,
});

export const ownListed: z.ZodType<ListedWebhook> = z
  .object({
    self: z.string().regex(/\/\d+$/),
    url: z.string(),
    events: z.array(z.string()),
    filters: z.object({ [OWN_FILTER]: z.string().nullish() }).nullish(),
    enabled: z.boolean().nullish(),
    isSigned: z.boolean().nullish(),
  })
  .transform(({ self, url, events, filters, enabled, isSigned }) => ({
    id: self.slice(self.lastIndexOf('/') + 1),
    url,
    events,
    filter: filters?.[OWN_FILTER] ?? '',
    isEnabled: enabled !== false,
    isSigned: isSigned ?? null,
  }));
