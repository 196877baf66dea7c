import { SIDES } from '../core/side.ts';
import type { Clock } from '../platform/clock.ts';
import type { Actor, Audit } from './audit-ports.ts';
import type { Synchronization } from './ports.ts';
import type { Caller } from './set-up-ports.ts';

/** A caller in the words of the audit log. */
export const actorOf = (caller: Caller): Actor =>
  caller.kind === 'token' ? { kind: 'token', tokenId: caller.tokenId } : { kind: 'person', accountId: caller.accountId };

/**
 * A caller did something to a synchronization: a line for the caller's tenant with who it was, and one for each other tenant that takes
 * part, which learns that the partner did it.
 */
export async function noteChange(
  { audit, clock }: { readonly audit: Pick<Audit, 'note'>; readonly clock: Pick<Clock, 'now'> },
  caller: Caller,
  { tenantId, synchronizationId, sides }: Pick<Synchronization, 'tenantId' | 'synchronizationId' | 'sides'>,
  action: string,
  detail: string | null = null,
): Promise<void> {
  const at = clock.now();
  for (const concerned of new Set([caller.siteTenantId, tenantId, ...SIDES.map((side) => sides[side].siteTenantId)])) {
    const actor: Actor = concerned === caller.siteTenantId ? actorOf(caller) : { kind: 'partner' };
    await audit.note(concerned, { at, actor, action, subject: synchronizationId, detail, outcome: 'done' });
  }
}
