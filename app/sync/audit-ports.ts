import type { AccountId, TenantId } from '../core/ids.ts';

/**
 * Who did something: a person of the tenant's site, an API token, the admin at the far end of a link, Jira itself, whoever runs this
 * installation, or Tandem by a rule. `partner`: somebody at the other side of a synchronization; who, is theirs to know. `stranger`:
 * whoever was refused before they proved who they are.
 */
export type Actor =
  | { readonly kind: 'person'; readonly accountId: AccountId }
  | { readonly kind: 'token'; readonly tokenId: string }
  | { readonly kind: 'link'; readonly linkId: string }
  | { readonly kind: 'site' }
  | { readonly kind: 'partner' }
  | { readonly kind: 'operator' }
  | { readonly kind: 'stranger' }
  | { readonly kind: 'tandem' };

/** The id by which that actor is known; null: there is none. */
export const actorIdOf = (actor: Actor): string | null => {
  switch (actor.kind) {
    case 'person':
      return actor.accountId;
    case 'token':
      return actor.tokenId;
    case 'link':
      return actor.linkId;
    default:
      return null;
  }
};

/** One line of the audit log: who changed which connection or configuration, or was refused. Never content, never a secret. */
export interface AuditEntry {
  readonly at: number;
  readonly actor: Actor;
  /** What was done, noun and verb: `connection.created`, `synchronization.started`, `token.refused`. Stable; listed in docs/audit.md. */
  readonly action: string;
  /** What it was done to: an id of ours; null when it concerns the tenant as a whole. */
  readonly subject: string | null;
  /** A few plain words or ids that tell more; null: nothing more to say. */
  readonly detail: string | null;
  /** `refused`: it was not done; the detail is the stable code of the refusal. */
  readonly outcome: 'done' | 'refused';
}

export interface Audit {
  /**
   * Never fails its caller: what cannot be written down is logged. Of refusals of one action for one reason a tenant keeps a few in an
   * hour, so that nobody can fill its log by being refused.
   */
  note(tenantId: TenantId, entry: AuditEntry): Promise<void>;
  /** Newest first. `before`: epoch ms, for the next page. Lines of one moment come together, so a page can be a little longer than `limit`. */
  list(tenantId: TenantId, page: { readonly before: number | null; readonly limit: number }): Promise<readonly AuditEntry[]>;
}
