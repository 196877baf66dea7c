import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Version3Client } from 'jira.js';
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

  it('reads who it is and what there is', async () => {
    expect((await client.myself.getCurrentUser()).displayName).toBe('Mia Lindqvist');
    expect((await client.projects.searchProjects()).values.map((project) => project.key)).toEqual(['OPS', 'SUP']);
    expect((await client.serverInfo.getServerInfo()).deploymentType).toBe('Cloud');
  });

  it('is refused with Jira’s own words', async () => {
    await expect(client.issues.getIssue({ issueIdOrKey: 'SUP-9999' })).rejects.toMatchObject({ status: 404 });
  });
});
