import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { ConflictList, ConflictValues, KeptContent, SynchronizationDetail } from '../app/contract/synchronizations.ts';
import { EVERYTHING, type PageApi } from '../scripts/page-api.ts';
import type { Issue } from '../simulator/heart/site.ts';
import { aMomentLater, historyOf, type Spent, spentOn } from './ledgers.ts';
import { type Person, personOn, plain, twinOf, wordsOf } from './person.ts';
import { startTwoSites, type TwoSites } from './two-sites.ts';

let two: TwoSites;
let priya: Person;
let noah: Person;

beforeAll(async () => {
  two = await startTwoSites();
  priya = personOn(two.world.sites.acme, 'Priya Raman');
  noah = personOn(two.world.sites.globex, 'Noah Becker');
});
afterAll(() => two.close());

const PUT = 'PUT /issue/{issueIdOrKey}';

async function aPair(): Promise<{ a: Issue; b: Issue }> {
  const a = priya.create('SUP', 'Task', { summary: 'As it was', description: plain('Before') });
  await two.settle();
  return { a, b: twinOf(two.world.sites.globex, a) };
}

/** Everything in `edits` has happened on both sites before either has told of it. */
async function atTheSameTime(edits: () => Promise<void> | void): Promise<Spent> {
  const sites = Object.values(two.world.sites);
  return spentOn(two, async () => {
    for (const { webhooks } of sites) webhooks.change({ paused: true });
    await edits();
    for (const { webhooks } of sites) webhooks.change({ paused: false });
  });
}

const at = (path: string): string => `/synchronizations/${two.synchronizationId}${path}`;
const resolveBy = (conflict: 'newest' | 'ask', strict = false) => {
  const fields = EVERYTHING.fields.map((field) => ({ ...field, conflict }));
  const status = { direction: 'both' as const, conflict };
  return two.support<SynchronizationDetail>('PATCH', at(''), { content: { ...EVERYTHING, fields, status, strict } });
};
const conflictsOf = async (issue: Issue, page: PageApi = two.support): Promise<ConflictList> => {
  const all = await page<ConflictList>('GET', at('/conflicts'));
  const isOf = ({ issueKeys }: { issueKeys: { A: string | null } }): boolean => issueKeys.A === issue.key;
  return { open: all.open.filter(isOf), kept: all.kept.filter(isOf) };
};
const theKept = async (issue: Issue, piece: string) => {
  const found = (await conflictsOf(issue)).kept.filter((one) => one.piece === piece);
  const [one] = found;
  if (one === undefined || found.length > 1) throw new Error(`${found.length} values of ${piece} are kept.`);
  return one;
};
const theQuestion = async (issue: Issue, piece = 'field:summary') => {
  const one = (await conflictsOf(issue)).open.find((open) => open.piece === piece);
  if (one === undefined) throw new Error(`Nobody is asked about ${piece}.`);
  return one;
};
const summaries = (...issues: Issue[]): string[] => issues.map(({ summary }) => summary);

/** Every value of every row of every table, as text. */
async function everythingStored(): Promise<string> {
  const name = z.object({ name: z.string() });
  const tables = await two.database.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'", [], name);
  const rows = await Promise.all(
    tables.map((table) => two.database.rows(`SELECT t::text AS name FROM "${table.name}" t`, [], name)),
  );
  return rows
    .flat()
    .map((row) => row.name)
    .join('\n');
}

describe('[F9] a value that loses a conflict', () => {
  beforeEach(async () => {
    await resolveBy('newest');
  });

  it('is listed, shown to both sides, and put back: then both sides show it, by one write each', async () => {
    const { a, b } = await aPair();
    await atTheSameTime(async () => {
      noah.edit(b, { summary: 'What Noah wrote' });
      await aMomentLater(two.world.sites.acme);
      priya.edit(a, { summary: 'What Priya wrote' });
    });
    expect(summaries(a, b)).toEqual(['What Priya wrote', 'What Priya wrote']);
    const kept = await theKept(a, 'field:summary');
    expect(kept).toMatchObject({ issueKeys: { A: a.key, B: b.key }, side: 'B' });
    expect(Date.parse(kept.until) - Date.parse(kept.keptAt)).toBe(30 * 86_400_000);
    for (const page of [two.support, two.engineering])
      expect(await page<KeptContent>('GET', at(`/kept/${kept.id}`))).toEqual({ value: 'What Noah wrote' });
    const spent = await spentOn(two, () => two.support('POST', at(`/kept/${kept.id}/put-back`)));
    expect(summaries(a, b)).toEqual(['What Noah wrote', 'What Noah wrote']);
    expect([spent.acme, spent.globex]).toEqual([[PUT], [PUT]]);
    expect((await conflictsOf(a)).kept).toEqual([]);
    expect((await historyOf(two, a)).slice(-2)).toEqual(['put-back field:summary B', 'applied field:summary B']);
    await expect(two.support('POST', at(`/kept/${kept.id}/put-back`))).rejects.toThrow('kept-value-not-found');
  });

  it('is a comment or a status as well', async () => {
    // Jira does not tell what a transition replaced: the turn has to read both sides, whichever webhook comes first.
    await resolveBy('newest', true);
    const { a, b } = await aPair();
    const { id } = priya.comment(a, plain('First'));
    await two.settle();
    const copy = b.comments[0]?.id ?? '';
    await atTheSameTime(async () => {
      personOn(two.world.sites.globex).editComment(b, copy, plain('How Noah put it'));
      noah.setStatus(b, 'Done');
      await aMomentLater(two.world.sites.acme);
      priya.editComment(a, id, plain('How Priya put it'));
      priya.setStatus(a, 'In Progress');
    });
    for (const piece of ['status', `comment:A:${id}`]) {
      const kept = await theKept(a, piece);
      await two.engineering('POST', at(`/kept/${kept.id}/put-back`));
      await two.settle();
    }
    expect([(await priya.look(a))?.status, (await noah.look(b))?.status]).toEqual(['Done', 'Done']);
    expect([a, b].map(({ comments }) => wordsOf(comments[0]?.body)).join()).not.toContain('Priya put it');
    expect(wordsOf(a.comments[0]?.body)).toContain('How Noah put it');
  });

  it('is kept when the edit slipped in before a write to a side that nobody had read', async () => {
    const { a, b } = await aPair();
    const { globex } = two.world.sites;
    globex.webhooks.change({ paused: true });
    noah.edit(b, { summary: 'Slipped in' });
    await aMomentLater(globex);
    await spentOn(two, () => {
      priya.edit(a, { summary: 'What Priya wrote' });
      globex.webhooks.change({ paused: false });
    });
    expect(summaries(a, b)).toEqual(['What Priya wrote', 'What Priya wrote']);
    const kept = await theKept(a, 'field:summary');
    expect(await two.support<KeptContent>('GET', at(`/kept/${kept.id}`))).toEqual({ value: 'Slipped in' });
  });

  it('stands nowhere in the database in clear, and is gone when its time is over', async () => {
    const { a, b } = await aPair();
    const words = 'Marigold seventeen';
    await atTheSameTime(async () => {
      noah.edit(b, { summary: words, description: plain(`${words} in rich text`) });
      await aMomentLater(two.world.sites.acme);
      priya.edit(a, { summary: 'Mine', description: plain('Mine') });
    });
    const { kept } = await conflictsOf(a);
    expect(kept.map(({ piece }) => piece).sort()).toEqual(['field:description', 'field:summary']);
    const stored = await everythingStored();
    expect(stored).toContain(kept[0]?.id);
    expect(stored).not.toContain('Marigold');
    expect(stored).not.toContain(Buffer.from(words).toString('base64').slice(0, 12));
    await two.database.execute('UPDATE kept_value SET until = now()', []);
    expect((await conflictsOf(a)).kept).toEqual([]);
    await expect(two.support('GET', at(`/kept/${kept[0]?.id}`))).rejects.toThrow('kept-value-not-found');
    await expect(two.support('POST', at(`/kept/${kept[0]?.id}/put-back`))).rejects.toThrow('kept-value-not-found');
  });
});

describe('[F8] where a person decides', () => {
  // Whichever webhook comes first, the turn reads both sides.
  beforeEach(async () => {
    await resolveBy('ask', true);
  });
  afterAll(async () => {
    await resolveBy('newest');
  });

  const askedPair = async (): Promise<{ a: Issue; b: Issue }> => {
    const { a, b } = await aPair();
    const spent = await atTheSameTime(() => {
      priya.edit(a, { summary: 'What Priya wrote', duedate: '2027-03-01' });
      noah.edit(b, { summary: 'What Noah wrote' });
    });
    expect([spent.acme, spent.globex]).toEqual([[], [PUT]]);
    expect(summaries(a, b)).toEqual(['What Priya wrote', 'What Noah wrote']);
    expect(b.dueDate).toBe('2027-03-01');
    return { a, b };
  };

  it.each(['A', 'B'] as const)('both keep their own until then, the rest goes on; %s is chosen, in one write', async (winner) => {
    const { a, b } = await askedPair();
    const question = await theQuestion(a);
    expect(await two.engineering<ConflictValues>('GET', at(`/conflicts/${encodeURIComponent(question.id)}`))).toEqual({
      A: 'What Priya wrote',
      B: 'What Noah wrote',
    });
    const decide = at(`/conflicts/${encodeURIComponent(question.id)}/decide`);
    const spent = await spentOn(two, () => two.engineering('POST', decide, { winner, since: question.since }));
    const won = winner === 'A' ? 'What Priya wrote' : 'What Noah wrote';
    expect(summaries(a, b)).toEqual([won, won]);
    expect([spent.acme, spent.globex]).toEqual(winner === 'A' ? [[], [PUT]] : [[PUT], []]);
    const { open, kept } = await conflictsOf(a);
    expect([open, kept.map(({ side }) => side)]).toEqual([[], [winner === 'A' ? 'B' : 'A']]);
    const lines = await historyOf(two, a);
    expect(lines).toContain('parked field:summary conflict-undecided');
    expect(lines.at(-1)).toBe(`overwritten field:summary ${winner} conflict-decided`);
  });

  it('an edit makes it another question: an answer to the old one is refused', async () => {
    const { a, b } = await askedPair();
    const { id, since } = await theQuestion(a);
    noah.edit(b, { summary: 'What Noah wrote later' });
    await two.settle();
    const decide = at(`/conflicts/${encodeURIComponent(id)}/decide`);
    await expect(two.support('POST', decide, { winner: 'A', since })).rejects.toThrow('conflict-changed');
    const now = await theQuestion(a);
    await two.support('POST', decide, { winner: 'B', since: now.since });
    await two.settle();
    expect(summaries(a, b)).toEqual(['What Noah wrote later', 'What Noah wrote later']);
    expect((await historyOf(two, a)).filter((line) => line.startsWith('parked'))).toHaveLength(1);
  });

  it.each([
    ['both came to the same', 'Between us', 'Between us'],
    ['one took its edit back', 'As it was', 'What Noah wrote'],
  ])('it is settled when %s', async (_how, typed, stands) => {
    const { a, b } = await askedPair();
    if (typed === stands) noah.edit(b, { summary: typed });
    priya.edit(a, { summary: typed });
    await two.settle();
    expect(summaries(a, b)).toEqual([stands, stands]);
    expect(await conflictsOf(a)).toEqual({ open: [], kept: [] });
  });

  it('nobody’s edit is lost that slipped in before a write: it stands again, and a person is asked', async () => {
    await resolveBy('ask');
    const { a, b } = await aPair();
    const { globex } = two.world.sites;
    globex.webhooks.change({ paused: true });
    noah.edit(b, { summary: 'Slipped in' });
    await spentOn(two, () => {
      priya.edit(a, { summary: 'What Priya wrote' });
      globex.webhooks.change({ paused: false });
    });
    expect(summaries(a, b)).toEqual(['What Priya wrote', 'Slipped in']);
    expect(await theQuestion(a)).toMatchObject({ decided: null });
  });

  it('a status is decided by transitions', async () => {
    await resolveBy('ask');
    const { a, b } = await aPair();
    await atTheSameTime(() => {
      priya.setStatus(a, 'In Progress');
      noah.setStatus(b, 'Done');
    });
    const { id, since } = await theQuestion(a, 'status');
    await two.support('POST', at(`/conflicts/${encodeURIComponent(id)}/decide`), { winner: 'A', since });
    await two.settle();
    expect([(await priya.look(a))?.status, (await noah.look(b))?.status]).toEqual(['In Progress', 'In Progress']);
  });
});
