import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aMomentLater } from '../../test/ledgers.ts';
import { type Person, personOn, twinOf } from '../../test/person.ts';
import { startTurnsByHand, type TurnsByHand } from '../../test/turns-by-hand.ts';
import { startTwoSites, type TwoSites } from '../../test/two-sites.ts';
import { fail } from '../core/failure.ts';
import type { TurnPorts } from './turn.ts';

let two: TwoSites;
let hand: TurnsByHand;
let priya: Person;
let noah: Person;

beforeAll(async () => {
  two = await startTwoSites({ role: 'web' });
  hand = await startTurnsByHand(two);
  priya = personOn(two.world.sites.acme, 'Priya Raman');
  noah = personOn(two.world.sites.globex, 'Noah Becker');
});
afterAll(async () => {
  await hand.close();
  await two.close();
});

/** More than this test takes, and little enough for what the site signs. */
const SKEW_MS = 10_000;

/** The time is that of the sites, and not what a test has let pass. */
const losingWrite = (ports: TurnPorts): TurnPorts => ({
  ...ports,
  clock: hand.tandem.turns.ports.clock,
  sites: {
    async reach(...asked) {
      const jira = await ports.sites.reach(...asked);
      if (jira === null) return null;
      return {
        ...jira,
        writeFields: async (...request) => {
          await jira.writeFields(...request);
          return fail({ kind: 'uncertain', detail: 'no answer' });
        },
      };
    },
  },
});

describe('a write whose answer was lost, while the clock of its source is ahead', () => {
  it.each([
    ['emptied', null],
    ['changed', '2027-03-03'],
  ])('[O10] is ours, since it came after we had meant to make it: what a person %s after it crosses', async (_, duedate) => {
    const { acme, globex } = two.world.sites;
    const a = priya.create('SUP', 'Task', { summary: 'As it was', duedate: '2027-01-01' });
    await hand.workOff();
    const b = twinOf(globex, a);
    acme.control.skewMs = SKEW_MS;
    priya.edit(a, { duedate: '2027-02-02' });
    await hand.takeTurn(await hand.claim(), losingWrite(hand.ports));
    acme.control.skewMs = 0;
    expect(b.dueDate).toBe('2027-02-02');
    await aMomentLater(globex);
    noah.edit(b, { duedate });
    await hand.workOff();
    expect([a.dueDate, b.dueDate]).toEqual([duedate, duedate]);
  });
});
