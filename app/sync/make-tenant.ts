import type { TenantId } from '../core/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { MakeId } from '../platform/ids.ts';
import type { Audit } from './audit-ports.ts';
import type { Tenants } from './tenant-ports.ts';

/**
 * Makes a tenant without a Jira site that has the app: all sites of it are reached by connections, and all it does comes from its API
 * tokens. Done by whoever runs this installation.
 */
export async function makeTenant(
  {
    tenants,
    audit,
    clock,
    makeId,
  }: { tenants: Pick<Tenants, 'create'>; audit: Pick<Audit, 'note'>; clock: Clock; makeId: MakeId },
  name: string,
): Promise<TenantId> {
  const tenantId = makeId() as TenantId;
  await tenants.create(tenantId, name);
  const line = {
    at: clock.now(),
    actor: { kind: 'operator' },
    action: 'tenant.made',
    subject: null,
    detail: null,
    outcome: 'done',
  } as const;
  await audit.note(tenantId, line);
  return tenantId;
}
