import type { DataCenterAccess } from '../identity/data-center-access.ts';
import type { SimulatedSite } from '../simulated-site.ts';
import type { Dialect } from './dialect.ts';
import type { RateLimit } from './rate-limit.ts';
import type { WebhookRegistry } from './webhook-registry.ts';

/** One running Data Center site: all that a Cloud site offers to tests, and what only Data Center has. */
export interface DataCenterSite extends SimulatedSite {
  readonly dialect: Dialect;
  /** `/jira`, or empty. Part of `url`. */
  readonly contextPath: string;
  readonly registry: WebhookRegistry;
  /** Personal access tokens, application links and what was granted through them. */
  readonly access: DataCenterAccess;
  readonly rateLimit: RateLimit;
}
