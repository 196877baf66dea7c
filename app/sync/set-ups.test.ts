import { beforeEach, describe, expect, it } from '@jest/globals';
import { addSpace, buildShape, createSetUpWorld, type SetUpSite, type SetUpWorld } from '../../test/fakes/set-up-world.ts';
import { codeOf, done } from '../../test/set-up-results.ts';
import type { AccountId, ConnectionId, FieldId, SetUpId } from '../core/ids.ts';
import { nextStep, SET_UP_LASTS_MS, type SetUpRoute } from '../core/set-up-steps.ts';
import { acceptRequest } from './answer-request.ts';
import { beginSetUp, changeSetUp, type SetUpEntry } from './change-set-up.ts';
import { startSynchronization } from './change-synchronization.ts';
import { establishSynchronization } from './establish-synchronization.ts';
import { doneSteps, findSetUp, listSetUps } from './find-set-up.ts';
import { findVisible, listVisible } from './find-visible.ts';
import { finishSetUp, forgetSetUp, previewSetUp } from './finish-set-up.ts';
import { listSpaces } from './list-spaces.ts';
import type { Caller, SpaceCaller, TokenCaller } from './set-up-ports.ts';

const content = {
  fields: [{ field: 'summary' as FieldId, direction: 'both', conflict: 'newest' }],
  status: { direction: 'both', conflict: 'newest' },
  comments: null,
  strict: false,
} as const;
const named: SetUpEntry = { name: 'Support', description: 'What for', content };
const DC_URL = 'https://jira.initech.example/jira';
const CLOUD_URL = 'https://hooli.atlassian.net';
const NOBODYS = '00000000-0000-4000-9000-0000000000ff' as ConnectionId;

let world: SetUpWorld;
let ann: SpaceCaller;
let ben: SpaceCaller;
let program: TokenCaller;
let initech: SetUpSite;
let dc: ConnectionId;
let cloud: ConnectionId;
beforeEach(() => {
  world = createSetUpWorld();
  ann = world.caller(world.acme, 'SUP', 'ann');
  ben = world.caller(world.globex, 'ENG', 'ben');
  program = world.program(world.acme, 'read', 'configure');
  const far = world.connect(3, DC_URL);
  initech = far.site;
  dc = far.connection.connectionId;
  addSpace(initech, buildShape(10_000, 'PLAT', 'Platform'));
  const hooli = world.connect(4, CLOUD_URL, { product: 'cloud', kind: 'oauth2-cloud' });
  cloud = hooli.connection.connectionId;
  addSpace(hooli.site, buildShape(10_000, 'NUC', 'Nucleus'));
});

const begin = async (caller: Caller, route: SetUpRoute, entry: SetUpEntry = {}): Promise<SetUpId> =>
  (await done(beginSetUp(world.ports, caller, route, entry))).setUpId;
const setState = (connectionId: ConnectionId, state: 'working' | 'awaiting-authentication' | 'needs-authentication'): void => {
  const known = world.remote.get(connectionId);
  if (known !== undefined) world.remote.set(connectionId, { ...known, connection: { ...known.connection, state } });
};

describe('[S12] a set-up is left and taken up again', () => {
  it('keeps what was entered, step by step, and ends in a request', async () => {
    const id = await begin(ann, 'cloud-with-app');
    await done(changeSetUp(world.ports, ann, id, { partner: { siteUrl: 'https://globex.atlassian.net' } }));
    await done(changeSetUp(world.ports, ann, id, { partner: { projectKey: 'ENG' }, mode: 'review' }));
    expect(await codeOf(finishSetUp(world.ports, ann, id))).toBe('set-up-unfinished');
    const { setUp } = await done(findSetUp(world.ports, ann, id));
    expect([...(await doneSteps(world.ports, setUp))].sort()).toEqual(['mode', 'own-space', 'site', 'space']);
    await done(changeSetUp(world.ports, ann, id, named));
    const { synchronization } = await done(finishSetUp(world.ports, ann, id));
    expect(synchronization).toMatchObject({
      synchronizationId: id,
      state: 'requested',
      mode: 'review',
      name: 'Support',
      request: { askedBy: 'ann', askedAt: world.time.now, declineReason: null },
    });
    expect(await codeOf(findSetUp(world.ports, ann, id))).toBe('set-up-not-found');
    await done(acceptRequest(world.ports, ben, synchronization.synchronizationId));
  });

  it('ties two spaces of one site by a request, at once in force', async () => {
    const id = await begin(ann, 'same-site', { partner: { projectKey: 'hr' }, ...named });
    const { synchronization } = await done(finishSetUp(world.ports, ann, id));
    expect(synchronization).toMatchObject({ state: 'requested', mode: 'immediate', sides: { B: { projectKey: 'HR' } } });
  });

  it('belongs to who began it, in the space where it was begun; admins of the site and programs see it too', async () => {
    const mine = await begin(ann, 'same-site');
    world.acme.spaces.get('SUP')?.admins.add('bob').add('root');
    world.acme.admins.add('root');
    const bob = world.caller(world.acme, 'SUP', 'bob');
    const root = world.caller(world.acme, 'SUP', 'root');
    const seenBy = async (caller: Caller) => (await done(listSetUps(world.ports, caller))).map(({ setUpId }) => setUpId);
    expect(await seenBy(ann)).toEqual([mine]);
    expect(await seenBy(bob)).toEqual([]);
    expect(await seenBy(root)).toEqual([mine]);
    expect(await seenBy(program)).toEqual([mine]);
    expect(await seenBy(world.caller(world.acme, 'LAB', 'ann'))).toEqual([]);
    expect(await seenBy(ben)).toEqual([]);
    for (const stranger of [bob, ben, world.caller(world.acme, 'LAB', 'ann')]) {
      expect(await codeOf(findSetUp(world.ports, stranger, mine))).toBe('set-up-not-found');
      expect(await codeOf(changeSetUp(world.ports, stranger, mine, { name: 'Mine' }))).toBe('set-up-not-found');
      expect(await codeOf(finishSetUp(world.ports, stranger, mine))).toBe('set-up-not-found');
      expect(await codeOf(previewSetUp(world.ports, stranger, mine))).toBe('set-up-not-found');
      expect(await codeOf(forgetSetUp(world.ports, stranger, mine))).toBe('set-up-not-found');
    }
    await done(forgetSetUp(world.ports, ann, mine));
    expect(await seenBy(ann)).toEqual([]);
  });

  it('ends 30 days after it was last touched', async () => {
    const id = await begin(ann, 'same-site');
    world.time.now += SET_UP_LASTS_MS - 1;
    await done(changeSetUp(world.ports, ann, id, { name: 'Still at it' }));
    world.time.now += SET_UP_LASTS_MS - 1;
    expect(await codeOf(findSetUp(world.ports, ann, id))).toBe('done');
    world.time.now += 1;
    expect(await codeOf(findSetUp(world.ports, ann, id))).toBe('set-up-not-found');
    expect(await done(listSetUps(world.ports, ann))).toEqual([]);
  });

  /** Once the next look for a partner site has begun, nothing comes of it until `goOn`. */
  const heldAtPartner = () => {
    const begun = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const { findByUrl } = world.ports.directory;
    const directory = {
      ...world.ports.directory,
      async findByUrl(siteUrl: string) {
        begun.resolve();
        await released.promise;
        return findByUrl(siteUrl);
      },
    };
    return { ports: { ...world.ports, directory }, begun: begun.promise, goOn: released.resolve };
  };

  it('keeps both of two entries that are made at the same time', async () => {
    const id = await begin(ann, 'cloud-with-app');
    const partner = { siteUrl: 'https://globex.atlassian.net', projectKey: 'ENG' };
    const held = heldAtPartner();
    const first = changeSetUp(held.ports, ann, id, { partner });
    await held.begun;
    await done(changeSetUp(world.ports, ann, id, { name: 'Support' }));
    held.goOn();
    expect(await done(first)).toMatchObject({ partner, name: 'Support' });
    expect((await done(findSetUp(world.ports, ann, id))).setUp).toMatchObject({ partner, name: 'Support' });
  });

  it('stays if more is entered while it is finished: what was entered is not lost', async () => {
    const partner = { siteUrl: 'https://globex.atlassian.net', projectKey: 'ENG' };
    const id = await begin(ann, 'cloud-with-app', { partner, mode: 'immediate', ...named });
    const held = heldAtPartner();
    const finishing = finishSetUp(held.ports, ann, id);
    await held.begun;
    await done(changeSetUp(world.ports, ann, id, { description: 'Another purpose' }));
    held.goOn();
    expect((await done(finishing)).synchronization.description).toBe('What for');
    expect((await done(findSetUp(world.ports, ann, id))).setUp.description).toBe('Another purpose');
  });

  it.each<[string, SetUpRoute, () => SetUpEntry, string]>([
    ['no such site', 'cloud-with-app', () => ({ partner: { siteUrl: CLOUD_URL, projectKey: 'NUC' } }), 'partner-not-found'],
    ['no such space', 'same-site', () => ({ partner: { projectKey: 'NONE' } }), 'partner-not-found'],
    ['its own space', 'same-site', () => ({ partner: { projectKey: 'SUP' } }), 'same-space'],
    ['a connection that is not there', 'data-center', () => ({ partner: { connectionId: NOBODYS } }), 'connection-not-yours'],
    ['a connection to a Cloud site', 'data-center', () => ({ partner: { connectionId: cloud } }), 'connection-unfit'],
    ['a connection to Data Center', 'cloud-without-app', () => ({ partner: { connectionId: dc } }), 'connection-unfit'],
    [
      'a connection to another site',
      'data-center',
      () => ({ partner: { siteUrl: 'https://jira.initech.example/jira2', connectionId: dc } }),
      'connection-unfit',
    ],
    ['no such space there', 'data-center', () => ({ partner: { connectionId: dc, projectKey: 'NONE' } }), 'space-not-found'],
  ])('says at once that it leads nowhere: %s', async (_name, route, entry, code) => {
    expect(await codeOf(beginSetUp(world.ports, ann, route, entry()))).toBe(code);
    const id = await begin(ann, route);
    expect(await codeOf(changeSetUp(world.ports, ann, id, entry()))).toBe(code);
    expect((await done(findSetUp(world.ports, ann, id))).setUp.partner.projectKey).toBeNull();
  });

  it('is begun only so often: what nobody finishes fills nothing up', async () => {
    const mine = await begin(ann, 'same-site');
    for (let made = 1; made < 500; made++) await begin(program, 'any');
    expect(await codeOf(beginSetUp(world.ports, ann, 'same-site', {}))).toBe('too-many-set-ups');
    expect(await codeOf(beginSetUp(world.ports, ben, 'same-site', {}))).toBe('done');
    await done(forgetSetUp(world.ports, ann, mine));
    expect(await codeOf(beginSetUp(world.ports, ann, 'same-site', {}))).toBe('done');
  });

  it('takes the address of a page of the site for the site', async () => {
    const partner = { siteUrl: `${DC_URL}/secure/Dashboard.jspa`, connectionId: dc, projectKey: 'plat' };
    expect(await codeOf(beginSetUp(world.ports, ann, 'data-center', { partner }))).toBe('done');
  });
});

describe('[S13] a site without the app', () => {
  const remote = (connectionId: ConnectionId, siteUrl: string, projectKey: string): SetUpEntry => ({
    partner: { siteUrl, connectionId, projectKey },
    ...named,
  });

  it.each<[SetUpRoute, () => SetUpEntry, string]>([
    ['data-center', () => remote(dc, DC_URL, 'PLAT'), 'PLAT'],
    ['cloud-without-app', () => remote(cloud, CLOUD_URL, 'NUC'), 'NUC'],
    ['any', () => ({ partner: { connectionId: dc, projectKey: 'PLAT' }, ...named }), 'PLAT'],
  ])('%s: ends in a synchronization, matched and stopped, that starts', async (route, entry, key) => {
    const id = await begin(ann, route, entry());
    expect(await done(previewSetUp(world.ports, ann, id))).toMatchObject({
      configuration: { types: [{ types: { A: { name: 'Bug' } } }, { types: { A: { name: 'Task' } } }] },
      alone: { types: { A: [], B: [] } },
    });
    const { synchronization } = await done(finishSetUp(world.ports, ann, id));
    expect(synchronization).toMatchObject({ tenantId: ann.siteTenantId, state: 'stopped', request: null, mode: 'immediate' });
    expect(synchronization.sides.A).toMatchObject({ connectionId: ann.connectionId, projectKey: 'SUP' });
    expect(synchronization.sides.B).toMatchObject({ siteTenantId: ann.siteTenantId, projectKey: key });
    expect(synchronization.configuration.types).toHaveLength(2);
    expect(synchronization.configuration.status?.map).toHaveLength(3);
    const started = await done(startSynchronization(world.ports, ann, synchronization.synchronizationId, 'leave'));
    expect(started.synchronization.state).toBe('running');
  });

  it('waits for the consent: the space may be entered before, but nothing is made', async () => {
    setState(dc, 'awaiting-authentication');
    const id = await begin(ann, 'data-center', remote(dc, DC_URL, 'PLAT'));
    expect(await codeOf(finishSetUp(world.ports, ann, id))).toBe('authentication-needed');
    expect(await codeOf(previewSetUp(world.ports, ann, id))).toBe('authentication-needed');
    setState(dc, 'working');
    expect(await codeOf(finishSetUp(world.ports, ann, id))).toBe('done');
  });

  it('has nobody to review changes: with it the mode is immediate', async () => {
    const id = await begin(ann, 'data-center', { ...remote(dc, DC_URL, 'PLAT'), mode: 'review' });
    expect(await codeOf(finishSetUp(world.ports, ann, id))).toBe('partner-not-asked');
    const own = (projectKey: string) => ({ connectionId: null, projectKey });
    const sides = { A: own('SUP'), B: own('LAB') };
    const terms = { name: 'Own', description: '', content, mode: 'review' } as const;
    expect((await done(establishSynchronization(world.ports, ann, sides, terms))).synchronization.mode).toBe('review');
  });

  it('whose connection was removed meanwhile needs another one', async () => {
    const id = await begin(ann, 'data-center', remote(dc, DC_URL, 'PLAT'));
    world.remote.delete(dc);
    const { setUp } = await done(findSetUp(world.ports, ann, id));
    expect(nextStep('data-center', await doneSteps(world.ports, setUp))).toBe('connection');
    expect(await codeOf(finishSetUp(world.ports, ann, id))).toBe('set-up-unfinished');
  });

  it('is used by who made the connection, by admins of the site and by programs', async () => {
    world.acme.spaces.get('SUP')?.admins.add('bob').add('root');
    world.acme.admins.add('root');
    const partner = { connectionId: dc };
    const by = (caller: Caller) => codeOf(beginSetUp(world.ports, caller, 'any', { partner }));
    expect(await by(world.caller(world.acme, 'SUP', 'bob'))).toBe('connection-not-yours');
    expect(await by(world.caller(world.acme, 'SUP', 'root'))).toBe('done');
    expect(await by(program)).toBe('done');
    expect(await by(ben)).toBe('connection-not-yours');
    expect(await codeOf(listSpaces(world.ports, world.caller(world.acme, 'SUP', 'bob'), dc))).toBe('connection-not-yours');
    expect((await done(listSpaces(world.ports, ann, dc))).map(({ projectKey }) => projectKey)).toEqual(['PLAT']);
  });

  it('has nothing in common: nothing is made, and the set-up stays', async () => {
    addSpace(initech, buildShape(10_001, 'ODD', 'Oddities', [['Oddity', []]]));
    const id = await begin(ann, 'data-center', remote(dc, DC_URL, 'ODD'));
    expect(await codeOf(finishSetUp(world.ports, ann, id))).toBe('no-common-types');
    expect(await codeOf(findSetUp(world.ports, ann, id))).toBe('done');
  });

  it('any two connections make a synchronization, by a program that says both sides', async () => {
    const sides = { A: { connectionId: dc, projectKey: 'PLAT' }, B: { connectionId: cloud, projectKey: 'NUC' } };
    const terms = { name: 'Far', description: '', content, mode: 'immediate' } as const;
    const { synchronization } = await done(establishSynchronization(world.ports, program, sides, terms));
    expect(synchronization).toMatchObject({ state: 'stopped', sides: { A: { connectionId: dc }, B: { connectionId: cloud } } });
    expect(await listVisible(world.ports, ann)).toEqual([]);
    expect(await codeOf(findVisible(world.ports, program, synchronization.synchronizationId))).toBe('done');
    const id = await begin(program, 'any', { own: sides.A, partner: { ...sides.B }, ...named });
    expect(await codeOf(finishSetUp(world.ports, program, id))).toBe('already-synchronized');
  });

  it('takes a side without a connection for the tenant’s own site', async () => {
    const sides = { A: { connectionId: null, projectKey: 'LAB' }, B: { connectionId: dc, projectKey: 'PLAT' } };
    const terms = { name: 'Lab', description: '', content, mode: 'immediate' } as const;
    const { synchronization } = await done(establishSynchronization(world.ports, program, sides, terms));
    expect(synchronization.sides.A).toEqual({ ...world.caller(world.acme, 'LAB', 'x'), kind: undefined, accountId: undefined });
    expect(await listVisible(world.ports, world.caller(world.acme, 'LAB', 'ann'))).toHaveLength(1);
  });

  it('a program needs the scope, and sends no requests', async () => {
    expect(await codeOf(beginSetUp(world.ports, world.program(world.acme, 'read'), 'any', {}))).toBe('scope-missing');
    expect(await codeOf(beginSetUp(world.ports, program, 'cloud-with-app', {}))).toBe('space-needed');
  });
});

describe('[S10] a space is the same by whichever connection', () => {
  const terms = { name: 'Twice', description: '', content, mode: 'immediate' } as const;

  it('is not tied to itself', async () => {
    const again = world.connect(5, `${DC_URL.toUpperCase()}/`);
    addSpace(again.site, buildShape(10_000, 'PLAT', 'Platform'));
    const sides = {
      A: { connectionId: dc, projectKey: 'PLAT' },
      B: { connectionId: again.connection.connectionId, projectKey: 'PLAT' },
    };
    expect(await codeOf(establishSynchronization(world.ports, program, sides, terms))).toBe('same-space');
    const own = world.connect(6, 'https://acme.atlassian.net', { product: 'cloud' });
    addSpace(own.site, buildShape(10_000, 'SUP', 'Support'));
    const id = await begin(ann, 'any', { partner: { connectionId: own.connection.connectionId, projectKey: 'SUP' }, ...named });
    expect(await codeOf(finishSetUp(world.ports, ann, id))).toBe('same-space');
  });

  it('is known by each name of a site that has the app', async () => {
    world.acme.otherUrls.push('https://jira.acme.example');
    const own = world.connect(6, 'https://jira.acme.example', { product: 'cloud' });
    addSpace(own.site, buildShape(10_000, 'SUP', 'Support'));
    const id = await begin(ann, 'any', { partner: { connectionId: own.connection.connectionId, projectKey: 'SUP' }, ...named });
    expect(await codeOf(finishSetUp(world.ports, ann, id))).toBe('same-space');
  });

  it('is not tied twice to the same other one', async () => {
    const sides = { A: { connectionId: null, projectKey: 'SUP' }, B: { connectionId: dc, projectKey: 'PLAT' } };
    await done(establishSynchronization(world.ports, program, sides, terms));
    const again = world.connect(5, DC_URL);
    addSpace(again.site, buildShape(10_000, 'PLAT', 'Platform'));
    addSpace(again.site, buildShape(10_001, 'LABS', 'Laboratory'));
    const other = (projectKey: string) => ({ ...sides, B: { connectionId: again.connection.connectionId, projectKey } });
    expect(await codeOf(establishSynchronization(world.ports, program, other('PLAT'), terms))).toBe('already-synchronized');
    const turned = { A: other('PLAT').B, B: sides.A };
    expect(await codeOf(establishSynchronization(world.ports, program, turned, terms))).toBe('already-synchronized');
    expect(await codeOf(establishSynchronization(world.ports, program, other('LABS'), terms))).toBe('done');
  });

  it('ids of spaces alone say nothing: they collide between sites', async () => {
    const sides = { A: { connectionId: dc, projectKey: 'PLAT' }, B: { connectionId: cloud, projectKey: 'NUC' } };
    expect(initech.spaces.get('PLAT')?.shape.projectId).toBe('10000');
    expect(await codeOf(establishSynchronization(world.ports, program, sides, terms))).toBe('done');
  });
});

describe('[S11] spaces of the own site', () => {
  const terms = { name: 'Own', description: '', content, mode: 'immediate' } as const;
  const tie = (caller: Caller, projectKey: string) =>
    codeOf(
      establishSynchronization(
        world.ports,
        caller,
        { A: { connectionId: null, projectKey: 'SUP' }, B: { connectionId: world.acme.address.connectionId, projectKey } },
        terms,
      ),
    );

  it('are tied at once by who administers both; others send a request', async () => {
    expect(await tie(ann, 'HR')).toBe('other-space-admin-needed');
    expect(await tie(ann, 'LAB')).toBe('done');
    world.acme.admins.add('ann');
    expect(await tie(ann, 'HR')).toBe('done');
  });

  it('count for nobody of another tenant', async () => {
    const sides = { A: { connectionId: null, projectKey: 'ENG' }, B: { connectionId: dc, projectKey: 'PLAT' } };
    expect(await codeOf(establishSynchronization(world.ports, ben, sides, terms))).toBe('connection-not-yours');
    const foreign = { ...sides, B: { connectionId: world.acme.address.connectionId, projectKey: 'SUP' } };
    expect(await codeOf(establishSynchronization(world.ports, ben, foreign, terms))).toBe('connection-not-yours');
  });
});

describe('[S14] authentication that is missing', () => {
  it.each(['awaiting-authentication', 'needs-authentication'] as const)('%s: nothing starts', async (state) => {
    const id = await begin(ann, 'data-center', { partner: { siteUrl: DC_URL, connectionId: dc, projectKey: 'PLAT' }, ...named });
    const { synchronizationId } = (await done(finishSetUp(world.ports, ann, id))).synchronization;
    setState(dc, state);
    expect(await codeOf(startSynchronization(world.ports, ann, synchronizationId, 'leave'))).toBe('authentication-needed');
    setState(dc, 'working');
    expect(await codeOf(startSynchronization(world.ports, ann, synchronizationId, 'leave'))).toBe('done');
  });
});

it('tells the audit log of the tenant who made what', async () => {
  const id = await begin(ann, 'data-center', { partner: { siteUrl: DC_URL, connectionId: dc, projectKey: 'PLAT' }, ...named });
  await done(finishSetUp(world.ports, ann, id));
  expect(world.noted).toEqual([
    {
      tenantId: ann.siteTenantId,
      entry: {
        at: world.time.now,
        actor: { kind: 'person', accountId: 'ann' as AccountId },
        action: 'synchronization.created',
        subject: id,
        detail: null,
        outcome: 'done',
      },
    },
  ]);
});
