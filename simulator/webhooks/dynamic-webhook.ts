/** A webhook that an app registered by REST. It lapses unless it is refreshed. */
export interface DynamicWebhook {
  readonly id: number;
  /** Key of a Connect app, or client id of an OAuth 2.0 app. */
  readonly appKey: string;
  readonly kind: 'app' | 'oauth';
  /** Who registered it: OAuth apps have their webhooks by person. */
  readonly accountId: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly jqlFilter: string;
  readonly fieldIdsFilter: readonly string[] | null;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** By id. Plain data, saved with the site. */
export type DynamicWebhooks = Map<number, DynamicWebhook>;
