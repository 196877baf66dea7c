/** A webhook that an administrator made on a Cloud site, by hand or by `/rest/webhooks/1.0/webhook`. */
export interface AdminWebhook {
  readonly id: number;
  name: string;
  url: string;
  events: readonly string[];
  /** JQL; empty for every issue. */
  filter: string;
  excludeBody: boolean;
  enabled: boolean;
  /** Null: unsigned. Never shown again. */
  secret: string | null;
  /** Epoch milliseconds. */
  updated: number;
  updatedBy: string;
}

/** By id. Plain data, saved with the site. */
export type AdminWebhooks = Map<number, AdminWebhook>;
