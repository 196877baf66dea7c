import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ConflictList, KeptContent } from '../app/contract/synchronizations.ts';
import { EVERYTHING } from '../scripts/page-api.ts';
import { aMomentLater } from './ledgers.ts';
import { type Person, personOn, plain, twinOf, wordsOf } from './person.ts';
import { type Scene, startScene } from './scene.ts';
import { Died, dyingPorts, type TurnsByHand } from './turns-by-hand.ts';
import type { TwoSites } from './two-sites.ts';

let scene: Scene;
let two: TwoSites;
let hand: TurnsByHand;
let priya: Person;
let globexAdmin: Person;

beforeAll(async () => {
  scene = await startScene({ content: { ...EVERYTHING, strict: true } });
  ({ two, hand, priya } = scene);
  globexAdmin = personOn(two.world.sites.globex);
});
afterAll(() => scene.close());

const keptOf = async (key: string): Promise<ConflictList['kept']> => {
  const { kept } = await two.support<ConflictList>('GET', `/synchronizations/${two.synchronizationId}/conflicts`);
  return kept.filter(({ issueKeys }) => issueKeys.A === key);
};
/** As the side that lost is shown it. */
const wordsKept = async (keptId: string): Promise<string> =>
  (await two.engineering<KeptContent>('GET', `/synchronizations/${two.synchronizationId}/kept/${keptId}`)).value;

/** Both people edited the same comment; the process that settles it dies at its n-th call. Answers with whether it got that far. */
async function dieAtCall(at: number, when: 'before' | 'after'): Promise<boolean> {
  const a = priya.create('SUP', 'Task', { summary: `Dies ${when} call ${at}` });
  const { id } = priya.comment(a, plain('First'));
  await hand.workOff();
  const b = twinOf(two.world.sites.globex, a);
  globexAdmin.editComment(b, b.comments[0]?.id ?? '', plain('What lost'));
  await aMomentLater(two.world.sites.acme);
  priya.editComment(a, id, plain('What won'));
  const { ports, begun } = dyingPorts(hand.ports, at, when);
  const died = await hand.takeTurn(await hand.claim(), ports).then(
    () => false,
    (thrown: unknown) => {
      if (thrown instanceof Died) return true;
      throw thrown;
    },
  );
  await hand.passTime();
  await hand.workOff();
  expect([a, b].map(({ comments }) => wordsOf(comments[0]?.body)).join(' ')).not.toContain('What lost');
  const kept = await keptOf(a.key);
  expect([at, when, kept.length]).toEqual([at, when, 1]);
  expect(await wordsKept(kept[0]?.id ?? '')).toContain('What lost');
  return died && begun() > at;
}

it.each(['before', 'after'] as const)('[F9] a comment that lost is kept, wherever its turn died: %s each call', async (when) => {
  let calls = 0;
  while (await dieAtCall(calls, when)) calls += 1;
  expect(calls).toBeGreaterThan(4);
});

it('[F9] a write that Jira refused made nobody lose: nothing is kept', async () => {
  const { globex } = two.world.sites;
  const a = priya.create('SUP', 'Task', { summary: 'Refused' });
  const { id } = priya.comment(a, plain('First'));
  await hand.workOff();
  const b = twinOf(globex, a);
  globexAdmin.editComment(b, b.comments[0]?.id ?? '', plain('What stays'));
  await aMomentLater(two.world.sites.acme);
  priya.editComment(a, id, plain('What is refused'));
  globex.faults.add({ when: 'before', status: 400, method: 'PUT', times: Number.POSITIVE_INFINITY });
  await hand.takeTurn(await hand.claim());
  globex.faults.clear();
  expect(wordsOf(b.comments[0]?.body)).toBe('What stays');
  expect(await keptOf(a.key)).toEqual([]);
});
