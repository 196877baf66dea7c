import type { Delivery, Inbox } from '../../app/sync/ports.ts';

/** An inbox with one running synchronization per listed space. Keeps what it stored for a test to look at. */
export interface MemoryInbox extends Inbox {
  readonly stored: readonly Delivery[];
}

export const createMemoryInbox = (projectIds: readonly string[]): MemoryInbox => {
  const stored: Delivery[] = [];
  const seen = new Set<string>();
  return {
    stored,
    async receive(delivery) {
      const id = `${delivery.siteTenantId} ${delivery.deliveryId}`;
      if (seen.has(id)) return { kind: 'duplicate' };
      if (delivery.projectId === null || !projectIds.includes(delivery.projectId)) return { kind: 'unconcerned' };
      seen.add(id);
      stored.push(delivery);
      const isTold = delivery.echoOf === null || delivery.tellsWriter || delivery.madeBy !== null;
      return isTold ? { kind: 'accepted', lanes: 1 } : { kind: 'echo' };
    },
  };
};
