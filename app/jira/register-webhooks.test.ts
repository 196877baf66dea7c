import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type RemoteWay, type RemoteWays, startRemoteWays, WAY_NAMES } from '../../test/remote-ways.ts';
import type { Result } from '../core/failure.ts';
import type { ProjectId } from '../core/ids.ts';
import type { WantedWebhook } from '../sync/connection-ports.ts';
import { isOurs, WEBHOOK_EVENTS } from './webhook-wish.ts';

const STEM = 'https://tandem.example/webhooks/connection/tenant-1.connection-1';
const SECRET = 'secret-of-connection-1';
const DAY = 86_400_000;

const valueIn = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`failed: ${JSON.stringify(result.failure)}`);
  return result.value;
};

let remote: RemoteWays;
beforeAll(async () => {
  remote = await startRemoteWays();
});
afterAll(() => remote.close());
afterEach(() => {
  for (const way of remote.ways.values()) {
    way.lose();
    way.site.faults.clear();
  }
});

const wantedAt = ({ spaces }: RemoteWay, more: Partial<WantedWebhook> = {}): WantedWebhook => ({
  address: `${STEM}.proof`,
  secret: SECRET,
  projectIds: [spaces[0]],
  ...more,
});

/** All that must hold of a site's webhooks, whatever happened before. */
const expectOne = (way: RemoteWay, wanted: WantedWebhook): void => {
  expect(way.seen()).toHaveLength(1);
  const [seen] = way.seen();
  expect([...(seen?.events ?? [])].sort()).toEqual([...WEBHOOK_EVENTS].sort());
  expect(seen?.url).toBe(wanted.address);
  for (const projectId of wanted.projectIds) expect(seen?.filter).toContain(projectId);
  const isSigned = way.product === 'data-center' ? Number.parseInt(way.version ?? '', 10) >= 10 : way.kind !== 'oauth2-cloud';
  expect(seen?.secret).toBe(isSigned ? SECRET : null);
};

describe.each(WAY_NAMES)('a webhook by %s', (name) => {
  const way = (): RemoteWay => remote.way(name);

  it('is registered for all events that the engine uses, and the spaces asked for alone', async () => {
    const wanted = wantedAt(way());
    const registered = valueIn(await way().calls.registerWebhook(wanted));
    expectOne(way(), wanted);
    expect(registered.projectIds).toEqual(wanted.projectIds);
    expect(registered.isProven).toBe(name !== 'Data Center 9.12');
    expect(registered.remoteId).toMatch(new RegExp(`^[a-z]+:${way().seen()[0]?.id}$`));
  });

  it('registered twice stays one', async () => {
    const first = valueIn(await way().calls.registerWebhook(wantedAt(way())));
    const second = valueIn(await way().calls.registerWebhook(wantedAt(way())));
    expect(second.remoteId).toBe(first.remoteId);
    expectOne(way(), wantedAt(way()));
  });

  it('whose registration got no answer is taken over', async () => {
    way().site.faults.add({ method: 'POST', when: 'after', status: null, times: 1 });
    expect((await way().calls.registerWebhook(wantedAt(way()))).ok).toBe(false);
    expect(way().seen()).toHaveLength(1);
    valueIn(await way().calls.registerWebhook(wantedAt(way())));
    expectOne(way(), wantedAt(way()));
  });

  it('follows another address of ours, and other spaces', async () => {
    const registered = valueIn(await way().calls.registerWebhook(wantedAt(way())));
    const moved = wantedAt(way(), { address: `${STEM}.other-proof`, projectIds: [...way().spaces, '77777' as ProjectId] });
    const renewed = valueIn(await way().calls.renewWebhook(registered, moved));
    expectOne(way(), moved);
    expect(renewed.projectIds).toEqual(moved.projectIds);
  });

  it('is renewed in place', async () => {
    const registered = valueIn(await way().calls.registerWebhook(wantedAt(way())));
    const renewed = valueIn(await way().calls.renewWebhook(registered, wantedAt(way())));
    expect(renewed.remoteId).toBe(registered.remoteId);
    expectOne(way(), wantedAt(way()));
  });

  it('that the site lost is registered anew', async () => {
    const registered = valueIn(await way().calls.registerWebhook(wantedAt(way())));
    way().lose();
    valueIn(await way().calls.renewWebhook(registered, wantedAt(way())));
    expectOne(way(), wantedAt(way()));
  });

  it('is removed, and removed again when it is gone already', async () => {
    const registered = valueIn(await way().calls.registerWebhook(wantedAt(way())));
    valueIn(await way().calls.removeWebhook(registered));
    expect(way().seen()).toEqual([]);
    valueIn(await way().calls.removeWebhook(registered));
  });

  it('leaves those of others alone', async () => {
    const other = wantedAt(way(), { address: 'https://tandem.example/webhooks/connection/tenant-1.connection-2.proof' });
    const registered = await way().calls.registerWebhook(other);
    expect(registered.ok).toBe(true);
    const mine = await way().calls.registerWebhook(wantedAt(way()));
    if (name === '3LO') {
      // One address for an app and its user: the second connection of the same person there has to be told of otherwise.
      expect(mine).toMatchObject({
        ok: false,
        failure: { kind: 'rejected', detail: expect.stringContaining('another address') },
      });
      expect(way().seen()).toHaveLength(1);
      return;
    }
    valueIn(await way().calls.removeWebhook(valueIn(mine)));
    expect(
      way()
        .seen()
        .map(({ url }) => url),
    ).toEqual([other.address]);
  });

  it('is refused to a sync user who may not', async () => {
    const refused = await way().callsOfOther.registerWebhook(wantedAt(way()));
    expect(refused).toMatchObject({ ok: false, failure: { kind: name === '3LO' ? 'unauthorized' : 'forbidden' } });
    expect(way().seen()).toEqual([]);
  });
});

describe('dynamic webhooks', () => {
  const way = (): RemoteWay => remote.way('3LO');

  it('say when they end, thirty days from now, and are moved on by a renewal', async () => {
    const registered = valueIn(await way().calls.registerWebhook(wantedAt(way())));
    const [webhook] = way().site.webhooks.dynamic.values();
    if (webhook === undefined) throw new Error('It was registered.');
    expect(registered.expiresAt).toBe(webhook.expiresAt);
    webhook.expiresAt -= 20 * DAY;
    const renewed = valueIn(await way().calls.renewWebhook(registered, wantedAt(way())));
    expect(renewed.expiresAt).toBe(webhook.expiresAt);
    expect(renewed.expiresAt).toBeGreaterThan((registered.expiresAt ?? 0) - DAY);
  });

  it('are renewed in place in whatever words Jira gives their filter back', async () => {
    const registered = valueIn(await way().calls.registerWebhook(wantedAt(way())));
    const { dynamic } = way().site.webhooks;
    for (const [id, one] of dynamic) dynamic.set(id, { ...one, jqlFilter: one.jqlFilter.replace('in', 'IN') });
    const renewed = valueIn(await way().calls.renewWebhook(registered, wantedAt(way())));
    expect([renewed.remoteId, way().seen().length]).toEqual([registered.remoteId, 1]);
    const more = valueIn(await way().calls.renewWebhook(renewed, wantedAt(way(), { projectIds: way().spaces })));
    expect(more.remoteId).not.toBe(registered.remoteId);
    expectOne(way(), wantedAt(way(), { projectIds: way().spaces }));
  });

  it('are changed where there is no room for a second one', async () => {
    const registered = valueIn(await way().calls.registerWebhook(wantedAt(way())));
    const { dynamic } = way().site.webhooks;
    const [one] = dynamic.values();
    if (one === undefined) throw new Error('It was registered.');
    for (let id = 2; id <= 5; id++) dynamic.set(id + 100, { ...one, id: id + 100 });
    valueIn(await way().calls.renewWebhook(registered, wantedAt(way(), { projectIds: way().spaces })));
    expectOne(way(), wantedAt(way(), { projectIds: way().spaces }));
  });
});

describe('a webhook of Data Center', () => {
  it('that was registered before an upgrade gets a secret after it', async () => {
    const way = remote.way('Data Center 10.3');
    // What the upgraded site still has: our address, no secret.
    valueIn(await way.calls.registerWebhook(wantedAt(way, { secret: '' })));
    const [seen] = way.seen();
    if (seen === undefined) throw new Error('It was registered.');
    const before = { kind: 'registered', remoteId: `own:${seen.id}`, expiresAt: null, projectIds: [], isProven: false } as const;
    const renewed = valueIn(await way.calls.renewWebhook(before, wantedAt(way)));
    expect([renewed.remoteId, renewed.isProven]).toEqual([`plugin:${seen.id}`, true]);
    expectOne(way, wantedAt(way));
  });
});

describe('whose webhook it is', () => {
  const wanted: WantedWebhook = { address: `${STEM}.proof`, secret: SECRET, projectIds: [] };
  it.each([
    ['ours at this address', `${STEM}.proof`, true],
    ['ours of another key', `${STEM}.older`, true],
    ['ours at an older host', 'https://old.example:8443/webhooks/connection/tenant-1.connection-1.proof', true],
    ['of another connection', 'https://tandem.example/webhooks/connection/tenant-1.connection-11.proof', false],
    ['of another tenant', 'https://tandem.example/webhooks/connection/tenant-2.connection-1.proof', false],
    ['of somebody else', 'https://hooks.example/jira', false],
    ['no address at all', 'jira', false],
  ])('%s', (_name, url, ours) => {
    expect(isOurs(url, wanted)).toBe(ours);
  });
});
