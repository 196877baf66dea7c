import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Issue } from '../../simulator/heart/site.ts';
import { aMomentLater, historyOf } from '../../test/ledgers.ts';
import { losingAnswers, losingRequests, uncertain, withJira } from '../../test/lost-calls.ts';
import { type Person, personOn, plain, twinOf } from '../../test/person.ts';
import { startTurnsByHand, type TurnsByHand } from '../../test/turns-by-hand.ts';
import { startTwoSites, type TwoSites, until } from '../../test/two-sites.ts';
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

/** A comment of A that is edited there, of which nobody hears how that ended at B; then its copy is edited by a person at B. */
async function editedOnBoth(
  a: Issue,
  b: Issue,
  atA: string,
  losing: (ports: TurnPorts) => TurnPorts,
  atB: string,
): Promise<{ readonly id: string }> {
  const original = priya.comment(a, plain('As it was said'));
  await hand.workOff();
  priya.editComment(a, original.id, plain(atA));
  await turnWith(losing);
  await aMomentLater(two.world.sites.globex);
  noah.editComment(b, b.comments[0]?.id ?? '', plain(atB));
  return original;
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

describe('an edit of which nobody heard, but its own event tells that it was done', () => {
  it('[O10] [K7] is deleted with the comment by whoever edited that once more and deleted it', () =>
    withPair(async (a, b) => {
      await editedOnBoth(a, b, 'Said otherwise', losingComments, 'Or so');
      await deleteAt(b, 0, true);
      expect([a.comments, b.comments]).toEqual([[], []]);
    }));

  it('[O10] was seen by whoever edited the comment there since, and lost no conflict', () =>
    withPair(async (a, b) => {
      await editedOnBoth(a, b, 'Said otherwise', losingComments, 'Or so');
      await hand.workOff();
      for (const item of [a, b]) expect(textsOf(item)).toContain('Or so');
      expect((await historyOf(two, a)).filter((line) => line.startsWith('overwritten'))).toEqual([]);
    }));
});

describe('an edit that never arrived', () => {
  it('[O10] is not taken for that of somebody who wrote the same letters: one of the two lost, and the history tells', () =>
    withPair(async (a, b) => {
      const original = await editedOnBoth(a, b, 'Ship it?', losingCommentRequests, 'Ship it!');
      await hand.workOff();
      for (const item of [a, b]) expect(textsOf(item)).toContain('Ship it!');
      const lost = (await historyOf(two, a)).filter((line) => line.startsWith('overwritten'));
      expect(lost).toEqual([`overwritten comment:A:${original.id} B conflict-lost`]);
    }));
});

describe('an edit of which nobody heard that it was done, and which replaced another unseen', () => {
  it.each([
    ['as the comment shows', false],
    ['as its own event tells, since it was edited again', true],
  ])('[O10] [O11] tells of that, %s', (_, isEditedAgain) =>
    withPair(async (a, b) => {
      const { globex } = two.world.sites;
      const original = priya.comment(a, plain('As it was said'));
      await hand.workOff();
      priya.editComment(a, original.id, plain('From A'));
      globex.webhooks.change({ paused: true });
      const hasty = (ports: TurnPorts): TurnPorts =>
        withJira(ports, (jira) => ({
          editComment: async (...asked) => {
            noah.editComment(b, asked[1], plain('From B'));
            await aMomentLater(globex);
            await jira.editComment(...asked);
            return uncertain;
          },
        }));
      await hand.takeTurn(await hand.claimToldBy('acme'), hasty(hand.ports));
      await aMomentLater(globex);
      if (isEditedAgain) noah.editComment(b, b.comments[0]?.id ?? '', plain('From B again'));
      globex.webhooks.change({ paused: false });
      await hand.workOff();
      const lost = (await historyOf(two, a)).filter((line) => line.startsWith('overwritten'));
      expect(lost).toEqual([`overwritten comment:A:${original.id} A conflict-lost`]);
    }),
  );
});

describe('an edit that was given up and arrives after all', () => {
  /** An edit of A is on its way for long; meanwhile it is given up and made again. Then `meanwhile`, and it arrives. */
  async function arrivesLate(a: Issue, b: Issue, id: string, meanwhile: () => Promise<void> | void): Promise<readonly string[]> {
    const { globex } = two.world.sites;
    let arrive = (): Promise<unknown> => Promise.resolve();
    const slow = (ports: TurnPorts): TurnPorts =>
      withJira(ports, (jira) => ({
        editComment: (issueId, commentId, body, trace) => {
          arrive = () => jira.editComment(issueId, commentId, body, trace);
          return Promise.resolve(uncertain);
        },
      }));
    priya.editComment(a, id, plain('Version one'));
    await turnWith(slow);
    await hand.workOff();
    expect(textsOf(b)).toContain('Version one');
    // Events name the moment; what is less than a second later counts as the same.
    await until(() => globex.heart.clock.now() > (b.comments[0]?.updated ?? 0) + 1100);
    await meanwhile();
    await aMomentLater(globex);
    await arrive();
    await hand.workOff();
    return (await historyOf(two, a)).filter((line) => line.startsWith('overwritten'));
  }

  it('[O11] tells of what it replaced', () =>
    withPair(async (a, b) => {
      const { id } = priya.comment(a, plain('As it was said'));
      await hand.workOff();
      const lost = await arrivesLate(a, b, id, () => noah.editComment(b, b.comments[0]?.id ?? '', plain('Noah says')));
      expect(lost).toEqual([`overwritten comment:A:${id} A conflict-lost`]);
    }));

  it('[O11] does not stand against what was said since', () =>
    withPair(async (a, b) => {
      const { id } = priya.comment(a, plain('As it was said'));
      await hand.workOff();
      await arrivesLate(a, b, id, async () => {
        priya.editComment(a, id, plain('Version two'));
        await hand.workOff();
        const { globex } = two.world.sites;
        await until(() => globex.heart.clock.now() > (b.comments[0]?.updated ?? 0) + 1100);
      });
      for (const item of [a, b]) expect(textsOf(item)).toContain('Version two');
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
