import { fail, type Result } from '../../core/failure.ts';
import type { SiteCare } from '../../sync/connection-ports.ts';
import { NEEDED_RIGHTS, readRights, readServer, readSyncUser } from '../ask-site.ts';
import type { JiraClient } from '../client.ts';
import type { WebhookCalls } from '../webhook-wish.ts';
import { DATA_CENTER } from './data-center-dialect.ts';
import { createDataCenterWebhookCalls } from './webhooks.ts';

/**
 * A Data Center site. Its version decides how webhooks are registered.
 *
 * @param known what the server called itself when it was last asked; null: it is asked first
 */
export function createDataCenterSiteCare(client: JiraClient, known: string | null): SiteCare {
  const speaker = { client, dialect: DATA_CENTER };
  const webhooks = async (): Promise<Result<WebhookCalls>> => {
    if (known !== null) return { ok: true, value: createDataCenterWebhookCalls(client, known) };
    const server = await readServer(speaker);
    if (!server.ok) return server;
    const { version } = server.value;
    return version === null
      ? fail({ kind: 'rejected', fields: [], detail: 'the site is no Data Center' })
      : { ok: true, value: createDataCenterWebhookCalls(client, version) };
  };
  const byVersion = async <Value>(call: (calls: WebhookCalls) => Promise<Result<Value>>): Promise<Result<Value>> => {
    const calls = await webhooks();
    return calls.ok ? call(calls.value) : calls;
  };
  return {
    readServer: () => readServer(speaker),
    whoAmI: () => readSyncUser(speaker),
    readRights: (projectId) => readRights(speaker, projectId, NEEDED_RIGHTS),
    registerWebhook: (wanted) => byVersion((calls) => calls.registerWebhook(wanted)),
    renewWebhook: (registered, wanted) => byVersion((calls) => calls.renewWebhook(registered, wanted)),
    removeWebhook: (registered) => byVersion((calls) => calls.removeWebhook(registered)),
  };
}
