import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { addComment } from '../simulator/heart/comments.ts';
import { editIssue } from '../simulator/heart/edit-issue.ts';
import type { Actor, Issue } from '../simulator/heart/site.ts';
import { toWikiText } from '../simulator/heart/wiki-text.ts';
import type { SimulatedSite } from '../simulator/simulated-site.ts';
import { type OpenStage, openStage } from './flows/stage.ts';
import { countItemWrites } from './ledgers.ts';
import { personAt } from './people.ts';
import { twinsOf } from './person.ts';
import { tieDataCenter } from './tie-data-center.ts';

/** The whole house, with the worker's own times. */
jest.setTimeout(120_000);

const noWindows = {
  open: () => Promise.reject(new Error('Nobody looks at anything here.')),
  takeTroubles: () => [],
  closePages: async () => undefined,
  close: async () => undefined,
};

let stage: OpenStage;
beforeAll(async () => {
  stage = await openStage(noWindows);
  await stage.install(stage.acme);
  const { initech } = stage;
  await tieDataCenter(stage, 'SUP', { site: initech, farKey: 'PLAT', userName: 'bkovacs' });
  await stage.within(() => initech.registry.webhooks.size === 1);
});
afterAll(() => stage.close());

const text = (words: string, ...marks: string[]) => ({
  type: 'text',
  text: words,
  ...(marks.length === 0 ? {} : { marks: marks.map((type) => ({ type })) }),
});
const paragraph = (...content: object[]) => ({ type: 'paragraph', content });
const cell = (words: string) => ({ type: 'tableCell', attrs: { colspan: 1 }, content: [paragraph(text(words))] });

/** What a Cloud editor can do and markup can not, and what it would misread. */
const DESCRIPTION = {
  type: 'doc',
  version: 1,
  content: [
    paragraph(text('It burns', 'strong'), text(': see C:\\logs, *not* {code}, and '), {
      type: 'emoji',
      attrs: { shortName: ':fire:', text: '🔥' },
    }),
    paragraph({ type: 'status', attrs: { text: 'HOT', color: 'red', localId: 'x' } }, text(' since '), {
      type: 'date',
      attrs: { timestamp: '1700000000000' },
    }),
    {
      type: 'taskList',
      attrs: { localId: 'y' },
      content: [{ type: 'taskItem', attrs: { localId: 'z', state: 'TODO' }, content: [text('call')] }],
    },
    { type: 'table', attrs: { layout: 'default' }, content: [{ type: 'tableRow', content: [cell('a|b'), cell('c')] }] },
    { type: 'someday', content: [paragraph(text('of another app'))] },
  ],
};

const administrator = ({ heart }: SimulatedSite): Actor => {
  const user = [...heart.users.values()].find(({ siteAdmin }) => siteAdmin);
  if (user === undefined) throw new Error('The seed world has one.');
  return { user, through: { kind: 'person' }, trace: null };
};
const typeMarkup = (site: SimulatedSite, issue: Issue, description: string): void => {
  const edited = editIssue(
    site.heart,
    administrator(site),
    issue,
    { fields: { description }, update: {}, properties: [] },
    'verbatim',
  );
  if (!edited.ok) throw new Error(JSON.stringify(edited));
};
/** As people of the site see it: within, mentions name the key. */
const markupOf = (issue: Issue): string => (toWikiText(issue.description) ?? '').replace('accountid:JIRAUSER10101', 'lduarte');
const wordsIn = (node: unknown): string =>
  JSON.stringify(node, (_key, value: unknown) => value)
    .match(/"text":"(?:[^"\\]|\\.)*"/g)
    ?.map((found) => JSON.parse(`{${found}}`).text as string)
    .join(' ') ?? '';

async function twinOf(site: SimulatedSite, origin: Issue): Promise<Issue> {
  await stage.within(() => twinsOf(site, origin).length > 0);
  const [twin] = twinsOf(site, origin);
  if (twin === undefined) throw new Error('It was there.');
  return twin;
}

const forgetCalls = (): void => {
  for (const { heart } of [stage.acme, stage.initech]) heart.ledger.reset();
};

describe('rich text between Cloud and Data Center', () => {
  it('crosses with all its words, and is not written back', async () => {
    const { acme, initech } = stage;
    forgetCalls();
    const item = personAt(acme).create('SUP', { summary: 'Rich', description: DESCRIPTION });
    const twin = await twinOf(initech, item);
    await stage.world.idle();
    expect(markupOf(twin)).toBe(
      [
        '*It burns*: see C:\\logs, \\*not\\* \\{code}, and 🔥',
        '{color:#ff5630}{*}\\[ HOT ]{*}{color} since 2023-11-14',
        '* call',
        '|a&#124;b|c|',
        'of another app',
      ].join('\n\n'),
    );
    expect(item.description).toMatchObject({ content: DESCRIPTION.content });
    expect([countItemWrites(acme), countItemWrites(initech)]).toEqual([0, 1]);

    typeMarkup(initech, twin, markupOf(twin).replace('It burns', 'It burned'));
    await stage.within(() => wordsIn(item.description).includes('It burned'));
    await stage.world.idle();
    const [, ...untouched] = DESCRIPTION.content;
    expect((item.description?.content ?? []).slice(1)).toMatchObject(untouched);
  });

  it('comes back as it was edited there, and what is bound to that site stays there', async () => {
    const { acme, initech } = stage;
    const item = personAt(initech).create('PLAT', { summary: 'Markup' });
    typeMarkup(initech, item, 'Ask [~lduarte] about !plan.png|thumbnail!\n\n{toc}\n\n||a||b||\n|1|2|');
    const twin = await twinOf(acme, item);
    await stage.within(() => wordsIn(twin.description).includes('@lduarte'));
    expect(wordsIn(twin.description)).toContain('[file: plan.png]');
    await stage.world.idle();
    forgetCalls();
    const shown = JSON.stringify(twin.description);
    personAt(acme).edit(twin, { description: JSON.parse(shown.replace('Ask ', 'Please ask ')) });
    await stage.within(() => markupOf(item).includes('Please'));
    await stage.world.idle();
    expect(markupOf(item)).toBe('Please ask [~lduarte] about !plan.png|thumbnail!\n\n{toc}\n\n||a||b||\n|1|2|');
    expect([countItemWrites(acme), countItemWrites(initech)]).toEqual([0, 1]);
  });

  it('crosses in comments, both ways, once', async () => {
    const { acme, initech } = stage;
    const item = personAt(acme).create('SUP', { summary: 'Discussed' });
    const twin = await twinOf(initech, item);
    const near = addComment(acme.heart, administrator(acme), item, { body: DESCRIPTION }, 'adf');
    const far = addComment(initech.heart, administrator(initech), twin, { body: 'See *this*, [~ojansen] {{x}}' }, 'verbatim');
    expect([near.ok, far.ok]).toEqual([true, true]);
    await stage.within(() => item.comments.length === 2 && twin.comments.length === 2);
    await stage.world.idle();
    expect([item.comments.length, twin.comments.length]).toEqual([2, 2]);
    const copies = twin.comments.map(({ body }) => toWikiText(body));
    expect(copies).toContainEqual(expect.stringContaining('*It burns*: see C:\\logs'));
    expect(item.comments.map(({ body }) => wordsIn(body))).toContainEqual(expect.stringContaining('@ojansen'));
  });
});
