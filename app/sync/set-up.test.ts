import { beforeEach, describe, expect, it } from '@jest/globals';
import { buildShape, createSetUpWorld, type SetUpWorld } from '../../test/fakes/set-up-world.ts';
import { codeOf, done } from '../../test/set-up-results.ts';
import { type Failure, fail } from '../core/failure.ts';
import type { FieldId, SynchronizationId } from '../core/ids.ts';
import { acceptRequest, declineRequest } from './answer-request.ts';
import { beginSetUp } from './change-set-up.ts';
import { changeSettings, readSettings } from './change-settings.ts';
import {
  changeSynchronization,
  deleteSynchronization,
  startSynchronization,
  stopSynchronization,
} from './change-synchronization.ts';
import { expireSetUp } from './expire-set-up.ts';
import { findVisible, listVisible, type Visible } from './find-visible.ts';
import { type PartnerSpace, requestSynchronization, sendRequestAgain } from './request-synchronization.ts';
import type { Caller, SetUpResult, SpaceCaller } from './set-up-ports.ts';

const content = {
  fields: [{ field: 'summary' as FieldId, direction: 'both', conflict: 'newest' }],
  status: { direction: 'both', conflict: 'newest' },
  comments: { direction: 'both', authorLine: true },
  strict: false,
} as const;
const ENG: PartnerSpace = { kind: 'other-site', siteUrl: 'https://globex.atlassian.net', projectKey: 'ENG' };

let world: SetUpWorld;
let ann: SpaceCaller;
let ben: SpaceCaller;
beforeEach(() => {
  world = createSetUpWorld();
  ann = world.caller(world.acme, 'SUP', 'ann');
  ben = world.caller(world.globex, 'ENG', 'ben');
});

const request = (caller: Caller, partner: PartnerSpace = ENG) =>
  requestSynchronization(world.ports, caller, { partner, name: 'Support', description: '', content, mode: 'immediate' });

const requested = async (): Promise<SynchronizationId> => (await done(request(ann))).synchronization.synchronizationId;
const accepted = async (): Promise<SynchronizationId> => {
  const id = await requested();
  await done(acceptRequest(world.ports, ben, id));
  return id;
};

describe('sending a request', () => {
  it('stores it as the requester’s, with nothing matched yet', async () => {
    const { synchronization, side } = await done(request(ann));
    expect(side).toBe('A');
    expect(synchronization).toMatchObject({
      tenantId: world.acme.address.siteTenantId,
      state: 'requested',
      configurationVersion: 1,
      scannedUntil: { A: null, B: null },
      createdAt: world.time.now,
      configuration: { types: [], status: { map: [] } },
    });
    expect(synchronization.sides.A.projectKey).toBe('SUP');
    expect(synchronization.sides.B).toMatchObject({ siteTenantId: world.globex.address.siteTenantId, projectKey: 'ENG' });
    expect(await world.ports.synchronizations.read(synchronization.tenantId, synchronization.synchronizationId)).toEqual(
      synchronization,
    );
  });

  it.each<[string, PartnerSpace]>([
    ['a space of the same site', { kind: 'same-site', projectKey: 'LAB' }],
    ['a key in lower case with blanks', { kind: 'other-site', siteUrl: 'https://globex.atlassian.net', projectKey: ' eng ' }],
    ['the own site by its address', { kind: 'other-site', siteUrl: 'https://acme.atlassian.net', projectKey: 'LAB' }],
  ])('finds %s', async (_name, partner) => expect(await codeOf(request(ann, partner))).toBe('done'));

  it('gives a stranger one answer for every reason that no partner was found', async () => {
    const answers = [
      await request(ann, { kind: 'other-site', siteUrl: 'https://nobody.atlassian.net', projectKey: 'ENG' }),
      await request(ann, { kind: 'other-site', siteUrl: 'https://globex.atlassian.net', projectKey: 'NONE' }),
      await request(ann, { kind: 'same-site', projectKey: 'NONE' }),
    ];
    world.globex.failure = { kind: 'unavailable', detail: 'x' };
    answers.push(await request(ann));
    world.globex.installed = false;
    answers.push(await request(ann));
    expect(answers).toEqual(answers.map(() => ({ ok: false, failure: { code: 'partner-not-found' } })));
  });

  it('lets nobody go through the keys of another site: 30 that are not there, then one every two minutes', async () => {
    const guess = (n: number) => request(ann, { ...ENG, projectKey: `K${n}` });
    for (let n = 0; n < 30; n += 1) expect(await codeOf(guess(n))).toBe('partner-not-found');
    const { calls } = world.globex;
    expect(await codeOf(guess(30))).toBe('too-many-lookups');
    expect(await codeOf(request(ann))).toBe('too-many-lookups');
    expect(world.globex.calls).toBe(calls);
    expect(await codeOf(request(ann, { kind: 'same-site', projectKey: 'LAB' }))).toBe('done');
    world.time.now += 2 * 60_000;
    expect(await codeOf(request(ann))).toBe('done');
  });

  it.each<[string, PartnerSpace]>([
    ['by key', { kind: 'same-site', projectKey: 'SUP' }],
    ['by address', { kind: 'other-site', siteUrl: 'https://acme.atlassian.net', projectKey: 'SUP' }],
  ])('refuses the own space %s', async (_name, partner) => expect(await codeOf(request(ann, partner))).toBe('same-space'));

  it('refuses a second one between the same two spaces, from either side, until the first is declined', async () => {
    const id = await requested();
    const SUP: PartnerSpace = { kind: 'other-site', siteUrl: 'https://acme.atlassian.net', projectKey: 'SUP' };
    expect(await codeOf(request(ann))).toBe('already-synchronized');
    expect(await codeOf(request(ben, SUP))).toBe('already-synchronized');
    await done(declineRequest(world.ports, ben, id));
    expect(await codeOf(request(ben, SUP))).toBe('done');
    expect(await codeOf(sendRequestAgain(world.ports, ann, id))).toBe('already-synchronized');
  });

  it('allows other spaces beside it', async () => {
    await requested();
    expect(await codeOf(request(world.caller(world.acme, 'LAB', 'ann')))).toBe('done');
  });
});

describe('[S4] answering', () => {
  it('matches types and statuses when the partner accepts, and stands stopped', async () => {
    const id = await requested();
    const { synchronization, side } = await done(acceptRequest(world.ports, ben, id));
    expect(side).toBe('B');
    expect(synchronization.state).toBe('stopped');
    expect(synchronization.configurationVersion).toBe(2);
    expect(synchronization.configuration.types.map(({ types }) => types.A.name)).toEqual(['Bug', 'Task']);
    expect(synchronization.configuration.status?.map).toHaveLength(3);
  });

  it('is for side B alone', async () => {
    const id = await requested();
    expect(await codeOf(acceptRequest(world.ports, ann, id))).toBe('side-forbids');
    expect(await codeOf(declineRequest(world.ports, ann, id))).toBe('side-forbids');
  });

  it('refuses to accept what has nothing in common, and the request stays', async () => {
    const id = await requested();
    world.globex.spaces.set('ENG', {
      shape: buildShape(20_000, 'ENG', 'Engineering', [['Story', []]]),
      admins: new Set(['ben']),
      seenBy: 'everybody',
    });
    expect(await codeOf(acceptRequest(world.ports, ben, id))).toBe('no-common-types');
    expect((await done(findVisible(world.ports, ben, id))).synchronization.state).toBe('requested');
  });

  it.each<[string, 'acme' | 'globex', Failure | 'uninstalled', string]>([
    ['the partner is silent', 'acme', { kind: 'unavailable', detail: 'x' }, 'partner-unreachable'],
    ['the partner has left', 'acme', 'uninstalled', 'partner-unreachable'],
    ['the partner is limited', 'acme', { kind: 'rate-limited', scope: 'site', retryAt: 1 }, 'site-busy'],
    ['the own site is silent', 'globex', { kind: 'unavailable', detail: 'x' }, 'site-unreachable'],
    ['the own site has left', 'globex', 'uninstalled', 'site-unreachable'],
    ['the own site is limited', 'globex', { kind: 'rate-limited', scope: 'site', retryAt: 1 }, 'site-busy'],
  ])('says so when %s', async (_name, at, failure, code) => {
    const id = await requested();
    if (failure === 'uninstalled') world[at].installed = false;
    else world[at].failure = failure;
    expect(await codeOf(acceptRequest(world.ports, ben, id))).toBe(code);
  });

  it('[S5] lets a declined request be changed, sent again, accepted or deleted', async () => {
    const id = await requested();
    await done(declineRequest(world.ports, ben, id));
    await done(changeSynchronization(world.ports, ann, id, { content: { ...content, comments: null } }));
    expect(await codeOf(sendRequestAgain(world.ports, ben, id))).toBe('side-forbids');
    await done(sendRequestAgain(world.ports, ann, id));
    expect((await done(acceptRequest(world.ports, ben, id))).synchronization.configuration.comments).toBeNull();
  });

  it('does not let the content change while the partner decides', async () => {
    const id = await requested();
    expect(await codeOf(changeSynchronization(world.ports, ann, id, { content }))).toBe('state-forbids');
    expect(await codeOf(changeSynchronization(world.ports, ann, id, { name: 'Other' }))).toBe('done');
  });
});

describe('[S9] a request that nobody answers', () => {
  const DAY_MS = 86_400_000;

  it('expires for both after 30 days: it cannot be accepted any more, but sent again or deleted', async () => {
    const id = await requested();
    world.time.now += 30 * DAY_MS - 1;
    expect((await done(findVisible(world.ports, ben, id))).synchronization.state).toBe('requested');
    world.time.now += 1;
    for (const caller of [ann, ben])
      expect((await done(findVisible(world.ports, caller, id))).synchronization.state).toBe('expired');
    expect(await codeOf(acceptRequest(world.ports, ben, id))).toBe('state-forbids');
    expect(await codeOf(declineRequest(world.ports, ben, id))).toBe('state-forbids');
    await done(changeSynchronization(world.ports, ann, id, { content: { ...content, comments: null } }));
    const again = await done(sendRequestAgain(world.ports, ann, id));
    expect(again.synchronization.request).toEqual({ askedBy: 'ann', askedAt: world.time.now, declineReason: null });
    expect((await done(acceptRequest(world.ports, ben, id))).synchronization.configuration.comments).toBeNull();
  });

  it('leaves the two spaces free for another one, and either side may delete it', async () => {
    const id = await requested();
    world.time.now += 30 * DAY_MS;
    const SUP: PartnerSpace = { kind: 'other-site', siteUrl: 'https://acme.atlassian.net', projectKey: 'SUP' };
    expect(await codeOf(request(ben, SUP))).toBe('done');
    expect(await codeOf(sendRequestAgain(world.ports, ann, id))).toBe('already-synchronized');
    expect(await codeOf(deleteSynchronization(world.ports, ben, id))).toBe('done');
  });

  it('is written down by the job, told to both logs once, and removes set-ups nobody went on with', async () => {
    const id = await requested();
    const setUp = await done(beginSetUp(world.ports, ann, 'same-site', {}));
    world.noted.length = 0;
    world.time.now += 30 * DAY_MS - 1;
    await expireSetUp(world.ports, ann.siteTenantId);
    expect((await world.ports.synchronizations.read(ann.siteTenantId, id))?.state).toBe('requested');
    expect(await world.ports.setUps.read(ann.siteTenantId, setUp.setUpId)).not.toBeNull();
    world.time.now += 1;
    for (const tenantId of [ann.siteTenantId, ann.siteTenantId, ben.siteTenantId]) await expireSetUp(world.ports, tenantId);
    expect((await world.ports.synchronizations.read(ann.siteTenantId, id))?.state).toBe('expired');
    expect(await world.ports.setUps.read(ann.siteTenantId, setUp.setUpId)).toBeNull();
    expect(world.noted.map(({ tenantId, entry }) => [tenantId, entry.action, entry.actor.kind, entry.subject])).toEqual([
      [ann.siteTenantId, 'synchronization.expired', 'tandem', id],
      [ben.siteTenantId, 'synchronization.expired', 'tandem', id],
    ]);
  });
});

describe('what both sides are told of a request', () => {
  it('[S5] why it was declined, until it is sent again', async () => {
    const id = await requested();
    await done(declineRequest(world.ports, ben, id, 'Not before spring'));
    const reasonSeenBy = async (caller: Caller) =>
      (await done(findVisible(world.ports, caller, id))).synchronization.request?.declineReason;
    expect([await reasonSeenBy(ann), await reasonSeenBy(ben)]).toEqual(['Not before spring', 'Not before spring']);
    await done(sendRequestAgain(world.ports, ann, id));
    expect(await reasonSeenBy(ann)).toBeNull();
  });

  it('every step is in the logs of both tenants, and each names its own people alone', async () => {
    const id = await requested();
    await done(declineRequest(world.ports, ben, id));
    await done(sendRequestAgain(world.ports, ann, id));
    await done(acceptRequest(world.ports, ben, id));
    await done(startSynchronization(world.ports, ben, id, 'leave'));
    await done(stopSynchronization(world.ports, ann, id));
    await done(deleteSynchronization(world.ports, ann, id));
    const logOf = ({ siteTenantId }: Caller) =>
      world.noted
        .filter(({ tenantId }) => tenantId === siteTenantId)
        .map(({ entry: { action, actor } }) => `${action} ${actor.kind === 'person' ? actor.accountId : actor.kind}`);
    const actions = ['requested', 'declined', 'requested', 'accepted', 'started', 'stopped', 'deleted'];
    const names = (who: string[]) => actions.map((action, at) => `synchronization.${action} ${who[at]}`);
    expect(logOf(ann)).toEqual(names(['ann', 'partner', 'ann', 'partner', 'partner', 'ann', 'ann']));
    expect(logOf(ben)).toEqual(names(['partner', 'ben', 'partner', 'ben', 'ben', 'partner', 'partner']));
  });

  it('a request that is deleted before the answer was withdrawn', async () => {
    const id = await requested();
    await done(deleteSynchronization(world.ports, ann, id));
    expect(world.noted.at(-1)?.entry.action).toBe('synchronization.withdrawn');
    expect(await listVisible(world.ports, ben)).toEqual([]);
  });
});

describe('[S11] who may configure', () => {
  const team = { groupId: 'g-1', name: 'sync-team', members: new Set(['ann', 'root']) };
  beforeEach(() => {
    world.acme.groups.push(team);
    world.acme.spaces.get('SUP')?.admins.add('bob');
  });

  it('where the site chose groups: admins of the space who are in one of them, and admins of the site', async () => {
    world.settings.configuringGroups = [{ groupId: 'g-1', name: 'sync-team' }];
    world.acme.admins.add('chef');
    const by = async (accountId: string) => {
      const caller = world.caller(world.acme, 'SUP', accountId);
      const code = await codeOf(request(caller));
      for (const { synchronization } of await listVisible(world.ports, ann))
        await world.ports.synchronizations.remove(synchronization.tenantId, synchronization.synchronizationId);
      return code;
    };
    expect(await by('ann')).toBe('done');
    expect(await by('bob')).toBe('not-in-group');
    expect(await by('chef')).toBe('done');
    // In the group, and no admin of the space.
    expect(await by('root')).toBe('not-space-admin');
  });

  it('goes by the group’s id: its name may change, and another group may take it', async () => {
    world.settings.configuringGroups = [{ groupId: 'g-1', name: 'as it was called then' }];
    expect(await codeOf(request(ann))).toBe('done');
    world.settings.configuringGroups = [{ groupId: 'g-2', name: 'sync-team' }];
    expect(await codeOf(changeSynchronization(world.ports, ann, 'x' as SynchronizationId, {}))).toBe('synchronization-not-found');
    expect(await codeOf(request(ann))).toBe('not-in-group');
  });

  it('holds for every change, and not for looking', async () => {
    const id = await accepted();
    world.settings.configuringGroups = [{ groupId: 'g-9', name: 'nobody' }];
    expect(await codeOf(findVisible(world.ports, ann, id))).toBe('done');
    expect(await codeOf(startSynchronization(world.ports, ann, id, 'leave'))).toBe('not-in-group');
    expect(await codeOf(stopSynchronization(world.ports, ann, id))).toBe('not-in-group');
    expect(await codeOf(deleteSynchronization(world.ports, ann, id))).toBe('not-in-group');
  });

  it('is chosen by admins of the site alone, by names that the site has', async () => {
    expect(await codeOf(changeSettings(world.ports, ann, ['sync-team']))).toBe('not-site-admin');
    expect(await codeOf(readSettings(world.ports, ann))).toBe('not-site-admin');
    world.acme.admins.add('chef');
    const chef = world.caller(world.acme, 'SUP', 'chef');
    expect(await codeOf(changeSettings(world.ports, chef, ['sync-team', 'sync']))).toBe('group-not-found');
    expect(await done(readSettings(world.ports, chef))).toEqual({ configuringGroups: [] });
    await done(changeSettings(world.ports, chef, ['sync-team', 'sync-team']));
    expect(await done(readSettings(world.ports, chef))).toEqual({ configuringGroups: [{ groupId: 'g-1', name: 'sync-team' }] });
    expect(world.noted.at(-1)?.entry).toMatchObject({ action: 'settings.changed', actor: { accountId: 'chef' }, detail: 'g-1' });
    await done(changeSettings(world.ports, chef, []));
    expect(await codeOf(request(world.caller(world.acme, 'SUP', 'bob')))).toBe('done');
  });

  it('a program speaks for both sides of its tenant, within its scopes', async () => {
    const id = (await done(request(ann, { kind: 'same-site', projectKey: 'LAB' }))).synchronization.synchronizationId;
    const reader = world.program(world.acme, 'read');
    const program = world.program(world.acme, 'read', 'configure');
    expect(await codeOf(acceptRequest(world.ports, reader, id))).toBe('scope-missing');
    await done(acceptRequest(world.ports, program, id));
    expect(await codeOf(startSynchronization(world.ports, program, id, 'leave'))).toBe('done');
    expect(await codeOf(findVisible(world.ports, world.program(world.globex, 'read', 'configure'), id))).toBe(
      'synchronization-not-found',
    );
  });
});

describe('[S6] starting and stopping', () => {
  it.each([
    ['leave', 1_800_000_000_000],
    ['synchronize', 0],
  ] as const)('the first start with %s scans from %i', async (existingItems, from) => {
    const id = await accepted();
    const { synchronization } = await done(startSynchronization(world.ports, ben, id, existingItems));
    expect(synchronization).toMatchObject({ state: 'running', scannedUntil: { A: from, B: from } });
  });

  it('a later start goes on where it stopped', async () => {
    const id = await accepted();
    await done(startSynchronization(world.ports, ann, id, 'leave'));
    await done(stopSynchronization(world.ports, ben, id));
    world.time.now += 1_000_000;
    const { synchronization } = await done(startSynchronization(world.ports, ann, id, 'synchronize'));
    expect(synchronization.scannedUntil).toEqual({ A: 1_800_000_000_000, B: 1_800_000_000_000 });
  });

  it('[X3] does not start without the endpoints that it takes, and says why', async () => {
    const id = await accepted();
    const ports = { ...world.ports, takeEndpoints: async () => fail('licence-endpoints-used-up' as const) };
    expect(await codeOf(startSynchronization(ports, ann, id, 'leave'))).toBe('licence-endpoints-used-up');
    expect((await done(findVisible(world.ports, ann, id))).synchronization.state).toBe('stopped');
  });

  it('does nothing twice', async () => {
    const id = await accepted();
    expect(await codeOf(stopSynchronization(world.ports, ann, id))).toBe('done');
    await done(startSynchronization(world.ports, ann, id, 'leave'));
    expect((await done(startSynchronization(world.ports, ben, id, 'leave'))).synchronization.state).toBe('running');
  });

  it.each([
    ['acme', 'partner-unreachable'],
    ['globex', 'site-unreachable'],
  ] as const)('does not start while the app is away at %s', async (at, code) => {
    const id = await accepted();
    world[at].installed = false;
    expect(await codeOf(startSynchronization(world.ports, ben, id, 'leave'))).toBe(code);
  });

  it('[H8] a stop has both sites looked after at once, so that no webhook of ours stays where nothing runs', async () => {
    const id = await accepted();
    const { synchronization } = await done(startSynchronization(world.ports, ann, id, 'leave'));
    expect(world.looksDue.size).toBe(0);
    await done(stopSynchronization(world.ports, ben, id));
    const { A, B } = synchronization.sides;
    expect([...world.looksDue]).toEqual([A.connectionId, B.connectionId]);
  });

  it('[S7] is deleted only when stopped, and then gone for both', async () => {
    const id = await accepted();
    await done(startSynchronization(world.ports, ann, id, 'leave'));
    expect(await codeOf(deleteSynchronization(world.ports, ann, id))).toBe('state-forbids');
    await done(stopSynchronization(world.ports, ann, id));
    await done(deleteSynchronization(world.ports, ben, id));
    expect(await listVisible(world.ports, ann)).toEqual([]);
    expect(await codeOf(findVisible(world.ports, ben, id))).toBe('synchronization-not-found');
  });
});

describe('changing the content', () => {
  it('makes a new version and keeps what was matched, without asking Jira for shapes', async () => {
    const id = await accepted();
    const before = await done(findVisible(world.ports, ann, id));
    const calls = world.globex.calls;
    const { synchronization } = await done(
      changeSynchronization(world.ports, ann, id, { content: { ...content, comments: null } }),
    );
    expect(synchronization.configurationVersion).toBe(before.synchronization.configurationVersion + 1);
    expect(synchronization.configuration).toEqual({ ...before.synchronization.configuration, comments: null });
    expect(world.globex.calls).toBe(calls);
  });

  it('reads both sides before each write from then on, if that is wished', async () => {
    const id = await accepted();
    const strict = async (wished: boolean): Promise<boolean> =>
      (await done(changeSynchronization(world.ports, ann, id, { content: { ...content, strict: wished } }))).synchronization
        .configuration.strict;
    expect([await strict(true), await strict(false)]).toEqual([true, false]);
  });

  it('matches statuses when they are switched on later', async () => {
    const id = await accepted();
    const without = await done(changeSynchronization(world.ports, ann, id, { content: { ...content, status: null } }));
    expect(without.synchronization.configuration.status).toBeNull();
    const withAgain = await done(changeSynchronization(world.ports, ben, id, { content }));
    expect(withAgain.synchronization.configuration.status?.map).toHaveLength(3);
  });

  it('a new name makes no new version', async () => {
    const id = await accepted();
    const { synchronization } = await done(changeSynchronization(world.ports, ben, id, { name: 'New', description: 'd' }));
    expect(synchronization).toMatchObject({ name: 'New', description: 'd', configurationVersion: 2 });
  });
});

describe('walls', () => {
  const steps: [string, (caller: Caller, id: SynchronizationId) => SetUpResult<Visible | null>][] = [
    ['accept', (caller, id) => acceptRequest(world.ports, caller, id)],
    ['decline', (caller, id) => declineRequest(world.ports, caller, id)],
    ['send again', (caller, id) => sendRequestAgain(world.ports, caller, id)],
    ['start', (caller, id) => startSynchronization(world.ports, caller, id, 'leave')],
    ['stop', (caller, id) => stopSynchronization(world.ports, caller, id)],
    ['change', (caller, id) => changeSynchronization(world.ports, caller, id, { name: 'x' })],
    ['delete', (caller, id) => deleteSynchronization(world.ports, caller, id)],
  ];

  it.each(steps)('%s: another space of the same site finds nothing, and Jira is not asked', async (_name, step) => {
    const id = await requested();
    const calls = world.acme.calls;
    expect(await codeOf(step(world.caller(world.acme, 'LAB', 'ann'), id))).toBe('synchronization-not-found');
    expect(world.acme.calls).toBe(calls);
  });

  it.each(steps)('%s: the same project id at another site finds nothing', async (_name, step) => {
    const id = await requested();
    expect(await codeOf(step({ ...ben, projectId: ann.projectId }, id))).toBe('synchronization-not-found');
  });

  it.each(steps)('%s: who is no admin at this moment may not', async (_name, step) => {
    const id = await requested();
    for (const site of [world.acme, world.globex]) for (const space of site.spaces.values()) space.admins.clear();
    expect(await codeOf(step(ann, id))).toBe('not-space-admin');
    expect(await codeOf(step(ben, id))).toBe('not-space-admin');
  });

  it('sending a request: who is no admin may not, and learns nothing of partners', async () => {
    const nobody = world.caller(world.acme, 'SUP', 'nobody');
    expect(await codeOf(request(nobody))).toBe('not-space-admin');
    expect(world.globex.calls).toBe(0);
  });

  it('each space of a site lists only its own', async () => {
    await requested();
    expect(await listVisible(world.ports, ann)).toHaveLength(1);
    expect(await listVisible(world.ports, ben)).toHaveLength(1);
    expect(await listVisible(world.ports, world.caller(world.acme, 'LAB', 'ann'))).toEqual([]);
  });

  it('sees the side it is, also within one site', async () => {
    await done(request(ann, { kind: 'same-site', projectKey: 'LAB' }));
    const lab = world.caller(world.acme, 'LAB', 'ann');
    expect((await listVisible(world.ports, ann)).map(({ side }) => side)).toEqual(['A']);
    expect((await listVisible(world.ports, lab)).map(({ side }) => side)).toEqual(['B']);
  });
});
