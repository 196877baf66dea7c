import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addComment } from '../heart/comments.ts';
import { createIssue } from '../heart/create-issue.ts';
import { deleteIssue, editIssue } from '../heart/edit-issue.ts';
import { seededRandom } from '../heart/random.ts';
import type { Actor, Issue } from '../heart/site.ts';
import { fromWikiText } from '../heart/wiki-text.ts';
import type { SimulatedSite } from '../simulated-site.ts';
import { type LittleApp, startLittleApp } from '../transport/little-app.ts';
import { type MemoryWorld, startMemoryWorld } from '../transport/memory-world.ts';
import { applyFault, drawFaultPlan, NAMED_FAULTS, runFaultPlan } from './fault-plan.ts';
import type { Undo } from './named-fault.ts';

let world: MemoryWorld;
let app: LittleApp;
let acme: SimulatedSite;
let admin: Actor;
let issue: Issue;

beforeEach(async () => {
  world = await startMemoryWorld({ indexLagMs: 0 });
  app = await startLittleApp(world);
  [acme] = world.sites;
  const user = [...acme.heart.users.values()].find(({ siteAdmin }) => siteAdmin);
  if (user === undefined) throw new Error('The seed world has administrators');
  admin = { user, through: { kind: 'person' }, trace: null };
  issue = made('Of interest');
  await world.clock.runUntilIdle();
  app.received.length = 0;
});

afterEach(async () => {
  await world.simulator.close();
});

function made(summary: string): Issue {
  const fields = { project: { key: 'SUP' }, issuetype: { name: 'Task' }, summary };
  const outcome = createIssue(acme.heart, admin, { fields, update: {}, properties: [] }, 'adf');
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
  return outcome.value;
}
const renamed = (summary: string): void =>
  void editIssue(acme.heart, admin, issue, { fields: { summary }, update: {}, properties: [] }, 'adf');

async function strike(name: string, seed = 1): Promise<Undo> {
  const undo = await applyFault(name, acme, seededRandom(seed));
  if (undo === null) throw new Error(`${name} found nothing to hit`);
  return undo;
}

/** A call of the app, with as much time as it takes. */
async function call(method: string, path: string, body?: unknown) {
  const called = app.call(acme, method, `/rest/api/3${path}`, body);
  await world.clock.runUntilIdle();
  return called;
}
const READ = ['GET', '/issue/SUP-1'] as const;
const retitle = () => call('PUT', `/issue/${issue.key}`, { fields: { summary: 'By the app' } });

async function manyEdits(count: number): Promise<string[]> {
  for (let n = 0; n < count; n += 1) renamed(`Edit ${acme.heart.counters.change}`);
  await world.clock.runUntilIdle();
  return app.received.map(({ id }) => id);
}

describe('webhooks', () => {
  it('lost', async () => {
    const undo = await strike('webhooks-lost');
    const { length } = await manyEdits(100);
    expect([length > 30, length < 70, acme.webhooks.counts().dropped]).toEqual([true, true, 100 - length]);
    await undo();
    app.received.length = 0;
    expect(await manyEdits(20)).toHaveLength(20);
  });

  it('doubled, with the same identifier', async () => {
    await strike('webhooks-doubled');
    const ids = await manyEdits(100);
    expect([ids.length > 130, ids.length < 170, new Set(ids).size]).toEqual([true, true, 100]);
  });

  it('out of order', async () => {
    await strike('webhooks-out-of-order');
    await manyEdits(10);
    const times = app.received.map(({ body }) => (body['changelog'] as { id: string }).id);
    expect([...times].sort()).not.toEqual(times);
  });

  it.each([
    ['webhooks-late', 30_000, 30_000],
    ['webhooks-late-secondary', 0, 15 * 60_000],
  ])('%s: primary after %i ms, secondary after %i ms', async (name, primary, secondary) => {
    addComment(acme.heart, admin, issue, { body: fromWikiText('Seen') }, 'adf');
    await world.clock.runUntilIdle();
    app.received.length = 0;
    await strike(name);
    const from = world.clock.now();
    deleteIssue(acme.heart, admin, issue);
    await world.clock.runUntilIdle();
    expect(app.received.map(({ event, flow, at }) => [event, flow, at - from])).toEqual([
      ['jira:issue_deleted', 'Primary', primary],
      ['comment_deleted', 'Secondary', secondary],
    ]);
  });

  it('held back', async () => {
    const undo = await strike('webhooks-held-back');
    expect(await manyEdits(3)).toEqual([]);
    await undo();
    await world.clock.runUntilIdle();
    expect(app.received).toHaveLength(3);
  });
});

describe('calls', () => {
  /** Calls until the fault strikes one; those that it spares succeed. */
  async function until(struck: (called: Awaited<ReturnType<typeof retitle>>) => boolean) {
    for (let tries = 0; tries < 50; tries += 1) {
      editIssue(acme.heart, admin, issue, { fields: { summary: 'As before' }, update: {}, properties: [] }, 'adf');
      const called = await retitle();
      if (struck(called)) return { called, done: issue.summary === 'By the app' };
      expect([called.status, issue.summary]).toEqual([204, 'By the app']);
    }
    throw new Error('The fault never struck');
  }

  it.each([
    ['time-out-before', { code: 'ECONNABORTED', status: null }, false],
    ['time-out-after', { code: 'ECONNABORTED', status: null }, true],
    ['reset-before', { code: 'ECONNRESET', status: null }, false],
    ['reset-after', { code: 'ECONNRESET', status: null }, true],
    // The answer to an edit has no body.
    ['reset-in-body', { code: 'ECONNRESET', status: null }, true],
    ['server-error-before', { status: 503 }, false],
    ['server-error-after', { status: 500 }, true],
    ['error-page', { status: 502, body: expect.stringContaining('<!DOCTYPE html>') }, false],
    ['page-with-200', { status: 200, body: expect.stringContaining('<!DOCTYPE html>') }, true],
    ['edit-conflict', { status: 409 }, false],
    ['rate-limited', { status: 429 }, false],
  ])('%s', async (name, looks, done) => {
    const undo = await strike(name);
    const struck = await until(({ status }) => status !== 204);
    expect(struck).toMatchObject({ called: looks, done });
    if (name === 'rate-limited')
      expect(struck.called.headers).toMatchObject({ 'retry-after': '5', 'ratelimit-reason': 'jira-burst-based' });
    await undo();
    for (let n = 0; n < 10; n += 1) expect((await retitle()).status).toBe(204);
  });

  it('reset-in-body: the head of the answer arrives, and its length', async () => {
    await strike('reset-in-body');
    const codes = new Set<string | null>();
    for (let n = 0; n < 20; n += 1) codes.add((await call(...READ)).code);
    expect([...codes].sort()).toEqual(['ERR_BAD_RESPONSE', null]);
  });

  it('slow-answers: the true answer, eight seconds late', async () => {
    await strike('slow-answers');
    const took: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      const from = world.clock.now();
      let arrived = 0;
      const called = app.call(acme, 'GET', '/rest/api/3/issue/SUP-1').then((answer) => {
        arrived = world.clock.now();
        return answer;
      });
      await world.clock.advance(9_000);
      expect(await called).toMatchObject({ status: 200, body: { key: 'SUP-1' } });
      took.push(arrived - from);
    }
    expect([...new Set(took)].sort()).toEqual([0, 8_000]);
  });

  it('attachment-too-large', async () => {
    const undo = await strike('attachment-too-large');
    const attach = async () => (await call('POST', '/issue/SUP-1/attachments', {})).status;
    expect([await attach(), await attach(), (await call(...READ)).status]).toEqual([413, 413, 200]);
    await undo();
    expect(await attach()).not.toBe(413);
  });
});

describe('the state of a site', () => {
  it('stale-search', async () => {
    const undo = await strike('stale-search');
    renamed('Fresh and unique');
    const find = async () => {
      const { body } = await call('POST', '/search/jql', { jql: 'summary ~ "unique"' });
      return (body as { issues: unknown[] }).issues.length;
    };
    await world.clock.advance(599_000);
    expect(await find()).toBe(0);
    await world.clock.advance(1_000);
    expect(await find()).toBe(1);
    await undo();
    renamed('Another one: unequalled');
    expect((await call('POST', '/search/jql', { jql: 'summary ~ "unequalled"' })).body).toMatchObject({ issues: [{}] });
  });

  it.each(['clock-ahead', 'clock-behind'])(
    'stale-search takes as long as ever where %s begins or ends meanwhile',
    async (name) => {
      const find = async (word: string) => {
        const { body } = await call('POST', '/search/jql', { jql: `summary ~ "${word}"` });
        return (body as { issues: unknown[] }).issues.length;
      };
      await strike('stale-search');
      renamed('Begun in advance');
      const undo = await strike(name);
      await world.clock.advance(300_000);
      renamed('Ended unduly');
      await undo();
      const asked: number[] = [];
      for (const ms of [299_999, 1, 299_999, 1]) {
        await world.clock.advance(ms);
        asked.push(await find('advance'), await find('unduly'));
      }
      expect(asked).toEqual([0, 0, 1, 0, 1, 0, 0, 1]);
    },
  );

  it.each([
    ['clock-ahead', 600_000],
    ['clock-behind', -600_000],
  ])('%s', async (name, off) => {
    const undo = await strike(name);
    expect(made('Out of time').created - world.clock.now()).toBe(off);
    await undo();
    expect(made('In time').created).toBe(world.clock.now());
  });

  it('a token of three minutes has expired where the clock is ten minutes ahead', async () => {
    await strike('clock-ahead');
    expect((await call(...READ)).status).toBe(401);
  });

  it.each<[string, string, string, unknown, number]>([
    ['edit-permission-removed', 'PUT', '/issue/SUP-1', { fields: { summary: 'x' } }, 204],
    ['browse-permission-removed', 'GET', '/issue/SUP-1', undefined, 200],
    ['comment-permission-removed', 'POST', '/issue/SUP-1/comment', { body: fromWikiText('Seen') }, 201],
    [
      'create-permission-removed',
      'POST',
      '/issue',
      { fields: { project: { key: 'SUP' }, issuetype: { name: 'Task' }, summary: 'x' } },
      201,
    ],
  ])('%s', async (name, method, path, body, otherwise) => {
    const undo = await strike(name);
    expect((await call(method, path, body)).status).toBeGreaterThanOrEqual(400);
    await undo();
    expect((await call(method, path, body)).status).toBe(otherwise);
  });

  it('field-removed', async () => {
    const undo = await strike('field-removed');
    const removed = [...acme.heart.projects.values()].map(({ hiddenFields }) => [...hiddenFields]);
    const [field = ''] = removed[0] ?? [];
    expect(removed.every((fields) => fields.length === 1 && fields[0] === field)).toBe(true);
    const values: Readonly<Record<string, unknown>> = { description: null, labels: ['x'], priority: { id: '1' }, duedate: null };
    const edit = () => call('PUT', `/issue/${issue.key}`, { fields: { [field]: values[field] } });
    const refused = await edit();
    expect([refused.status, Object.keys((refused.body as { errors: object }).errors)]).toEqual([400, [field]]);
    await undo();
    expect((await edit()).status).toBe(204);
  });

  it('priority-renamed', async () => {
    const names = async () => ((await call('GET', '/priority')).body as { name: string }[]).map(({ name }) => name);
    const before = await names();
    const undo = await strike('priority-renamed');
    const during = await names();
    expect(during.filter((name) => !before.includes(name))).toEqual([expect.stringContaining('(renamed)')]);
    await undo();
    expect(await names()).toEqual(before);
  });

  it('option-renamed', async () => {
    expect(await applyFault('option-renamed', acme, seededRandom(1))).toBeNull();
    const option = { id: '1', value: 'Red', disabled: false, parentId: null };
    const context = { id: '1', name: 'Default', description: '', projectIds: null, issueTypeIds: null, defaultValue: null };
    acme.heart.customFields.set('customfield_10100', {
      id: 'customfield_10100',
      name: 'Colour',
      kind: 'select',
      contexts: [{ ...context, options: [option] }],
    });
    const undo = await strike('option-renamed');
    expect(option.value).toBe('Red (renamed)');
    await undo();
    expect(option.value).toBe('Red');
  });

  it('transition-removed', async () => {
    const ways = () => [...acme.heart.issueTypes.values()].map(({ workflow }) => workflow.transitions.map(({ name }) => name));
    const before = ways();
    const undo = await strike('transition-removed');
    expect(ways().flat()).toHaveLength(before.flat().length - 1);
    const task = [...acme.heart.issueTypes.values()].findIndex(({ id }) => id === issue.typeId);
    const { body } = await call('GET', `/issue/${issue.key}/transitions`);
    expect((body as { transitions: { name: string }[] }).transitions.map(({ name }) => name)).toEqual(ways()[task]);
    await undo();
    expect(ways()).toEqual(before);
  });

  it('user-deactivated', async () => {
    const active = () => [...acme.heart.users.values()].filter((user) => user.active).length;
    const before = active();
    const undo = await strike('user-deactivated');
    expect([active(), admin.user.active]).toEqual([before - 1, true]);
    await undo();
    expect(active()).toBe(before);
  });

  it('token-revoked', async () => {
    const people = [...acme.heart.users.values()].filter(({ accountType }) => accountType === 'atlassian');
    const tokens = people.map(({ apiToken }) => apiToken);
    const knocking = async () => {
      const statuses: unknown[] = [];
      for (const [n, { emailAddress }] of people.entries()) {
        const authorization = `Basic ${Buffer.from(`${emailAddress}:${tokens[n]}`).toString('base64')}`;
        statuses.push((await app.call(acme, 'GET', '/rest/api/3/myself', undefined, { Authorization: authorization })).status);
      }
      return statuses.filter((status) => status === 401).length;
    };
    const undo = await strike('token-revoked');
    expect(await knocking()).toBe(1);
    await undo();
    expect(await knocking()).toBe(0);
  });

  it('secret-changed', async () => {
    const undo = await strike('secret-changed');
    expect((await call(...READ)).status).toBe(401);
    await undo();
    expect((await call(...READ)).status).toBe(200);
  });

  it('app-uninstalled, then installed anew with another secret', async () => {
    const undo = await strike('app-uninstalled');
    expect([(await call(...READ)).status, await manyEdits(1)]).toEqual([401, []]);
    await undo();
    expect([(await call(...READ)).status, app.lifecycle.slice(-3)]).toEqual([200, ['uninstalled', 'installed', 'enabled']]);
    expect(await manyEdits(1)).toHaveLength(1);
  });

  it('app-disabled', async () => {
    const undo = await strike('app-disabled');
    expect([(await call(...READ)).status, await manyEdits(1)]).toEqual([401, []]);
    await undo();
    expect([(await call(...READ)).status, app.lifecycle.slice(-2)]).toEqual([200, ['disabled', 'enabled']]);
  });
});

describe('a plan', () => {
  const draw = (seed: number) => drawFaultPlan({ seed, sites: ['acme', 'globex'], count: 30, spanMs: 3_600_000 });

  it('is the same for the same seed, and hits no site twice at a time with the same', () => {
    const plan = draw(7);
    expect(plan).toEqual(draw(7));
    expect(plan).not.toEqual(draw(8));
    expect(plan.faults).toHaveLength(30);
    for (const [at, one] of plan.faults.entries()) {
      for (const other of plan.faults.slice(at + 1))
        expect(one.fault === other.fault && one.site === other.site && other.from <= one.until).toBe(false);
    }
  });

  it('names only what there is', async () => {
    await expect(applyFault('no-such', acme, seededRandom(1))).rejects.toThrow('No fault is called no-such');
    const plan = { seed: 1, faults: [{ fault: 'stale-search', site: 'nowhere', from: 0, until: 1, seed: 1 }] };
    expect(() => runFaultPlan(plan, world.sites, world.clock)).toThrow('the site nowhere');
  });

  it('begins and ends its faults at their time', async () => {
    const plan = { seed: 1, faults: [{ fault: 'stale-search', site: 'acme', from: 1000, until: 3000, seed: 1 }] };
    runFaultPlan(plan, world.sites, world.clock);
    const lags: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      await world.clock.advance(999);
      lags.push(acme.heart.searchIndex.lagMs);
      await world.clock.advance(1);
    }
    lags.push(acme.heart.searchIndex.lagMs);
    expect(lags).toEqual([0, 600_000, 600_000, 0, 0]);
  });

  it.each([1, 2, 3])('whatever it was (seed %i), all is right again after it, also when it is stopped midway', async (seed) => {
    const state = () => ({
      ...acme.webhooks.switches,
      skew: acme.control.skewMs,
      lag: acme.heart.searchIndex.lagMs,
      priorities: [...acme.heart.priorities.values()].map(({ name }) => name),
      projects: [...acme.heart.projects.values()].map(({ grants, hiddenFields }) => [[...grants], [...hiddenFields]]),
      workflows: [...acme.heart.issueTypes.values()].map(({ workflow }) => workflow.transitions.map(({ id }) => id)),
      people: [...acme.heart.users.values()].map(({ active, apiToken }) => [active, apiToken]),
      apps: [...acme.connect.installations.values()].map(({ enabled }) => enabled),
      struck: acme.faults.take('POST', '/attachments'),
    });
    const before = state();
    const running = runFaultPlan(draw(seed), world.sites, world.clock);
    await world.clock.advance(1_800_000);
    await running.stop();
    expect(state()).toEqual(before);
    const whole = runFaultPlan(draw(seed + 10), world.sites, world.clock);
    await world.clock.runUntilIdle();
    await whole.stop();
    expect(state()).toEqual(before);
  });
});

it('every named fault has a test above', () => {
  const tests = readFileSync(import.meta.filename, 'utf8');
  expect(NAMED_FAULTS.filter(({ name }) => !tests.includes(`'${name}'`))).toEqual([]);
});
