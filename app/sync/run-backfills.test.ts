import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { EVERYTHING, synchronizeSpaces } from '../../scripts/page-api.ts';
import type { Issue } from '../../simulator/heart/site.ts';
import { twinsOn } from '../../test/compare-sides.ts';
import { type Person, personAt } from '../../test/people.ts';
import { personOn } from '../../test/person.ts';
import { startTurnsByHand, type TurnsByHand } from '../../test/turns-by-hand.ts';
import { type InstalledSites, startInstalledSites } from '../../test/two-sites.ts';
import { composeSecrets } from '../compose-secrets.ts';
import type { TenantId } from '../core/ids.ts';
import { createLogger } from '../platform/logger.ts';
import { createBackfills } from '../store/backfills.ts';
import { createScanMemory } from '../store/scan-memory.ts';
import type { Backfill } from './backfill-ports.ts';
import { type BackfillPorts, backfillPage, runBackfills } from './run-backfills.ts';

let sites: InstalledSites;
let hand: TurnsByHand;
let mia: Person;
let ports: BackfillPorts;

beforeAll(async () => {
  sites = await startInstalledSites({ role: 'web', simulator: { indexLagMs: 0 } });
  mia = personAt(sites.world.sites.acme);
  const partner = { kind: 'other-site' as const, siteUrl: sites.world.sites.globex.url, projectKey: 'ENG' };
  const request = { partner, name: 'Support and Engineering', description: '', content: EVERYTHING };
  const made = await synchronizeSpaces(sites.support, sites.engineering, request, 'synchronize');
  hand = await startTurnsByHand({ ...sites, synchronizationId: made.synchronizationId });
  const { lanes, synchronizations } = hand.tandem.turns;
  ports = {
    backfills: createBackfills(sites.database),
    synchronizations,
    scans: createScanMemory(sites.database),
    lanes,
    sites: hand.ports.sites,
    sealItem: composeSecrets(sites.config).items.seal,
    clock: { now: hand.ports.clock.now, sleepUntil: () => Promise.reject(new Error('nobody sleeps here')) },
    logger: createLogger('silent'),
  };
});
afterAll(async () => {
  await hand.close();
  await sites.close();
});

/** Nothing is there of earlier tests, nothing is seen of either side, and nothing woken. */
beforeEach(async () => {
  for (const item of made.splice(0)) personOn(sites.world.sites.acme).remove(item);
  await sites.world.idle();
  await sites.database.execute('DELETE FROM lane', []);
  await sites.database.execute("UPDATE synchronization SET a_scanned_until = 'epoch', b_scanned_until = 'epoch'", []);
  await sites.database.execute('DELETE FROM backfill', []);
});

const SOON_OVER_MS = -1;

async function claimA(leaseMs = 60_000): Promise<Backfill> {
  const found = (await ports.backfills.claimDue(4, leaseMs)).find(({ side }) => side === 'A');
  if (found === undefined) throw new Error('side A is not due');
  return found;
}

const rows = <Row>(sql: string, row: z.ZodType<Row>) => sites.database.rows(sql, [], row);
const lanesOf = async (issues: readonly Issue[]) => {
  const found = await rows('SELECT issue_id, told FROM lane', z.object({ issue_id: z.string(), told: z.array(z.string()) }));
  const ids = new Set(issues.map(({ id }) => id));
  return found.filter(({ issue_id }) => ids.has(issue_id));
};
const state = async () => {
  const [row] = await rows(
    `SELECT b.page_token, b.due_at > now() AS rests, s.a_scanned_until = b.begun_at AS seen
       FROM backfill b JOIN synchronization s USING (tenant_id, synchronization_id) WHERE b.side = 'A'`,
    z.object({ page_token: z.string().nullable(), rests: z.boolean(), seen: z.boolean() }),
  );
  return row;
};
const reads = (items: readonly Issue[]) =>
  sites.world.sites.acme.heart.ledger.entries
    .filter(({ who, issueId }) => who === 'app' && items.some(({ id }) => id === issueId))
    .map(({ path }) => path.replace(/^.*\/api\/3/, ''));
const listings = () => sites.world.sites.acme.heart.ledger.entries.filter(({ path }) => path.endsWith('/search/jql'));
const twins = (item: Issue) => twinsOn(sites.world.sites.globex.heart, 'ENG').filter(([origin]) => origin === item.id);
/** What the test at work made: its list must not grow with every test that ran before. */
const made: Issue[] = [];

/** Items of which no event tells. */
async function olds(count: number): Promise<Issue[]> {
  await sites.database.execute('UPDATE participation SET running = false', []);
  const items = Array.from({ length: count }, (_, n) => mia.create('SUP', { summary: `Old ${n}` }));
  made.push(...items);
  await sites.world.idle();
  await sites.database.execute('UPDATE participation SET running = true', []);
  return items;
}

describe('existing items', () => {
  it('[E1] are listed page by page, once more after a crash, and then everything up to the beginning is seen', async () => {
    const items = await olds(130);
    const first = await claimA(SOON_OVER_MS);
    const wake = { ...ports, backfills: { ...ports.backfills, advance: () => Promise.reject(new Error('died')) } };
    await expect(backfillPage(first, wake)).rejects.toThrow('died');
    expect(await backfillPage(await claimA(), ports)).toBe(true);
    expect((await state())?.seen).toBe(false);
    expect((await state())?.page_token).not.toBeNull();
    await listAll();
    expect(await ports.backfills.claimDue(4, SOON_OVER_MS)).not.toContainEqual(expect.objectContaining({ side: 'A' }));
    const woken = await lanesOf(items);
    expect(woken).toHaveLength(130);
    expect(woken.filter(({ told }) => told.length !== 1 || told[0] === 'A:look')).toEqual([]);
  });

  it('[E1] of each side are in the hands of one, and of nobody once all are listed or the synchronization stands still', async () => {
    const found = await Promise.all([1, 2, 3].map(() => ports.backfills.claimDue(4, 60_000)));
    expect(
      found
        .flat()
        .map(({ side }) => side)
        .sort(),
    ).toEqual(['A', 'B']);
    for (const one of found.flat()) await ports.backfills.finish(one);
    await sites.database.execute('UPDATE backfill SET lease_until = NULL', []);
    expect(await ports.backfills.claimDue(4, 60_000)).toEqual([]);
    await sites.database.execute("UPDATE synchronization SET a_scanned_until = 'epoch', state = 'stopped'", []);
    expect(await ports.backfills.claimDue(4, 60_000)).toEqual([]);
    await sites.database.execute("UPDATE synchronization SET state = 'running'", []);
  });

  it('[E1] made after the beginning are none of its affair', async () => {
    const [before] = await olds(1);
    const claimed = await claimA();
    const [after] = await olds(1);
    if (before === undefined || after === undefined) throw new Error('nothing was made');
    await listAll({ begunAt: Math.min(claimed.begunAt, after.created - 1) });
    expect(await lanesOf([before, after])).toMatchObject([{ issue_id: before.id }]);
  });

  it('[E2] get their twins as the list showed them: nothing is read again', async () => {
    const items = await olds(3);
    await listAll();
    sites.world.sites.acme.heart.ledger.reset();
    await hand.workOff();
    expect(items.map((item) => twins(item).map(([, twin]) => twin.summary))).toEqual([['Old 0'], ['Old 1'], ['Old 2']]);
    expect(reads(items)).toEqual([]);
  });

  it('[E2] that changed since they were listed are read', async () => {
    const [item] = await olds(1);
    if (item === undefined) throw new Error('nothing was made');
    await listAll();
    mia.edit(item, { summary: 'Newer' });
    sites.world.sites.acme.heart.ledger.reset();
    await hand.workOff();
    expect(twins(item).map(([, twin]) => twin.summary)).toEqual(['Newer']);
    expect(reads([item])).toEqual(['/issue/{issueIdOrKey}']);
  });

  it('[E3] that have a twin, are one, or would get none are left alone', async () => {
    const [item] = await olds(1);
    if (item === undefined) throw new Error('nothing was made');
    mia.edit(item, { summary: 'Known by an event' });
    await hand.workOff();
    await sites.database.execute('DELETE FROM lane', []);
    const subtask = [...sites.world.sites.acme.heart.issues.values()].find(({ parentId }) => parentId !== null);
    await listAll();
    expect(await lanesOf([item, ...(subtask === undefined ? [] : [subtask])])).toEqual([]);
  });

  it('[E3] wait while many of the tenant wait for their turn', async () => {
    await olds(1);
    const claimed = await claimA();
    sites.world.sites.acme.heart.ledger.reset();
    const full = { ...ports.backfills, countWaiting: async (_of: unknown, limit: number) => ({ soon: limit, later: 0 }) };
    expect(await backfillPage(claimed, { ...ports, backfills: full })).toBe(false);
    expect([listings(), (await state())?.rests]).toEqual([[], true]);
    await listAll();
    expect(await ports.backfills.countWaiting(claimed, 1)).toEqual({ soon: 1, later: 0 });
  });

  it('[E3] are not listed while their twins cannot be made, since the partner cannot be reached', async () => {
    await olds(1);
    const claimed = await claimA();
    const synchronization = await ports.synchronizations.read(claimed.tenantId, claimed.synchronizationId);
    const partner = synchronization?.sides.B.connectionId;
    const reach: BackfillPorts['sites']['reach'] = async (tenantId, connectionId, purpose) =>
      connectionId === partner ? null : ports.sites.reach(tenantId, connectionId, purpose);
    sites.world.sites.acme.heart.ledger.reset();
    expect(await backfillPage(claimed, { ...ports, sites: { ...ports.sites, reach } })).toBe(false);
    expect([listings(), (await state())?.rests]).toEqual([[], true]);
  });

  it('[E3] are listed a page a minute while many of their synchronization have failed, however long they fail', async () => {
    await olds(101);
    const failing = { ...ports.backfills, countWaiting: async (_of: unknown, limit: number) => ({ soon: 0, later: limit }) };
    expect(await backfillPage(await claimA(), { ...ports, backfills: failing })).toBe(false);
    const after = await state();
    expect([after?.page_token === null, after?.rests]).toEqual([false, true]);
    await listAll();
    expect((await state())?.seen).toBe(true);
  });

  it('[E3] whose turns failed count for their synchronization, and for no other', async () => {
    await olds(3);
    const claimed = await claimA();
    await listAll();
    await sites.database.execute("UPDATE lane SET due_at = now() + interval '5 minutes', attempts = 9", []);
    const other = { ...claimed, synchronizationId: claimed.tenantId as string as Backfill['synchronizationId'] };
    expect(await ports.backfills.countWaiting(claimed, 2)).toEqual({ soon: 0, later: 2 });
    expect(await ports.backfills.countWaiting(other, 2)).toEqual({ soon: 0, later: 0 });
    await sites.database.execute('UPDATE lane SET due_at = now()', []);
    expect(await ports.backfills.countWaiting(other, 2)).toEqual({ soon: 2, later: 0 });
  });

  it.each([
    ['goes on where it was after an outage', 503, true],
    ['begins anew where Jira does not know the page any more', 400, false],
  ])('[E3] %s', async (_name, status, keeps) => {
    await olds(101);
    await backfillPage(await claimA(), ports);
    const claimed = await claimAgain();
    sites.world.sites.acme.faults.add({ method: 'POST', path: '/rest/api/3/search/jql', when: 'before', status, times: 1 });
    expect(await backfillPage(claimed, ports)).toBe(false);
    expect(await state()).toMatchObject({ rests: true, seen: false, page_token: keeps ? claimed.pageToken : null });
  });
});

it('a site that does not answer holds up no other', async () => {
  const end = new AbortController();
  const silent = Promise.withResolvers<null>();
  const backfill = (tenantId: string) => ({ ...({} as Backfill), tenantId: tenantId as TenantId, pageToken: null });
  const due = [[backfill('hanging'), backfill('quick')], [backfill('quick')]];
  const listed: string[] = [];
  const read = async (tenantId: TenantId) => {
    listed.push(tenantId);
    return tenantId === 'hanging' ? silent.promise : null;
  };
  const backfills = { ...ports.backfills, claimDue: async () => due.shift() ?? [], advance: async () => undefined };
  const sleepUntil = async () => {
    if (listed.length < 3) return;
    end.abort();
    silent.resolve(null);
  };
  const synchronizations = { ...ports.synchronizations, read };
  await runBackfills({ ...ports, backfills, synchronizations, clock: { now: () => 0, sleepUntil } }, end.signal);
  expect(listed).toEqual(['hanging', 'quick', 'quick']);
});

/** All pages of side A, one after the other. */
async function listAll(change: Partial<Backfill> = {}): Promise<void> {
  while ((await state())?.seen !== true) expect(await backfillPage({ ...(await claimAgain()), ...change }, ports)).toBe(true);
}

/** As soon as it is due, whoever had it. */
async function claimAgain(): Promise<Backfill> {
  await sites.database.execute("UPDATE backfill SET due_at = now(), lease_until = NULL WHERE side = 'A'", []);
  return claimA();
}
