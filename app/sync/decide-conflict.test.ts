import { beforeEach, describe, expect, it } from '@jest/globals';
import { SUMMARY } from '../../test/contract/ledger-world.ts';
import { type ConflictWorld, createConflictWorld } from '../../test/fakes/conflict-world.ts';
import { parkedBase, synchronizedBase } from '../core/piece.ts';
import type { Side } from '../core/side.ts';
import type { OpenConflict } from './conflict-ports.ts';
import { decideConflict } from './decide-conflict.ts';
import type { Caller } from './set-up-ports.ts';
import { conflictIdOf, listConflicts, showConflict } from './show-conflicts.ts';

const ASKED_AT = 1_800_000_000_000;

let world: ConflictWorld;
beforeEach(async () => {
  world = await createConflictWorld();
  await ask(ASKED_AT);
});

const ask = (since: number) => {
  const seen = { A: `a ${since}`, B: `b ${since}` };
  const undecided = parkedBase(synchronizedBase({ A: 'a', B: 'b' }), 'conflict-undecided', since, seen);
  return world.record({ pieces: new Map([[SUMMARY, undecided]]) });
};
const theOne = async (): Promise<OpenConflict> => {
  const listed = await listConflicts(world.ports, world.ann, world.synchronizationId);
  const [one] = listed.ok ? listed.value.open : [];
  if (one === undefined) throw new Error('No conflict is open.');
  return one;
};
const decideBy = async (caller: Caller, winner: Side, id?: string, since = ASKED_AT): Promise<string> => {
  const conflictId = id ?? conflictIdOf(await theOne());
  const decided = await decideConflict(world.ports, caller, world.synchronizationId, conflictId, { winner, since });
  return decided.ok ? 'done' : decided.failure.code;
};
const due = async (): Promise<number> => (await world.ledger.lanes.count()).due;

describe('a conflict that asks a person', () => {
  it.each(['ann', 'ben'] as const)('is decided by an administrator of either space: %s', async (who) => {
    expect(await due()).toBe(0);
    expect(await decideBy(world[who], 'B')).toBe('done');
    expect(await theOne()).toMatchObject({ piece: SUMMARY, since: ASKED_AT, decided: 'B' });
    expect(await due()).toBe(1);
  });

  it('can be decided anew until it was carried out', async () => {
    await decideBy(world.ann, 'B');
    expect(await decideBy(world.ben, 'A')).toBe('done');
    expect((await theOne()).decided).toBe('A');
  });

  it('is not decided by an answer to an older question', async () => {
    const id = conflictIdOf(await theOne());
    await ask(ASKED_AT + 1);
    expect(await decideBy(world.ann, 'A', id)).toBe('conflict-changed');
    expect((await theOne()).decided).toBeNull();
  });

  it('is not decided when an edit came between the look and the answer', async () => {
    const conflicts = {
      ...world.ports.conflicts,
      read: async (...of: Parameters<typeof world.ports.conflicts.read>) => {
        const before = await world.ports.conflicts.read(...of);
        await ask(ASKED_AT + 1);
        return before;
      },
    };
    const answer = { winner: 'A', since: ASKED_AT } as const;
    const id = conflictIdOf(await theOne());
    const decided = await decideConflict({ ...world.ports, conflicts }, world.ann, world.synchronizationId, id, answer);
    expect(decided).toEqual({ ok: false, failure: { code: 'conflict-changed' } });
  });

  it.each(['', ':', 'field:summary', 'not-a-uuid:field:summary'])('is not known as %j', async (id) => {
    expect(await decideBy(world.ann, 'A', id)).toBe('conflict-not-found');
  });

  it('is nobody else’s, and waits while the synchronization is stopped', async () => {
    expect(await decideBy(world.stranger, 'A')).toBe('synchronization-not-found');
    expect(await decideBy(world.setUp.caller(world.setUp.acme, 'SUP', 'carl'), 'A')).toBe('not-space-admin');
    await world.change({ state: 'stopped' });
    expect(await decideBy(world.ann, 'A')).toBe('state-forbids');
    expect((await theOne()).decided).toBeNull();
  });

  it('shows what both sides have now', async () => {
    const id = conflictIdOf(await theOne());
    const show = async (caller: Caller) => showConflict(world.ports, caller, world.synchronizationId, id);
    const both = { ok: true, value: { A: 'Summary of A', B: 'Summary of B' } };
    expect([await show(world.ann), await show(world.ben)]).toEqual([both, both]);
    expect(await show(world.stranger)).toEqual({ ok: false, failure: { code: 'synchronization-not-found' } });
    world.sites.B.item = null;
    expect(await show(world.ann)).toEqual({ ok: false, failure: { code: 'item-not-reachable' } });
  });
});
