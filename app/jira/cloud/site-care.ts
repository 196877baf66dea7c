import type { RemoteKind, SiteCare } from '../../sync/connection-ports.ts';
import { NEEDED_RIGHTS, readRights, readServer, readSyncUser } from '../ask-site.ts';
import type { JiraClient } from '../client.ts';
import { CLOUD } from './cloud-dialect.ts';
import { createAdminWebhookCalls, createDynamicWebhookCalls } from './webhooks.ts';

/** A Cloud site that has not installed the app. An app's consent makes webhooks of its own, a person's token those of administrators. */
export function createCloudSiteCare(client: JiraClient, kind: RemoteKind): SiteCare {
  const speaker = { client, dialect: CLOUD };
  return {
    readServer: () => readServer(speaker),
    whoAmI: () => readSyncUser(speaker),
    readRights: (projectId) => readRights(speaker, projectId, NEEDED_RIGHTS),
    ...(kind === 'oauth2-cloud' ? createDynamicWebhookCalls(client) : createAdminWebhookCalls(client)),
  };
}
