import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { documentOf, paragraphOf } from '../heart/adf.ts';
import { addComment } from '../heart/comments.ts';
import { createIssue } from '../heart/create-issue.ts';
import { permits } from '../heart/permissions.ts';
import type { Actor, Issue, SiteEvent, User } from '../heart/site.ts';
import type { SimulatedSite } from '../simulated-site.ts';
import { sessionCookie } from '../simulated-site.ts';
import type { Simulator } from '../start-simulator.ts';
import { startSimulator } from '../start-simulator.ts';
import { createMountPages } from './mount-pages.ts';

const PAYLOAD = `<img src=x onerror="hacked()"><script>hacked()</script>'"`;
const ESCAPED = '&lt;img src=x onerror=&quot;hacked()&quot;&gt;&lt;script&gt;hacked()&lt;/script&gt;&#39;&quot;';

let simulator: Simulator;
let acme: SimulatedSite;
beforeAll(async () => {
  simulator = await startSimulator({ pages: createMountPages() });
  acme = simulator.sites.acme;
});
afterAll(() => simulator.close());

const person = (fits: (user: User) => boolean): User => {
  const found = [...acme.heart.users.values()].find((user) => user.accountType === 'atlassian' && user.active && fits(user));
  if (found === undefined) throw new Error('The seed world has nobody like that.');
  return found;
};
const administrator = (): User => person((user) => user.siteAdmin);
/** Somebody who administers neither the site nor its project. */
const outsider = (): User =>
  person((user) => [...acme.heart.projects.values()].every((project) => !permits(user, project, 'ADMINISTER_PROJECTS')));
const actorFor = (user: User): Actor => ({ user, through: { kind: 'person' }, trace: null });
const cookieOf = (user: User): string => `${sessionCookie(acme.heart)}=${encodeURIComponent(user.accountId)}`;
const get = (path: string, user = administrator()) => request(acme.url).get(path).set('Cookie', cookieOf(user));
const post = (path: string, fields: object, user = administrator()) =>
  request(acme.url).post(path).set('Cookie', cookieOf(user)).type('form').send(fields);

const anyTypeId = (): string => [...acme.heart.projects.values()].find((project) => project.key === 'SUP')?.issueTypeIds[0] ?? '';
const makeItem = (summary: string): Issue => {
  const fields = {
    project: { key: 'SUP' },
    issuetype: { id: anyTypeId() },
    summary,
    description: documentOf(paragraphOf(summary)),
    labels: ['<b>label</b>'],
  };
  const made = createIssue(acme.heart, actorFor(administrator()), { fields, update: {}, properties: [] }, 'adf');
  if (!made.ok) throw new Error(JSON.stringify(made.refusal));
  return made.value;
};
/** What the site tells its webhooks of while something is done. */
const eventsDuring = async (act: () => PromiseLike<unknown>): Promise<SiteEvent[]> => {
  const events: SiteEvent[] = [];
  const listener = (event: SiteEvent): void => void events.push(event);
  acme.heart.listeners.add(listener);
  await act();
  acme.heart.listeners.delete(listener);
  return events;
};

describe('what people wrote stays text', () => {
  it.each(['list', 'item', 'refused create form'])('on the %s', async (where) => {
    const issue = makeItem(PAYLOAD);
    addComment(acme.heart, actorFor(administrator()), issue, { body: documentOf(paragraphOf(PAYLOAD)) }, 'adf');
    const answer =
      where === 'list'
        ? await get('/projects/SUP')
        : where === 'item'
          ? await get(`/browse/${issue.key}`)
          : await post('/projects/SUP/create', {
              typeId: 'no such type',
              summary: PAYLOAD,
              description: PAYLOAD,
              labels: PAYLOAD,
            });
    expect(answer.text).toContain(ESCAPED);
    expect(answer.text).not.toMatch(/<img src=x|<script>|<b>label/);
  });

  it('allows no inline scripts, and frames of installed apps alone', async () => {
    const { headers } = await get('/projects/SUP');
    expect(headers['content-security-policy']).toMatch(/default-src 'self';.*frame-ancestors 'self'/);
    expect(headers['content-security-policy']).not.toMatch(/script-src|unsafe-eval/);
    expect(headers['x-frame-options']).toBeUndefined();
  });
});

describe('edits', () => {
  it('are made as the person who looks, and fire the site’s events', async () => {
    const issue = makeItem('Before');
    const events = await eventsDuring(() =>
      post(`/browse/${issue.key}`, { summary: 'After' }).expect(303).expect('Location', `/browse/${issue.key}`),
    );
    expect(events).toMatchObject([
      { kind: 'issue-updated', actor: { user: { accountId: administrator().accountId }, through: { kind: 'person' } } },
    ]);
    expect(issue.summary).toBe('After');
    expect((await get(`/browse/${issue.key}`)).text).toMatch(
      /<b>Summary<\/b> <span class="from">Before<\/span> → <span class="to">After/,
    );
  });

  it.each<[object, Partial<Issue>]>([
    [{ labels: ' b  a,c b ' }, { labels: ['a', 'b', 'c'] }],
    [{ labels: '' }, { labels: [] }],
    [{ dueDate: '2027-02-28' }, { dueDate: '2027-02-28' }],
    [{ dueDate: '' }, { dueDate: null }],
    [
      { description: 'New\n\n- a' },
      {
        description: {
          type: 'doc',
          version: 1,
          content: [paragraphOf('New'), { type: 'bulletList', content: [{ type: 'listItem', content: [paragraphOf('a')] }] }],
        },
      },
    ],
    [{ description: '' }, { description: null }],
  ])('of %p make %p and leave the rest', async (fields, after) => {
    const issue = makeItem('Some item');
    const before = { ...issue };
    await post(`/browse/${issue.key}`, fields).expect(303);
    expect(issue).toMatchObject(after);
    expect([issue.summary, issue.priorityId, issue.statusId]).toEqual([before.summary, before.priorityId, before.statusId]);
  });

  it('tell why they were refused and leave the item as it is', async () => {
    const issue = makeItem('Keep me');
    const tooLong = 'long '.repeat(60);
    const answer = await post(`/browse/${issue.key}`, { summary: tooLong }).expect(422);
    expect(answer.text).toMatch(/role="alert">Summary must be less than 255 characters/);
    // What was typed is not lost.
    expect(answer.text).toContain(`<details class="edit inline" data-edit open>`);
    expect(answer.text).toContain(`value="${tooLong}"`);
    expect(issue.summary).toBe('Keep me');
  });

  it('go through the workflow', async () => {
    const issue = makeItem('To be moved');
    const page = await get(`/browse/${issue.key}`);
    const transitionId = /name="transitionId" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const before = issue.statusId;
    await post(`/browse/${issue.key}/transitions`, { transitionId }).expect(303);
    expect(issue.statusId).not.toBe(before);
  });

  it('cannot be posted from elsewhere', async () => {
    const issue = makeItem('Mine');
    await post(`/browse/${issue.key}`, { summary: 'Theirs' }).set('Origin', 'http://localhost:9').expect(403);
    expect(issue.summary).toBe('Mine');
  });
});

describe('comments and items', () => {
  it('are added, edited and deleted', async () => {
    const issue = makeItem('Talked about');
    await post(`/browse/${issue.key}/comments`, { body: 'First' }).expect(303);
    const [comment] = issue.comments;
    await post(`/browse/${issue.key}/comments/${comment?.id}`, { body: 'Second' }).expect(303);
    expect(comment?.body).toEqual(documentOf(paragraphOf('Second')));
    await post(`/browse/${issue.key}/comments/${comment?.id}/delete`, {}).expect(303);
    expect(issue.comments).toEqual([]);
    await post(`/browse/${issue.key}/comments`, { body: '  ' }).expect(422);
  });

  it('are made and gone again', async () => {
    const answer = await post('/projects/SUP/create', {
      typeId: anyTypeId(),
      summary: 'Made on a page',
      description: 'a',
      labels: '',
      priorityId: '',
      dueDate: '',
    }).expect(303);
    const key = answer.headers.location?.replace('/browse/', '') ?? '';
    expect((await get('/projects/SUP')).text).toContain(`id="item-${key}"`);
    await post(`/browse/${key}/delete`, {}).expect(303);
    await get(`/browse/${key}`).expect(404);
    expect((await get('/projects/SUP')).text).not.toContain(`id="item-${key}"`);
  });

  it('change the version that live pages ask for, and nothing else does', async () => {
    const version = async (): Promise<unknown> => (await get('/pages/version')).body;
    const before = await version();
    await get('/projects/SUP');
    expect(await version()).toEqual(before);
    makeItem('One more');
    expect(await version()).not.toEqual(before);
  });
});

describe('who looks', () => {
  it('is chosen by cookie, and comes back to the same page of this site alone', async () => {
    const someone = outsider();
    const answer = await post('/pages/user', { accountId: someone.accountId, back: '/projects/SUP' })
      .expect(303)
      .expect('Location', '/projects/SUP');
    expect(answer.headers['set-cookie']?.[0]).toContain(`${sessionCookie(acme.heart)}=${encodeURIComponent(someone.accountId)};`);
    await post('/pages/user', { accountId: someone.accountId, back: '//elsewhere.example' }).expect('Location', '/');
    const stranger = await post('/pages/user', { accountId: 'nobody', back: '/' });
    expect(stranger.headers['set-cookie']).toBeUndefined();
  });

  it('sees settings and apps only as an administrator', async () => {
    const someone = outsider();
    await get('/admin/apps', someone).expect(403);
    expect((await get('/', someone)).text).not.toContain('href="/admin/apps">Apps</a></li>');
    await get('/admin/apps').expect(200);
  });
});

it('the start page leads to all sites of the world', async () => {
  const { text } = await get('/');
  for (const site of Object.values(simulator.sites)) expect(text).toContain(`href="${site.url}/"`);
});
