import { describe, expect, it } from '@jest/globals';
import type { SafetyRule } from '../../lab/memory/memory-ledger.ts';
import { createMemoryTermsStore } from '../../lab/memory/memory-terms-store.ts';
import { describeBrakes } from './brakes.contract.ts';
import { describeConflicts } from './conflicts.contract.ts';
import { describeInbox } from './inbox.contract.ts';
import { describeLanes } from './lanes.contract.ts';
import {
  baseOf,
  buildDelivery,
  buildEffect,
  buildPair,
  buildRecord,
  buildSynchronization,
  claimFirst,
  LONG_LEASE_MS,
  SUMMARY,
  synchronizationId,
  tenant,
} from './ledger-world.ts';
import { createMemoryLedgerWorld } from './memory-ledger-world.ts';
import { describeParkedStore } from './parked-store.contract.ts';
import { describeQuotaStore } from './quota-store.contract.ts';
import { describeScanSchedule } from './scan-schedule.contract.ts';
import { describeSynchronizationStore } from './synchronization-store.contract.ts';
import { describeTermsStore } from './terms-store.contract.ts';
import { describeTurnStore } from './turn-store.contract.ts';

describeInbox('memory', async () => createMemoryLedgerWorld());
describeLanes('memory', async () => createMemoryLedgerWorld());
describeTurnStore('memory', async () => createMemoryLedgerWorld());
describeSynchronizationStore('memory', async () => createMemoryLedgerWorld().synchronizations);
describeConflicts('memory', async () => createMemoryLedgerWorld());
describeBrakes('memory', async () => createMemoryLedgerWorld());
describeTermsStore('memory', async () => {
  const { synchronizations } = createMemoryLedgerWorld();
  return { synchronizations, terms: createMemoryTermsStore(synchronizations) };
});
describeScanSchedule('memory', async () => createMemoryLedgerWorld());
describeParkedStore('memory', async () => createMemoryLedgerWorld());

describeQuotaStore('memory', async () => {
  const { quotas, clock } = createMemoryLedgerWorld();
  return { store: quotas, now: clock.now };
});

/** A world in which an item has a pair, a piece and an open effect, and its lane is held. */
const begin = async (without?: SafetyRule) => {
  const world = createMemoryLedgerWorld({ without });
  await world.synchronizations.insert(buildSynchronization());
  const claim = await claimFirst(world);
  const pieces = new Map([[SUMMARY, baseOf('a')]]);
  await world.turns.complete(claim, buildRecord({ pair: buildPair(), pieces, end: { kind: 'continue' } }));
  await world.turns.intend(claim, [buildEffect()]);
  return { world, claim };
};

describe('the memory as a whole', () => {
  it('outlives the process that worked on it', async () => {
    const { world, claim } = await begin();
    const heir = createMemoryLedgerWorld({ tables: world.tables });
    expect(await heir.turns.read(claim)).toEqual(await world.turns.read(claim));
    await heir.turns.complete(claim, buildRecord());
    expect(await world.lanes.count()).toMatchObject({ leased: 0 });
  });

  it('can be begun again from a snapshot, as often as wanted', async () => {
    const { world, claim } = await begin();
    const snapshot = world.snapshot();
    const before = await world.turns.read(claim);
    await world.synchronizations.remove(tenant(1), synchronizationId(1));
    for (const tables of [createMemoryLedgerWorld({ tables: snapshot }).snapshot(), snapshot]) {
      const again = createMemoryLedgerWorld({ tables });
      expect(await again.turns.read(claim)).toEqual(before);
      expect(await again.turns.complete(claim, buildRecord())).toBe('written');
    }
    expect(await world.turns.read(claim)).toBeNull();
  });

  it('shares nothing with those who give and take', async () => {
    const given = structuredClone(buildSynchronization());
    const world = createMemoryLedgerWorld();
    await world.synchronizations.insert(given);
    Object.assign(given.sides.A, { projectKey: 'CHANGED' });
    const taken = await world.synchronizations.read(tenant(1), synchronizationId(1));
    expect(taken?.sides.A.projectKey).toBe('SUP');
    expect(() => Object.assign(taken?.sides.A ?? {}, { projectKey: 'CHANGED' })).toThrow(TypeError);
    const copy = createMemoryLedgerWorld({ tables: world.snapshot() });
    const again = await copy.synchronizations.read(tenant(1), synchronizationId(1));
    expect(() => Object.assign(again?.sides.A ?? {}, { projectKey: 'CHANGED' })).toThrow(TypeError);
  });

  it('forgets all of a synchronization that is removed', async () => {
    const { world } = await begin();
    await world.synchronizations.remove(tenant(1), synchronizationId(1));
    const left = Object.entries(world.tables).filter(([, rows]) => rows.size > 0);
    expect(left).toEqual([]);
  });
});

describe('the memory without one safety rule', () => {
  const receiveTwice = async (without?: SafetyRule) => {
    const { world } = await begin(without);
    return world.inbox.receive(buildDelivery());
  };
  const endTwice = async (without?: SafetyRule) => {
    const { world, claim } = await begin(without);
    await world.expireLease(claim);
    await world.lanes.claim(1, LONG_LEASE_MS);
    return world.turns.complete(claim, buildRecord());
  };
  const readPieces = async (without?: SafetyRule) => {
    const { world, claim } = await begin(without);
    return (await world.turns.read(claim))?.pieces.size;
  };
  const readEffects = async (without?: SafetyRule) => {
    const { world, claim } = await begin(without);
    return (await world.turns.read(claim))?.openEffects.length;
  };

  const broken: [SafetyRule, (without?: SafetyRule) => Promise<unknown>, unknown, unknown][] = [
    ['deduplication', receiveTwice, { kind: 'duplicate' }, { kind: 'accepted', lanes: 1 }],
    ['fencing', endTwice, 'fenced', 'written'],
    ['intents', readEffects, 1, 0],
    ['base-commit', readPieces, 1, 0],
  ];
  it.each(broken)('%s: does exactly the harm that the rule prevents', async (rule, attempt, safe, harmed) => {
    expect(await attempt()).toEqual(safe);
    expect(await attempt(rule)).toEqual(harmed);
    for (const [other] of broken) if (other !== rule) expect(await attempt(other)).toEqual(safe);
  });
});
