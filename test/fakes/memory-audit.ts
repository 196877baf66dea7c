import type { TenantId } from '../../app/core/ids.ts';
import type { Audit, AuditEntry } from '../../app/sync/audit-ports.ts';

export interface MemoryAudit extends Audit {
  /** All lines so far, in the order they were written. */
  readonly lines: readonly (AuditEntry & { readonly tenantId: TenantId })[];
}

/** An audit log that keeps all it is told. */
export const createMemoryAudit = (): MemoryAudit => {
  const lines: (AuditEntry & { readonly tenantId: TenantId })[] = [];
  return {
    lines,
    async note(tenantId, entry) {
      lines.push({ tenantId, ...entry });
    },
    list: async (tenantId, { before, limit }) =>
      lines
        .filter((line) => line.tenantId === tenantId && line.at < (before ?? Number.POSITIVE_INFINITY))
        .sort((one, other) => other.at - one.at)
        .slice(0, limit)
        .map(({ tenantId: _, ...entry }) => entry),
  };
};
