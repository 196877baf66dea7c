import { beforeEach, describe, expect, it } from '@jest/globals';
import { createSetUpWorld, type SetUpWorld } from '../../test/fakes/set-up-world.ts';
import { codeOf, done } from '../../test/set-up-results.ts';
import type { FieldId, SynchronizationId } from '../core/ids.ts';
import { acceptRequest, declineRequest } from './answer-request.ts';
import { changeSynchronization, deleteSynchronization, startSynchronization } from './change-synchronization.ts';
import { type PartnerSpace, requestSynchronization, sendRequestAgain } from './request-synchronization.ts';
import type { SetUpPorts, SpaceCaller } from './set-up-ports.ts';

/*
 * Somebody decides on what they read, and somebody else decides before it is written.
 */
const content = {
  fields: [{ field: 'summary' as FieldId, direction: 'both', conflict: 'newest' }],
  status: { direction: 'both', conflict: 'newest' },
  comments: { direction: 'both', authorLine: true },
  strict: false,
} as const;
const less = { ...content, comments: null };
const ENG: PartnerSpace = { kind: 'other-site', siteUrl: 'https://globex.atlassian.net', projectKey: 'ENG' };
const SUP: PartnerSpace = { kind: 'other-site', siteUrl: 'https://acme.atlassian.net', projectKey: 'SUP' };
const HOUR_MS = 3_600_000;
const MONTH_MS = 30 * 24 * HOUR_MS;

let world: SetUpWorld;
let ann: SpaceCaller;
let ben: SpaceCaller;
beforeEach(() => {
  world = createSetUpWorld();
  ann = world.caller(world.acme, 'SUP', 'ann');
  ben = world.caller(world.globex, 'ENG', 'ben');
});

const request = (caller: SpaceCaller, partner: PartnerSpace, ports: SetUpPorts = world.ports) =>
  requestSynchronization(ports, caller, { partner, name: 'Support', description: '', content, mode: 'immediate' });
const requested = async (): Promise<SynchronizationId> => (await done(request(ann, ENG))).synchronization.synchronizationId;
const accepted = async (): Promise<SynchronizationId> => {
  const id = await requested();
  await done(acceptRequest(world.ports, ben, id));
  return id;
};
const stored = (id: SynchronizationId) => world.ports.synchronizations.read(ann.siteTenantId, id);
const actions = () => world.noted.filter(({ tenantId }) => tenantId === ann.siteTenantId).map(({ entry }) => entry.action);

/** The ports of somebody who has read and decided, and does not write before `meanwhile` is over. */
const portsAfter = (meanwhile: () => Promise<unknown>): SetUpPorts => {
  const { synchronizations } = world.ports;
  return {
    ...world.ports,
    synchronizations: {
      ...synchronizations,
      async insertUnlessTied(made) {
        await meanwhile();
        return synchronizations.insertUnlessTied(made);
      },
      async update(...change) {
        await meanwhile();
        return synchronizations.update(...change);
      },
      async remove(...gone) {
        await meanwhile();
        return synchronizations.remove(...gone);
      },
    },
  };
};

describe('[S4] a request that changes while it is answered', () => {
  const sendOther = async (id: SynchronizationId) => {
    world.time.now += HOUR_MS;
    await done(declineRequest(world.ports, ben, id));
    await done(changeSynchronization(world.ports, ann, id, { content: less }));
    await done(sendRequestAgain(world.ports, ann, id));
  };

  it('is not accepted with the content that it had before', async () => {
    const id = await requested();
    expect(
      await codeOf(
        acceptRequest(
          portsAfter(() => sendOther(id)),
          ben,
          id,
        ),
      ),
    ).toBe('terms-changed');
    expect(await stored(id)).toMatchObject({ state: 'requested', configuration: { comments: null, types: [] } });
    expect(actions()).not.toContain('synchronization.accepted');
  });

  it('is not declined for what it was before', async () => {
    const id = await requested();
    expect(
      await codeOf(
        declineRequest(
          portsAfter(() => sendOther(id)),
          ben,
          id,
          'No comments',
        ),
      ),
    ).toBe('terms-changed');
    expect(await stored(id)).toMatchObject({ state: 'requested', request: { askedAt: world.time.now, declineReason: null } });
  });

  it('does not change once it was sent again, also one that had expired', async () => {
    const id = await requested();
    world.time.now += MONTH_MS;
    const again = () => done(sendRequestAgain(world.ports, ann, id));
    expect(await codeOf(changeSynchronization(portsAfter(again), ann, id, { content: less }))).toBe('terms-changed');
    expect(await stored(id)).toMatchObject({ state: 'requested', configuration: { comments: { direction: 'both' } } });
  });
});

describe('a synchronization that is started while it is changed', () => {
  const start = (id: SynchronizationId) => () => done(startSynchronization(world.ports, ben, id, 'leave'));

  it('has the new content and the new name, and whoever changed it is told so', async () => {
    const id = await accepted();
    const changed = changeSynchronization(portsAfter(start(id)), ann, id, { name: 'Other', content: less });
    expect((await done(changed)).synchronization).toMatchObject({ name: 'Other', state: 'running' });
    expect(await stored(id)).toMatchObject({ name: 'Other', state: 'running', configuration: { comments: null } });
    expect(actions().slice(-2)).toEqual(['synchronization.started', 'synchronization.changed']);
  });

  it('has the new name, also when it was a request a moment ago', async () => {
    const id = await requested();
    const accept = () => done(acceptRequest(world.ports, ben, id));
    await done(changeSynchronization(portsAfter(accept), ann, id, { name: 'Other' }));
    expect(await stored(id)).toMatchObject({ name: 'Other', state: 'stopped' });
  });
});

describe('[S10] a declined request that is sent again while the partner asks', () => {
  const declined = async (): Promise<SynchronizationId> => {
    const id = await requested();
    await done(declineRequest(world.ports, ben, id));
    world.time.now += HOUR_MS;
    return id;
  };
  const states = async () =>
    (await world.ports.synchronizations.listOfSite(ann.siteTenantId)).map(({ state }) => state).toSorted();

  it('stays declined where the partner was first', async () => {
    const id = await declined();
    const ask = () => done(request(ben, SUP));
    expect(await codeOf(sendRequestAgain(portsAfter(ask), ann, id))).toBe('already-synchronized');
    expect(await states()).toEqual(['declined', 'requested']);
  });

  it('is the one that counts where it was first', async () => {
    const id = await declined();
    const again = () => done(sendRequestAgain(world.ports, ann, id));
    expect(await codeOf(request(ben, SUP, portsAfter(again)))).toBe('already-synchronized');
    expect(await states()).toEqual(['requested']);
  });
});

describe('what is deleted while somebody else decides', () => {
  it('a request that is accepted meanwhile stays, and nobody is told that it was withdrawn', async () => {
    const id = await requested();
    const accept = () => done(acceptRequest(world.ports, ben, id));
    expect(await codeOf(deleteSynchronization(portsAfter(accept), ann, id))).toBe('state-forbids');
    expect(await stored(id)).toMatchObject({ state: 'stopped' });
    expect(actions().at(-1)).toBe('synchronization.accepted');
  });

  it('[S7] one that is started meanwhile stays', async () => {
    const id = await accepted();
    const start = () => done(startSynchronization(world.ports, ben, id, 'leave'));
    expect(await codeOf(deleteSynchronization(portsAfter(start), ann, id))).toBe('state-forbids');
    expect(await stored(id)).toMatchObject({ state: 'running' });
  });

  it('a request that had expired and is sent again meanwhile stays', async () => {
    const id = await requested();
    world.time.now += MONTH_MS;
    const again = () => done(sendRequestAgain(world.ports, ann, id));
    expect(await codeOf(deleteSynchronization(portsAfter(again), ben, id))).toBe('terms-changed');
    expect(await stored(id)).toMatchObject({ state: 'requested' });
  });

  it('one that both sides delete is gone for both', async () => {
    const id = await accepted();
    const remove = () => done(deleteSynchronization(world.ports, ben, id));
    expect(await codeOf(deleteSynchronization(portsAfter(remove), ann, id))).toBe('done');
    expect(await stored(id)).toBeNull();
  });
});
