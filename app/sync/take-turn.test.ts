import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Issue } from '../../simulator/heart/site.ts';
import { historyOf, writesTo } from '../../test/ledgers.ts';
import { type Person, personOn, plain, twinOf, twinsOf, wordsOf } from '../../test/person.ts';
import { type Scene, startScene } from '../../test/scene.ts';
import { Died, dyingPorts, heldUpPorts, type TurnsByHand } from '../../test/turns-by-hand.ts';
import type { TwoSites } from '../../test/two-sites.ts';
import type { TurnPorts } from './turn.ts';

let scene: Scene;
let two: TwoSites;
let hand: TurnsByHand;
let priya: Person;
let noah: Person;

beforeAll(async () => {
  scene = await startScene();
  ({ two, hand, priya, noah } = scene);
  // The first creation asks for the newest number in the other space; in whatever order, no test is that one.
  await aPairAtRest();
});
afterAll(() => scene.close());

/** SUP's item with a description, two comments and a status beyond the first. */
function anItem(): Issue {
  const item = priya.create('SUP', 'Task', { summary: 'Under way', description: plain('Before'), labels: ['one'] });
  priya.setStatus(item, 'In Progress');
  priya.comment(item, plain('first'));
  priya.comment(item, plain('second'));
  return item;
}

async function aPairAtRest(): Promise<Issue> {
  const item = anItem();
  await hand.workOff();
  return item;
}

const wordsIn = (issue: Issue): string[] => issue.comments.map(({ body }) => wordsOf(body));

/** Both sides alike, nothing there twice, nothing left open, and another look finds nothing to do. */
async function expectAlike(item: Issue): Promise<void> {
  const { acme, globex } = two.world.sites;
  expect(twinsOf(globex, item)).toHaveLength(1);
  expect(twinsOf(acme, item)).toHaveLength(0);
  const twin = twinOf(globex, item);
  const { comments: _originals, ...shown } = (await priya.look(item)) ?? { comments: [] };
  const { comments: _copies, ...shownThere } = (await noah.look(twin)) ?? { comments: [] };
  expect(shownThere).toEqual(shown);
  expect(wordsIn(twin)).toEqual(wordsIn(item).map((words) => `Priya Raman:\n${words}`));
  expect(await hand.openEffects()).toBe(0);

  for (const { heart } of [acme, globex]) heart.ledger.reset();
  await two.database.execute("UPDATE lane SET gen = gen + 1, due_at = now(), told = '{A:look,B:look}' WHERE lane_key LIKE $1", [
    `%:A:${item.id}`,
  ]);
  await hand.workOff();
  expect([...writesTo(acme), ...writesTo(globex)]).toEqual([]);
}

interface Work {
  readonly what: string;
  /** What there was, and what a person then does with it. */
  arrange(): Promise<{ item: Issue; change: () => void }>;
  /** Calls of ports that a whole turn takes; a turn that takes more or fewer is a change to notice. */
  readonly calls: number;
}

const WORK: readonly Work[] = [
  {
    what: 'the making of a twin with comments and a status',
    async arrange() {
      two.world.sites.acme.webhooks.change({ paused: true });
      const item = anItem();
      return { item, change: () => two.world.sites.acme.webhooks.change({ paused: false }) };
    },
    calls: 10,
  },
  {
    what: 'an edit of fields',
    async arrange() {
      const item = await aPairAtRest();
      return { item, change: () => priya.edit(item, { summary: 'After', labels: ['two'], duedate: '2027-02-03' }) };
    },
    calls: 4,
  },
  {
    what: 'a change of status',
    async arrange() {
      const item = await aPairAtRest();
      return { item, change: () => priya.setStatus(item, 'Done') };
    },
    calls: 5,
  },
  {
    what: 'an edit of a comment',
    async arrange() {
      const item = await aPairAtRest();
      return { item, change: () => priya.editComment(item, item.comments[0]?.id ?? '', plain('reworded')) };
    },
    calls: 6,
  },
  {
    what: 'a deletion of a comment',
    async arrange() {
      const item = await aPairAtRest();
      return { item, change: () => personOn(two.world.sites.acme).deleteComment(item, item.comments[0]?.id ?? '') };
    },
    calls: 6,
  },
];

describe('a process that dies', () => {
  for (const { what, arrange, calls } of WORK) {
    it.each(['before', 'after'] as const)(
      `[I3, O10] %s any call during ${what} leaves nothing lost and nothing double`,
      async (when) => {
        for (let at = 0; at < calls; at++) {
          const { item, change } = await arrange();
          change();
          const { ports } = dyingPorts(hand.ports, at, when);
          await expect(hand.takeTurn(await hand.claim(), ports)).rejects.toBeInstanceOf(Died);
          await hand.passTime();
          await hand.workOff();
          await expectAlike(item);
        }
      },
      60_000,
    );

    it(`has ${calls} calls to die at during ${what}`, async () => {
      const { item, change } = await arrange();
      change();
      const { ports, begun } = dyingPorts(hand.ports, Number.POSITIVE_INFINITY, 'before');
      expect(await hand.takeTurn(await hand.claim(), ports)).toMatchObject({
        kind: 'recorded',
        end: { kind: expect.stringMatching(/done|watch/) },
      });
      expect(begun()).toBe(calls);
      await hand.workOff();
      await expectAlike(item);
    });
  }
});

describe('a process that dies while several turns share a call', () => {
  const TWINS = 3;
  const CALLS = 7 * TWINS;
  // The first item of a space costs a search of its own.
  beforeAll(async () => void (await aPairAtRest()));

  /** Several turns at the same time, in one process. */
  async function takeTogether(ports: TurnPorts): Promise<readonly PromiseSettledResult<unknown>[]> {
    await two.world.idle();
    const claims = await hand.tandem.turns.lanes.claim(TWINS, 60 * 60_000);
    expect(claims).toHaveLength(TWINS);
    return Promise.allSettled(claims.map((claim) => hand.takeTurn(claim, ports)));
  }

  const several = (): Issue[] =>
    Array.from({ length: TWINS }, (_, n) => priya.create('SUP', 'Task', { summary: `At once ${n}` }));
  const bulkCalls = () => two.world.sites.globex.heart.ledger.entries.filter(({ path }) => path.endsWith('/issue/bulk'));

  it(`makes ${TWINS} twins in one call, and has ${CALLS} calls of ports to die at`, async () => {
    const items = several();
    const { ports, begun } = dyingPorts(hand.ports, Number.POSITIVE_INFINITY, 'before');
    await two.world.idle();
    two.world.sites.globex.heart.ledger.reset();
    await takeTogether(ports);
    expect(begun()).toBe(CALLS);
    expect(bulkCalls()).toMatchObject([{ points: TWINS, status: 201 }]);
    await hand.workOff();
    expect(two.world.sites.globex.heart.ledger.points()).toBe(TWINS);
    for (const item of items) await expectAlike(item);
  });

  it.each(['before', 'after'] as const)(
    '[I3, O10] %s any call leaves nothing lost and nothing double',
    async (when) => {
      for (let at = 0; at < CALLS; at++) {
        const items = several();
        const ended = await takeTogether(dyingPorts(hand.ports, at, when).ports);
        expect(ended.some(({ status }) => status === 'rejected')).toBe(true);
        await hand.passTime();
        await hand.workOff();
        for (const item of items) await expectAlike(item);
      }
    },
    60_000,
  );
});

describe('a worker that is held up for longer than its lease', () => {
  it.each(WORK)('after any call during $what writes nothing any more, since its claim is void', async ({ arrange, calls }) => {
    for (let at = 0; at < calls - 1; at++) {
      const { item, change } = await arrange();
      change();
      const { ports, heldUp, goOn } = heldUpPorts(hand.ports, at, 'after');
      const zombie = hand.takeTurn(await hand.claim(), ports);
      await heldUp;
      await hand.passTime();
      await hand.workOff();
      for (const { heart } of Object.values(two.world.sites)) heart.ledger.reset();
      goOn();
      expect(await zombie).toEqual({ kind: 'fenced' });
      for (const site of Object.values(two.world.sites)) expect(writesTo(site)).toEqual([]);
      await expectAlike(item);
    }
  });

  it.each([
    { call: 'createItem', arrange: WORK[0]?.arrange },
    {
      call: 'createComment',
      arrange: async () => {
        const item = await aPairAtRest();
        return { item, change: () => void priya.comment(item, plain('third')) };
      },
    },
  ])('[R4] and whose $call was still on its way makes no second one', async ({ call, arrange }) => {
    if (arrange === undefined) throw new Error('no work');
    const { item, change } = await arrange();
    change();
    const { ports, heldUp, goOn } = heldUpPorts(hand.ports, call, 'before');
    const zombie = hand.takeTurn(await hand.claim(), ports);
    await heldUp;
    await two.database.execute("UPDATE lane SET due_at = now() - interval '1 ms' WHERE lease_until IS NOT NULL", []);
    const heir = await hand.takeTurn(await hand.claim());
    expect(heir).toMatchObject({ kind: 'recorded', end: { kind: 'again', attempt: false } });
    goOn();
    expect(await zombie).toEqual({ kind: 'fenced' });
    await hand.workOff();
    await expectAlike(item);
  });
});

describe('an answer that is lost', () => {
  const LOST = [
    { call: 'POST /issue', change: () => undefined, at: 0 },
    { call: 'POST /issue/{issueIdOrKey}/transitions', change: (item: Issue) => priya.setStatus(item, 'Done'), at: 1 },
    { call: 'POST /issue/{issueIdOrKey}/comment', change: () => undefined, at: 0 },
    { call: 'PUT /issue/{issueIdOrKey}', change: (item: Issue) => priya.edit(item, { summary: 'After' }), at: 1 },
    {
      call: 'PUT /issue/{issueIdOrKey}/comment/{id}',
      change: (item: Issue) => priya.editComment(item, item.comments[0]?.id ?? '', plain('reworded')),
      at: 1,
    },
    {
      call: 'DELETE /issue/{issueIdOrKey}/comment/{id}',
      change: (item: Issue) => personOn(two.world.sites.acme).deleteComment(item, item.comments[0]?.id ?? ''),
      at: 1,
    },
  ];
  const FAULTS = [
    { fault: 'after the work was done', when: 'after', status: null },
    { fault: 'after the work, by a gateway', when: 'after', status: 504 },
    { fault: 'before any work', when: 'before', status: null },
  ] as const;

  it.each(LOST.flatMap((one) => FAULTS.map((fault) => ({ ...one, ...fault }))))(
    '[R4, P4] $call, $fault: looked up before it is repeated, and after ten seconds at the earliest',
    async ({ call, change, at, when, status }) => {
      const item = at === 0 ? anItem() : await aPairAtRest();
      change(item);
      const [method = '', path = ''] = call.split(' ');
      const { globex } = two.world.sites;
      const claim = await hand.claim();
      globex.faults.add({ method, path: `/rest/api/3${path}`, when, status, times: 1 });
      const before = hand.ports.clock.now();
      const ended = await hand.takeTurn(claim);
      expect(ended).toMatchObject({ kind: 'recorded', end: { kind: 'again', attempt: true } });
      if (ended.kind === 'recorded' && ended.end.kind === 'again') expect(ended.end.at).toBeGreaterThanOrEqual(before + 10_000);
      await hand.workOff();
      await expectAlike(item);
    },
  );
});

it('waits while a site cannot be reached through its connection, says so once, and goes on when it can', async () => {
  const item = await aPairAtRest();
  priya.edit(item, { summary: 'After' });
  const cutOff = { ...hand.ports, sites: { reach: () => Promise.resolve(null) } };
  for (let turns = 0; turns < 2; turns += 1) {
    const ended = await hand.takeTurn(await hand.claim(), cutOff);
    expect(ended).toMatchObject({ kind: 'recorded', end: { kind: 'again', attempt: true } });
    await hand.passTime();
  }
  const waiting = (await historyOf(two, item)).filter((line) => line.startsWith('waiting'));
  expect(waiting).toEqual(['waiting A partner-unreachable']);
  await hand.workOff();
  await expectAlike(item);
});
