import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aMomentLater } from '../../test/ledgers.ts';
import { losingAnswers } from '../../test/lost-calls.ts';
import type { Person } from '../../test/person.ts';
import { type Scene, startScene } from '../../test/scene.ts';
import type { TurnsByHand } from '../../test/turns-by-hand.ts';
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
});
afterAll(() => scene.close());

/** More than this test takes, and little enough for what the site signs. */
const SKEW_MS = 10_000;

/** The time is that of the sites, and not what a test has let pass. */
const atSiteTime = (ports: TurnPorts): TurnPorts => ({ ...ports, clock: hand.tandem.turns.ports.clock });

describe('a write whose answer was lost, while the clock of its source is ahead', () => {
  it.each([
    ['emptied', null],
    ['changed', '2027-03-03'],
  ])('[O10] is ours, since it came after we had meant to make it: what a person %s after it crosses', async (_, duedate) => {
    const { acme, globex } = two.world.sites;
    const { a, b } = await scene.aPair({ summary: 'As it was', duedate: '2027-01-01' });
    acme.control.skewMs = SKEW_MS;
    priya.edit(a, { duedate: '2027-02-02' });
    await hand.takeTurn(await hand.claim(), atSiteTime(losingAnswers(hand.ports, 'writeFields')));
    acme.control.skewMs = 0;
    expect(b.dueDate).toBe('2027-02-02');
    await aMomentLater(globex);
    noah.edit(b, { duedate });
    await hand.workOff();
    expect([a.dueDate, b.dueDate]).toEqual([duedate, duedate]);
  });
});
