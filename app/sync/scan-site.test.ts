import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Issue } from '../../simulator/heart/site.ts';
import { type Person, personOn, plain, twinOf, twinsOf, wordsOf } from '../../test/person.ts';
import { type ScansByHand, scansByHand } from '../../test/scans-by-hand.ts';
import { heldUpPorts, startTurnsByHand, type TurnsByHand } from '../../test/turns-by-hand.ts';
import { startTwoSites, type TwoSites } from '../../test/two-sites.ts';
import type { SynchronizationId, TenantId } from '../core/ids.ts';
import { id } from '../platform/columns.ts';

let two: TwoSites;
let hand: TurnsByHand;
let scans: ScansByHand;
let priya: Person;
let noah: Person;

beforeAll(async () => {
  two = await startTwoSites({ role: 'web', simulator: { indexLagMs: 0 } });
  await two.database.execute(
    `UPDATE synchronization
        SET configuration = jsonb_set(configuration, '{types}', (
              SELECT jsonb_agg(row) FROM jsonb_array_elements(configuration -> 'types') row WHERE row #>> '{types,A,name}' <> 'Story'))`,
    [],
  );
  hand = await startTurnsByHand(two);
  scans = scansByHand(two, hand);
  priya = personOn(two.world.sites.acme, 'Priya Raman');
  noah = personOn(two.world.sites.globex, 'Noah Becker');
});
afterAll(async () => {
  await hand.close();
  await two.close();
});
afterEach(async () => {
  for (const { webhooks, faults } of sites()) {
    webhooks.change({ dropRate: 0 });
    faults.clear();
  }
  // What a scan found is not to wait for the next test, which counts lanes.
  await hand.workOff();
});

const sites = () => Object.values(two.world.sites);
const loseWebhooks = (): void => {
  for (const { webhooks } of sites()) webhooks.change({ dropRate: 1 });
};

/** A scan by the sites' own time, however much of ours earlier tests let pass. */
const scanNow = (name: 'acme' | 'globex') => scans.scan(name, { ...scans.ports, clock: hand.tandem.turns.ports.clock });

/** A scan a minute from now: no event of what was changed until now is on its way any more. */
const scanSoon = (name: 'acme' | 'globex') =>
  scans.scan(name, { ...scans.ports, clock: { now: () => hand.ports.clock.now() + 60_000 } });

async function aPair(summary = 'As it was'): Promise<{ a: Issue; b: Issue }> {
  const a = priya.create('SUP', 'Task', { summary, description: plain('Before') });
  await hand.workOff();
  return { a, b: twinOf(two.world.sites.globex, a) };
}

/** What the app spends on a site while `doing` happens. */
async function pointsOf(name: 'acme' | 'globex', doing: () => Promise<unknown>): Promise<number> {
  const { ledger } = two.world.sites[name].heart;
  ledger.reset();
  await doing();
  return ledger.points();
}

const ownerRow = z.object({ tenant_id: id<TenantId>(), synchronization_id: id<SynchronizationId>() });
const foundLate = async (): Promise<number> => {
  const [owner] = await two.database.rows(
    'SELECT tenant_id, synchronization_id FROM synchronization ORDER BY created_at LIMIT 1',
    [],
    ownerRow,
  );
  if (owner === undefined) return 0;
  const days = await scans.scans.listFoundLate(owner.tenant_id, owner.synchronization_id, 30);
  return days.reduce((sum, { found }) => sum + found, 0);
};

const waitingLanes = async (): Promise<number> => {
  const { due, leased, waiting } = await hand.tandem.turns.lanes.count();
  return due + leased + waiting;
};

it('costs a point for each listed item and page, and wakes nobody for what was told', async () => {
  const { a } = await aPair();
  priya.edit(a, { summary: 'Told by its webhook' });
  await hand.workOff();
  const listed: number[] = [];
  for (const name of ['acme', 'globex'] as const) {
    const points = await pointsOf(name, async () => listed.push((await scans.scan(name)).listed));
    const items = listed.at(-1) ?? 0;
    // And one for the list of given-up deliveries.
    expect(points).toBe(1 + Math.max(1, Math.ceil(items / 100)) + items);
  }
  expect(Math.min(...listed)).toBeGreaterThan(0);
  expect(await waitingLanes()).toBe(0);
});

it('[H3] sends nobody to what webhooks alone had told, and does not take it for seen', async () => {
  const { a } = await aPair();
  priya.edit(a, { duedate: '2027-03-01' });
  await hand.workOff();
  const seen = async (): Promise<number> => {
    const row = z.object({ seen: z.coerce.number() });
    const [found] = await two.database.rows(
      'SELECT (extract(epoch FROM a_seen_at) * 1000)::float8 AS seen FROM pair WHERE a_issue_id = $1',
      [a.id],
      row,
    );
    return found?.seen ?? 0;
  };
  const before = await seen();
  await scans.scan('acme');
  expect([await seen(), await waitingLanes()]).toEqual([before, 0]);
});

describe('[H4] what no webhook told', () => {
  it('is found, carried and counted', async () => {
    const { a, b } = await aPair();
    const other = await aPair();
    const before = await foundLate();
    loseWebhooks();
    priya.edit(a, { summary: 'Nobody was told' });
    noah.comment(other.b, plain('nor of this'));
    const fresh = priya.create('SUP', 'Bug', { summary: 'nor of me' });
    const [onA, onB] = [await scanSoon('acme'), await scanSoon('globex')];
    expect([onA.foundLate, onB.foundLate, (await foundLate()) - before]).toEqual([2, 1, 3]);
    await hand.workOff();
    expect([b.summary, other.a.comments.map(({ body }) => wordsOf(body)), twinsOf(two.world.sites.globex, fresh).length]).toEqual(
      ['Nobody was told', ['Noah Becker:\nnor of this'], 1],
    );
    expect([(await scans.scan('acme')).foundLate, (await scans.scan('globex')).foundLate, await waitingLanes()]).toEqual([
      0, 0, 0,
    ]);
  });

  it('is found and carried, but not counted, while its webhook may still come', async () => {
    const { a, b } = await aPair();
    loseWebhooks();
    priya.edit(a, { summary: 'Just now' });
    expect((await scanNow('acme')).foundLate).toBe(0);
    await hand.workOff();
    expect(b.summary).toBe('Just now');
  });

  it('an item of a type that is not synchronized is left alone, once and for ever', async () => {
    loseWebhooks();
    priya.create('SUP', 'Story', { summary: 'Not for you' });
    expect((await scans.scan('acme')).foundLate).toBe(0);
    expect(await waitingLanes()).toBe(0);
  });

  it('an item that cannot get a twin is looked at once for each time it changed', async () => {
    const refused = {
      method: 'POST',
      path: '/rest/api/3/issue',
      when: 'before',
      status: 400,
      times: Number.POSITIVE_INFINITY,
    } as const;
    two.world.sites.globex.faults.add({ ...refused });
    loseWebhooks();
    const stuck = priya.create('SUP', 'Task', { summary: 'Cannot be made' });
    await scans.scan('acme');
    await hand.workOff();
    expect((await hand.tandem.turns.lanes.count()).parked).toBeGreaterThan(0);
    await scans.scan('acme');
    expect(await waitingLanes()).toBe(0);
    priya.edit(stuck, { summary: 'Can be made now' });
    two.world.sites.globex.faults.clear();
    await scans.scan('acme');
    await hand.workOff();
    expect(twinOf(two.world.sites.globex, stuck).summary).toBe('Can be made now');
  });
});

it('[H4] a twin that is just being made is left to the turn that makes it: it is not read', async () => {
  await hand.workOff();
  priya.create('SUP', 'Task', { summary: 'Being made' });
  const { ports, heldUp, goOn } = heldUpPorts(hand.ports, 'createItem', 'after');
  const turn = hand.takeTurn(await hand.claim(), ports);
  await heldUp;
  let listed = 0;
  const points = await pointsOf('globex', async () => {
    listed = (await scanNow('globex')).listed;
    goOn();
    await turn;
    await hand.workOff();
  });
  // For the list of given-up deliveries, the page and the items on it; made the twin was before.
  expect(listed).toBeGreaterThan(0);
  expect(points).toBe(2 + listed);
});

it('[H3] what a transition of ours replaced is asked for once its event does not come, and is nothing that was found', async () => {
  const { a, b } = await aPair();
  priya.setStatus(a, 'In Progress');
  two.world.sites.globex.webhooks.change({ dropRate: 1 });
  await hand.workOff();
  expect(two.world.sites.globex.heart.statuses.get(b.statusId)?.name).toBe('In Progress');
  await scanNow('globex');
  expect(await waitingLanes()).toBe(0);
  expect(await scanSoon('globex')).toMatchObject({ found: 0, foundLate: 0 });
  expect(await waitingLanes()).toBe(1);
  await hand.workOff();
  await scanSoon('globex');
  expect(await waitingLanes()).toBe(0);
});

describe('[H2] the marks', () => {
  const marks = async (): Promise<{ a: number; b: number }> => {
    const row = z.object({ a: z.coerce.number(), b: z.coerce.number() });
    const [found] = await two.database.rows(
      `SELECT (extract(epoch FROM a_scanned_until) * 1000)::float8 AS a, (extract(epoch FROM b_scanned_until) * 1000)::float8 AS b
         FROM synchronization ORDER BY created_at LIMIT 1`,
      [],
      row,
    );
    return found ?? { a: 0, b: 0 };
  };
  const setMarks = (at: number) =>
    two.database.execute(
      'UPDATE synchronization SET a_scanned_until = to_timestamp($1::float8 / 1000), b_scanned_until = to_timestamp($1::float8 / 1000)',
      [at],
    );

  it('stay while a site cannot be read, and move when it can', async () => {
    const start = Date.UTC(2020, 0, 1);
    await setMarks(start);
    two.world.sites.acme.faults.add({ when: 'before', status: 503, times: Number.POSITIVE_INFINITY });
    expect((await scans.scan('acme')).broken).toMatchObject({ kind: 'unavailable' });
    expect((await marks()).a).toBe(start);
    two.world.sites.acme.faults.clear();
    const begun = hand.ports.clock.now();
    await scans.scan('acme');
    expect((await marks()).a).toBeGreaterThanOrEqual(begun);
    expect((await marks()).b).toBe(start);
    await scans.scan('globex');
    expect((await marks()).b).toBeGreaterThanOrEqual(begun);
  });

  it('move page by page, so that a scan that is broken off goes on where it was', async () => {
    const many = Array.from({ length: 120 }, (_, n) => priya.create('SUP', 'Story', { summary: `One of many ${n}` }));
    await two.world.idle();
    await setMarks(0);
    let pages = 0;
    const sitesThatFail: typeof scans.ports.sites = {
      async reach(...to) {
        const jira = await scans.ports.sites.reach(...to);
        if (jira === null) return null;
        const failing: typeof jira.listChanged = async (request) => {
          pages += 1;
          return pages > 1 ? { ok: false, failure: { kind: 'unavailable', detail: 'gone' } } : jira.listChanged(request);
        };
        return { ...jira, listChanged: failing };
      },
    };
    expect((await scans.scan('acme', { ...scans.ports, sites: sitesThatFail })).broken).toMatchObject({ kind: 'unavailable' });
    const { a } = await marks();
    const times = [...two.world.sites.acme.heart.issues.values()].map(({ updated }) => updated);
    expect(a).toBeGreaterThan(Math.min(...times));
    expect(a).toBeLessThan(hand.ports.clock.now() - 1);
    const { listed } = await scans.scan('acme');
    expect(listed).toBeGreaterThan(0);
    for (const one of many) personOn(two.world.sites.acme).remove(one);
    await hand.workOff();
  });

  it('an item that the index shows late is found by a later scan', async () => {
    const { a, b } = await aPair();
    loseWebhooks();
    priya.edit(a, { summary: 'Indexed late' });
    // The index knew nothing of it when this scan asked.
    const blind: typeof scans.ports.sites = {
      async reach(...to) {
        const jira = await scans.ports.sites.reach(...to);
        return jira === null
          ? null
          : { ...jira, listChanged: async () => ({ ok: true, value: { items: [], nextPageToken: null } }) };
      },
    };
    await scans.scan('acme', { ...scans.ports, sites: blind });
    await hand.workOff();
    expect(b.summary).toBe('As it was');
    await scans.scan('acme');
    await hand.workOff();
    expect(b.summary).toBe('Indexed late');
  });
});

describe('[H1] one scan for a site', () => {
  it('leaves out a space that is gone, says so, and goes on with the others', async () => {
    const { a, b } = await aPair();
    await two.database.execute(
      `INSERT INTO synchronization (tenant_id, synchronization_id, name, description, state, a_site_tenant_id, a_connection_id, a_project_id,
         a_project_key, a_scanned_until, b_site_tenant_id, b_connection_id, b_project_id, b_project_key, b_scanned_until, configuration,
         configuration_version, created_at)
       SELECT tenant_id, gen_random_uuid(), 'Of a space that is gone', '', 'running', a_site_tenant_id, a_connection_id, '99999',
         'GONE', a_scanned_until, b_site_tenant_id, b_connection_id, b_project_id, b_project_key, b_scanned_until, configuration, 1, now()
         FROM synchronization ORDER BY created_at LIMIT 1`,
      [],
    );
    await two.database.execute(
      `INSERT INTO participation (tenant_id, owner_tenant_id, synchronization_id, side, connection_id, project_id, running)
       SELECT a_site_tenant_id, tenant_id, synchronization_id, 'A', a_connection_id, a_project_id, true FROM synchronization WHERE a_project_key = 'GONE'`,
      [],
    );
    loseWebhooks();
    priya.edit(a, { summary: 'Found all the same' });
    const scanned = await scans.scan('acme');
    expect(scanned).toMatchObject({ broken: null, hidden: ['99999'] });
    await two.database.execute("DELETE FROM participation WHERE project_id = '99999'", []);
    await two.database.execute("DELETE FROM synchronization WHERE a_project_key = 'GONE'", []);
    await hand.workOff();
    expect(b.summary).toBe('Found all the same');
  });
});

describe('[H6] deliveries that Jira gave up', () => {
  const scheduleOf = z.object({ news_until: z.coerce.number() });
  const takeAcme = async () => {
    await two.database.execute('UPDATE site_scan SET due_at = now()', []);
    await scans.takeDue();
    const [row] = await two.database.rows(
      `SELECT (extract(epoch FROM max(given_up_until) OVER ()) * 1000)::float8 AS news_until
         FROM site_scan s WHERE connection_id = (SELECT a_connection_id FROM synchronization ORDER BY created_at LIMIT 1)`,
      [],
      scheduleOf,
    );
    return row;
  };

  it('are a loss, once', async () => {
    const { webhooks } = two.world.sites.acme;
    const { a } = await aPair();
    await takeAcme();
    expect((await scans.scan('acme')).givenUp).toBe(0);
    // No answer comes that soon.
    webhooks.change({ maxRetries: 0, timeoutMs: 1 });
    priya.edit(a, { summary: 'Given up' });
    await two.world.idle();
    webhooks.change({ maxRetries: 5, timeoutMs: 10_000 });
    const failedAt = webhooks.failed().at(-1)?.failedAt;
    expect((await scans.scan('acme')).givenUp).toBe(webhooks.failed().length);
    expect(await takeAcme()).toEqual({ news_until: failedAt });
    expect(await takeAcme()).toEqual({ news_until: failedAt });
    await hand.workOff();
  });
});
