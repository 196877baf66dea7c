import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JIRA_WORLDS, type JiraWorld, openJiraWorld } from '../../test/jira-worlds.ts';
import type { Result } from '../core/failure.ts';
import type { ConnectionId, ProjectId, TenantId } from '../core/ids.ts';
import type { RemoteConnection, SiteCare } from '../sync/connection-ports.ts';
import { NEEDED_RIGHTS } from './ask-site.ts';
import { createCloudSiteCare } from './cloud/site-care.ts';
import { createDataCenterSiteCare } from './datacenter/site-care.ts';
import type { ReachedClient } from './reach-clients.ts';
import { createSiteCares, createSites } from './reach-sites.ts';

const valueIn = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`failed: ${JSON.stringify(result.failure)}`);
  return result.value;
};
const WANTED = { address: 'https://tandem.example/webhooks/connection/t.c.proof', secret: 'secret' };

describe.each(JIRA_WORLDS)('what %s says of us', (name) => {
  let world: JiraWorld;
  let care: SiteCare;
  const projectId = (): ProjectId =>
    [...world.site.heart.projects.values()].find(({ key }) => key === world.spaceKey)?.id as ProjectId;
  beforeAll(async () => {
    world = await openJiraWorld(name);
    // Whose version nobody has asked for yet.
    care =
      world.product === 'cloud' ? createCloudSiteCare(world.client, 'api-token') : createDataCenterSiteCare(world.client, null);
  });
  afterAll(() => world.close());

  it('is what it is, and which version', async () => {
    const { product, version } = valueIn(await care.readServer());
    expect(product).toBe(world.product);
    const line = name.replace('Data Center ', '');
    expect(version === null ? 'Cloud' : version.slice(0, line.length)).toBe(line);
  });

  it('is who we are there', async () => {
    const { accountId, displayName } = world.actor.user;
    expect(valueIn(await care.whoAmI())).toEqual({ accountId, name: displayName });
  });

  it('is what we may, and what we lack', async () => {
    const all = valueIn(await care.readRights(projectId()));
    expect(all).toEqual(NEEDED_RIGHTS.map((right) => ({ right, has: true })));
    const { user } = world.actor;
    const project = world.site.heart.projects.get(projectId());
    Object.assign(user, { siteAdmin: false });
    project?.grants.set('EDIT_ALL_COMMENTS', 'nobody');
    const lacking = valueIn(await care.readRights(projectId()))
      .filter(({ has }) => !has)
      .map(({ right }) => right);
    Object.assign(user, { siteAdmin: true });
    project?.grants.delete('EDIT_ALL_COMMENTS');
    expect(lacking).toContain('EDIT_ALL_COMMENTS');
    expect(lacking).not.toContain('BROWSE_PROJECTS');
    expect((await care.readRights('987654' as ProjectId)).ok).toBe(false);
  });

  it('is that it takes our webhook, in the form of its version', async () => {
    const registered = valueIn(await care.registerWebhook({ ...WANTED, projectIds: [projectId()] }));
    expect(registered.isProven).toBe(name !== 'Data Center 9.12');
    expect(valueIn(await care.renewWebhook(registered, { ...WANTED, projectIds: [projectId()] })).remoteId).toBe(
      registered.remoteId,
    );
    expect(valueIn(await care.removeWebhook(registered))).toBeNull();
  });

  it('is asked for in its own words, whoever wants it', async () => {
    const tenantId = 'tenant' as TenantId;
    const connectionId = 'connection' as ConnectionId;
    const transport = { product: world.product, version: null } as ReachedClient['transport'];
    const clients = {
      reach: async (_tenantId: TenantId, asked: ConnectionId) =>
        asked === connectionId ? { client: world.client, transport } : null,
    };
    const connection = { kind: 'api-token', version: null } as RemoteConnection;
    const cares = createSiteCares(clients, { read: async (_t, asked) => (asked === connectionId ? connection : null) });
    const reached = await cares.reach(tenantId, connectionId);
    expect(valueIn((await reached?.readServer()) ?? { ok: false, failure: { kind: 'missing' } }).product).toBe(world.product);
    expect(await cares.reach(tenantId, 'other' as ConnectionId)).toBeNull();
    const jira = await createSites(clients).reach(tenantId, connectionId);
    expect(valueIn((await jira?.readSpaceShape(projectId())) ?? { ok: false, failure: { kind: 'missing' } }).projectKey).toBe(
      world.spaceKey,
    );
    expect(await createSites(clients).reach(tenantId, 'other' as ConnectionId)).toBeNull();
  });
});
