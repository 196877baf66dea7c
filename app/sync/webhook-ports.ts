import type { ConnectionId, TenantId } from '../core/ids.ts';

/** Whose webhook it is. */
export interface WebhookOwner {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
}

/** Where remote sites send their events, and what they sign these with. Both are derived, so nothing of them is stored. */
export interface WebhookAddresses {
  /** Our address for exactly that connection. Whoever knows it can knock there, so it is shown to admins alone. */
  addressOf(owner: WebhookOwner): string;
  /** Printable ASCII. */
  secretOf(owner: WebhookOwner): string;
  /** Whose address it is by its last part; null when we did not make it. */
  read(token: string): WebhookOwner | null;
}
