import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SynchronizationId, TenantId } from '../app/core/ids.ts';
import type { BrakeAnswer } from '../app/core/piece.ts';
import type { Brakes } from '../app/sync/brake-ports.ts';
import type { TurnPorts } from '../app/sync/turn.ts';
import type { Issue } from '../simulator/heart/site.ts';
import { type Person, twinOf } from './person.ts';
import { type Scene, startScene } from './scene.ts';
import { Died, dyingPorts, type TurnsByHand } from './turns-by-hand.ts';
import type { TwoSites } from './two-sites.ts';

const DUE = '2026-12-31';

let scene: Scene;
let two: TwoSites;
let hand: TurnsByHand;
let priya: Person;
let tenantId: TenantId;
let synchronizationId: SynchronizationId;

beforeAll(async () => {
  scene = await startScene();
  ({ two, hand, priya } = scene);
  synchronizationId = two.synchronizationId as SynchronizationId;
});
afterAll(() => scene.close());

let item: Issue;
/** A new pair at rest. */
async function aPair(): Promise<void> {
  item = priya.create('SUP', 'Task', { summary: 'An item', duedate: DUE });
  await two.world.idle();
  const claim = await hand.claim();
  tenantId = claim.tenantId;
  await hand.takeTurn(claim);
  await hand.workOff();
}
beforeEach(async () => {
  await two.database.execute('DELETE FROM brake', []);
});

const twin = (): Issue => twinOf(two.world.sites.globex, item);
const waiting = async (): Promise<number | null> => {
  const [brake] = await hand.ports.brakes.list(tenantId, synchronizationId);
  return brake?.waiting ?? null;
};
const stop = () => hand.ports.brakes.stop(tenantId, synchronizationId, 'clear', 21, hand.ports.clock.now());
const release = (answer: BrakeAnswer) =>
  hand.ports.brakes.release(tenantId, synchronizationId, 'clear', answer, hand.ports.clock.now());

/**
 * Arranges something to do, lets the process that does it die at its n-th call, and checks what is left after others went on; for every
 * call that it makes.
 */
async function dieAtEveryCall(
  when: 'before' | 'after',
  arrange: () => Promise<void>,
  check: () => Promise<void>,
): Promise<number> {
  for (let at = 0; ; at++) {
    await arrange();
    const { ports, begun } = dyingPorts(hand.ports, at, when);
    const taken = await hand.takeTurn(await hand.claim(), ports).catch((error: unknown) => error);
    if (taken instanceof Died) await hand.passTime();
    await hand.workOff();
    await check();
    if (!(taken instanceof Died)) return begun();
  }
}

describe.each(['before', 'after'] as const)('a process that dies %s any call', (when) => {
  const emptyStopped = async (): Promise<void> => {
    await aPair();
    await stop();
    priya.edit(item, { duedate: null });
  };

  it('while a stopped change parks loses nothing', async () => {
    const calls = await dieAtEveryCall(when, emptyStopped, async () => {
      expect([twin().dueDate, await waiting()]).toEqual([DUE, 1]);
      await release('carry-out');
      await hand.workOff();
      expect([item.dueDate, twin().dueDate, await waiting()]).toEqual([null, null, null]);
    });
    expect(calls).toBeGreaterThan(1);
  });

  it.each([
    { answer: 'carry-out' as const, due: null },
    { answer: 'take-back' as const, due: DUE },
  ])('while the answer "$answer" is carried out does just that', async ({ answer, due }) => {
    const answered = async (): Promise<void> => {
      await emptyStopped();
      await hand.workOff();
      await release(answer);
    };
    const calls = await dieAtEveryCall(when, answered, async () => {
      expect([item.dueDate, twin().dueDate, await waiting()]).toEqual([due, due, null]);
    });
    expect(calls).toBeGreaterThan(1);
  });
});

describe('the brake itself', () => {
  const withBrakes = (over: Partial<Brakes>): TurnPorts => ({ ...hand.ports, brakes: { ...hand.ports.brakes, ...over } });

  it('dies after it has counted: the change crosses with the next turn', async () => {
    await aPair();
    priya.edit(item, { duedate: null });
    const ports = withBrakes({
      async count(...counted) {
        await hand.ports.brakes.count(...counted);
        throw new Died();
      },
    });
    await expect(hand.takeTurn(await hand.claim(), ports)).rejects.toBeInstanceOf(Died);
    await hand.passTime();
    await hand.workOff();
    expect(twin().dueDate).toBeNull();
  });

  it('is answered between the asking of a turn and its recording: the piece is counted anew, not forgotten', async () => {
    await aPair();
    await stop();
    priya.edit(item, { duedate: null });
    const ports = withBrakes({
      async count(...counted) {
        const answer = await hand.ports.brakes.count(...counted);
        await release('carry-out');
        return answer;
      },
    });
    await hand.takeTurn(await hand.claim(), ports);
    await hand.workOff();
    expect([twin().dueDate, await waiting()]).toEqual([null, null]);
  });

  const counted = async () => {
    const { brakes, clock } = hand.ports;
    const count = await brakes.count(tenantId, synchronizationId, 'clear', 0, clock.now());
    return count.kind === 'counted' ? count.counted : null;
  };

  it('gives back what was counted where it was, however long the write takes', async () => {
    await aPair();
    const before = await counted();
    two.world.sites.globex.faults.add({ method: 'PUT', when: 'before', status: 503, times: 1 });
    priya.edit(item, { duedate: null });
    let passed = 0;
    const clock = { ...hand.ports.clock, now: () => hand.ports.clock.now() + passed };
    const turns: TurnPorts['turns'] = {
      ...hand.ports.turns,
      async intend(...intended) {
        passed = 60_000;
        return hand.ports.turns.intend(...intended);
      },
    };
    await hand.takeTurn(await hand.claim(), { ...hand.ports, clock, turns });
    expect([twin().dueDate, await counted()]).toEqual([DUE, before]);
    await hand.workOff();
    expect(twin().dueDate).toBeNull();
  });

  it('gives back what was counted by a turn that had lost its lane', async () => {
    await aPair();
    const before = await counted();
    priya.edit(item, { duedate: null });
    const turns: TurnPorts['turns'] = { ...hand.ports.turns, intend: async () => 'fenced' };
    expect(await hand.takeTurn(await hand.claim(), { ...hand.ports, turns })).toEqual({ kind: 'fenced' });
    expect([twin().dueDate, await counted()]).toEqual([DUE, before]);
    await hand.passTime();
    await hand.workOff();
    expect(twin().dueDate).toBeNull();
  });

  it('gives back what was counted for a write that Jira did not take', async () => {
    await aPair();
    const before = (await counted()) ?? 0;
    two.world.sites.globex.faults.add({ method: 'PUT', when: 'before', status: 503, times: 1 });
    priya.edit(item, { duedate: null });
    await hand.takeTurn(await hand.claim());
    expect([twin().dueDate, await counted()]).toEqual([DUE, before]);
    await hand.workOff();
    expect(twin().dueDate).toBeNull();
  });
});
