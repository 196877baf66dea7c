import { describe, expect, it } from '@jest/globals';
import { buildSynchronization, subject, synchronizationId, tenant } from '../../test/contract/ledger-world.ts';
import { createMemoryLedgerWorld } from '../../test/contract/memory-ledger-world.ts';
import type { TenantId } from '../core/ids.ts';
import type { TurnResult } from './take-turn.ts';
import { createWorker } from './work-lanes.ts';

const [NOISY, QUIET] = [1, 2];
const HANDS = 64;

/** A worker whose turns never end: their Jira does not answer. It says when it rests. */
async function startWorker() {
  const world = createMemoryLedgerWorld();
  for (const n of [NOISY, QUIET]) {
    await world.addTenant(tenant(n));
    await world.synchronizations.insert(buildSynchronization({ tenantId: tenant(n), synchronizationId: synchronizationId(n) }));
  }
  const taken: TenantId[] = [];
  let now = 0;
  let rested: () => void = () => undefined;
  const worker = createWorker({
    lanes: world.lanes,
    takeTurn: (claim) => {
      taken.push(claim.tenantId);
      return new Promise<TurnResult>(() => undefined);
    },
    clock: {
      now: () => now,
      sleepUntil: (_at, signal) =>
        new Promise((resolve) => {
          signal?.addEventListener('abort', () => resolve(), { once: true });
          rested();
        }),
    },
    logger: { error: () => undefined },
    concurrency: HANDS,
  });
  void worker.run(new AbortController().signal);
  return {
    /** So many items of that tenant change; resolves when the worker has nothing more to do for now. */
    async change(n: number, items: number): Promise<void> {
      const subjects = Array.from({ length: items }, (_, item) => subject('A', taken.length + item, synchronizationId(n)));
      await world.lanes.wake(tenant(n), subjects);
      now += 1_000;
      const rest = new Promise<void>((resolve) => {
        rested = resolve;
      });
      worker.nudge();
      await rest;
    },
    taken: (n: number): number => taken.filter((one) => one === tenant(n)).length,
  };
}

describe('a worker whose hands wait for the Jira of one that edits in bulk', () => {
  it('takes the turns of another at once', async () => {
    const worker = await startWorker();
    await worker.change(NOISY, 100);
    expect(worker.taken(NOISY)).toBe(56);
    await worker.change(QUIET, 1);
    await worker.change(QUIET, 2);
    expect([worker.taken(NOISY), worker.taken(QUIET)]).toEqual([56, 3]);
  });
});
