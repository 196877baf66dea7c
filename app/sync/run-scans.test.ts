import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { buildConnection } from '../../test/factories/connections.ts';
import { type Person, personOn, plain, twinOf } from '../../test/person.ts';
import { type ScansByHand, scansByHand } from '../../test/scans-by-hand.ts';
import { startTurnsByHand, type TurnsByHand } from '../../test/turns-by-hand.ts';
import { startTwoSites, type TwoSites } from '../../test/two-sites.ts';
import { createPostgresConnectionStore } from '../connections/postgres-connection-store.ts';
import type { ConnectionId, ProjectId, TenantId } from '../core/ids.ts';
import { count, id } from '../platform/columns.ts';
import type { ConnectionStore, RegisteredWebhook, RemoteConnection } from './connection-ports.ts';

let two: TwoSites;
let hand: TurnsByHand;
let scans: ScansByHand;
let priya: Person;
let noah: Person;
let connections: ConnectionStore;
let remote: RemoteConnection;

const sideRow = z.object({ tenant_id: id<TenantId>(), connection_id: id<ConnectionId>(), project_id: id<ProjectId>() });

/** The site of side B is as one without the app: nothing that happens there is told. */
beforeAll(async () => {
  two = await startTwoSites({ role: 'web', simulator: { indexLagMs: 0 } });
  hand = await startTurnsByHand(two);
  scans = scansByHand(two, hand);
  priya = personOn(two.world.sites.acme, 'Priya Raman');
  noah = personOn(two.world.sites.globex, 'Noah Becker');
  connections = createPostgresConnectionStore(two.database);
  const [side] = await two.database.rows(
    'SELECT b_site_tenant_id AS tenant_id, b_connection_id AS connection_id, b_project_id AS project_id FROM synchronization',
    [],
    sideRow,
  );
  if (side === undefined) throw new Error('no synchronization');
  remote = buildConnection({
    tenantId: side.tenant_id,
    connectionId: side.connection_id,
    kind: 'oauth2-cloud',
    product: 'cloud',
    version: null,
  });
  await connections.insert(remote);
  registered = { kind: 'registered', remoteId: 'dynamic:1', expiresAt: null, projectIds: [side.project_id], isProven: true };
});
afterAll(async () => {
  await hand.close();
  await two.close();
});

let registered: RegisteredWebhook;
const change = (news: Partial<RemoteConnection>) => connections.change(remote.tenantId, remote.connectionId, news);
const now = async (): Promise<RemoteConnection> => {
  const found = await connections.read(remote.tenantId, remote.connectionId);
  if (found === null) throw new Error('It is gone.');
  return found;
};

beforeEach(async () => {
  two.world.sites.globex.webhooks.change({ dropRate: 1 });
  await change({ webhook: { kind: 'polling', because: 'chosen', registered: null }, lastEventAt: null });
  await two.database.execute('UPDATE site_scan SET pace_ms = 300000', []);
  await two.database.execute('DELETE FROM found_late', []);
});
afterEach(() => two.world.sites.globex.webhooks.change({ dropRate: 0 }));

const scheduleRow = z.object({ tenant_id: id<TenantId>(), pace_ms: count, in_ms: z.coerce.number(), full: z.boolean() });

/** What the schedule says of the site of side B. */
const schedule = async () => {
  const rows = await two.database.rows(
    'SELECT tenant_id, pace_ms, extract(epoch FROM due_at - now()) * 1000 AS in_ms, coalesce(full_at = last_at, false) AS full FROM site_scan',
    [],
    scheduleRow,
  );
  const found = rows.find(({ tenant_id }) => tenant_id === remote.tenantId);
  if (found === undefined) throw new Error('It is not scanned.');
  return found;
};

/** Scans both sites as though their time had come, and takes the turns that follow. */
const poll = async (): Promise<void> => {
  await two.database.execute('UPDATE site_scan SET due_at = now()', []);
  await scans.takeDue();
  await hand.workOff();
};

const summaryOf = async (person: Person, issue: Parameters<Person['look']>[0]) => (await person.look(issue))?.summary;

describe('[H7] a site whose webhooks cannot come', () => {
  it('gets what changes elsewhere, and its own changes cross too: fields, comments and new items', async () => {
    const a = priya.create('SUP', 'Task', { summary: 'Made here' });
    await poll();
    const b = twinOf(two.world.sites.globex, a);
    noah.edit(b, { summary: 'Changed there' });
    noah.comment(b, plain('Said there'));
    const made = noah.create('ENG', 'Task', { summary: 'Made there' });
    await poll();
    expect(await summaryOf(priya, a)).toBe('Changed there');
    expect((await priya.look(a))?.comments).toHaveLength(1);
    expect(await summaryOf(priya, twinOf(two.world.sites.acme, made))).toBe('Made there');
    priya.edit(a, { summary: 'And back' });
    await poll();
    expect(await summaryOf(noah, b)).toBe('And back');
    await poll();
    expect([await summaryOf(priya, a), await summaryOf(noah, b)]).toEqual(['And back', 'And back']);
  });

  it('is asked again in fifteen seconds after a change, and more and more rarely without one', async () => {
    noah.create('ENG', 'Task', { summary: 'Busy' });
    await poll();
    expect((await schedule()).pace_ms).toBe(15_000);
    expect((await schedule()).in_ms).toBeLessThanOrEqual(15_000);
    await poll();
    expect((await schedule()).pace_ms).toBeGreaterThan(15_000);
    expect((await schedule()).pace_ms).toBeLessThan(40_000);
  });

  it('is asked for little, and now and then for all that a slow index or a wrong clock could hide', async () => {
    await two.database.execute("UPDATE site_scan SET full_at = now() - interval '10 minutes'", []);
    await poll();
    expect((await schedule()).full).toBe(true);
    await poll();
    expect((await schedule()).full).toBe(false);
  });

  it.each([
    ['that could not be read for long', "last_at = now() - interval '1 hour'"],
    ['that was never read', "last_at = NULL, asked_at = now() - interval '1 hour'"],
  ])('[H5] %s is asked again within a minute, not at once', async (_, unread) => {
    const { faults } = two.world.sites.globex;
    faults.add({ method: 'POST', path: '/rest/api/3/search/jql', when: 'before', status: 503, times: Number.POSITIVE_INFINITY });
    await two.database.execute(`UPDATE site_scan SET ${unread}`, []);
    await poll();
    faults.clear();
    expect((await schedule()).in_ms).toBeGreaterThan(45_000);
    expect((await schedule()).in_ms).toBeLessThanOrEqual(60_000);
  });

  it('finds nothing late: nothing was told', async () => {
    noah.create('ENG', 'Task', { summary: 'Not late' });
    const soon = { ...scans.ports, clock: { now: () => hand.ports.clock.now() + 60_000 } };
    const scanned = await scans.scan('globex', soon, { hasApp: false, isPolled: true, overlapMs: 900_000 });
    expect(scanned.found).toBeGreaterThan(0);
    const counted = z.object({ found: z.coerce.number() });
    const [late] = await two.database.rows('SELECT coalesce(sum(found), 0) AS found FROM found_late', [], counted);
    expect(late?.found).toBe(0);
    await hand.workOff();
  });
});

/** An edit there of which nobody told, long enough ago for its event to have come. */
async function loseAnEdit(): Promise<void> {
  const { database } = two;
  const a = priya.create('SUP', 'Task', { summary: 'Heard' });
  await poll();
  const b = twinOf(two.world.sites.globex, a);
  noah.edit(b, { summary: 'Unheard' });
  b.updated -= 40_000;
  await database.execute("UPDATE participation SET running_since = now() - interval '1 hour'", []);
  await database.execute("UPDATE pair SET b_seen_at = b_seen_at - interval '5 minutes'", []);
}

describe('[H7] a webhook that is registered', () => {
  it('is not relied on before its first event', async () => {
    await change({ webhook: registered });
    await poll();
    expect((await schedule()).pace_ms).toBeLessThanOrEqual(300_000);
    await change({ lastEventAt: hand.ports.clock.now() });
    await two.database.execute('UPDATE site_scan SET pace_ms = 300000', []);
    await poll();
    expect((await schedule()).pace_ms).toBe(600_000);
  });

  it('and stays silent while there are changes, is given up until its first event', async () => {
    await change({ webhook: registered });
    await loseAnEdit();
    await poll();
    expect((await now()).webhook).toEqual({ kind: 'polling', because: 'silent', registered });
  });

  it('whose events have stopped is looked after at once, and the site is polled meanwhile', async () => {
    await change({ webhook: registered, lastEventAt: hand.ports.clock.now() - 3_600_000 });
    await loseAnEdit();
    await connections.endLook(remote.tenantId, remote.connectionId, 3_600_000);
    await connections.claimDue(9, 1);
    await connections.endLook(remote.tenantId, remote.connectionId, 3_600_000);
    await two.database.execute('UPDATE site_scan SET pace_ms = 300000', []);
    await poll();
    expect((await schedule()).pace_ms).toBe(15_000);
    expect(await connections.claimDue(9, 1)).toHaveLength(1);
    await connections.endLook(remote.tenantId, remote.connectionId, 3_600_000);
    expect((await now()).webhook).toEqual(registered);
  });

  it('is looked after at once when a synchronization starts that it does not cover, and when none runs any more', async () => {
    const isDue = async (): Promise<boolean> => (await connections.claimDue(9, 1)).length > 0;
    const rest = () => connections.endLook(remote.tenantId, remote.connectionId, 3_600_000);
    const later = async (): Promise<void> => {
      await isDue();
      await rest();
    };
    await change({ webhook: registered });
    await later();
    await poll();
    expect(await isDue()).toBe(false);
    await change({ webhook: { ...registered, projectIds: [] } });
    await two.database.execute('UPDATE participation SET running_since = now()', []);
    await poll();
    expect(await isDue()).toBe(true);
    await rest();
    const { synchronizations } = hand.tandem.turns;
    const [running] = await synchronizations.listOfSite(remote.tenantId);
    if (running === undefined) throw new Error('It is running.');
    await synchronizations.update(running.tenantId, running.synchronizationId, { state: 'stopped' });
    await poll();
    expect(await isDue()).toBe(true);
    await rest();
    await synchronizations.update(running.tenantId, running.synchronizationId, { state: 'running' });
  });
});
