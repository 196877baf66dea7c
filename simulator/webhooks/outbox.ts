import type { AdminWebhooks } from './admin-webhook.ts';
import type { DynamicWebhooks } from './dynamic-webhook.ts';

/** How a site's webhooks misbehave. Chances are 0–1, drawn from the site's seed. */
export interface WebhookSwitches {
  /** Never sent, and nobody is told. */
  dropRate: number;
  /** Sent twice with the same identifier. */
  duplicateRate: number;
  /** Before it is sent, each waits this long… */
  delayMs: number;
  /** …and those of the secondary flow (the fallout of other events) this long besides. */
  secondaryDelayMs: number;
  /** …and a drawn time up to this long on top, so that later ones overtake. 0: sent in order. */
  reorderMs: number;
  /** Wait before a retry: fixed, or null for Jira's own 5–15 minutes. */
  retryDelayMs: number | null;
  maxRetries: number;
  timeoutMs: number;
  /** Deliveries under way at once. */
  concurrent: number;
  /** While true nothing is sent; all is kept. */
  paused: boolean;
}

/** One webhook and what became of it. */
export interface WebhookDelivery {
  readonly id: string;
  readonly appKey: string;
  readonly event: string;
  readonly url: string;
  readonly body: string;
  readonly trace: string | null;
  readonly flow: 'Primary' | 'Secondary';
  readonly queuedAt: number;
  attempts: number;
  /** HTTP status of the last attempt; null when none was answered. */
  lastStatus: number | null;
  /** When it ran out of retries. */
  failedAt: number | null;
  state: 'waiting' | 'sending' | 'delivered' | 'refused' | 'failed' | 'dropped';
}

export interface WebhookCounts {
  waiting: number;
  sending: number;
  delivered: number;
  /** Answered with a status that Jira does not retry. */
  refused: number;
  /** Out of retries. */
  failed: number;
  dropped: number;
}

/** A site's webhook queue. */
export interface Outbox {
  /** Webhooks that apps registered by REST; Data Center has none. */
  readonly dynamic: DynamicWebhooks;
  /** Webhooks of administrators of a Cloud site; Data Center keeps its own. */
  readonly admin: AdminWebhooks;
  readonly switches: WebhookSwitches;
  change(switches: Partial<WebhookSwitches>): void;
  counts(): WebhookCounts;
  /** Resolves when nothing is waiting (retries included) or being sent. */
  idle(): Promise<void>;
  /** The newest finished deliveries, oldest first. */
  recent(): readonly WebhookDelivery[];
  /** Deliveries that ran out of retries within the last 72 hours, oldest failure first. */
  failed(): readonly WebhookDelivery[];
  /** Sends a body as it stands to every subscriber of its `webhookEvent`, signed as this site. Returns how many. */
  deliverRaw(body: { readonly webhookEvent: string } & Readonly<Record<string, unknown>>): number;
  /** Forgets what waits, and closes all sockets. */
  close(): Promise<void>;
}
