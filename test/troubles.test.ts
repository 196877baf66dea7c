import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Issue, Project } from '../simulator/heart/site.ts';
import { historyOf, type Spent, spentOn } from './ledgers.ts';
import { type Person, personOn, plain, twinOf, twinsOf, wordsOf } from './person.ts';
import { startTwoSites, type TwoSites, until } from './two-sites.ts';

let two: TwoSites;
let priya: Person;
let noah: Person;

beforeAll(async () => {
  two = await startTwoSites({ simulator: { indexLagMs: 0 } });
  priya = personOn(two.world.sites.acme, 'Priya Raman');
  noah = personOn(two.world.sites.globex, 'Noah Becker');
});
afterAll(() => two.close());
afterEach(() => {
  for (const { webhooks, faults } of Object.values(two.world.sites)) {
    webhooks.change({ dropRate: 0, duplicateRate: 0, reorderMs: 0 });
    faults.clear();
  }
});

const PUT = 'PUT /issue/{issueIdOrKey}';
const POST_TRANSITION = 'POST /issue/{issueIdOrKey}/transitions';

async function aPair(): Promise<{ a: Issue; b: Issue }> {
  const a = priya.create('SUP', 'Task', { summary: 'As it was', description: plain('Before') });
  await two.settle();
  return { a, b: twinOf(two.world.sites.globex, a) };
}

/** Waits in the database end now; those that a site asked for end in their own time. */
const endWaits = () => two.database.execute('UPDATE lane SET due_at = now() WHERE due_at > now() AND lease_until IS NULL', []);

/** Settles without sitting out the waits between failed turns. */
const settleSoon = async (): Promise<void> => {
  await endWaits();
  await two.settle();
};

const laneOf = async (item: Issue): Promise<{ attempts: number; waitsMs: number }> => {
  const row = z.object({ attempts: z.number(), waits_ms: z.number().nullable() });
  const [lane] = await two.database.rows(
    'SELECT attempts, (extract(epoch FROM due_at - now()) * 1000)::float8 AS waits_ms FROM lane WHERE lane_key LIKE $1',
    [`%:A:${item.id}`],
    row,
  );
  return { attempts: lane?.attempts ?? 0, waitsMs: lane?.waits_ms ?? 0 };
};

const projectOf = (issue: Issue): Project => {
  const project = [...two.world.sites.globex.heart.projects.values()].find(({ id }) => id === issue.projectId);
  if (project === undefined) throw new Error('no project');
  return project;
};

describe('webhooks', () => {
  it('that never arrive are made up for by the next scan', async () => {
    const { a, b } = await aPair();
    for (const { webhooks } of Object.values(two.world.sites)) webhooks.change({ dropRate: 1 });
    priya.edit(a, { summary: 'Nobody was told' });
    noah.comment(b, plain('nor of this'));
    const fresh = priya.create('SUP', 'Bug', { summary: 'nor of me' });
    await two.settle();
    expect([b.summary, a.comments.length, twinsOf(two.world.sites.globex, fresh).length]).toEqual(['As it was', 0, 0]);

    await two.database.execute('UPDATE site_scan SET due_at = now()', []);
    await until(
      () => b.summary === 'Nobody was told' && a.comments.length === 1 && twinsOf(two.world.sites.globex, fresh).length === 1,
    );
    await two.settle();
    expect([a, b].map(({ summary }) => summary)).toEqual(['Nobody was told', 'Nobody was told']);
    expect(a.comments.map(({ body }) => wordsOf(body))).toEqual(['Noah Becker:\nnor of this']);
  });

  it('that arrive twice and out of order change nothing about the outcome', async () => {
    const { a, b } = await aPair();
    for (const { webhooks } of Object.values(two.world.sites)) webhooks.change({ duplicateRate: 1, reorderMs: 60 });
    for (let n = 1; n <= 5; n++) {
      priya.edit(a, { summary: `Title ${n}` });
      noah.edit(b, { duedate: `2027-01-0${n}` });
      priya.comment(a, plain(`remark ${n}`));
    }
    await two.settle();
    expect([a, b].map(({ summary, dueDate }) => [summary, dueDate])).toEqual(Array(2).fill(['Title 5', '2027-01-05']));
    expect(b.comments.map(({ body }) => wordsOf(body))).toEqual([1, 2, 3, 4, 5].map((n) => `Priya Raman:\nremark ${n}`));
  });
});

it('what changed while a synchronization stood still crosses once when it starts again', async () => {
  const { a, b } = await aPair();
  const other = await aPair();
  const act = (what: string) =>
    two.support(
      'POST',
      `/synchronizations/${two.synchronizationId}/${what}`,
      what === 'start' ? { existingItems: 'leave' } : undefined,
    );
  await act('stop');
  let fresh: Issue | null = null;
  const spent: Spent = await spentOn(two, async () => {
    for (const summary of ['One', 'Two', 'Three']) priya.edit(a, { summary });
    noah.edit(b, { description: plain('Later') });
    noah.edit(other.b, { summary: 'From B' });
    fresh = priya.create('SUP', 'Bug', { summary: 'Made meanwhile' });
    await two.settle();
    expect([b.summary, wordsOf(a.description), other.a.summary]).toEqual(['As it was', 'Before', 'As it was']);
    await act('start');
    await until(
      () =>
        b.summary === 'Three' &&
        other.a.summary === 'From B' &&
        fresh !== null &&
        twinsOf(two.world.sites.globex, fresh).length === 1,
    );
  });
  expect([a, b].map(({ summary, description }) => [summary, wordsOf(description)])).toEqual(Array(2).fill(['Three', 'Later']));
  expect(spent.acme).toEqual([PUT, PUT]);
  expect([...spent.globex].sort()).toEqual(['POST /issue', PUT]);
});

describe('a site that is away', () => {
  it.each([
    { how: 'answers 503', status: 503 },
    { how: 'cuts every connection', status: null },
  ])('and $how: everything waits, that is said, and nothing is lost', async ({ status }) => {
    const { a, b } = await aPair();
    const { globex } = two.world.sites;
    globex.faults.add({ when: 'before', status, times: Number.POSITIVE_INFINITY });
    priya.edit(a, { summary: 'During the outage' });
    noah.comment(b, plain('The site works for people'));
    await until(async () => (await laneOf(a)).attempts > 0);
    await endWaits();
    await until(async () => (await laneOf(a)).attempts > 1);
    const waiting = (await historyOf(two, a)).filter((line) => line.startsWith('waiting'));
    // A write whose connection was cut may have happened.
    expect(waiting).toEqual([expect.stringMatching(/still-(unavailable|uncertain)$/)]);

    globex.faults.clear();
    await settleSoon();
    expect([a, b].map(({ summary, comments }) => [summary, comments.length])).toEqual(Array(2).fill(['During the outage', 1]));
  });

  it('gets the twins of what was made meanwhile, each once', async () => {
    const { globex } = two.world.sites;
    globex.faults.add({
      method: 'POST',
      path: '/rest/api/3/issue',
      when: 'before',
      status: 501,
      times: Number.POSITIVE_INFINITY,
    });
    const fresh = priya.create('SUP', 'Bug', { summary: 'Made during the outage' });
    await until(async () => (await laneOf(fresh)).attempts > 0);
    expect(await historyOf(two, fresh)).toEqual(['waiting A still-unavailable']);
    globex.faults.clear();
    await settleSoon();
    expect(twinOf(globex, fresh).summary).toBe('Made during the outage');
  });
});

describe('a field that is not on the partner’s screens', () => {
  it('parks alone, says so, and crosses when it is back', async () => {
    const { a, b } = await aPair();
    const { hiddenFields } = projectOf(b);
    hiddenFields.add('duedate');
    const spent = await spentOn(two, () => priya.edit(a, { summary: 'Crosses', duedate: '2027-05-01' }));
    expect([b.summary, b.dueDate]).toEqual(['Crosses', null]);
    expect(spent.globex).toEqual([PUT]);
    expect(await historyOf(two, a)).toEqual(
      expect.arrayContaining(['applied field:summary A', 'parked field:duedate A field-refused']),
    );

    hiddenFields.delete('duedate');
    priya.edit(a, { duedate: '2027-05-02' });
    await two.settle();
    expect([a.dueDate, b.dueDate]).toEqual(['2027-05-02', '2027-05-02']);
  });

  it('does not keep the twin from being made', async () => {
    const { b } = await aPair();
    const { hiddenFields } = projectOf(b);
    hiddenFields.add('priority');
    const fresh = priya.create('SUP', 'Task', { summary: 'Without priority', priority: { name: 'Highest' } });
    await two.settle();
    hiddenFields.delete('priority');
    const twin = twinOf(two.world.sites.globex, fresh);
    expect([twin.summary, (await noah.look(twin))?.priority]).toEqual(['Without priority', 'Medium']);
    expect(await historyOf(two, fresh)).toContain('parked field:priority A field-refused');
    expect((await priya.look(fresh))?.priority).toBe('Highest');
    // Else it would be tried by itself sooner or later, while another test counts what is written.
    await two.support('POST', `/synchronizations/${two.synchronizationId}/retry`);
    await two.settle();
    expect((await noah.look(twin))?.priority).toBe('Highest');
  });
});

it.each([
  {
    method: 'GET',
    what: 'the look before a transition',
    set: (item: Issue) => priya.setStatus(item, 'Done'),
    write: POST_TRANSITION,
  },
  { method: 'PUT', what: 'the write', set: (item: Issue) => priya.edit(item, { summary: 'After the wait' }), write: PUT },
])(
  'a 429 to a $method ($what) makes the lane wait as long as asked; nothing is lost and it is no failed turn',
  async ({ method, set, write }) => {
    const { a, b } = await aPair();
    two.world.sites.globex.faults.add({
      method,
      when: 'before',
      status: 429,
      retryAfterSeconds: 5,
      reason: 'jira-burst-based',
      times: 1,
    });
    const spent = await spentOn(two, async () => {
      set(a);
      // Longer than the rest that a lane takes between turns (L17), which may come before it.
      await until(async () => (await laneOf(a)).waitsMs > 1_000);
      expect((await laneOf(a)).attempts).toBe(0);
      expect([b.summary, (await noah.look(b))?.status]).toEqual(['As it was', 'To Do']);
    });
    const { summary, status } = (await noah.look(b)) ?? {};
    const { summary: wanted, status: reached } = (await priya.look(a)) ?? {};
    expect([summary, status]).toEqual([wanted, reached]);
    expect(spent.globex).toContain(write);
    expect((await laneOf(a)).attempts).toBe(0);
  },
);
