import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attach } from '../heart/attachments.ts';
import type { Actor, Issue, Site, SiteEvent } from '../heart/site.ts';
import { addWorklog, deleteWorklog } from '../heart/worklogs.ts';
import { type Simulator, startSimulator } from '../start-simulator.ts';
import { webhookBody } from './webhook-body.ts';

/**
 * Events of what hangs on items, against recordings of real Cloud sites. These lie beside the project in development and CI, and
 * are absent in a public clone: then there is nothing to compare with, and this file says so. In CI their absence is a failure.
 */
const RECORDINGS = new URL('../../../shared/payloads/webhooks-cloud/', import.meta.url);

/** Gone from Cloud since accounts have no names (`name`, `key`), and pictures, which come and go. */
const PASSED_OVER = new Set(['name', 'key', 'avatarUrls']);

/** The keys of all objects, with the types of their values: `worklog.author.active: boolean`. */
function shapeOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${path}: ${typeof value}`];
  return Object.entries(value).flatMap(([key, inner]) => {
    const isPerson = /(author|updateAuthor)$/i.test(path);
    return isPerson && PASSED_OVER.has(key) ? [] : shapeOf(inner, path === '' ? key : `${path}.${key}`);
  });
}

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => {
  await simulator.close();
});

const bodyOf = (kind: SiteEvent['kind'], act: (site: Site, actor: Actor, issue: Issue) => void): unknown => {
  const site = simulator.sites.acme.heart;
  const [user] = site.users.values();
  const [issue] = site.issues.values();
  if (user === undefined || issue === undefined) throw new Error('The seed world has people and items');
  const bodies: unknown[] = [];
  const listener = (event: SiteEvent): void => void (event.kind === kind && bodies.push(webhookBody(site, event)));
  site.listeners.add(listener);
  act(site, { user, through: { kind: 'person' }, trace: null }, issue);
  site.listeners.delete(listener);
  return bodies[0];
};

const ACTS: readonly (readonly [string, SiteEvent['kind'], Parameters<typeof bodyOf>[1]])[] = [
  [
    'zulip-attachment_created.json',
    'attachment-created',
    (site, actor, issue) =>
      void attach(site, actor, issue, [{ filename: 'a.png', mimeType: 'image/png', bytes: new Uint8Array(1) }]),
  ],
  [
    'zulip-worklog_deleted.json',
    'worklog-deleted',
    (site, actor, issue) => {
      const worklog = addWorklog(site, actor, issue, { timeSpent: '1h' }, 'adf', { how: 'auto' });
      if (worklog.ok) deleteWorklog(site, actor, { issue, worklog: worklog.value }, { how: 'auto' });
    },
  ],
];

describe('webhooks of what hangs on items', () => {
  if (!existsSync(RECORDINGS)) {
    it('are not compared: ../shared/payloads is not here', () => {
      expect(process.env['CI']).not.toBe('true');
    });
    return;
  }
  it.each(ACTS)('have the shape of %s', (file, kind, act) => {
    const recorded: unknown = JSON.parse(readFileSync(new URL(file, RECORDINGS), 'utf8'));
    expect(shapeOf(bodyOf(kind, act)).sort()).toEqual(shapeOf(recorded).sort());
  });
});
