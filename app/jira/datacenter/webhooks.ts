import { z } from 'zod';
import type { JiraClient } from '../client.ts';
import { createKeptWebhookCalls, OWN_WEBHOOKS_PATH, ownBody, ownListed, type WebhookForm } from '../kept-webhooks.ts';
import { recordId } from '../schemas.ts';
import { filterOf, WEBHOOK_EVENTS, WEBHOOK_NAME, type WebhookCalls } from '../webhook-wish.ts';

/** Until 9.x: no secret, so the address alone says that a delivery is authentic. */
const OWN_FORM: WebhookForm = {
  name: 'own',
  path: OWN_WEBHOOKS_PATH,
  signs: false,
  listed: ownListed,
  bodyOf: ownBody,
};

/** Since 10.0. All values of `configuration` are text; a secret or filter anywhere else is passed over in silence. */
const PLUGIN_FORM: WebhookForm = {
  name: 'plugin',
  path: '/rest/jira-webhook/1.0/webhooks',
  signs: true,
  listed: z
    .object({
      id: recordId,
      url: z.string(),
      events: z.array(z.string()),
      configuration: z.object({ FILTERS: z.string().nullish() }).nullish(),
      active: z.boolean().nullish(),
    })
    .transform(({ id, url, events, configuration, active }) => ({
      id,
      url,
      events,
      filter: configuration?.FILTERS ?? '',
      isEnabled: active !== false,
      isSigned: null,
    })),
  bodyOf: (wanted) => ({
    name: WEBHOOK_NAME,
    url: wanted.address,
    events: WEBHOOK_EVENTS,
    active: true,
    scopeType: 'global',
    sslVerificationRequired: wanted.address.startsWith('https:'),
    configuration: {
      FILTERS: filterOf(wanted),
      EXCLUDE_BODY: 'false',
      SECRET: wanted.secret,
      DESCRIPTION: 'Tells Tandem of changes. Tandem keeps it up to date.',
    },
  }),
};

/** The first version with the newer form. */
const SIGNS_SINCE = 10;

const formOf = (version: string): WebhookForm => (Number.parseInt(version, 10) >= SIGNS_SINCE ? PLUGIN_FORM : OWN_FORM);

/**
 * Webhooks of a Data Center site, in the form of its version. A webhook that was registered before an upgrade is found by its
 * address and written anew, now with a secret.
 *
 * @param version what the server calls itself, `10.3.1`
 */
export const createDataCenterWebhookCalls = (client: JiraClient, version: string): WebhookCalls =>
  createKeptWebhookCalls(client, formOf(version));
