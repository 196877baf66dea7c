import type { ApplicationLinkId, TenantId } from '../core/ids.ts';
import type { ApplicationLink } from '../sync/authentication-ports.ts';

/** With its client secret (OAuth 2.0) or private key (OAuth 1.0a), sealed for the tenant. */
export interface KeptApplicationLink extends ApplicationLink {
  readonly sealedSecret: string;
}

const comparable = (url: string): string => url.toLowerCase().replace(/\/+$/, '');

/** Compared without case and slashes at the end. */
export const isSameSite = (left: string, right: string): boolean => comparable(left) === comparable(right);

/** Where application links are kept. Proven by test/contract/application-link-store.contract.ts. */
export interface ApplicationLinkStore {
  read(tenantId: TenantId, applicationLinkId: ApplicationLinkId): Promise<KeptApplicationLink | null>;
  /** Newest first. */
  list(tenantId: TenantId): Promise<readonly KeptApplicationLink[]>;
  insert(link: KeptApplicationLink): Promise<void>;
  /** Changes what is given. False when it is gone. */
  change(
    tenantId: TenantId,
    applicationLinkId: ApplicationLinkId,
    change: Partial<Pick<KeptApplicationLink, 'name' | 'clientId' | 'scope' | 'sealedSecret'>>,
  ): Promise<boolean>;
  /** `in-use`: connections are made with it. */
  remove(tenantId: TenantId, applicationLinkId: ApplicationLinkId): Promise<'removed' | 'in-use'>;
}
