import { beforeEach, describe, expect, it } from '@jest/globals';
import { SUMMARY } from '../../test/contract/ledger-world.ts';
import { buildLost, type ConflictWorld, createConflictWorld } from '../../test/fakes/conflict-world.ts';
import { parkedBase, synchronizedBase } from '../core/piece.ts';
import { answerBrake } from './answer-brake.ts';
import { decideConflict } from './decide-conflict.ts';
import { putBack } from './put-back.ts';
import { retryNow } from './retry-now.ts';
import type { Caller } from './set-up-ports.ts';
import { conflictIdOf, listConflicts } from './show-conflicts.ts';

let world: ConflictWorld;
beforeEach(async () => {
  world = await createConflictWorld();
  const undecided = parkedBase(synchronizedBase({ A: 'x', B: 'y' }), 'conflict-undecided', 1, { A: 'a', B: 'b' });
  await world.record({ pieces: new Map([[SUMMARY, undecided]]), kept: [buildLost(world, { kind: 'text', text: 'lost' })] });
});

/** What each tenant's log says: of the caller's own who it was, of the partner's that it was the partner. */
const noted = () =>
  world.setUp.noted.map(({ tenantId, entry }) => {
    const whose = tenantId === world.ann.siteTenantId ? 'acme' : 'globex';
    const who = entry.actor.kind === 'person' ? entry.actor.accountId : entry.actor.kind;
    return `${whose}: ${who} ${entry.action} ${entry.detail}`;
  });

const steps: readonly [string, (caller: Caller) => Promise<unknown>, string][] = [
  [
    'an answer to a brake',
    async (caller) => {
      await world.ledger.brakes.stop(world.ann.siteTenantId, world.synchronizationId, 'clear', 21, 1);
      return answerBrake(
        { ...world.setUp.ports, brakes: world.ledger.brakes, synchronizations: world.ledger.synchronizations },
        caller,
        world.synchronizationId,
        'clear',
        'take-back',
      );
    },
    'brake.answered clear take-back',
  ],
  [
    'a decision',
    async (caller) => {
      const listed = await listConflicts(world.ports, caller, world.synchronizationId);
      const [open] = listed.ok ? listed.value.open : [];
      if (open === undefined) throw new Error('No conflict is open.');
      return decideConflict(world.ports, caller, world.synchronizationId, conflictIdOf(open), { winner: 'A', since: open.since });
    },
    'conflict.decided A',
  ],
  [
    'a value put back',
    async (caller) => {
      const listed = await listConflicts(world.ports, caller, world.synchronizationId);
      const [kept] = listed.ok ? listed.value.kept : [];
      if (kept === undefined) throw new Error('No value is kept.');
      return putBack(world.ports, caller, world.synchronizationId, kept.keptId);
    },
    'conflict.put-back B',
  ],
  [
    'a retry',
    (caller) => {
      const { synchronizations } = world.ledger;
      const retries = { ...world.ledger, clock: world.setUp.ports.clock };
      return retryNow({ ...world.setUp.ports, synchronizations, retries }, caller, world.synchronizationId);
    },
    'synchronization.retried null',
  ],
];

describe('the audit logs of both sides', () => {
  it.each(steps)('say of %s who did it, to the partner only that it was the partner', async (_what, step, line) => {
    expect(await step(world.ben)).toMatchObject({ ok: true });
    expect(noted()).toEqual([`globex: ben ${line}`, `acme: partner ${line}`]);
  });

  it.each(steps)('say nothing of %s by who may not', async (_what, step) => {
    await step(world.stranger).catch(() => undefined);
    expect(noted()).toEqual([]);
  });
});
