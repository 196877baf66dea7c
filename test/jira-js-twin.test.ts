import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Version3Client } from 'jira.js';
import type { SimulatedSite } from '../simulator/simulated-site.ts';
import { personOn, wordsOf } from './person.ts';
import { startTwoSites, type TwoSites } from './two-sites.ts';

let two: TwoSites;

beforeAll(async () => {
  two = await startTwoSites({ simulator: { indexLagMs: 0 } });
});
afterAll(() => two.close());

const clientOf = (site: SimulatedSite, name: string): Version3Client => {
  const { emailAddress, apiToken } = personOn(site, name).user;
  return new Version3Client({ host: site.url, authentication: { basic: { email: emailAddress, apiToken } } });
};

const words = (text: string) => ({
  type: 'doc' as const,
  version: 1 as const,
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

it('a client that others wrote sees on globex what it does on acme', async () => {
  const acme = clientOf(two.world.sites.acme, 'Priya Raman');
  const globex = clientOf(two.world.sites.globex, 'Noah Becker');

  const { key } = await acme.issues.createIssue({
    fields: { project: { key: 'SUP' }, issuetype: { name: 'Bug' }, summary: 'Made by jira.js', labels: ['one'] },
  });
  await two.settle();
  const find = async (summary: string) => {
    const jql = `project = ENG AND summary ~ "${summary}"`;
    return (await globex.issueSearch.searchForIssuesUsingJqlEnhancedSearchPost({ jql, fields: ['summary'] })).issues ?? [];
  };
  const [twin, ...more] = await find('Made by jira.js');
  expect(more).toEqual([]);

  await acme.issues.editIssue({
    issueIdOrKey: key,
    fields: { summary: 'Edited by jira.js', duedate: '2027-01-31', description: words('In other words') },
    update: { labels: [{ add: 'two' }] },
  });
  await acme.issueComments.addComment({ issueIdOrKey: key, comment: words('A comment') });
  const { transitions } = await acme.issues.getTransitions({ issueIdOrKey: key });
  const toDone = transitions?.find((transition) => transition.to?.name === 'Done');
  await acme.issues.doTransition({ issueIdOrKey: key, transition: { id: toDone?.id ?? '' } });
  await two.settle();

  const { fields } = await globex.issues.getIssue({ issueIdOrKey: twin?.key ?? '' });
  expect(fields).toMatchObject({
    summary: 'Edited by jira.js',
    duedate: '2027-01-31',
    labels: ['one', 'two'],
    status: { name: 'Done' },
    issuetype: { name: 'Bug' },
  });
  expect(wordsOf(fields.description)).toBe('In other words');
  expect(fields.comment?.comments.map(({ body }) => wordsOf(body))).toEqual(['Priya Raman:\nA comment']);

  await globex.issues.editIssue({ issueIdOrKey: twin?.key ?? '', fields: { summary: 'Answered from globex' } });
  await two.settle();
  expect((await acme.issues.getIssue({ issueIdOrKey: key })).fields.summary).toBe('Answered from globex');
});
