import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import type { WebhookAddresses, WebhookOwner } from '../sync/webhook-ports.ts';
import type { TenantKeys } from './tenant-keys.ts';

/** 128 bits: nobody guesses one. */
const PROOF_BYTES = 16;
const UUID = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}';
const TOKEN = new RegExp(`^(${UUID})\\.(${UUID})\\.([\\w-]{22})$`);

/**
 * `{publicUrl}/webhooks/connection/{tenant}.{connection}.{proof}`: all in the path, since some sites leave out the query of an address.
 * The proof is an HMAC by a key of the tenant, so the address stands for itself: before 10.0 Data Center knows no other proof.
 */
export const createWebhookAddresses = (keys: Pick<TenantKeys, 'webhookKey'>, publicUrl: string): WebhookAddresses => {
  const macOf = ({ tenantId, connectionId }: WebhookOwner, purpose: 'address' | 'secret'): Buffer =>
    createHmac('sha256', keys.webhookKey(tenantId)).update(`${purpose}/${connectionId}`).digest();
  const proofOf = (owner: WebhookOwner): string => macOf(owner, 'address').subarray(0, PROOF_BYTES).toString('base64url');
  return {
    addressOf: (owner) => `${publicUrl}/webhooks/connection/${owner.tenantId}.${owner.connectionId}.${proofOf(owner)}`,
    secretOf: (owner) => macOf(owner, 'secret').toString('base64url'),
    read(token) {
      const [, tenantId, connectionId, proof = ''] = TOKEN.exec(token) ?? [];
      if (tenantId === undefined || connectionId === undefined) return null;
      const owner = { tenantId: tenantId as TenantId, connectionId: connectionId as ConnectionId };
      return timingSafeEqual(Buffer.from(proof), Buffer.from(proofOf(owner))) ? owner : null;
    },
  };
};
