/** Tenants as such: who there is, and who leaves. Ports, like those of ports.ts. */
import type { TenantId } from '../core/ids.ts';

/** A tenant as whoever runs this installation sees it. */
export interface TenantStanding {
  readonly tenantId: TenantId;
  /** What it was named when it was made by a command, or the address of its site. */
  readonly name: string;
  /** Epoch ms. */
  readonly createdAt: number;
  /** When all that is known of it will be erased (epoch ms); null: it stays. */
  readonly eraseAt: number | null;
}

export interface Tenants {
  /** A tenant without a site of its own: its programs reach sites by connections alone. */
  create(tenantId: TenantId, name: string): Promise<void>;
  list(): Promise<readonly TenantStanding[]>;
  read(tenantId: TenantId): Promise<TenantStanding | null>;
  /** Its data is erased from then on, unless its site installs the app again before. An earlier time stays. */
  planErasure(tenantId: TenantId, at: number): Promise<void>;
  /** Tenants whose time has come. */
  listLeaving(now: number, limit: number): Promise<readonly TenantId[]>;
  /**
   * From now on an installation by the same site makes another tenant. False: its time has not come, or it was taken back, and it has
   * to be left alone.
   */
  beginErasure(tenantId: TenantId, now: number): Promise<boolean>;
  /** Removes every row it has, in whatever table. Its synchronizations have to be gone. Repeating it goes on where it stopped. */
  eraseRows(tenantId: TenantId): Promise<void>;
}
