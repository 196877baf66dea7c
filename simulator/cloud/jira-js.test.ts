import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgileClient, Version3Client } from 'jira.js';
import { createBoard } from '../heart/sprints.ts';
import type { Simulator } from '../start-simulator.ts';
import { startSimulator } from '../start-simulator.ts';

let simulator: Simulator;
let client: Version3Client;

beforeAll(async () => {
  simulator = await startSimulator({ indexLagMs: 0 });
  const [user] = simulator.sites.acme.heart.users.values();
  if (user === undefined) throw new Error('The seed world has no users');
  client = new Version3Client({
    host: simulator.sites.acme.url,
    authentication: { basic: { email: user.emailAddress, apiToken: user.apiToken } },
  });
});

afterAll(async () => {
  await simulator.close();
});

const paragraph = (text: string) => ({
  type: 'doc' as const,
  version: 1 as const,
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

describe('jira.js, a client that others wrote', () => {
  it('creates, edits, comments, transitions, searches and reads back', async () => {
    const created = await client.issues.createIssue({
      fields: {
        project: { key: 'SUP' },
        issuetype: { name: 'Task' },
        summary: 'Made by jira.js',
        description: paragraph('Hello'),
        labels: ['one'],
      },
    });
    expect(created.key).toBe('SUP-9');

    await client.issues.editIssue({
      issueIdOrKey: created.key,
      fields: { summary: 'Edited by jira.js', duedate: '2027-01-31' },
      update: { labels: [{ add: 'two' }] },
    });
    const comment = await client.issueComments.addComment({ issueIdOrKey: created.id, comment: paragraph('A comment') });
    const { transitions } = await client.issues.getTransitions({ issueIdOrKey: created.key });
    const toDone = transitions?.find((transition) => transition.to?.name === 'Done');
    await client.issues.doTransition({ issueIdOrKey: created.key, transition: { id: toDone?.id ?? '' } });

    const found = await client.issueSearch.searchForIssuesUsingJqlEnhancedSearchPost({
      jql: 'project = SUP AND status = Done ORDER BY updated DESC',
      fields: ['summary', 'status'],
      maxResults: 1,
    });
    expect(found.issues?.[0]).toMatchObject({ key: created.key, fields: { summary: 'Edited by jira.js' } });

    const issue = await client.issues.getIssue({ issueIdOrKey: created.key, expand: 'changelog' });
    expect(issue.fields).toMatchObject({
      summary: 'Edited by jira.js',
      duedate: '2027-01-31',
      labels: ['one', 'two'],
      status: { name: 'Done' },
      resolution: { name: 'Done' },
      comment: { total: 1, comments: [{ id: comment.id }] },
    });
    const changed = issue.changelog?.histories?.map((history) => history.items?.map((item) => item.field));
    expect(changed).toEqual([
      ['resolution', 'status'],
      ['summary', 'duedate', 'labels'],
    ]);
  });

  it('plans, links, logs work and watches', async () => {
    const { heart } = simulator.sites.acme;
    const [user] = heart.users.values();
    if (user === undefined) throw new Error('The seed world has users');
    const authentication = { basic: { email: user.emailAddress, apiToken: user.apiToken } };
    const agile = new AgileClient({ host: simulator.sites.acme.url, authentication });
    const board = createBoard(heart, { name: 'Planning', type: 'scrum', projectId: '11200' });
    const sprint = await agile.sprint.createSprint({ name: 'One', originBoardId: Number(board.id) });
    await agile.sprint.moveIssuesToSprintAndRank({ sprintId: sprint.id ?? 0, issues: ['SUP-1', 'SUP-2'] });
    expect(heart.issues.get(heart.issueIdsByKey.get('SUP-1') ?? '')?.sprintIds).toEqual([String(sprint.id)]);

    const version = await client.projectVersions.createVersion({ projectId: 11_200, name: 'By jira.js' });
    await client.issues.editIssue({ issueIdOrKey: 'SUP-1', fields: { fixVersions: [{ id: version.id }] } });
    await client.issueLinks.linkIssues({
      type: { name: 'Blocks' },
      inwardIssue: { key: 'SUP-1' },
      outwardIssue: { key: 'SUP-2' },
    });
    await client.issueWorklogs.addWorklog({ issueIdOrKey: 'SUP-1', timeSpent: '30m' });
    await client.issueWatchers.addWatcher({ issueIdOrKey: 'SUP-1', accountId: user.accountId });
    const { fields } = await client.issues.getIssue({ issueIdOrKey: 'SUP-1' });
    expect(fields).toMatchObject({
      fixVersions: [{ name: 'By jira.js' }],
      issuelinks: [{ outwardIssue: { key: 'SUP-2' } }],
      timespent: 1800,
      watches: { watchCount: 1, isWatching: true },
    });
  });

  it('reads who it is and what there is', async () => {
    expect((await client.myself.getCurrentUser()).displayName).toBe('Mia Lindqvist');
    expect((await client.projects.searchProjects()).values.map((project) => project.key)).toEqual(['OPS', 'SUP']);
    expect((await client.serverInfo.getServerInfo()).deploymentType).toBe('Cloud');
  });

  it('is refused with Jira’s own words', async () => {
    await expect(client.issues.getIssue({ issueIdOrKey: 'SUP-9999' })).rejects.toMatchObject({ status: 404 });
  });
});
