import { beforeEach, describe, expect, it } from '@jest/globals';
import { createIssue } from './heart/create-issue.ts';
import { deleteIssue, editIssue } from './heart/edit-issue.ts';
import { findCommentAnywhere, findIssue } from './heart/find-issue.ts';
import { LazyIssues } from './heart/lazy-issues.ts';
import { search } from './heart/search.ts';
import type { Actor, Issue, Site } from './heart/site.ts';
import { createVirtualClock } from './transport/virtual-clock.ts';
import { buildSmallWorld } from './world.ts';
import { addLargeProject } from './world-large.ts';

const COUNT = 500;
let site: Site;
let admin: Actor;

function large(seed: number): Site {
  const clock = createVirtualClock(1_800_000_000_000);
  const urls = { acme: 'http://acme', globex: 'http://globex' };
  const { acme } = buildSmallWorld({ clocks: { acme: clock, globex: clock }, seed: 1, indexLagMs: 0, urls });
  return addLargeProject(acme, seed, COUNT);
}

beforeEach(() => {
  site = large(1);
  const user = [...site.users.values()].find(({ siteAdmin }) => siteAdmin);
  if (user === undefined) throw new Error('The seed world has administrators');
  admin = { user, through: { kind: 'person' }, trace: null };
});

const unmade = (): number => (site.issues instanceof LazyIssues ? site.issues.unmadeCount() : -1);
const found = (key: string): Issue => {
  const outcome = findIssue(site, admin.user, key);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
  return outcome.value;
};

describe('the large world', () => {
  it('makes an item when it is looked at, and it stays the one and only', () => {
    expect(unmade()).toBe(COUNT);
    const issue = found('CARE-123');
    expect(unmade()).toBe(COUNT - 1);
    expect(found('CARE-123')).toBe(issue);
    expect(issue).toMatchObject({ key: 'CARE-123', number: 123, summary: expect.stringMatching(/\w+ \w+/) });
    issue.properties.set('kept', 1);
    expect(found(issue.id).properties.get('kept')).toBe(1);
  });

  it('is the same for the same seed, in whatever order it is looked at', () => {
    const again = large(1);
    const backwards = [...site.issues.keys()].reverse().map((id) => again.issues.get(id));
    expect(backwards.reverse()).toEqual([...site.issues.values()]);
    expect([...large(2).issues.values()].map(({ summary }) => summary)).not.toEqual(backwards.map((issue) => issue?.summary));
  });

  it('is searched without being made', () => {
    const count = (jql: string) => {
      const page = search(site, admin.user, { jql, maxResults: 5, pageToken: null });
      if (!page.ok) throw new Error(JSON.stringify(page.refusal));
      return page.value.issues.map(({ key }) => key);
    };
    expect(count('project = CARE ORDER BY key DESC')).toEqual(['CARE-500', 'CARE-499', 'CARE-498', 'CARE-497', 'CARE-496']);
    expect(unmade()).toBe(COUNT - 5);
    const old = found('CARE-9').summary;
    expect(count(`project = CARE AND summary ~ "${old.split(' ')[0]}"`).length).toBeGreaterThan(0);
  });

  it('knows comments by their ids before their items are made', () => {
    const ids = [...site.issueIdsByComment].slice(-3);
    for (const [comment, issueId] of ids) {
      const outcome = findCommentAnywhere(site, admin.user, comment);
      expect(outcome.ok && [outcome.value.comment.id, outcome.value.issue.id]).toEqual([comment, issueId]);
    }
    expect(site.issueIdsByComment.size).toBe(new Set(site.issueIdsByComment.keys()).size);
  });

  it('takes edits, deletions and new items like any other', () => {
    const edited = editIssue(site, admin, found('CARE-7'), { fields: { summary: 'New' }, update: {}, properties: [] }, 'adf');
    expect([edited.ok, found('CARE-7').summary]).toEqual([true, 'New']);
    const before = site.issues.size;
    const { id } = found('CARE-8');
    deleteIssue(site, admin, found('CARE-8'));
    expect([site.issues.has(id), site.issues.get(id), site.issues.size]).toEqual([false, undefined, before - 1]);
    const fields = { project: { key: 'CARE' }, issuetype: { name: 'Task' }, summary: 'One more' };
    const made = createIssue(site, admin, { fields, update: {}, properties: [] }, 'adf');
    expect(made.ok && made.value.key).toBe('CARE-501');
    expect(new Set(site.issues.keys()).size).toBe(before);
  });

  it('is a map like any other', () => {
    const { issues } = site;
    const ids = [...issues.keys()];
    expect([ids.length, issues.size, new Set(ids).size]).toEqual([issues.size, ids.length, ids.length]);
    expect(new Map(issues)).toEqual(new Map(ids.map((id) => [id, issues.get(id)])));
    const seen: string[] = [];
    issues.forEach((issue) => void seen.push(issue.id));
    expect(seen).toEqual(ids);
    expect([issues.has('no'), issues.get('1e4'), issues.delete('no'), issues.has(`0${ids[0]}`)]).toEqual([
      false,
      undefined,
      false,
      false,
    ]);
    issues.clear();
    expect([issues.size, [...issues], issues.has(ids[0] ?? '')]).toEqual([0, [], false]);
  });
});
