import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Issue } from '../../simulator/heart/site.ts';
import { aMomentLater, historyOf, writesTo } from '../../test/ledgers.ts';
import { withJira } from '../../test/lost-calls.ts';
import type { Person } from '../../test/person.ts';
import { type Scene, startScene } from '../../test/scene.ts';
import type { TurnsByHand } from '../../test/turns-by-hand.ts';
import type { TwoSites } from '../../test/two-sites.ts';
import { fail } from '../core/failure.ts';
import type { Jira } from './ports.ts';
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

type Write = Jira['writeFields'];
/** What becomes of a write of fields: `write` carries it out. */
type Hand = (write: () => ReturnType<Write>, jira: Jira, request: Parameters<Write>) => ReturnType<Write>;

/** The same ports, but the writes of fields go through these hands, one after the other; then they are carried out as ever. */
function through(ports: TurnPorts, ...hands: readonly Hand[]): TurnPorts {
  const left = [...hands];
  return withJira(ports, (jira) => ({
    writeFields: (...request) => {
      const write = () => jira.writeFields(...request);
      return left.shift()?.(write, jira, request) ?? write();
    },
  }));
}

/** A pair of which both sides were edited, B last; A's edit is about to be written to B, and of B's the event is late. */
async function slippedIn(): Promise<{ a: Issue; b: Issue; turn(...hands: readonly Hand[]): Promise<void> }> {
  const { globex } = two.world.sites;
  const { a, b } = await scene.aPair({ summary: 'As it was' });
  globex.webhooks.change({ paused: true });
  priya.edit(a, { summary: 'From A', duedate: '2027-01-30' });
  const claim = await hand.claimToldBy('acme');
  await aMomentLater(globex);
  noah.edit(b, { summary: 'From B', duedate: '2027-01-31' });
  globex.heart.ledger.reset();
  const turn = async (...hands: readonly Hand[]): Promise<void> => {
    await hand.takeTurn(claim, through(hand.ports, ...hands));
    globex.webhooks.change({ paused: false });
    await hand.workOff();
  };
  return { a, b, turn };
}

const asEver: Hand = (write) => write();
/** Somebody at B is faster. */
const afterEdit =
  (b: Issue, fields: Readonly<Record<string, unknown>>): Hand =>
  async (write) => {
    await aMomentLater(two.world.sites.globex);
    noah.edit(b, fields);
    await aMomentLater(two.world.sites.globex);
    return write();
  };
/** Somebody at B edits it after the write, and the answer shows it. */
const beforeAnswer =
  (b: Issue, fields: Readonly<Record<string, unknown>>): Hand =>
  async (write, jira, [issueId, , asked]) => {
    await write();
    await aMomentLater(two.world.sites.globex);
    noah.edit(b, fields);
    return jira.readItem(issueId, asked);
  };

const shownBy = (...items: readonly Issue[]) => items.map(({ summary, dueDate }) => [summary, dueDate]);
/** What B lost. */
const overwritten = async (a: Issue): Promise<readonly string[]> =>
  (await historyOf(two, a)).filter((line) => /^overwritten .* A /.test(line));

describe('edits that our write replaced, and that are put back', () => {
  it('[O7] stand again by one write, whatever their number', async () => {
    const { a, b, turn } = await slippedIn();
    await turn();
    expect(shownBy(a, b)).toEqual([
      ['From B', '2027-01-31'],
      ['From B', '2027-01-31'],
    ]);
    expect(writesTo(two.world.sites.globex)).toHaveLength(2);
    expect(await overwritten(a)).toEqual([]);
  });

  it('[O7] do not replace what somebody made of it after our write, as its answer shows: that is carried, and they are told', async () => {
    const { a, b, turn } = await slippedIn();
    await turn(beforeAnswer(b, { duedate: '2027-03-03' }));
    expect(shownBy(a, b)).toEqual([
      ['From B', '2027-03-03'],
      ['From B', '2027-03-03'],
    ]);
    expect(await overwritten(a)).toEqual(['overwritten field:duedate A conflict-lost']);
  });

  it.each([
    ['emptied it', null],
    ['wrote another value', '2027-03-03'],
  ])('[O7] give way again to somebody who %s just before they were put back', async (_, duedate) => {
    const { a, b, turn } = await slippedIn();
    await turn(asEver, afterEdit(b, { duedate }));
    expect(shownBy(a, b)).toEqual([
      ['From B', duedate],
      ['From B', duedate],
    ]);
    expect(await overwritten(a)).toEqual(['overwritten field:duedate A conflict-lost']);
  });

  it.each(['unavailable', 'uncertain'] as const)(
    '[O7] [O10] so, too, when that write of ours is answered "%s" at first',
    async (kind) => {
      const { a, b, turn } = await slippedIn();
      const unheard: Hand = async (write) => {
        if (kind === 'uncertain') await write();
        return fail({ kind, detail: 'no answer' });
      };
      await turn(asEver, afterEdit(b, { duedate: null }), unheard);
      expect(shownBy(a, b)).toEqual([
        ['From B', null],
        ['From B', null],
      ]);
      expect(await overwritten(a)).toEqual(['overwritten field:duedate A conflict-lost']);
    },
  );

  it('[O7] end somewhere with somebody who answers each write: none of their values is lost without a word', async () => {
    const { a, b, turn } = await slippedIn();
    const days = Array.from({ length: 20 }, (_, n) => `2027-04-${10 + n}`);
    await turn(asEver, ...days.map((duedate) => afterEdit(b, { duedate })));
    expect(writesTo(two.world.sites.globex).length).toBeLessThan(10);
    expect(a.dueDate).toBe(b.dueDate);
    // Their first value, and each later one but that which stands; one write more is A's.
    expect(await overwritten(a)).toHaveLength(writesTo(two.world.sites.globex).length - 1);
  });

  it('[O7] stand again without what Jira refuses by name, which is kept', async () => {
    const { a, b, turn } = await slippedIn();
    await turn(asEver, () => Promise.resolve(fail({ kind: 'rejected', fields: ['duedate' as never], detail: 'No.' })));
    expect(b.summary).toBe('From B');
    expect([a.dueDate, b.dueDate]).toEqual(['2027-01-30', '2027-01-30']);
    expect(await overwritten(a)).toEqual(['overwritten field:duedate A conflict-lost']);
  });

  it('[O7] are kept where Jira refuses all of them, and the rest of the item goes on', async () => {
    const { a, b, turn } = await slippedIn();
    await turn(asEver, () => Promise.resolve(fail({ kind: 'rejected', fields: [], detail: 'No.' })));
    expect(shownBy(a, b)).toEqual([
      ['From A', '2027-01-30'],
      ['From A', '2027-01-30'],
    ]);
    expect(await overwritten(a)).toHaveLength(2);
    expect((await historyOf(two, a)).filter((line) => line.startsWith('parked'))).toEqual([]);
  });
});
