import { makeRandomId } from '../../app/platform/ids.ts';
import { createMemoryLedger, type MemoryLedger, type MemoryLedgerParts } from '../../lab/memory/memory-ledger.ts';
import type { LedgerWorld } from './ledger-world.ts';

const NEW_YEAR = Date.UTC(2027, 0, 1);

export interface MemoryLedgerWorld extends LedgerWorld, Omit<MemoryLedger, 'expireLease'> {
  readonly clock: { now(): number };
}

/** The stores in memory, empty unless told otherwise. Time stands still: no promise of the contracts needs it to pass. */
export const createMemoryLedgerWorld = (parts: Partial<MemoryLedgerParts> = {}): MemoryLedgerWorld => {
  const clock = { now: () => NEW_YEAR };
  const ledger = createMemoryLedger({ clock, makeId: makeRandomId, onWake: () => undefined, ...parts });
  return {
    ...ledger,
    clock,
    // Nothing to make: the memory has no table of tenants.
    addTenant: () => Promise.resolve(),
    expireLease: async (claim) => ledger.expireLease(claim),
  };
};
