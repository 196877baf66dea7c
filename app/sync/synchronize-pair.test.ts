import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Issue } from '../../simulator/heart/site.ts';
import { aMomentLater, historyOf } from '../../test/ledgers.ts';
import { losingAnswers, losingRequests, withJira } from '../../test/lost-calls.ts';
import { type Person, personOn, plain, twinOf } from '../../test/person.ts';
import { type Scene, startScene } from '../../test/scene.ts';
import { heldUpPorts, observed, type TurnsByHand } from '../../test/turns-by-hand.ts';
import type { TwoSites } from '../../test/two-sites.ts';
import { fail } from '../core/failure.ts';
import type { Claim } from './ports.ts';
import type { TurnPorts } from './turn.ts';

let scene: Scene;
let two: TwoSites;
let hand: TurnsByHand;
let priya: Person;
let noah: Person;

beforeAll(async () => {
  scene = await startScene();
  ({ two, hand, priya, noah } = scene);
});
afterAll(() => scene.close());

const aPairAtRest = () => scene.aPair({ summary: 'As it was', duedate: '2027-01-01', description: plain('Before') });

/** The same ports, but the n-th write of fields (from 0) finds the site away. */
function awayAtWrite(ports: TurnPorts, nth: number): TurnPorts {
  let begun = 0;
  return withJira(ports, (jira) => ({
    writeFields: (...request) =>
      begun++ === nth
        ? Promise.resolve(fail({ kind: 'unavailable', detail: 'away for a moment' }))
        : jira.writeFields(...request),
  }));
}

/** The lane of an item of side A, once time has passed. Lanes of others that are watched fall due then, too. */
async function claimLater(item: Issue): Promise<Claim> {
  await two.world.idle();
  await hand.passTime();
  const claims = await hand.tandem.turns.lanes.claim(20, 60 * 60_000);
  const claim = claims.find(({ subject }) => subject.side === 'A' && subject.issueId === item.id);
  if (claim === undefined) throw new Error(`The lane of ${item.key} is not due.`);
  return claim;
}

describe('edits that slipped in before our write, while their own events are late', () => {
  it('[O7] stand again, all of them, though the site is away while the first is put back', async () => {
    const { a, b } = await aPairAtRest();
    two.world.sites.globex.webhooks.change({ paused: true });
    priya.edit(a, { summary: 'From A', duedate: '2027-02-02' });
    const claim = await hand.claimToldBy('acme');
    noah.edit(b, { summary: 'From B', duedate: '2027-03-03' });
    await hand.takeTurn(claim, awayAtWrite(hand.ports, 1));
    two.world.sites.globex.webhooks.change({ paused: false });
    await hand.workOff();
    expect([a.summary, a.dueDate, b.summary, b.dueDate]).toEqual(['From B', '2027-03-03', 'From B', '2027-03-03']);
  });

  it('[O7] stand again though the other side is away before one is put back', async () => {
    const { a, b } = await aPairAtRest();
    priya.edit(a, { duedate: '2027-02-02' });
    noah.edit(b, { summary: 'From B' });
    await two.world.idle();
    two.world.sites.acme.webhooks.change({ paused: true });
    priya.edit(a, { summary: 'From A, later' });
    const claim = await hand.claimToldBy('globex');
    await hand.takeTurn(claim, awayAtWrite(hand.ports, 1));
    two.world.sites.acme.webhooks.change({ paused: false });
    await hand.workOff();
    expect([a.summary, a.dueDate, b.summary, b.dueDate]).toEqual(['From A, later', '2027-02-02', 'From A, later', '2027-02-02']);
  });
});

/** The same ports, but nobody may write fields. */
const refusingWrites = (ports: TurnPorts): TurnPorts =>
  withJira(ports, () => ({ writeFields: () => Promise.resolve(fail({ kind: 'forbidden' })) }));

/** One turn of every lane, those included that wait for their time: of other tests' items too. */
async function takeAllTurns(ports: TurnPorts): Promise<void> {
  await two.world.idle();
  await hand.passTime();
  for (const claim of await hand.tandem.turns.lanes.claim(20, 60 * 60_000)) await hand.takeTurn(claim, ports);
}

it('[F10] an edit that led back to what was agreed is still the newer one once its write was refused', async () => {
  const { a, b } = await aPairAtRest();
  const { acme, globex } = two.world.sites;
  for (const site of [acme, globex]) site.webhooks.change({ paused: true });
  noah.edit(b, { duedate: '2027-05-05' });
  await aMomentLater(acme);
  priya.edit(a, { duedate: '2027-06-06' });
  await aMomentLater(globex);
  noah.edit(b, { duedate: '2027-01-01' });
  for (const site of [acme, globex]) site.webhooks.change({ paused: false });
  await two.world.idle();
  let tries = 0;
  const refusing = observed(refusingWrites(hand.ports), (name, call) => {
    tries += name === 'writeFields' ? 1 : 0;
    return call();
  });
  await hand.takeTurn(await claimLater(a), refusing);
  expect(tries).toBe(1);
  await hand.passTime();
  priya.edit(a, { summary: 'So that a turn comes' });
  await hand.workOff();
  expect([a.dueDate, b.dueDate]).toEqual(['2027-01-01', '2027-01-01']);
});

it('[F10] an edit that led back to what was agreed is the newest one though what it took back was refused, too', async () => {
  const { a, b } = await aPairAtRest();
  const { acme, globex } = two.world.sites;
  const agreed = b.dueDate;
  priya.edit(a, { duedate: '2027-06-06' });
  await takeAllTurns(refusingWrites(hand.ports));
  await aMomentLater(acme);
  noah.edit(b, { duedate: '2027-05-05' });
  await takeAllTurns(refusingWrites(hand.ports));
  await aMomentLater(globex);
  noah.edit(b, { duedate: agreed });
  await hand.workOff();
  expect([a.dueDate, b.dueDate]).toEqual([agreed, agreed]);
});

describe('labels', () => {
  const aPairWith = (labels: readonly string[]) => scene.aPair({ summary: 'With labels', labels });

  it.each([
    ['done, and removed where it came to', true, 'b', []],
    ['done, and removed where it came from', true, 'a', []],
    ['not done', false, null, ['x']],
  ] as const)('[O10] an addition whose answer was lost: %s', async (_, isDone, removedAt, expected) => {
    const { a, b } = await aPairWith([]);
    priya.edit(a, { labels: ['x'] });
    await hand.takeTurn(
      await hand.claim(),
      isDone ? losingAnswers(hand.ports, 'writeFields') : losingRequests(hand.ports, 'writeFields'),
    );
    if (removedAt === 'a') priya.edit(a, { labels: [] });
    if (removedAt === 'b') noah.edit(b, { labels: [] });
    await hand.workOff();
    expect([a.labels, b.labels]).toEqual([expected, expected]);
  });

  it('[G6] one that came to both does not come back once removed, though another one is refused since', async () => {
    const { a, b } = await aPairWith([]);
    priya.edit(a, { labels: ['x'] });
    await hand.takeTurn(await hand.claim(), losingAnswers(hand.ports, 'writeFields'));
    priya.edit(a, { labels: ['x', 'y'] });
    await takeAllTurns(refusingWrites(hand.ports));
    noah.edit(b, { labels: [] });
    await hand.workOff();
    expect([a.labels, b.labels]).toEqual([['y'], ['y']]);
  });
});

describe('a comment that both sides edited in the same moment', () => {
  it('[O11] is as the one whose write came last, and the history tells of the other one', async () => {
    const { a, b } = await aPairAtRest();
    const first = priya.comment(a, plain('As it was'));
    await hand.workOff();
    priya.editComment(a, first.id, plain('From A'));
    const { ports, heldUp, goOn } = heldUpPorts(hand.ports, 'editComment', 'before');
    const turn = hand.takeTurn(await hand.claim(), ports);
    await heldUp;
    await aMomentLater(two.world.sites.globex);
    noah.editComment(b, b.comments[0]?.id ?? '', plain('From B'));
    await aMomentLater(two.world.sites.globex);
    goOn();
    await turn;
    const before = await historyOf(two, a);
    await hand.workOff();
    expect(JSON.stringify([a.comments, b.comments])).not.toContain('From B');
    expect((await historyOf(two, a)).slice(before.length).filter((line) => line.startsWith('overwritten'))).toEqual([
      expect.stringMatching(/^overwritten comment:A:\d+ A conflict-lost$/),
    ]);
  });

  it('[O11] lost although its event came only when the first had been edited once more', async () => {
    const { a, b } = await aPairAtRest();
    const { globex } = two.world.sites;
    const first = priya.comment(a, plain('As it was'));
    await hand.workOff();
    globex.webhooks.change({ paused: true });
    const hasty = withJira(hand.ports, (jira) => ({
      editComment: async (...asked) => {
        noah.editComment(b, b.comments[0]?.id ?? '', plain('From B'));
        await aMomentLater(globex);
        return jira.editComment(...asked);
      },
    }));
    priya.editComment(a, first.id, plain('From A'));
    await hand.takeTurn(await hand.claimToldBy('acme'), hasty);
    priya.editComment(a, first.id, plain('From A again'));
    await hand.takeTurn(await hand.claimToldBy('acme'));
    globex.webhooks.change({ paused: false });
    await hand.workOff();
    expect(JSON.stringify(b.comments)).toContain('From A again');
    expect((await historyOf(two, a)).filter((line) => line.startsWith('overwritten'))).toEqual([
      `overwritten comment:A:${first.id} A conflict-lost`,
    ]);
  });

  it('[O11] lost although it is one of many that we edited in one turn', async () => {
    const { a, b } = await aPairAtRest();
    const { globex } = two.world.sites;
    const many = Array.from({ length: 12 }, (_, n) => priya.comment(a, plain(`Comment ${n}`)));
    await hand.workOff();
    globex.webhooks.change({ paused: true });
    let edited = 0;
    const hasty = withJira(hand.ports, (jira) => ({
      editComment: async (...asked) => {
        if (edited++ === 0) noah.editComment(b, asked[1], plain('From B'));
        await aMomentLater(globex);
        return jira.editComment(...asked);
      },
    }));
    for (const [n, { id }] of many.entries()) priya.editComment(a, id, plain(`Edit ${n}`));
    await hand.takeTurn(await hand.claimToldBy('acme'), hasty);
    globex.webhooks.change({ paused: false });
    await hand.workOff();
    expect((await historyOf(two, a)).filter((line) => line.startsWith('overwritten'))).toHaveLength(1);
  });

  it('[O11] lost when ours deleted the comment just then', async () => {
    const { a, b } = await aPairAtRest();
    const first = priya.comment(a, plain('As it was'));
    await hand.workOff();
    const hasty = withJira(hand.ports, (jira) => ({
      deleteComment: async (...asked) => {
        noah.editComment(b, b.comments[0]?.id ?? '', plain('From B'));
        await aMomentLater(two.world.sites.globex);
        return jira.deleteComment(...asked);
      },
    }));
    priya.deleteComment(a, first.id);
    await hand.takeTurn(await hand.claim(), hasty);
    await hand.workOff();
    expect([a.comments, b.comments]).toEqual([[], []]);
    expect((await historyOf(two, a)).filter((line) => line.startsWith('overwritten'))).toEqual([
      `overwritten comment:A:${first.id} A conflict-lost`,
    ]);
  });
});

it('[O10] of two writes of one value that nobody heard the end of, one was done, and it replaced what was known', async () => {
  const { a, b } = await aPairAtRest();
  two.world.sites.globex.faults.add({ method: 'PUT', when: 'before', status: null, times: 1 });
  priya.edit(a, { summary: 'Written twice' });
  await hand.takeTurn(await hand.claim());
  const again = await claimLater(a);
  const { ports, heldUp, goOn } = heldUpPorts(hand.ports, 'writeFields', 'after');
  const zombie = hand.takeTurn(again, ports);
  await heldUp;
  await hand.passTime();
  await hand.workOff();
  goOn();
  expect(await zombie).toEqual({ kind: 'fenced' });
  expect([a.summary, b.summary]).toEqual(['Written twice', 'Written twice']);
  expect((await historyOf(two, a)).filter((line) => line.startsWith('overwritten'))).toEqual([]);
});

describe('an item that was moved out of its space', () => {
  it.each(['A', 'B'] as const)('[I6] on %s is not written when the other side is edited, until it is back', async (moved) => {
    const { a, b } = await aPairAtRest();
    const [mover, item, away, home] = moved === 'A' ? ([priya, a, 'OPS', 'SUP'] as const) : ([noah, b, 'WEB', 'ENG'] as const);
    const [editor, edited] = moved === 'A' ? ([noah, b] as const) : ([priya, a] as const);
    mover.move(item, away);
    await hand.workOff();
    for (const summary of ['Not for there', 'Nor is this']) {
      editor.edit(edited, { summary });
      await hand.workOff();
    }
    expect(item.summary).toBe('As it was');
    mover.move(item, home);
    await hand.workOff();
    expect(item.summary).toBe('Nor is this');
    editor.edit(edited, { summary: 'As ever' });
    await hand.workOff();
    expect(item.summary).toBe('As ever');
  });

  it('[I6] of which no event came is found by the answer to a write, and written no more', async () => {
    const { a, b } = await aPairAtRest();
    two.world.sites.globex.webhooks.change({ paused: true });
    noah.move(b, 'WEB');
    priya.edit(a, { summary: 'Once' });
    await hand.takeTurn(await hand.claimToldBy('acme'));
    priya.edit(a, { summary: 'Twice' });
    await hand.takeTurn(await hand.claimToldBy('acme'));
    expect(b.summary).toBe('Once');
    expect((await historyOf(two, a)).join()).toContain('moved-away');
    two.world.sites.globex.webhooks.change({ paused: false });
    await hand.workOff();
    expect(b.summary).toBe('Once');
  });
});

describe('an item that is gone', () => {
  const admin = () => personOn(two.world.sites.globex);
  // It would be looked for whenever time passes.
  afterEach(() => two.database.execute('DELETE FROM lane', []));
  const linesOf = async (item: Issue) => (await historyOf(two, item)).filter((line) => line.startsWith('item-gone'));

  it('[O11] when an edit of its comment is heard that ours replaced: that is told all the same', async () => {
    const { a, b } = await aPairAtRest();
    const { globex } = two.world.sites;
    const first = priya.comment(a, plain('As it was'));
    await hand.workOff();
    const hasty = withJira(hand.ports, (jira) => ({
      editComment: async (...asked) => {
        noah.editComment(b, asked[1], plain('From B'));
        await aMomentLater(globex);
        return jira.editComment(...asked);
      },
    }));
    priya.editComment(a, first.id, plain('From A'));
    await hand.takeTurn(await hand.claim(), hasty);
    await two.world.idle();
    globex.webhooks.change({ paused: true });
    admin().remove(b);
    await hand.takeTurn(await hand.claimToldBy('acme'));
    globex.webhooks.change({ paused: false });
    await hand.workOff();
    expect((await historyOf(two, a)).filter((line) => line.startsWith('overwritten'))).toHaveLength(1);
  });

  it('[I6] though no event told of it, is written to once, and the lane rests', async () => {
    const { a, b } = await aPairAtRest();
    two.world.sites.globex.webhooks.change({ paused: true });
    admin().remove(b);
    two.world.sites.globex.heart.ledger.reset();
    priya.edit(a, { summary: 'For nobody' });
    const ended = await hand.takeTurn(await hand.claimToldBy('acme'));
    expect(ended).toMatchObject({ kind: 'recorded', end: { kind: 'watch' } });
    expect(two.world.sites.globex.heart.ledger.entries.map(({ method, status }) => `${method} ${status}`)).toEqual(['PUT 404']);
    expect(await linesOf(a)).toEqual(['item-gone B item-missing']);
    two.world.sites.globex.webhooks.change({ paused: false });
    await hand.workOff();
  });

  it('[R4] takes along a copy of which nobody heard: the lane rests, and what became of the copy stays open', async () => {
    const { a, b } = await aPairAtRest();
    two.world.sites.globex.faults.add({ method: 'POST', when: 'after', status: null, times: 1 });
    priya.comment(a, plain('Did it arrive?'));
    await hand.takeTurn(await hand.claim());
    const open = await hand.openEffects();
    expect(open).toBeGreaterThan(0);
    admin().remove(b);
    const ended = await hand.takeTurn(await claimLater(a));
    expect(ended).toMatchObject({ kind: 'recorded', end: { kind: 'watch' } });
    expect(await hand.openEffects()).toBe(open);
    expect(await linesOf(a)).toEqual(['item-gone B item-missing']);
  });

  it('[R14] from us only, is found when it is shown again, with all that happened meanwhile', async () => {
    const { a, b } = await aPairAtRest();
    const [eng] = [...two.world.sites.globex.heart.projects.values()].filter(({ key }) => key === 'ENG');
    if (eng === undefined) throw new Error('no ENG');
    const before = eng.grants.get('BROWSE_PROJECTS');
    eng.grants.set('BROWSE_PROJECTS', 'nobody');
    priya.edit(a, { summary: 'Edited meanwhile' });
    priya.comment(a, plain('Written meanwhile'));
    await hand.workOff();
    await hand.passTime();
    await hand.workOff();
    expect(await linesOf(a)).toEqual(['item-gone B item-missing']);
    if (before === undefined) eng.grants.delete('BROWSE_PROJECTS');
    else eng.grants.set('BROWSE_PROJECTS', before);
    await hand.passTime();
    await hand.workOff();
    expect([b.summary, b.comments.length]).toEqual(['Edited meanwhile', 1]);
  });
});

describe('a twin whose answer was lost', () => {
  const twins = (summary: string) =>
    [...two.world.sites.globex.heart.issues.values()].filter((issue) => issue.summary === summary).length;

  it('[I8] and that somebody deleted before it was found is not made again', async () => {
    const a = priya.create('SUP', 'Task', { summary: 'Twice?' });
    await hand.takeTurn(await hand.claim(), losingAnswers(hand.ports, 'createItem'));
    personOn(two.world.sites.globex).remove(twinOf(two.world.sites.globex, a));
    priya.edit(a, { duedate: '2027-05-05' });
    await hand.workOff();
    expect(twins('Twice?')).toBe(0);
    expect((await historyOf(two, a)).join()).toContain('item-missing');
  });

  it('[I8] and that somebody deleted after the turn that heard of it had died is not made again', async () => {
    const a = priya.create('SUP', 'Task', { summary: 'Heard by the dead' });
    await hand.takeTurn(await hand.claim(), losingAnswers(hand.ports, 'createItem'));
    await two.world.idle();
    const dying = withJira(hand.ports, () => ({ readItem: () => Promise.reject(new Error('the process died')) }));
    await expect(hand.takeTurn(await claimLater(a), dying)).rejects.toThrow('the process died');
    personOn(two.world.sites.globex).remove(twinOf(two.world.sites.globex, a));
    await hand.passTime();
    await hand.workOff();
    expect(twins('Heard by the dead')).toBe(0);
  });

  it('[I8] is found without a look for it', async () => {
    const a = priya.create('SUP', 'Task', { summary: 'Made once' });
    await hand.takeTurn(await hand.claim(), losingAnswers(hand.ports, 'createItem'));
    priya.edit(a, { summary: 'Made once and for all' });
    await takeAllTurns(withJira(hand.ports, () => ({ findTwin: () => Promise.reject(new Error('nobody has to look')) })));
    await hand.workOff();
    expect([twins('Made once'), twins('Made once and for all')]).toEqual([0, 1]);
  });
});
