import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import { createIssue } from './create-issue.ts';
import { createSite } from './create-site.ts';
import { byRank, rank } from './ranks.ts';
import { addIssueType, addProject, addStandardSchemes, addStatus, addUser, openWorkflow } from './set-up.ts';
import type { Actor, Site } from './site.ts';

const COUNT = 6;

function world(): { site: Site; actor: Actor } {
  const site = createSite({ name: 's', title: 'S', baseUrl: 'http://s', clock: { now: () => 0 }, seed: 1, indexLagMs: 0 });
  addStandardSchemes(site);
  const workflow = openWorkflow('W', [addStatus(site, '1', 'To Do', 'new')]);
  addIssueType(site, { id: '10', name: 'Task', description: '', subtask: false, workflow });
  const user = addUser(site, { accountId: 'a', displayName: 'A', emailAddress: 'a@s.example', siteAdmin: true });
  addProject(site, { id: '30', key: 'PRO', name: 'P', leadAccountId: 'a', issueTypeIds: ['10'], adminIds: ['a'] });
  const actor: Actor = { user, through: { kind: 'person' }, trace: null };
  for (let count = 0; count < COUNT; count += 1) {
    const fields = { project: { key: 'PRO' }, issuetype: { id: '10' }, summary: String(count) };
    expect(createIssue(site, actor, { fields, update: {}, properties: [] }, 'adf').ok).toBe(true);
  }
  return { site, actor };
}

it('ranks stand as a list would after any moves', () => {
  const step = fc.record({ moved: fc.nat(COUNT - 1), anchor: fc.nat(COUNT - 1), before: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { site, actor } = world();
      const list = [...site.issues.values()];
      const all = [...list];
      for (const { moved, anchor, before } of steps) {
        const [issue, other] = [all[moved], all[anchor]];
        if (issue === undefined || other === undefined || issue === other) continue;
        rank(site, actor, [issue], before ? { before: other } : { after: other });
        list.splice(list.indexOf(issue), 1);
        list.splice(list.indexOf(other) + (before ? 0 : 1), 0, issue);
      }
      expect([...all].sort(byRank).map(({ key }) => key)).toEqual(list.map(({ key }) => key));
    }),
    runs(100),
  );
});
