import type { WebhookSwitches } from '../webhooks/outbox.ts';
import type { NamedFault } from './named-fault.ts';

/** Jira means to deliver primary webhooks within 30 seconds, secondary ones within 15 minutes. */
const LATE_PRIMARY_MS = 30_000;
const LATE_SECONDARY_MS = 15 * 60_000;
const OVERTAKING_MS = 60_000;

const switching = (name: string, what: string, changes: Partial<WebhookSwitches>): NamedFault => ({
  name,
  what,
  apply: ({ webhooks }) => {
    const before = { ...webhooks.switches };
    webhooks.change(changes);
    return () => webhooks.change(Object.fromEntries(Object.entries(before).filter(([key]) => key in changes)));
  },
});

/** What befalls webhooks. */
export const WEBHOOK_FAULTS: readonly NamedFault[] = [
  switching('webhooks-lost', 'Half of the webhooks never come.', { dropRate: 0.5 }),
  switching('webhooks-doubled', 'Half of the webhooks come twice.', { duplicateRate: 0.5 }),
  switching('webhooks-out-of-order', 'Webhooks overtake each other within a minute.', { reorderMs: OVERTAKING_MS }),
  switching('webhooks-late', 'Webhooks come half a minute late.', { delayMs: LATE_PRIMARY_MS }),
  switching('webhooks-late-secondary', 'Webhooks of the secondary flow come a quarter of an hour late.', {
    secondaryDelayMs: LATE_SECONDARY_MS,
  }),
  switching('webhooks-held-back', 'No webhook comes until the fault ends; then all do.', { paused: true }),
];
