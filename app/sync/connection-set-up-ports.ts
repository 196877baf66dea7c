import type { Result } from '../core/failure.ts';
import type { AccountId, ConnectionId, TenantId } from '../core/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { MakeId } from '../platform/ids.ts';
import type { MakeSecret } from '../platform/make-secret.ts';
import type { Audit } from './audit-ports.ts';
import type { AuthenticationLinks } from './authentication-link-ports.ts';
import type { ApplicationLinks, AuthenticationProviders, SiteProbe, TypedAuthentication } from './authentication-ports.ts';
import type { ConnectionStore, SiteCares } from './connection-ports.ts';
import type { ConnectionRefusal } from './connection-refusal.ts';
import type { Lanes, SiteDirectory, SynchronizationStore } from './ports.ts';
import type { QuotaView } from './read-quota.ts';
import type { RightsPorts } from './set-up-ports.ts';

/** What the use cases around connections are given: making them, consenting to them, looking after them. */
export interface ConnectionSetUpPorts extends RightsPorts {
  readonly connections: ConnectionStore;
  readonly applicationLinks: ApplicationLinks;
  readonly authenticationLinks: AuthenticationLinks;
  readonly providers: AuthenticationProviders;
  readonly typed: TypedAuthentication;
  readonly probe: SiteProbe;
  readonly cares: SiteCares;
  readonly directory: SiteDirectory;
  readonly synchronizations: Pick<SynchronizationStore, 'listOfSite'>;
  readonly lanes: Pick<Lanes, 'resume'>;
  readonly audit: Pick<Audit, 'note'>;
  readQuota(tenantId: TenantId, connectionId: ConnectionId): Promise<QuotaView>;
  /** What a person of a site that has the app is called there now; null: the site does not say. Names are asked for, never kept. */
  readPersonName(siteTenantId: TenantId, connectionId: ConnectionId, accountId: AccountId): Promise<string | null>;
  readonly clock: Pick<Clock, 'now'>;
  readonly makeId: MakeId;
  readonly makeSecret: MakeSecret;
  /** Where Tandem is, without a slash at the end. */
  readonly publicUrl: string;
}

export type ConnectionResult<T> = Promise<Result<T, ConnectionRefusal>>;
