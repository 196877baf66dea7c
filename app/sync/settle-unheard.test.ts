import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '../../scripts/page-api.ts';
import type { Issue } from '../../simulator/heart/site.ts';
import { aMomentLater, historyOf } from '../../test/ledgers.ts';
import { losingAnswers, losingRequests, uncertain, withJira } from '../../test/lost-calls.ts';
import { type Person, plain, twinOf } from '../../test/person.ts';
import { type Scene, startScene } from '../../test/scene.ts';
import { Died, observed, type TurnsByHand } from '../../test/turns-by-hand.ts';
import type { TwoSites } from '../../test/two-sites.ts';
import type { ConflictList } from '../contract/synchronizations.ts';
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

/** The process dies before it can note what its writes came to. */
const dyingAtTheEnd = (ports: TurnPorts): TurnPorts =>
  observed(ports, (name, call) => (name === 'complete' ? Promise.reject(new Died()) : call()));
const aPairAtRest = () => scene.aPair({ summary: 'As it was', duedate: '2027-01-01', description: plain('Before') });

const statusOf = (issue: Issue, site: 'acme' | 'globex'): string =>
  two.world.sites[site].heart.statuses.get(issue.statusId)?.name ?? '';

describe('a twin whose creation nobody heard of', () => {
  it('[O10] what its origin loses before it is found, it loses too', async () => {
    const a = priya.create('SUP', 'Task', {
      summary: 'Made',
      duedate: '2027-01-01',
      labels: ['x', 'y'],
      description: plain('Text'),
    });
    await hand.takeTurn(await hand.claim(), losingAnswers(hand.ports, 'createItem'));
    const b = twinOf(two.world.sites.globex, a);
    priya.edit(a, { duedate: null, labels: ['y'], description: null });
    await hand.workOff();
    for (const item of [a, b]) expect([item.dueDate, item.labels, item.description]).toEqual([null, ['y'], null]);
  });

  it('[O10] what is emptied at the twin before it is found is emptied at the origin; and it is said to be created', async () => {
    const a = priya.create('SUP', 'Task', { summary: 'Made', duedate: '2027-01-01', description: plain('Text') });
    await hand.takeTurn(await hand.claim(), losingAnswers(hand.ports, 'createItem'));
    const b = twinOf(two.world.sites.globex, a);
    noah.edit(b, { duedate: null, description: null });
    await hand.workOff();
    for (const item of [a, b]) expect([item.dueDate, item.description]).toEqual([null, null]);
    expect(await historyOf(two, a)).toContain('created A');
  });
});

describe('the lane of a twin', () => {
  it('[I9] leaves the pair to the lane of its origin, which looks at what the twin was told of', async () => {
    const a = priya.create('SUP', 'Task', { summary: 'Made' });
    await hand.takeTurn(await hand.claim(), losingAnswers(hand.ports, 'createItem'));
    const b = twinOf(two.world.sites.globex, a);
    noah.edit(b, { labels: ['from-b'] });
    await two.world.idle();
    await hand.passTime();
    const claims = await hand.tandem.turns.lanes.claim(20, 60 * 60_000);
    const laneOf = (side: 'A' | 'B', item: Issue) =>
      claims.find(({ subject }) => subject.side === side && subject.issueId === item.id);
    const [ofA, ofB] = [laneOf('A', a), laneOf('B', b)];
    if (ofA === undefined || ofB === undefined) throw new Error('Both lanes should be due.');
    await hand.takeTurn(ofA);
    const unreached = { ...hand.ports, sites: { reach: () => Promise.reject(new Error('Nobody is to be reached.')) } };
    expect(await hand.takeTurn(ofB, unreached)).toMatchObject({ kind: 'recorded', wrote: false });
    await hand.workOff();
    expect([a.labels, b.labels]).toEqual([['from-b'], ['from-b']]);
  });
});

describe('a write whose answer was lost', () => {
  it('[O10] a status that was reached, and that a person moved back, is moved back on the other side', async () => {
    const { a, b } = await aPairAtRest();
    priya.setStatus(a, 'In Progress');
    await hand.takeTurn(await hand.claim(), losingAnswers(hand.ports, 'applyTransition'));
    expect(statusOf(b, 'globex')).toBe('In Progress');
    await aMomentLater(two.world.sites.globex);
    noah.setStatus(b, 'To Do');
    await hand.workOff();
    expect([statusOf(a, 'acme'), statusOf(b, 'globex')]).toEqual(['To Do', 'To Do']);
  });

  it('[O10] a value that was written, and that a person put back, is put back on the other side', async () => {
    const { a, b } = await aPairAtRest();
    priya.edit(a, { summary: 'From A', description: plain('From A') });
    await hand.takeTurn(await hand.claim(), losingAnswers(hand.ports, 'writeFields'));
    expect(b.summary).toBe('From A');
    await aMomentLater(two.world.sites.globex);
    noah.edit(b, { summary: 'As it was', description: plain('Before') });
    await hand.workOff();
    for (const item of [a, b])
      expect([item.summary, JSON.stringify(item.description)]).toEqual(['As it was', expect.stringContaining('Before')]);
  });

  it('[O10] an edit of the source made since crosses as an edit, not as a conflict', async () => {
    const { a, b } = await aPairAtRest();
    priya.edit(a, { summary: 'From A' });
    await hand.takeTurn(await hand.claim(), losingAnswers(hand.ports, 'writeFields'));
    await aMomentLater(two.world.sites.acme);
    priya.edit(a, { summary: 'From A, again' });
    await hand.workOff();
    expect(b.summary).toBe('From A, again');
    expect((await historyOf(two, a)).filter((line) => line.startsWith('overwritten'))).toEqual([]);
  });

  it('[O10] [F8] what a person decided is not undone', async () => {
    const at = (path: string): string => `/synchronizations/${two.synchronizationId}${path}`;
    const resolveBy = (conflict: 'newest' | 'ask') =>
      two.support('PATCH', at(''), {
        content: { ...EVERYTHING, fields: EVERYTHING.fields.map((one) => ({ ...one, conflict })) },
      });
    await resolveBy('ask');
    const { a, b } = await aPairAtRest();
    priya.edit(a, { summary: 'From A' });
    noah.edit(b, { summary: 'From B' });
    await hand.workOff();
    const { open } = await two.support<ConflictList>('GET', at('/conflicts'));
    const [asked] = open.filter(({ issueKeys }) => issueKeys.A === a.key);
    if (asked === undefined) throw new Error('Nobody is asked.');
    await two.support('POST', at(`/conflicts/${encodeURIComponent(asked.id)}/decide`), { winner: 'A', since: asked.since });
    await hand.takeTurn(await hand.claim(), losingAnswers(hand.ports, 'writeFields'));
    const written = b.changes.length;
    await hand.workOff();
    expect([a.summary, b.summary, b.changes.length]).toEqual(['From A', 'From A', written]);
    await resolveBy('newest');
  });

  it('[O10] [F4] one that never arrived is not taken for what a person did there before the edit that it carried', async () => {
    const { a, b } = await aPairAtRest();
    two.world.sites.globex.webhooks.change({ paused: true });
    noah.setStatus(b, 'Done');
    await aMomentLater(two.world.sites.globex);
    noah.setStatus(b, 'In Progress');
    await aMomentLater(two.world.sites.globex);
    priya.setStatus(a, 'Done');
    await hand.takeTurn(await hand.claimToldBy('acme'), losingRequests(hand.ports, 'applyTransition'));
    two.world.sites.globex.webhooks.change({ paused: false });
    await hand.workOff();
    expect([statusOf(a, 'acme'), statusOf(b, 'globex')]).toEqual(['Done', 'Done']);
  });

  it('[O10] [G6] labels that crossed both ways before a process died, and were removed since, stay removed', async () => {
    const { a, b } = await aPairAtRest();
    priya.edit(a, { labels: ['from-a'] });
    noah.edit(b, { labels: ['from-b'] });
    await expect(hand.takeTurn(await hand.claim(), dyingAtTheEnd(hand.ports))).rejects.toThrow(Died);
    for (const item of [a, b]) expect([...item.labels].sort()).toEqual(['from-a', 'from-b']);
    await aMomentLater(two.world.sites.globex);
    priya.edit(a, { labels: ['from-a'] });
    noah.edit(b, { labels: ['from-b'] });
    await hand.passTime();
    await hand.workOff();
    for (const item of [a, b]) expect(item.labels).toEqual([]);
  });

  it('[O10] [O7] a status that it replaced unseen lost a conflict: it is told, and kept', async () => {
    const { a, b } = await aPairAtRest();
    priya.setStatus(a, 'In Progress');
    const hasty = withJira(hand.ports, (jira) => ({
      applyTransition: async (...asked) => {
        noah.setStatus(b, 'Done');
        await aMomentLater(two.world.sites.globex);
        await jira.applyTransition(...asked);
        return uncertain;
      },
    }));
    await hand.takeTurn(await hand.claim(), hasty);
    await hand.workOff();
    expect([statusOf(a, 'acme'), statusOf(b, 'globex')]).toEqual(['In Progress', 'In Progress']);
    expect((await historyOf(two, a)).filter((line) => line.startsWith('overwritten'))).toEqual([
      'overwritten status A conflict-lost',
    ]);
  });
});

describe('a transition that was answered', () => {
  it.each([
    ['once its event came', true],
    ['with the next answer of Jira, when no event of it comes', false],
  ])('[O11] tells of the status that it replaced unseen %s', async (_, isHeard) => {
    const { a, b } = await aPairAtRest();
    const { globex } = two.world.sites;
    priya.setStatus(a, 'In Progress');
    const hasty = withJira(hand.ports, (jira) => ({
      applyTransition: async (...asked) => {
        if (!isHeard) globex.webhooks.change({ dropRate: 1 });
        noah.setStatus(b, 'Done');
        await aMomentLater(globex);
        return jira.applyTransition(...asked);
      },
    }));
    await hand.takeTurn(await hand.claim(), hasty);
    await hand.workOff();
    globex.webhooks.change({ dropRate: 0 });
    priya.edit(a, { summary: 'Something else' });
    await hand.workOff();
    expect([statusOf(a, 'acme'), statusOf(b, 'globex')]).toEqual(['In Progress', 'In Progress']);
    expect((await historyOf(two, a)).filter((line) => line.startsWith('overwritten'))).toEqual([
      'overwritten status A conflict-lost',
    ]);
  });
});

describe('a text that was changed and changed back', () => {
  it('[F10] is the last word against an edit of the other side that was made before it, and heard of after it', async () => {
    const { a, b } = await aPairAtRest();
    two.world.sites.globex.webhooks.change({ paused: true });
    priya.edit(a, { description: plain('For a moment') });
    await aMomentLater(two.world.sites.acme);
    noah.edit(b, { description: plain('From B') });
    await aMomentLater(two.world.sites.acme);
    priya.edit(a, { description: plain('Before') });
    await two.world.sites.acme.webhooks.idle();
    const [claim] = await hand.tandem.turns.lanes.claim(1, 60 * 60_000);
    if (claim === undefined) throw new Error('No lane is due.');
    await hand.takeTurn(claim);
    two.world.sites.globex.webhooks.change({ paused: false });
    await hand.workOff();
    for (const item of [a, b]) expect(JSON.stringify(item.description)).toContain('Before');
    expect((await historyOf(two, a)).filter((line) => line.startsWith('overwritten'))).toEqual([
      'overwritten field:description A conflict-lost',
    ]);
  });
});
