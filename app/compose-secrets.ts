import type { Config } from './config/read-config.ts';
import { createCommentEventBox } from './connections/comment-event-box.ts';
import { createItemBox } from './connections/item-box.ts';
import { createObservationBox } from './connections/observation-box.ts';
import { createSecretBox } from './connections/secret-box.ts';
import { createTenantKeys } from './connections/tenant-keys.ts';
import { makeTrace, readTrace } from './connections/trace.ts';
import { createWebhookAddresses } from './connections/webhook-addresses.ts';

/** What the master keys open and what is derived from them. The oldest key is the one that fingerprints are made with. */
export function composeSecrets({
  encryptionKeys: { current, older, next },
}: {
  encryptionKeys: NonNullable<Config['encryptionKeys']>;
}) {
  const keys = createTenantKeys(Buffer.from(older.at(-1) ?? current, 'hex'));
  const secretBox = createSecretBox({
    current: Buffer.from(current, 'hex'),
    older: older.map((key) => Buffer.from(key, 'hex')),
    next: next === undefined ? null : Buffer.from(next, 'hex'),
  });
  return {
    secretBox,
    observations: createObservationBox(secretBox),
    items: createItemBox(secretBox),
    commentEvents: createCommentEventBox(secretBox),
    fingerprinter: keys.fingerprinter,
    makeTrace: makeTrace.bind(null, keys),
    readTrace: readTrace.bind(null, keys),
    webhookAddressesAt: createWebhookAddresses.bind(null, keys),
  };
}

export type Secrets = ReturnType<typeof composeSecrets>;
