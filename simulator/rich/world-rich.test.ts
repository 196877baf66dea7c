import { beforeAll, describe, expect, it } from '@jest/globals';
import type { AdfNode } from '../heart/adf.ts';
import { customValue, KINDS } from '../heart/custom-fields.ts';
import type { FieldKind } from '../heart/field-config.ts';
import { findIssue, projectOf } from '../heart/find-issue.ts';
import type { Issue, Site } from '../heart/site.ts';
import { issueFields } from '../shapes/issue.ts';
import { userShape } from '../shapes/people.ts';
import { type MemoryWorld, startMemoryWorld } from '../transport/memory-world.ts';
import { RICH_CONTENT } from './rich-content.ts';
import { RICH_FIELDS } from './rich-fields.ts';

const SITES = ['acme', 'globex'] as const;
const KIND_NAMES = Object.keys(KINDS) as FieldKind[];
let world: MemoryWorld;

const rich = (): Promise<MemoryWorld> => startMemoryWorld({ world: 'rich', seed: 3, indexLagMs: 0 });
beforeAll(async () => {
  world = await rich();
});

const siteOf = (name: (typeof SITES)[number]): Site => world.simulator.sites[name].heart;
/** The lasting state of a site, comparable. */
const stateOf = (site: Site): unknown => {
  const { users, statuses, resolutions, issueTypes, customFields, projects, issues, issueIdsByKey, counters } = site;
  const { groups, securityLevels, versions, components, issueLinks, boards, sprints, issueIdsByFile } = site;
  return {
    ...{ users, statuses, resolutions, issueTypes, customFields, projects, issueIdsByKey, counters },
    ...{ groups, securityLevels, versions, components, issueLinks, boards, sprints, issueIdsByFile },
    issues: new Map(issues),
  };
};
const itemOf = (site: Site, summary: string): Issue => {
  const found = [...site.issues.values()].find((issue) => issue.summary === summary);
  if (found === undefined) throw new Error(`No item is called ${summary}`);
  return found;
};
const typesIn = (node: AdfNode): string[] => [node.type, ...(node.content ?? []).flatMap(typesIn)];

describe.each(SITES)('the rich site %s', (name) => {
  const { items, software, service, former } = RICH_CONTENT[name];

  it.each(KIND_NAMES)('has a field of the kind %s, with a value', (kind) => {
    const site = siteOf(name);
    const fields = [...site.customFields.values()].filter((field) => field.kind === kind);
    expect(fields.map((field) => field.name)).toContain(RICH_FIELDS[kind].names[name]);
    const story = itemOf(site, items.story);
    expect(fields.map((field) => customValue(field, story)).filter((value) => value !== null)).toHaveLength(1);
  });

  it('shows every item in REST, of both versions', () => {
    const site = siteOf(name);
    const admin = [...site.users.values()].find(({ siteAdmin }) => siteAdmin) ?? null;
    for (const issue of site.issues.values())
      for (const version of ['2', '3'] as const)
        expect(issueFields(site, version, issue, ['*all'], admin)).toMatchObject({
          summary: issue.summary,
          project: { id: issue.projectId },
        });
  });

  it('keeps its items whole: type, status, parent and links are there, keys lead to them', () => {
    const site = siteOf(name);
    for (const issue of site.issues.values()) {
      const type = site.issueTypes.get(issue.typeId);
      expect(projectOf(site, issue).issueTypeIds).toContain(issue.typeId);
      expect(type?.workflow.statusIds).toContain(issue.statusId);
      expect(site.issueIdsByKey.get(issue.key)).toBe(issue.id);
      expect(site.issues.get(issue.parentId ?? issue.id)).toBeDefined();
      expect([...issue.linkIds].every((id) => site.issueLinks.has(id))).toBe(true);
      expect(issue.changes.every(({ at }) => at >= issue.created && at <= site.clock.now())).toBe(true);
    }
  });

  it('has a bug on which everything hangs', () => {
    const bug = itemOf(siteOf(name), items.bug);
    expect(bug.attachments.map(({ bytes }) => bytes.length)).toEqual([256, expect.any(Number), 0]);
    expect(bug.worklogs.map(({ visibility }) => visibility?.type ?? null)).toEqual([null, 'group']);
    expect(bug.comments.map(({ visibility }) => visibility?.type ?? null)).toEqual([null, null, null, 'role', 'group']);
    expect(bug.comments[1]?.parentId).toBe(bug.comments[0]?.id);
    expect([bug.linkIds.size, bug.remoteLinks.length, bug.watcherIds.size, bug.voterIds.size]).toEqual([2, 1, 2, 2]);
    expect([bug.sprintIds.length, bug.rank !== '', bug.properties.size]).toEqual([1, true, 1]);
  });

  it('has every node in a description', () => {
    const { description, attachments } = itemOf(siteOf(name), items.story);
    const types = new Set(typesIn(description ?? { type: 'none' }));
    for (const type of ['table', 'panel', 'expand', 'taskItem', 'media', 'mention', 'emoji', 'status', 'date', 'inlineCard'])
      expect(types).toContain(type);
    for (const type of ['codeBlock', 'layoutColumn', 'extension', 'decisionItem', 'nestedExpand', 'mediaInline', 'embedCard'])
      expect(types).toContain(type);
    expect(JSON.stringify(description)).toContain(attachments[0]?.mediaId);
  });

  it('has gaps, old keys, secrets and things put away', () => {
    const site = siteOf(name);
    const moved = itemOf(site, items.moved);
    expect(moved.key.startsWith(`${software.key}-`)).toBe(true);
    expect(site.issueIdsByKey.get(`${former.key}-1`)).toBe(moved.id);
    const own = [...site.issues.values()].filter((issue) => issue.key.startsWith(`${software.key}-`));
    const { lastNumber } = projectOf(site, moved);
    expect(own.length).toBe(lastNumber - 1);
    expect(itemOf(site, items.archived).archived).not.toBeNull();
    const secret = itemOf(site, items.secret);
    const outsider = [...site.users.values()].find(({ displayName }) => displayName === RICH_CONTENT[name].people.hidden);
    expect(findIssue(site, outsider ?? null, secret.key).ok).toBe(false);
  });

  it('has internal comments on its service project', () => {
    const site = siteOf(name);
    const request = itemOf(site, items.request);
    expect(projectOf(site, request)).toMatchObject({ key: service.key, kind: 'service_desk' });
    expect(request.comments.map(({ jsdPublic }) => jsdPublic)).toEqual([true, false, false, true]);
  });

  it('has people who left, hide their address, or share a name', () => {
    const site = siteOf(name);
    const { gone, hidden, namesake } = RICH_CONTENT[name].people;
    const called = (displayName: string) => [...site.users.values()].filter((user) => user.displayName === displayName);
    expect(called(gone).map(({ active }) => active)).toEqual([false]);
    expect(called(hidden).map((user) => 'emailAddress' in userShape(site, '3', user))).toEqual([false]);
    expect(called(namesake)).toHaveLength(2);
    expect(itemOf(site, items.left).assigneeId).toBe(called(gone)[0]?.accountId);
  });

  it('has sprints and versions in every state', () => {
    const site = siteOf(name);
    expect([...site.sprints.values()].map(({ state }) => state)).toEqual(['closed', 'active', 'future']);
    expect([...site.versions.values()].map(({ released, archived }) => [released, archived])).toEqual([
      [true, true],
      [true, false],
      [false, false],
    ]);
    const numbers = [itemOf(site, items.story), itemOf(site, items.finished)].map((issue) => issue.sprintIds.length);
    expect(numbers).toEqual([1, 1]);
  });

  it('is the same once saved and restored', async () => {
    const site = siteOf(name);
    const other = await startMemoryWorld({ world: 'rich', seed: 3, saved: world.simulator.save() });
    expect(stateOf(other.simulator.sites[name].heart)).toEqual(stateOf(site));
    await other.simulator.close();
  });
});

it('is the same for the same seed', async () => {
  const again = await rich();
  for (const name of SITES) {
    const url = again.simulator.sites[name].url;
    expect(url).toBe(world.simulator.sites[name].url);
    expect(stateOf(again.simulator.sites[name].heart)).toEqual(stateOf(siteOf(name)));
  }
  await again.simulator.close();
});

it('calls different kinds of fields by one name across the sites, and within one', () => {
  const kinds = (name: (typeof SITES)[number], called: string) =>
    [...siteOf(name).customFields.values()].filter((field) => field.name === called).map(({ kind }) => kind);
  expect([kinds('acme', 'Severity'), kinds('globex', 'Severity')]).toEqual([['select'], ['radiobuttons']]);
  expect([kinds('acme', 'Affected customers'), kinds('globex', 'Affected customers')]).toEqual([['float'], ['jsw-story-points']]);
  for (const name of SITES) expect(kinds(name, 'Region')).toEqual(['cascadingselect', 'select']);
});
