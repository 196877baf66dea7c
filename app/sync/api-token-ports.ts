/** API tokens of a tenant: ports, like those of ports.ts. */
import type { AccountId, TenantId } from '../core/ids.ts';
import type { TokenScope } from './set-up-ports.ts';

/** Every scope; what each allows: `TokenScope`. */
export const TOKEN_SCOPES = ['read', 'configure', 'connections'] as const satisfies readonly TokenScope[];

/** A token as its tenant sees it. What was shown once is not in it. */
export interface ApiToken {
  readonly tenantId: TenantId;
  /** A uuid; stands in the token, and in the audit log for who did something. */
  readonly tokenId: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** Null: whoever runs this installation made it, by a command. */
  readonly createdBy: AccountId | null;
  /** Epoch ms, as all times here. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** To the hour; null: never. */
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

export interface ApiTokenStore {
  insert(token: ApiToken, secretHash: string): Promise<void>;
  /** Newest first; ended ones too, for as long as the audit log names them. */
  list(tenantId: TenantId): Promise<readonly ApiToken[]>;
  /** `isLeaving`: the app was removed from the tenant's site, and its data waits to be erased. */
  read(
    tenantId: TenantId,
    tokenId: string,
  ): Promise<{ readonly token: ApiToken; readonly secretHash: string; readonly isLeaving: boolean } | null>;
  /** False: there is no such token, or it was revoked before. */
  revoke(tenantId: TenantId, tokenId: string, at: number): Promise<boolean>;
  /** It was used in the hour that begins then. */
  noteUse(tenantId: TenantId, tokenId: string, hour: number): Promise<void>;
}
