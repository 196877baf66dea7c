import { beforeEach, describe, expect, it } from '@jest/globals';
import { thawsAt } from '../../app/core/break-ping-pong.ts';
import type { CauseCode } from '../../app/core/causes.ts';
import type { FieldId } from '../../app/core/ids.ts';
import { fieldPiece, type PieceBase, parkedBase } from '../../app/core/piece.ts';
import type { ParkedStore, RetryWatch } from '../../app/sync/healing-ports.ts';
import type { Claim, LaneEnd } from '../../app/sync/ports.ts';
import { retryAll, retryDue } from '../../app/sync/retry-parked.ts';
import {
  baseOf,
  buildPair,
  buildRecord,
  buildSynchronization,
  claimFirst,
  issue,
  type LedgerWorld,
  LONG_LEASE_MS,
  NOON,
  SUMMARY,
  subject,
  synchronizationId,
  tenant,
} from './ledger-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SEEN = { A: 'x', B: 'y' };
const US = { tenantId: tenant(1), synchronizationId: synchronizationId(1) };

export interface ParkedWorld extends LedgerWorld {
  readonly parked: ParkedStore;
  /** That of the stores. */
  readonly clock: { now(): number };
}

/** What every ParkedStore promises, and what becomes of it as it is looked after. */
export const describeParkedStore = (name: string, create: () => Promise<ParkedWorld>): void => {
  let world: ParkedWorld;
  let now: number;

  beforeEach(async () => {
    world = await create();
    await world.addTenant(tenant(1));
    await world.addTenant(tenant(2));
    await world.synchronizations.insert(buildSynchronization());
    now = world.clock.now();
  });

  /** Whether its turns claim what it woke is up to each test. */
  const ports = () => ({ parked: world.parked, lanes: world.lanes, clock: { now: () => now } });
  const press = () => retryAll(US, ports());

  /** One look, five minutes after the one before; the watch goes from look to look as the store would keep it. */
  let watch: RetryWatch;
  beforeEach(() => {
    watch = { ...US, paceMs: 5 * MINUTE, probes: [] };
  });
  const look = async (): Promise<number> => {
    const keep: ParkedStore['end'] = async (next) => {
      watch = next;
    };
    now += 5 * MINUTE;
    return retryDue(watch, { ...ports(), parked: { ...world.parked, end: keep } });
  };

  const read = async (piece = SUMMARY): Promise<PieceBase | undefined> => {
    const claim = await claimFirst(world, `to read at ${now}`);
    const pieces = (await world.turns.read(claim))?.pieces;
    await world.turns.complete(claim, buildRecord({ pair: buildPair() }));
    return pieces?.get(piece);
  };
  const record = async (...pieces: (readonly [typeof SUMMARY, PieceBase])[]): Promise<void> => {
    const claim = await claimFirst(world, `to park ${pieces.length} at ${now}`);
    expect(await world.turns.complete(claim, buildRecord({ pair: buildPair(), pieces: new Map(pieces) }))).toBe('written');
  };
  const claimAll = async (): Promise<readonly Claim[]> => {
    const some = await world.lanes.claim(100, LONG_LEASE_MS);
    return some.length === 0 ? [] : [...some, ...(await claimAll())];
  };
  const end = (claims: readonly Claim[], how: LaneEnd) =>
    Promise.all(claims.map((claim) => world.turns.complete(claim, buildRecord({ end: how }))));

  describe(`the ParkedStore in ${name}`, () => {
    it.each([0, 10, 30, 59, 600])(
      '[R12, M3] lets a frozen piece go on when a person asks %s minutes after the freeze',
      async (minutes) => {
        now = NOON;
        const frozen = parkedBase(baseOf('a'), 'ping-pong', NOON, SEEN);
        await record([SUMMARY, { ...frozen, pingPong: { crossings: [], frozen: { times: 5, at: NOON } } }]);
        expect(thawsAt(await read())).toBe(NOON + 16 * HOUR);
        now = NOON + minutes * MINUTE;
        expect(await press()).toBe(1);
        expect(thawsAt(await read())).toBeLessThanOrEqual(now);
      },
    );

    /** Items without a pair whose twins could not be made; their turns are over. */
    const parkItems = async (count: number, cause: CauseCode = 'required-field-missing'): Promise<void> => {
      const subjects = Array.from({ length: count }, (_, n) => subject('A', n + 1));
      await world.lanes.wake(tenant(1), subjects);
      await end(await claimAll(), { kind: 'parked', cause });
    };

    it.each([
      ['got no turn', async () => undefined],
      ['is at work', async () => void (await claimAll())],
      ['failed, and comes back', async () => void (await end(await claimAll(), { kind: 'again', at: NOON * 2, attempt: true }))],
    ])('[R9] an item that was woken, and %s, says nothing of its group', async (_title, turn) => {
      await parkItems(5);
      expect(await look()).toBe(1);
      await turn();
      expect(await look()).toBe(0);
      const [probe] = watch.probes;
      if (probe === undefined) throw new Error('Nobody waits for it.');
      expect(await world.parked.read(tenant(1), probe.one)).toBe('undecided');
    });

    it.each([
      ['got its twin', buildRecord({ pair: buildPair() })],
      ['needs none any more', buildRecord()],
    ])('[R10] all of its group are tried once one that was woken %s', async (_title, done) => {
      await parkItems(5);
      await look();
      const [claim] = await claimAll();
      if (claim === undefined) throw new Error('Nothing was woken.');
      const { issueId, side } = claim.subject;
      const pair = done.pair === null ? null : { ...done.pair, issueIds: { A: issueId, B: issue(900) } };
      await world.turns.complete(claim, { ...done, pair });
      // What happens to it afterwards is no trouble of its creation.
      if (pair !== null) await world.lanes.wake(tenant(1), [{ synchronizationId: synchronizationId(1), side, issueId }]);
      expect(await look()).toBe(4);
    });

    it('[R10, R12] a group of more than a page is tried as a whole, each once', async () => {
      await parkItems(1001);
      expect(await press()).toBe(1001);
      expect((await world.lanes.count()).parked).toBe(0);
      expect(await press()).toBe(0);
    });

    it('lists page by page, however many were tried at the same time', async () => {
      const pieces = ['summary', 'labels', 'duedate'].map((field) => fieldPiece(field as FieldId));
      await record(...pieces.map((piece) => [piece, parkedBase(baseOf('a'), 'forbidden', NOON, SEEN)] as const));
      await parkItems(3, 'forbidden');
      const groups = await world.parked.listGroups(US.tenantId, US.synchronizationId);
      for (const group of groups) {
        const list = (limit: number, after?: RetryWatch['probes'][number]['one']) =>
          world.parked.list(US.tenantId, US.synchronizationId, group, { before: 2 * NOON, limit, after });
        const all = await list(9);
        expect(await list(9, all.at(0))).toEqual(all.slice(1));
        expect(await list(1, all.at(-2))).toEqual(all.length < 2 ? [all[0]] : [all.at(-1)]);
      }
    });

    it('[M7] what the brake stopped while a person answered is asked about again', async () => {
      const us = [US.tenantId, US.synchronizationId] as const;
      await world.brakes.stop(...us, 'clear', 21, now);
      // The answer finds nothing of the turn that asked before it.
      await world.brakes.release(...us, 'clear', 'carry-out', now);
      await world.brakes.stop(...us, 'overwrite', 51, now);
      const labels = fieldPiece('labels' as FieldId);
      await record([labels, parkedBase(baseOf('a'), 'mass-overwrite', now, SEEN)]);
      expect([await look(), await press(), await claimAll()]).toEqual([0, 0, []]);
      await record([SUMMARY, parkedBase(baseOf('a'), 'mass-clear', now, SEEN)]);
      expect(await look()).toBe(1);
      const [claim] = await claimAll();
      expect(claim?.told.map(({ side }) => side)).toEqual(['A', 'B']);
      expect(await press()).toBe(1);
      await world.brakes.release(...us, 'overwrite', 'take-back', now);
      expect(await world.parked.listOverlooked(...us, 9)).toHaveLength(2);
    });
  });
};
