import type { TenantId } from '../core/ids.ts';
import { SIDES } from '../core/side.ts';
import type { Clock } from '../platform/clock.ts';
import type { Actor, Audit } from './audit-ports.ts';
import type { RemoteConnection } from './connection-ports.ts';
import type { Synchronization } from './ports.ts';
import type { Caller } from './set-up-ports.ts';

/** A caller in the words of the audit log. */
export const actorOf = (caller: Caller): Actor =>
  caller.kind === 'token' ? { kind: 'token', tokenId: caller.tokenId } : { kind: 'person', accountId: caller.accountId };

/** Every tenant that takes part in a synchronization, once. */
export const tenantsOf = ({ tenantId, sides }: Pick<Synchronization, 'tenantId' | 'sides'>): readonly TenantId[] => [
  ...new Set([tenantId, ...SIDES.map((side) => sides[side].siteTenantId)]),
];

interface NotePorts {
  readonly audit: Pick<Audit, 'note'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** A caller did something to a connection: a line for its tenant, who alone knows of it. */
export const noteConnectionChange = (
  { audit, clock }: NotePorts,
  caller: Caller,
  { tenantId, connectionId }: Pick<RemoteConnection, 'tenantId' | 'connectionId'>,
  action: string,
  detail: string | null = null,
): Promise<void> =>
  audit.note(tenantId, { at: clock.now(), actor: actorOf(caller), action, subject: connectionId, detail, outcome: 'done' });

/**
 * A caller did something to a synchronization: a line for the caller's tenant with who it was, and one for each other tenant that takes
 * part, which learns that the partner did it.
 */
export async function noteChange(
  { audit, clock }: NotePorts,
  caller: Caller,
  synchronization: Pick<Synchronization, 'tenantId' | 'synchronizationId' | 'sides'>,
  action: string,
  detail: string | null = null,
): Promise<void> {
  const at = clock.now();
  const subject = synchronization.synchronizationId;
  for (const concerned of new Set([caller.siteTenantId, ...tenantsOf(synchronization)])) {
    const actor: Actor = concerned === caller.siteTenantId ? actorOf(caller) : { kind: 'partner' };
    await audit.note(concerned, { at, actor, action, subject, detail, outcome: 'done' });
  }
}
