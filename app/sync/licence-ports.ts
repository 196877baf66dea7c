import type { SynchronizationId, TenantId } from '../core/ids.ts';
import type { Licence } from '../core/licence.ts';

/** A licence with what proves that the issuer made it. */
export interface SignedLicence {
  readonly licence: Licence;
  /** Ed25519 over `signedTextOf(licence)`, base64url. */
  readonly signature: string;
}

/** Whether the issuer of this installation's licences made that signature. */
export type CheckSignature = (text: string, signature: string) => boolean;

/** A site without the app that a synchronization reaches. */
export interface RemoteSite {
  readonly synchronizationId: SynchronizationId;
  readonly siteUrl: string;
}

/** The sites without the app that matter when a synchronization is to start. */
export interface EndpointsMet {
  /** Those of the one that is to start. */
  readonly own: readonly string[];
  /** Those of the tenant's others that run, or are about to. */
  readonly others: readonly string[];
}

export interface LicenceStore {
  read(tenantId: TenantId): Promise<SignedLicence | null>;
  /** In place of the one that was there. */
  write(tenantId: TenantId, signed: SignedLicence): Promise<void>;
  /** Of the synchronizations that run, or are about to. */
  listTaken(tenantId: TenantId): Promise<readonly RemoteSite[]>;
  /**
   * Asks `decide` whether a synchronization may start; null: it may, and then its sites count as taken for `holdMs`, or until
   * {@link LicenceStore.letGo}: meanwhile it is started, and takes them by running. One call of a tenant at a time, over all
   * processes: so two starts cannot both take the last endpoint.
   */
  take<Refusal extends string>(
    tenantId: TenantId,
    synchronizationId: SynchronizationId,
    holdMs: number,
    decide: (met: EndpointsMet) => Refusal | null,
  ): Promise<Refusal | null>;
  letGo(tenantId: TenantId, synchronizationId: SynchronizationId): Promise<void>;
}
