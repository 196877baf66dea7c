import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Issue } from '../simulator/heart/site.ts';
import { historyOf, spentOn } from './ledgers.ts';
import { doc, type Node, type Person, paragraph, personOn, plain, text, twinOf, twinsOf, wordsOf } from './person.ts';
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

/** What a look at one side costs; it tells the transitions too. */
const LOOK = 2;
const ONE_WRITE = 1;
const PUT = 'PUT /issue/{issueIdOrKey}';
const PUT_COMMENT = 'PUT /issue/{issueIdOrKey}/comment/{id}';
const POST_COMMENT = 'POST /issue/{issueIdOrKey}/comment';
const POST_TRANSITION = 'POST /issue/{issueIdOrKey}/transitions';
const DELETE_COMMENT = 'DELETE /issue/{issueIdOrKey}/comment/{id}';

interface Pair {
  readonly a: Issue;
  readonly b: Issue;
}

const FILLED = {
  summary: 'As it was',
  description: plain('Before'),
  labels: ['one', 'two'],
  priority: { name: 'High' },
  duedate: '2027-01-05',
};

/** An item in SUP and its twin in ENG, at rest. */
async function aPair(fields: Readonly<Record<string, unknown>> = FILLED): Promise<Pair> {
  const a = priya.create('SUP', 'Task', fields);
  await two.settle();
  return { a, b: twinOf(two.world.sites.globex, a) };
}

/** The editing side and the other one, whichever way the change goes. */
const towards = (source: 'A' | 'B', { a, b }: Pair) =>
  source === 'A'
    ? { editor: priya, edited: a, reader: noah, follower: b, target: 'globex' as const }
    : { editor: noah, edited: b, reader: priya, follower: a, target: 'acme' as const };

const BOTH_WAYS = ['A', 'B'] as const;

const RICH = doc(
  paragraph(
    'See ',
    text('this', { type: 'strong' }),
    ' and ',
    text('that', { type: 'link', attrs: { href: 'https://example.com/' } }),
  ),
  { type: 'bulletList', content: [{ type: 'listItem', content: [paragraph('first')] }] },
  { type: 'codeBlock', attrs: { language: 'text' }, content: [text('x = 1')] },
);

describe('a change of one field', () => {
  it.each(
    BOTH_WAYS.flatMap((source) =>
      [
        { what: 'a summary', field: 'summary', set: 'Said otherwise', shown: { summary: 'Said otherwise' } },
        { what: 'a rich text', field: 'description', set: RICH, shown: { description: RICH }, looks: 2 * LOOK },
        { what: 'a cleared text', field: 'description', set: null, shown: { description: null }, looks: LOOK },
        { what: 'labels', field: 'labels', set: ['three', 'two'], shown: { labels: ['three', 'two'] } },
        { what: 'all labels gone', field: 'labels', set: [], shown: { labels: [] } },
        { what: 'a priority', field: 'priority', set: { name: 'Lowest' }, shown: { priority: 'Lowest' } },
        { what: 'a due date', field: 'duedate', set: '2027-03-31', shown: { duedate: '2027-03-31' } },
        { what: 'a cleared due date', field: 'duedate', set: null, shown: { duedate: null } },
      ].map((row) => ({ looks: 0, ...row, source })),
    ),
  )('$what crosses from $source in one write, and its echo costs nothing', async ({ source, field, set, shown, looks }) => {
    const pair = await aPair();
    const { editor, edited, reader, follower, target } = towards(source, pair);
    const spent = await spentOn(two, () => editor.edit(edited, { [field]: set }));
    expect(spent).toEqual({ acme: [], globex: [], [target]: [PUT], points: looks + ONE_WRITE });
    expect(await reader.look(follower)).toMatchObject(shown);
    expect(await editor.look(edited)).toMatchObject(shown);
    expect((await historyOf(two, pair.a)).at(-1)).toBe(`applied field:${field} ${source}`);
  });

  it('five fields of one edit cross in one write', async () => {
    const pair = await aPair();
    const spent = await spentOn(two, () =>
      priya.edit(pair.a, { summary: 'New', description: plain('After'), labels: [], priority: { name: 'Low' }, duedate: null }),
    );
    expect(spent).toEqual({ acme: [], globex: [PUT], points: 2 * LOOK + ONE_WRITE });
    expect(await noah.look(pair.b)).toEqual({ ...(await priya.look(pair.a)), comments: [] });
  });

  it('a mention arrives as the person’s name, and goes back as the mention it was', async () => {
    const mention: Node = { type: 'mention', attrs: { id: priya.user.accountId, text: '@Priya Raman' } };
    const { a, b } = await aPair({ summary: 'Mentions', description: doc(paragraph('Ask ', mention, ' first')) });
    const arrived = (await noah.look(b))?.description;
    expect(JSON.stringify(arrived)).not.toContain('mention');
    expect(wordsOf(arrived)).toContain('Priya Raman');

    noah.edit(b, { description: doc(...((arrived as Node).content ?? []), paragraph('Noah adds this')) });
    await two.settle();
    const back = (await priya.look(a))?.description as Node;
    expect(back.content?.[0]).toEqual(paragraph('Ask ', mention, ' first'));
    expect(wordsOf(back)).toContain('Noah adds this');
  });
});

describe('a status', () => {
  it.each(BOTH_WAYS)('crosses from %s by a direct transition', async (source) => {
    const pair = await aPair();
    const { editor, edited, reader, follower, target } = towards(source, pair);
    const spent = await spentOn(two, () => editor.setStatus(edited, 'Done'));
    expect(spent).toEqual({
      acme: [],
      globex: [],
      [target]: [POST_TRANSITION],
      points: LOOK + ONE_WRITE,
    });
    expect((await reader.look(follower))?.status).toBe('Done');
    expect((await historyOf(two, pair.a)).at(-1)).toBe(`applied status ${source}`);
  });

  it('that the partner lacks parks with its cause; everything else goes on, and the next known status crosses', async () => {
    const { a, b } = await aPair();
    const spent = await spentOn(two, () => {
      noah.setStatus(b, 'In Review');
      noah.edit(b, { summary: 'Goes on' });
    });
    expect(spent.acme).toEqual([PUT]);
    expect(await priya.look(a)).toMatchObject({ status: 'To Do', summary: 'Goes on' });
    expect(await historyOf(two, a)).toContain('parked status B status-not-mapped');

    noah.setStatus(b, 'Done');
    await two.settle();
    expect((await priya.look(a))?.status).toBe('Done');
  });
});

describe('comments', () => {
  it.each(BOTH_WAYS)('from %s are copied, edited and deleted with their original', async (source) => {
    const pair = await aPair();
    const { editor, edited, reader, follower, target } = towards(source, pair);
    const nobody = { acme: [], globex: [] };
    let id = '';
    const made = await spentOn(two, () => {
      id = editor.comment(edited, plain('A first thought')).id;
    });
    expect(made).toEqual({ ...nobody, [target]: [POST_COMMENT], points: LOOK + ONE_WRITE });
    const copies = async () => ((await reader.look(follower))?.comments ?? []).map(({ body }) => wordsOf(body));
    expect(await copies()).toEqual([`${editor.user.displayName}:\nA first thought`]);

    const changed = await spentOn(two, () => editor.editComment(edited, id, plain('A second thought')));
    expect(changed).toEqual({ ...nobody, [target]: [PUT_COMMENT], points: 2 * LOOK + ONE_WRITE });
    expect(await copies()).toEqual([`${editor.user.displayName}:\nA second thought`]);

    const removed = await spentOn(two, () => editor.deleteComment(edited, id));
    expect(removed).toEqual({ ...nobody, [target]: [DELETE_COMMENT], points: 2 * LOOK + ONE_WRITE });
    expect(await copies()).toEqual([]);
    const piece = `comment:${source}:${id}`;
    expect((await historyOf(two, pair.a)).slice(-3)).toEqual(Array(3).fill(`applied ${piece} ${source}`));
  });

  it.each(BOTH_WAYS)('a copy of a comment from %s can be edited and deleted by the partner', async (source) => {
    const pair = await aPair();
    const { editor, edited, follower, target } = towards(source, pair);
    const admin = personOn(two.world.sites[target]);
    editor.comment(edited, plain('From the origin'));
    await two.settle();
    const copy = follower.comments[0];
    if (copy === undefined) throw new Error('no copy');

    admin.editComment(
      follower,
      copy.id,
      doc(paragraph(text(`${editor.user.displayName}:`, { type: 'strong' })), paragraph('Reworded')),
    );
    await two.settle();
    expect((await editor.look(edited))?.comments.map(({ body }) => wordsOf(body))).toEqual(['Reworded']);

    admin.deleteComment(follower, copy.id);
    await two.settle();
    expect([edited.comments, follower.comments]).toEqual([[], []]);
  });

  it('that are restricted to a role stay where they are', async () => {
    const { a, b } = await aPair();
    const spent = await spentOn(two, () => priya.comment(a, plain('Between us'), 'Administrators'));
    expect([spent.acme, spent.globex]).toEqual([[], []]);
    expect((await noah.look(b))?.comments).toEqual([]);
  });
});

describe('an item', () => {
  it.each(BOTH_WAYS)('made on %s gets one twin with all it has', async (source) => {
    const [maker, site, follower] = source === 'A' ? [priya, two.world.sites.globex, noah] : [noah, two.world.sites.acme, priya];
    const made = maker.create(source === 'A' ? 'SUP' : 'ENG', 'Bug', FILLED);
    await two.settle();
    const twin = twinOf(site, made);
    expect(await follower.look(twin)).toEqual(await maker.look(made));
    expect(site.heart.issueTypes.get(twin.typeId)?.name).toBe('Bug');
    expect((await historyOf(two, made))[0]).toBe(`created ${source}`);
  });

  it('with comments and a status beyond the first gets them all', async () => {
    two.world.sites.acme.webhooks.change({ paused: true });
    const made = priya.create('SUP', 'Task', { summary: 'Well under way' });
    priya.setStatus(made, 'In Progress');
    priya.comment(made, plain('one'));
    priya.comment(made, plain('two'));
    const spent = await spentOn(two, () => two.world.sites.acme.webhooks.change({ paused: false }));
    expect(spent.acme).toEqual([]);
    expect(spent.globex.toSorted()).toEqual(['POST /issue', POST_COMMENT, POST_COMMENT, POST_TRANSITION].toSorted());
    const shown = await noah.look(twinOf(two.world.sites.globex, made));
    expect(shown?.status).toBe('In Progress');
    expect(shown?.comments.map(({ body }) => wordsOf(body))).toEqual(['Priya Raman:\none', 'Priya Raman:\ntwo']);
  });

  it('of a type that is not mapped is left alone, and the history says why', async () => {
    const { heart } = two.world.sites.acme;
    const task = [...heart.issueTypes.values()].find(({ name }) => name === 'Task');
    if (task === undefined) throw new Error('no Task');
    heart.issueTypes.set('11199', { ...task, id: '11199', name: 'Incident' });
    for (const project of heart.projects.values()) if (project.key === 'SUP') project.issueTypeIds.push('11199');
    const made = priya.create('SUP', 'Incident', { summary: 'Of a type of its own' });
    await two.settle();
    expect(twinsOf(two.world.sites.globex, made)).toEqual([]);
    expect(await historyOf(two, made)).toEqual(['declined A type-not-mapped']);
  });

  it.each(BOTH_WAYS)('deleted on %s leaves its partner, and the history says so', async (source) => {
    const pair = await aPair();
    const { edited, reader, follower, target } = towards(source, pair);
    const admin = personOn(two.world.sites[target === 'acme' ? 'globex' : 'acme']);
    const spent = await spentOn(two, () => admin.remove(edited));
    expect([spent.acme, spent.globex]).toEqual([[], []]);
    expect((await reader.look(follower))?.summary).toBe(FILLED.summary);
    expect((await historyOf(two, pair.a)).at(-1)).toBe(`item-gone ${source} item-missing`);
    const after = await spentOn(two, () => reader.edit(follower, { summary: 'Alone' }));
    expect([after.acme, after.globex]).toEqual([[], []]);
  });

  it.each(BOTH_WAYS)('moved away on %s is no longer written, and goes on when it is back', async (source) => {
    const pair = await aPair();
    const { editor, edited, reader, follower } = towards(source, pair);
    const keyBefore = pair.a.key;
    const [away, home] = source === 'A' ? ['OPS', 'SUP'] : ['WEB', 'ENG'];
    const spent = await spentOn(two, () => {
      editor.move(edited, away);
      editor.edit(edited, { summary: 'Elsewhere' });
    });
    expect([spent.acme, spent.globex]).toEqual([[], []]);
    expect(follower.summary).toBe(FILLED.summary);
    expect([...(await historyOf(two, pair.a)), ...(await historyOf(two, { ...pair.a, key: keyBefore }))].join()).toContain(
      'moved-away',
    );

    editor.move(edited, home);
    await two.settle();
    expect((await reader.look(follower))?.summary).toBe('Elsewhere');
  });
});
