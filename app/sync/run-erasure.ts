import type { TenantId } from '../core/ids.ts';
import { type ErasurePorts, eraseTenant } from './erase-tenant.ts';

/** Erasure is a matter of days; looking costs one small statement. */
const LOOK_EVERY_MS = 60_000;
const TENANTS_AT_ONCE = 20;

export interface ErasureRunPorts extends ErasurePorts {
  readonly logger: { info(fields: object, message: string): void; error(fields: object, message: string): void };
}

/** Erases tenants whose time has come, until `signal` aborts. Any number of processes may run it. One that cannot be erased holds up no other. */
export async function runErasure(ports: ErasureRunPorts, signal: AbortSignal): Promise<void> {
  const { clock, logger } = ports;
  while (!signal.aborted) {
    for (const tenantId of await listLeaving(ports)) {
      if (signal.aborted) return;
      try {
        if (await eraseTenant(ports, tenantId)) logger.info({ tenantId }, 'All that was known of a tenant was erased');
      } catch (error) {
        logger.error({ tenantId, error: nameOf(error) }, 'A tenant could not be erased');
      }
    }
    await clock.sleepUntil(clock.now() + LOOK_EVERY_MS, signal);
  }
}

async function listLeaving({ tenants, clock, logger }: ErasureRunPorts): Promise<readonly TenantId[]> {
  try {
    return await tenants.listLeaving(clock.now(), TENANTS_AT_ONCE);
  } catch (error) {
    logger.error({ error: nameOf(error) }, 'Tenants whose time has come could not be listed');
    return [];
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
