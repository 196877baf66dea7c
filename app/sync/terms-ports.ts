/**
 * The ports of what two sides agree on: the versions of it, the draft that waits for an answer, and what each side offers. Apart from
 * ports.ts because turns need none of it: what they carry out stands in `Synchronization.configuration`.
 */
import type { Configuration, ConfigurationMode } from '../core/configuration.ts';
import type { AccountId, ProjectId, SynchronizationId, TenantId } from '../core/ids.ts';
import type { Offer } from '../core/offer.ts';
import type { Side, Sides } from '../core/side.ts';

/** Who decided something: a person of that side; without an account a program did, by an API token. */
export interface Decider {
  readonly side: Side;
  readonly accountId: AccountId | null;
}

/** Terms that wait for the other side (SPEC V2). */
export interface Draft {
  readonly agreed: Configuration;
  readonly mode: ConfigurationMode;
  readonly by: Decider;
  /** When it was made (epoch ms): names the draft that an answer is for. */
  readonly at: number;
}

/** What is agreed now. */
export interface StandingTerms {
  /** What both sides agreed on; what of it is carried out depends on `offers`. */
  readonly agreed: Configuration;
  readonly offers: Sides<Offer>;
  readonly mode: ConfigurationMode;
  readonly draft: Draft | null;
  /** Grows with every change of any of this: a write that was decided on older terms is refused. */
  readonly readAs: number;
}

/** One line of the history of versions. `published`: it counted from then on. */
export interface Version {
  /** 1, 2, 3 … in the order they were decided on. */
  readonly number: number;
  readonly agreed: Configuration;
  readonly mode: ConfigurationMode;
  readonly outcome: 'published' | 'declined' | 'withdrawn';
  /** Null: how it was set up. */
  readonly by: Decider | null;
  readonly at: number;
  /** Who answered, for a draft. */
  readonly answeredBy: Decider | null;
  /** When it came to that outcome (epoch ms). */
  readonly endedAt: number;
  /** What the other side said when it declined. */
  readonly reason: string | null;
}

/** A write that came too late changes nothing: somebody else changed the terms since they were read. */
export type Written = 'written' | 'changed-meanwhile';

export interface TermsStore {
  /** Null when the synchronization is gone. */
  read(tenantId: TenantId, synchronizationId: SynchronizationId): Promise<StandingTerms | null>;
  /** In place of an older draft, if there is one. */
  saveDraft(tenantId: TenantId, synchronizationId: SynchronizationId, draft: Draft, readAs: number): Promise<Written>;
  /**
   * A new version, and what is `carried` of it from now on; an open draft ends with that. The version before the first one is
   * recorded too, as how it was set up.
   */
  publish(
    tenantId: TenantId,
    synchronizationId: SynchronizationId,
    version: Omit<Version, 'number' | 'outcome' | 'reason'> & { readonly carried: Configuration },
    readAs: number,
  ): Promise<Written>;
  /** The open draft comes to nothing. */
  endDraft(
    tenantId: TenantId,
    synchronizationId: SynchronizationId,
    end: {
      readonly outcome: 'declined' | 'withdrawn';
      readonly by: Decider;
      readonly at: number;
      readonly reason: string | null;
    },
    readAs: number,
  ): Promise<Written>;
  /** What a side offers from now on, and what is `carried` then. */
  changeOffer(
    tenantId: TenantId,
    synchronizationId: SynchronizationId,
    change: { readonly side: Side; readonly offer: Offer; readonly carried: Configuration },
    readAs: number,
  ): Promise<Written>;
  /** Newest first. */
  listVersions(tenantId: TenantId, synchronizationId: SynchronizationId): Promise<readonly Version[]>;
  readVersion(tenantId: TenantId, synchronizationId: SynchronizationId, number: number): Promise<Version | null>;
  countPairs(tenantId: TenantId, synchronizationId: SynchronizationId): Promise<number>;
  /** What left `side` since then, by part (a field's id, `status`, `comments`, `item` for whole new twins): how many changes, and when the last one did. The most first. */
  countLeft(
    tenantId: TenantId,
    synchronizationId: SynchronizationId,
    side: Side,
    since: number,
  ): Promise<readonly { readonly part: string; readonly changes: number; readonly lastAt: number }[]>;
}

/** How many items of a space a change would concern, asked from Jira (1 point). */
export interface ItemCounts {
  count(
    projectId: ProjectId,
    of: { readonly kind: 'type'; readonly typeId: string } | { readonly kind: 'status'; readonly name: string },
  ): Promise<number | null>;
}
