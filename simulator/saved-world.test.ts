import { afterEach, expect, it } from '@jest/globals';
import { attach, findAttachment } from './heart/attachments.ts';
import { createIssue } from './heart/create-issue.ts';
import { linkIssues } from './heart/links.ts';
import { createVersion } from './heart/releases.ts';
import { search } from './heart/search.ts';
import type { Site, User } from './heart/site.ts';
import { addWorklog } from './heart/worklogs.ts';
import { type Simulator, startSimulator } from './start-simulator.ts';

const open: Simulator[] = [];
const start = async (saved?: Buffer): Promise<Simulator> => {
  const world = await startSimulator(saved === undefined ? {} : { saved });
  open.push(world);
  return world;
};

afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

const adminOf = (site: Site): User => {
  const admin = [...site.users.values()].find((user) => user.siteAdmin);
  if (admin === undefined) throw new Error('The seed world has administrators');
  return admin;
};

const make = (site: Site, summary: string): string => {
  const actor = { user: adminOf(site), through: { kind: 'person' as const }, trace: null };
  const made = createIssue(
    site,
    actor,
    { fields: { project: { key: 'SUP' }, issuetype: { name: 'Task' }, summary }, update: {}, properties: [] },
    'adf',
  );
  if (!made.ok) throw new Error(JSON.stringify(made.refusal));
  return made.value.key;
};

it('keeps what hangs on items: files, worklogs, links, versions', async () => {
  const first = await start();
  const site = first.sites.acme.heart;
  const actor = { user: adminOf(site), through: { kind: 'person' as const }, trace: null };
  const [one, two] = [...site.issues.values()];
  if (one === undefined || two === undefined) throw new Error('The seed world has items');
  attach(site, actor, one, [{ filename: 'a.bin', mimeType: 'application/octet-stream', bytes: Uint8Array.from([0, 255]) }]);
  addWorklog(site, actor, one, { timeSpent: '1h' }, 'adf', { how: 'auto' });
  linkIssues(site, actor, { type: { name: 'Blocks' }, inwardIssue: { id: one.id }, outwardIssue: { id: two.id } }, 'adf');
  createVersion(site, actor, { projectId: one.projectId, name: '1.0' });

  const { heart } = (await start(first.save())).sites.acme;
  const kept = heart.issues.get(one.id);
  expect(kept?.attachments.map(({ bytes }) => [...bytes])).toEqual([[0, 255]]);
  expect(kept?.worklogs).toMatchObject([{ seconds: 3600 }]);
  expect([...heart.issueLinks.values()]).toMatchObject([{ fromId: one.id, toId: two.id }]);
  expect([...heart.versions.values()]).toMatchObject([{ name: '1.0' }]);
  expect(findAttachment(heart, adminOf(heart), kept?.attachments[0]?.id ?? '').ok).toBe(true);
});

it('goes on from a saved world: items, counters and the search index', async () => {
  const first = await start();
  const key = make(first.sites.acme.heart, 'Made before the restart');
  const bytes = first.save();

  const second = await start(bytes);
  const { heart } = second.sites.acme;
  expect(heart.baseUrl).not.toBe(first.sites.acme.url);
  expect([...heart.issues.values()].find((issue) => issue.key === key)?.summary).toBe('Made before the restart');
  const found = search(heart, adminOf(heart), { jql: 'project = SUP ORDER BY created DESC', maxResults: 1, pageToken: null });
  expect(found).toMatchObject({ ok: true, value: { issues: [{ key }] } });

  expect([first, second].map((world) => world.sites.acme.starts)).toEqual([0, 1]);
  const next = make(heart, 'Made after it');
  expect(Number(next.slice(4))).toBe(Number(key.slice(4)) + 1);
  expect(new Set([...heart.issues.keys()]).size).toBe(first.sites.acme.heart.issues.size + 1);
});
