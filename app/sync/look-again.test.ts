import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Issue } from '../../simulator/heart/site.ts';
import { aMomentLater, historyOf } from '../../test/ledgers.ts';
import { type Person, personOn, plain, twinOf, wordsOf } from '../../test/person.ts';
import { type Scene, startScene } from '../../test/scene.ts';
import { observed, type TurnsByHand } from '../../test/turns-by-hand.ts';
import type { TwoSites } from '../../test/two-sites.ts';
import { LOOKED_LATELY_MS } from '../core/looked-lately.ts';
import type { TurnPorts } from './turn.ts';

let scene: Scene;
let two: TwoSites;
let hand: TurnsByHand;
let priya: Person;
let noah: Person;
let admins: { acme: Person; globex: Person };

beforeAll(async () => {
  scene = await startScene();
  ({ two, hand, priya, noah } = scene);
  const { acme, globex } = two.world.sites;
  admins = { acme: personOn(acme), globex: personOn(globex) };
});
afterEach(() => holdEvents(false));
afterAll(() => scene.close());

/** Both have two comments, which Priya wrote. */
async function aPairAtRest(): Promise<{ a: Issue; b: Issue }> {
  const a = priya.create('SUP', 'Task', { summary: 'As it was' });
  priya.comment(a, plain('first'));
  priya.comment(a, plain('second'));
  await hand.workOff();
  return { a, b: twinOf(two.world.sites.globex, a) };
}

function holdEvents(paused: boolean): void {
  const { acme, globex } = two.world.sites;
  for (const site of [acme, globex]) site.webhooks.change({ paused });
}

const idOf = (issue: Issue, nth: number): string => issue.comments[nth]?.id ?? '';
const shownOn = (issue: Issue): string[] => issue.comments.map(({ body }) => wordsOf(body).split('\n').at(-1) ?? '').toSorted();
const statusOf = async (person: Person, issue: Issue): Promise<string | undefined> => (await person.look(issue))?.status;

interface Held {
  readonly ports: TurnPorts;
  /** The names of all calls. */
  readonly calls: string[];
}

/** A process that stands still for half a minute before its first call of that name arrives, while `meanwhile` happens. */
function standingStill(name: string, meanwhile: () => Promise<void>): Held {
  let passed = 0;
  const calls: string[] = [];
  const ports = observed(hand.ports, async (called, call) => {
    const isFirst = called === name && !calls.includes(name);
    calls.push(called);
    if (isFirst) {
      passed += 30_000;
      await meanwhile();
    }
    return await call();
  });
  return { ports: { ...ports, clock: { now: () => hand.ports.clock.now() + passed } }, calls };
}

/** A turn that looks at both, writes fields of A, and stands still before that write. */
async function heldUpBeforeFields(b: Issue, meanwhile: () => Promise<void>): Promise<void> {
  noah.edit(b, { summary: 'From B' });
  admins.globex.editComment(b, idOf(b, 0), plain('first, from B'));
  const claim = await hand.claim();
  holdEvents(true);
  await hand.takeTurn(claim, standingStill('writeFields', meanwhile).ports);
  holdEvents(false);
  await hand.workOff();
}

describe('what was looked at half a minute ago, when the process stood still', () => {
  it('[O12, K7] is looked at again before a comment is deleted: an edit of meanwhile is copied', async () => {
    const { a, b } = await aPairAtRest();
    await heldUpBeforeFields(b, async () => {
      admins.acme.deleteComment(a, idOf(a, 1));
      await aMomentLater(two.world.sites.globex);
      admins.globex.editComment(b, idOf(b, 1), plain('second, and more'));
    });
    expect(shownOn(b)).toEqual(['first, from B', 'second, and more']);
    expect(shownOn(a)).toEqual(shownOn(b));
  });

  it('[O12, K2] is looked at again before a comment is edited: the newer edit wins', async () => {
    const { a, b } = await aPairAtRest();
    await heldUpBeforeFields(b, async () => {
      priya.editComment(a, idOf(a, 1), plain('second, from A'));
      await aMomentLater(two.world.sites.globex);
      admins.globex.editComment(b, idOf(b, 1), plain('second, from B'));
    });
    expect(shownOn(b)).toEqual(['first, from B', 'second, from B']);
    expect(shownOn(a)).toEqual(shownOn(b));
  });

  it('[O12, F4] is looked at again before a transition: the newer status wins', async () => {
    const { a, b } = await aPairAtRest();
    await heldUpBeforeFields(b, async () => {
      priya.setStatus(a, 'In Progress');
      await aMomentLater(two.world.sites.globex);
      noah.setStatus(b, 'Done');
    });
    expect([await statusOf(priya, a), await statusOf(noah, b)]).toEqual(['Done', 'Done']);
    expect(await historyOf(two, a)).toContain('overwritten status B conflict-lost');
  });

  it('[O12] is looked at again between two writes of one plan', async () => {
    const { a, b } = await aPairAtRest();
    priya.editComment(a, idOf(a, 0), plain('first, from A'));
    priya.editComment(a, idOf(a, 1), plain('second, from A'));
    const claim = await hand.claim();
    holdEvents(true);
    const meanwhile = async (): Promise<void> => {
      await aMomentLater(two.world.sites.globex);
      admins.globex.editComment(b, idOf(b, 1), plain('second, from B'));
    };
    const { ports, calls } = standingStill('editComment', meanwhile);
    await hand.takeTurn(claim, ports);
    expect(calls.filter((name) => name === 'readItem' || name === 'editComment')).toEqual([
      'readItem',
      'readItem',
      'editComment',
      // The target; and then the other side, which is the target now.
      'readItem',
      'readItem',
      'editComment',
    ]);
    expect([shownOn(a), shownOn(b)]).toEqual([
      ['first, from A', 'second, from B'],
      ['first, from A', 'second, from B'],
    ]);
  });
});

it('[O12] a site that always takes longer than a look counts is written to all the same', async () => {
  const { a, b } = await aPairAtRest();
  priya.editComment(a, idOf(a, 0), plain('first, slowly'));
  admins.acme.deleteComment(a, idOf(a, 1));
  const claim = await hand.claim();
  let passed = 0;
  const slow = observed(hand.ports, (name, call) => {
    if (name === 'readItem' || name.endsWith('Comment')) passed += LOOKED_LATELY_MS + 1;
    return call();
  });
  await hand.takeTurn(claim, { ...slow, clock: { now: () => hand.ports.clock.now() + passed } });
  expect(shownOn(b)).toEqual(['first, slowly']);
});
