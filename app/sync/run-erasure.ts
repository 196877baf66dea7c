import { type ErasurePorts, eraseTenant } from './erase-tenant.ts';

/** Erasure is a matter of days; looking costs one small statement. */
const LOOK_EVERY_MS = 60_000;
const TENANTS_AT_ONCE = 20;

export interface ErasureRunPorts extends ErasurePorts {
  readonly logger: { info(fields: object, message: string): void; error(fields: object, message: string): void };
}

/** Erases tenants whose time has come, until `signal` aborts. Any number of processes may run it. */
export async function runErasure(ports: ErasureRunPorts, signal: AbortSignal): Promise<void> {
  const { tenants, clock, logger } = ports;
  while (!signal.aborted) {
    try {
      for (const tenantId of await tenants.listLeaving(clock.now(), TENANTS_AT_ONCE)) {
        if (signal.aborted) return;
        if (await eraseTenant(ports, tenantId)) logger.info({ tenantId }, 'All that was known of a tenant was erased');
      }
    } catch (error) {
      logger.error({ error: error instanceof Error ? error.name : 'unknown' }, 'A tenant could not be erased');
    }
    await clock.sleepUntil(clock.now() + LOOK_EVERY_MS, signal);
  }
}
