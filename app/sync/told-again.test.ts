import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Issue } from '../../simulator/heart/site.ts';
import { aMomentLater, historyOf } from '../../test/ledgers.ts';
import { type Person, plain, twinOf } from '../../test/person.ts';
import { type Scene, startScene } from '../../test/scene.ts';
import { heldUpPorts, observed, type TurnsByHand } from '../../test/turns-by-hand.ts';
import type { TwoSites } from '../../test/two-sites.ts';
import { fail } from '../core/failure.ts';
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

/** A status was carried to the twin; the event of our transition, and one of an edit of the origin, wait for the next turn. */
async function aTwinThatWasMoved(edit: (item: Issue) => void): Promise<{ a: Issue; b: Issue }> {
  const a = priya.create('SUP', 'Task', { summary: 'As it was' });
  await hand.workOff();
  priya.setStatus(a, 'Done');
  // By the clock of the sites, whatever time has passed in other tests: by it the transition is known again.
  await hand.takeTurn(await hand.claim(), { ...hand.ports, clock: hand.tandem.turns.ports.clock });
  edit(a);
  return { a, b: twinOf(two.world.sites.globex, a) };
}

/** Ports that note the name of each call; those of `waiting` are asked to wait. */
function noting(waiting: readonly string[] = []): { ports: TurnPorts; calls: string[] } {
  const calls: string[] = [];
  const ports = observed(hand.ports, async (name, call) => {
    calls.push(name);
    return waiting.includes(name)
      ? fail({ kind: 'rate-limited', scope: 'site', retryAt: hand.ports.clock.now() + 1 })
      : await call();
  });
  return { ports, calls };
}

describe('a turn that Jira asks to wait, and the next one, which is told the same again', () => {
  it.each<[string, 'writeFields' | 'readItem', (item: Issue) => void, number]>([
    ['before a write', 'writeFields', (item) => priya.edit(item, { summary: 'Edited' }), 0],
    ['before a look at the other side', 'readItem', (item) => priya.comment(item, plain('Said')), 1],
  ])('[O11] knows our own transition again where that was %s: its side is not read', async (_, waiting, edit, reads) => {
    const { a, b } = await aTwinThatWasMoved(edit);
    await hand.takeTurn(await hand.claim(), noting([waiting]).ports);
    await hand.passTime();
    const { ports, calls } = noting();
    await hand.takeTurn(await hand.claim(), ports);
    expect(calls.filter((name) => name === 'readItem')).toHaveLength(reads);
    expect([b.summary, b.comments.length]).toEqual([a.summary, a.comments.length]);
  });

  it('[O11] tells but once which edit of a comment ours replaced', async () => {
    const a = priya.create('SUP', 'Task', { summary: 'As it was' });
    const comment = priya.comment(a, plain('As it was'));
    await hand.workOff();
    const b = twinOf(two.world.sites.globex, a);
    priya.editComment(a, comment.id, plain('From A'));
    const { ports, heldUp, goOn } = heldUpPorts(hand.ports, 'editComment', 'before');
    const turn = hand.takeTurn(await hand.claim(), ports);
    await heldUp;
    noah.editComment(b, b.comments[0]?.id ?? '', plain('From B'));
    await aMomentLater(two.world.sites.globex);
    goOn();
    await turn;
    await two.world.idle();
    // Both are read because of Noah's event, and one of them asks to wait: the turn comes back.
    await hand.takeTurn(await hand.claim(), noting(['readItem']).ports);
    await hand.passTime();
    await hand.workOff();
    const lines = await historyOf(two, a);
    expect(lines.filter((line) => line.startsWith('overwritten'))).toEqual([
      `overwritten comment:A:${comment.id} A conflict-lost`,
    ]);
  });

  it('[O11] tells but once what our transition replaced', async () => {
    const a = priya.create('SUP', 'Task', { summary: 'As it was' });
    await hand.workOff();
    priya.setStatus(a, 'Done');
    const { ports, heldUp, goOn } = heldUpPorts(hand.ports, 'applyTransition', 'before');
    const turn = hand.takeTurn(await hand.claim(), ports);
    await heldUp;
    noah.setStatus(twinOf(two.world.sites.globex, a), 'In Progress');
    goOn();
    await turn;
    priya.edit(a, { summary: 'Edited' });
    await hand.takeTurn(await hand.claim(), noting(['writeFields']).ports);
    await hand.passTime();
    await hand.workOff();
    const lines = await historyOf(two, a);
    expect(lines.filter((line) => line.startsWith('overwritten'))).toEqual(['overwritten status A conflict-lost']);
  });
});
