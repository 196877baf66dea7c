import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createMemoryParkedStore } from '../../lab/memory/memory-parked-store.ts';
import { emptyTables } from '../../lab/memory/tables.ts';
import type { Issue } from '../../simulator/heart/site.ts';
import { historyOf, writesTo } from '../../test/ledgers.ts';
import { type Person, personOn, twinOf, twinsOf } from '../../test/person.ts';
import { type ScansByHand, scansByHand } from '../../test/scans-by-hand.ts';
import { type Scene, startScene } from '../../test/scene.ts';
import type { TurnsByHand } from '../../test/turns-by-hand.ts';
import type { TwoSites } from '../../test/two-sites.ts';
import type { SynchronizationId, TenantId } from '../core/ids.ts';
import type { RetryWatch } from './healing-ports.ts';
import { runRetries } from './retry-parked.ts';

let scene: Scene;
let two: TwoSites;
let hand: TurnsByHand;
let scans: ScansByHand;
let priya: Person;

beforeAll(async () => {
  scene = await startScene({ simulator: { indexLagMs: 0 } });
  ({ two, hand, priya } = scene);
  scans = scansByHand(two, hand);
});
afterAll(() => scene.close());

const eng = () => {
  const project = [...two.world.sites.globex.heart.projects.values()].find(({ key }) => key === 'ENG');
  if (project === undefined) throw new Error('globex has ENG');
  return project;
};

async function aPair(): Promise<{ a: Issue; b: Issue }> {
  const a = priya.create('SUP', 'Task', { summary: 'A pair' });
  await hand.workOff();
  return { a, b: twinOf(two.world.sites.globex, a) };
}

/** A look after the parked pieces and the turns that come of it, some time later; answers how many were tried. */
async function lookAfter(): Promise<number> {
  await hand.passTime();
  const tried = await scans.retry();
  await hand.workOff();
  return tried;
}

const causeRow = z.object({ parked_cause: z.string() });

const forget = () => two.database.execute("UPDATE retry_watch SET probes = '[]', pace_ms = 300000", []);

describe('a field that is not on the screens of the partner', () => {
  const due = (pairs: readonly { b: Issue }[]) => pairs.map(({ b }) => b.dueDate);
  let pairs: { a: Issue; b: Issue }[];
  beforeEach(async () => {
    await forget();
    pairs = [await aPair(), await aPair(), await aPair()];
    eng().hiddenFields.add('duedate');
    for (const { a } of pairs) priya.edit(a, { duedate: '2027-05-01' });
    await hand.workOff();
    expect(due(pairs)).toEqual([null, null, null]);
  });

  it('[R9] is tried with one of its items, again and again, each with another', async () => {
    two.world.sites.globex.heart.ledger.reset();
    expect([await lookAfter(), await lookAfter(), await lookAfter()]).toEqual([1, 1, 1]);
    expect(writesTo(two.world.sites.globex)).toEqual([]);
    for (const { a } of pairs)
      expect((await historyOf(two, a)).filter((line) => line.startsWith('parked'))).toEqual([
        'parked field:duedate A field-refused',
      ]);
    expect(due(pairs)).toEqual([null, null, null]);
    eng().hiddenFields.delete('duedate');
    for (let looks = 0; looks < 3; looks += 1) await lookAfter();
    expect(due(pairs)).toEqual(Array(3).fill('2027-05-01'));
  });

  it('[R10] crosses everywhere without any event once one got through', async () => {
    expect(await lookAfter()).toBe(1);
    eng().hiddenFields.delete('duedate');
    expect(await lookAfter()).toBe(1);
    expect(due(pairs).filter((date) => date !== null)).toHaveLength(1);
    expect(await lookAfter()).toBe(2);
    expect(due(pairs)).toEqual(Array(3).fill('2027-05-01'));
    expect(await lookAfter()).toBe(0);
  });

  it.each([
    { what: 'is gone', leave: (b: Issue) => personOn(two.world.sites.globex).remove(b), cause: 'item-missing' },
    { what: 'is in another space', leave: (b: Issue) => personOn(two.world.sites.globex).move(b, 'WEB'), cause: 'moved-away' },
  ])('[R13] is not held up by an item that $what, and that is not said each time', async ({ leave, cause }) => {
    const [first, ...others] = pairs;
    if (first === undefined) throw new Error('no pair');
    leave(first.b);
    await hand.workOff();
    eng().hiddenFields.delete('duedate');
    for (let looks = 0; looks < 4; looks += 1) await lookAfter();
    expect(due(others)).toEqual(['2027-05-01', '2027-05-01']);
    const parked = await two.database.rows(
      "SELECT parked_cause FROM piece WHERE parked_cause IS NOT NULL AND piece_key <> 'away'",
      [],
      causeRow,
    );
    expect(parked).toEqual([{ parked_cause: cause }]);
    expect((await historyOf(two, first.a)).filter((line) => line.endsWith(cause))).toHaveLength(1);
    await two.database.execute('UPDATE piece SET parked_cause = NULL, parked_since = NULL', []);
    await two.database.execute('DELETE FROM lane', []);
  });

  it('[R13] crosses to an item that was hidden, once it is shown again', async () => {
    const [first] = pairs;
    if (first === undefined) throw new Error('no pair');
    const grant = eng().grants.get('BROWSE_PROJECTS');
    eng().grants.set('BROWSE_PROJECTS', 'nobody');
    for (let looks = 0; looks < 4; looks += 1) await lookAfter();
    eng().hiddenFields.delete('duedate');
    if (grant === undefined) eng().grants.delete('BROWSE_PROJECTS');
    else eng().grants.set('BROWSE_PROJECTS', grant);
    for (let looks = 0; looks < 4; looks += 1) await lookAfter();
    expect(due(pairs)).toEqual(Array(3).fill('2027-05-01'));
  });

  it('[R12] crosses at once when an administrator of either side asks', async () => {
    eng().hiddenFields.delete('duedate');
    await two.engineering('POST', `/synchronizations/${two.synchronizationId}/retry`);
    await hand.workOff();
    expect(due(pairs)).toEqual(Array(3).fill('2027-05-01'));
  });
});

it('[R9] an item whose twin could not be made is tried again', async () => {
  await forget();
  const unanswered = {
    method: 'POST',
    path: '/rest/api/3/issue',
    when: 'before',
    status: 400,
    times: Number.POSITIVE_INFINITY,
  } as const;
  const { faults } = two.world.sites.globex;
  faults.add(unanswered);
  const stuck = priya.create('SUP', 'Task', { summary: 'Needs a field' });
  await hand.workOff();
  expect((await hand.tandem.turns.lanes.count()).parked).toBe(1);
  expect(await lookAfter()).toBe(1);
  expect(twinsOf(two.world.sites.globex, stuck)).toEqual([]);
  faults.clear();
  expect(await lookAfter()).toBe(1);
  expect(twinOf(two.world.sites.globex, stuck).summary).toBe('Needs a field');
});

it.each([
  ['was parked', 400, () => hand.workOff()],
  ['came back, since the other site was away', 503, async () => void (await hand.takeTurn(await hand.claim()))],
])(
  '[R14] an item that waited for its twin (it %s), and was hidden when it was tried, is tried again',
  async (_, status, turns) => {
    await forget();
    two.world.sites.globex.faults.add({ method: 'POST', path: '/rest/api/3/issue', when: 'before', status, times: 1 });
    const stuck = priya.create('SUP', 'Task', { summary: 'Hidden meanwhile' });
    await turns();
    const sup = [...two.world.sites.acme.heart.projects.values()].find(({ key }) => key === 'SUP');
    const grant = sup?.grants.get('BROWSE_PROJECTS');
    sup?.grants.set('BROWSE_PROJECTS', 'nobody');
    await hand.passTime();
    await hand.workOff();
    for (let looks = 0; looks < 2; looks += 1) expect(await lookAfter()).toBe(1);
    expect((await hand.tandem.turns.lanes.count()).parked).toBe(1);
    if (grant === undefined) sup?.grants.delete('BROWSE_PROJECTS');
    else sup?.grants.set('BROWSE_PROJECTS', grant);
    expect(await lookAfter()).toBe(1);
    expect(twinOf(two.world.sites.globex, stuck).summary).toBe('Hidden meanwhile');
  },
);

it('[R14] an item that waited for its twin, and is deleted, waits no more', async () => {
  await forget();
  two.world.sites.globex.faults.add({ method: 'POST', path: '/rest/api/3/issue', when: 'before', status: 400, times: 1 });
  const stuck = priya.create('SUP', 'Task', { summary: 'Deleted meanwhile' });
  await hand.workOff();
  personOn(two.world.sites.acme).remove(stuck);
  await hand.workOff();
  expect((await hand.tandem.turns.lanes.count()).parked).toBe(0);
});

it('[R11] whatever is parked is tried once a day', async () => {
  await forget();
  const { b, a } = await aPair();
  const { faults } = two.world.sites.globex;
  faults.add({ method: 'PUT', when: 'before', status: 413, times: 1 });
  priya.edit(a, { summary: 'Too large for a day' });
  await hand.workOff();
  expect(b.summary).toBe('A pair');
  expect(await lookAfter()).toBe(0);
  await two.database.execute("UPDATE piece SET parked_since = now() - interval '25 hours' WHERE parked_cause IS NOT NULL", []);
  expect(await lookAfter()).toBe(1);
  expect(b.summary).toBe('Too large for a day');
});

it('looks after the others when something goes wrong with one', async () => {
  const end = new AbortController();
  const lines: unknown[] = [];
  const ended: string[] = [];
  const watches = ['one', 'other'].map((name): RetryWatch => {
    const synchronizationId = name as SynchronizationId;
    return { tenantId: 'acme' as TenantId, synchronizationId, paceMs: 1, probes: [] };
  });
  const parked = {
    ...createMemoryParkedStore(emptyTables(), { now: () => 0 }),
    claimDue: async () => watches,
    listGroups: async (_tenant: TenantId, of: SynchronizationId) => {
      if (of === watches[0]?.synchronizationId) throw new TypeError('what a customer wrote');
      return [];
    },
    end: async ({ synchronizationId }: RetryWatch) => {
      ended.push(synchronizationId);
      end.abort();
    },
  };
  const logger = { info: () => undefined, error: (fields: object) => void lines.push(fields) };
  const clock = { now: () => 0, sleepUntil: async () => end.abort() };
  await runRetries({ parked, lanes: { wake: async () => undefined }, clock, logger }, end.signal);
  expect(ended).toEqual(['other']);
  expect(lines).toEqual([{ tenantId: 'acme', synchronizationId: 'one', error: 'TypeError' }]);
});
