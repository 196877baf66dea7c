import type { RegisteredWebhook, RemoteConnection } from './connection-ports.ts';

/** What the site of a connection has of us, relied on or not; null: nothing that we know of. */
export const registeredBy = ({ webhook }: Pick<RemoteConnection, 'webhook'>): RegisteredWebhook | null => {
  if (webhook.kind === 'registered') return webhook;
  return webhook.kind === 'polling' ? webhook.registered : null;
};
