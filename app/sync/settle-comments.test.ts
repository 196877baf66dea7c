import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Issue } from '../../simulator/heart/site.ts';
import { aMomentLater, historyOf } from '../../test/ledgers.ts';
import { losingAnswers, losingRequests } from '../../test/lost-calls.ts';
import { type Person, personOn, plain, twinOf } from '../../test/person.ts';
import { startTurnsByHand, type TurnsByHand } from '../../test/turns-by-hand.ts';
import { startTwoSites, type TwoSites } from '../../test/two-sites.ts';
import type { TurnPorts } from './turn.ts';

let two: TwoSites;
let hand: TurnsByHand;
let priya: Person;
let noah: Person;

beforeAll(async () => {
  two = await startTwoSites({ role: 'web' });
  priya = personOn(two.world.sites.acme, 'Priya Raman');
  noah = personOn(two.world.sites.globex, 'Noah Becker');
});
afterAll(() => two.close());

/** Each with a process of its own, whose clock is that of the sites until time passes. */
async function withPair(scene: (a: Issue, b: Issue) => Promise<void>): Promise<void> {
  hand = await startTurnsByHand(two);
  try {
    const a = priya.create('SUP', 'Task', { summary: 'As it was' });
    await hand.takeTurn(await hand.claim());
    await hand.workOff();
    await scene(a, twinOf(two.world.sites.globex, a));
  } finally {
    await hand.close();
  }
}

const turnWith = async (change: (ports: TurnPorts) => TurnPorts): Promise<void> =>
  void (await hand.takeTurn(await hand.claim(), change(hand.ports)));

/** Comments are made and edited, and nobody hears of it. */
const losingComments = (ports: TurnPorts): TurnPorts => losingAnswers(ports, 'createComment', 'editComment');
/** Neither is a comment made or edited, nor does anybody hear that it was not. */
const losingCommentRequests = (ports: TurnPorts): TurnPorts => losingRequests(ports, 'createComment', 'editComment');

/** Somebody deletes the comment; where it is not `heard`, no event of it comes until the next turn is over. */
async function deleteAt(issue: Issue, nth: number, heard: boolean): Promise<void> {
  const { globex } = two.world.sites;
  await two.world.idle();
  globex.webhooks.change({ paused: !heard });
  await aMomentLater(globex);
  personOn(globex).deleteComment(issue, issue.comments[nth]?.id ?? '');
  if (heard) await two.world.idle();
  await hand.passTime();
  await hand.takeTurn(await hand.claimToldBy('acme'));
  globex.webhooks.change({ paused: false });
  await hand.workOff();
}

const textsOf = (issue: Issue): string => JSON.stringify(issue.comments.map(({ body }) => body));

describe.each([
  ['its event', true],
  ['the history alone', false],
])('what was deleted before anybody knew of it, as %s tells', (_, heard) => {
  it('[O10] an edit that nobody heard of does not bring the comment back', () =>
    withPair(async (a, b) => {
      const original = priya.comment(a, plain('As it was said'));
      await hand.workOff();
      priya.editComment(a, original.id, plain('Said otherwise'));
      await turnWith(losingComments);
      await deleteAt(b, 0, heard);
      expect([a.comments, b.comments]).toEqual([[], []]);
    }));

  it('[K9] [K7] a copy that nobody heard of is made again with the words that its original has since', () =>
    withPair(async (a, b) => {
      const original = priya.comment(a, plain('Soon gone'));
      await turnWith(losingComments);
      priya.editComment(a, original.id, plain('Reworded'));
      await deleteAt(b, 0, heard);
      for (const item of [a, b]) {
        expect(item.comments).toHaveLength(1);
        expect(textsOf(item)).toContain('Reworded');
      }
    }));

  it('[K9] a copy that nobody heard of is not made again', () =>
    withPair(async (a, b) => {
      priya.comment(a, plain('Said once'));
      await turnWith(losingComments);
      await deleteAt(b, 0, heard);
      expect([a.comments, b.comments]).toEqual([[], []]);
    }));
});

describe('an edit of a comment of which nobody heard that it was done', () => {
  it('[O10] [F9] tells that the edit it replaced lost a conflict', () =>
    withPair(async (a, b) => {
      const original = priya.comment(a, plain('As it was said'));
      await hand.workOff();
      priya.editComment(a, original.id, plain('From A'));
      await aMomentLater(two.world.sites.globex);
      noah.editComment(b, b.comments[0]?.id ?? '', plain('From B'));
      await turnWith(losingComments);
      await hand.workOff();
      for (const item of [a, b]) expect(textsOf(item)).toContain('From B');
      const lost = (await historyOf(two, a)).filter((line) => line.startsWith('overwritten'));
      expect(lost).toEqual([`overwritten comment:A:${original.id} B conflict-lost`]);
    }));
});

describe('a comment that never arrived', () => {
  it('[K9] stays and is copied, though somebody had written and deleted its words on the other side before', () =>
    withPair(async (a, b) => {
      const theirs = noah.comment(b, plain('Priya Raman: Done'));
      noah.deleteComment(b, theirs.id);
      await aMomentLater(two.world.sites.globex);
      priya.comment(a, plain('Done'));
      await turnWith(losingCommentRequests);
      await hand.workOff();
      for (const item of [a, b]) expect(textsOf(item)).toContain('Done');
    }));

  it('[K9] stays and is copied, though another with its words was deleted before', () =>
    withPair(async (a, b) => {
      const first = priya.comment(a, plain('Fixed'));
      await hand.workOff();
      priya.deleteComment(a, first.id);
      await hand.workOff();
      await aMomentLater(two.world.sites.globex);
      priya.comment(a, plain('Fixed!'));
      await turnWith(losingCommentRequests);
      await hand.workOff();
      for (const item of [a, b]) expect(textsOf(item)).toContain('Fixed!');
    }));

  it('[K9] stays and is copied, though another with its words is deleted meanwhile', () =>
    withPair(async (a, b) => {
      priya.comment(a, plain('Fixed'));
      await hand.workOff();
      priya.comment(a, plain('Fixed!'));
      await turnWith(losingCommentRequests);
      await deleteAt(b, 0, false);
      for (const item of [a, b]) {
        expect(item.comments).toHaveLength(1);
        expect(textsOf(item)).toContain('Fixed!');
      }
    }));
});
