import { beforeEach, describe, expect, it } from '@jest/globals';
import { createSetUpWorld, type SetUpWorld } from '../../test/fakes/set-up-world.ts';
import { codeOf, done } from '../../test/set-up-results.ts';
import type { ConfigurationMode } from '../core/configuration.ts';
import type { ConnectionId, FieldId, SynchronizationId } from '../core/ids.ts';
import { OFFER_ALL } from '../core/offer.ts';
import type { ContentChoice } from '../core/propose-configuration.ts';
import { acceptRequest } from './answer-request.ts';
import { changeSynchronization } from './change-synchronization.ts';
import { answerDraft, bringBackVersion, changeOffer, changeTerms, type DraftAnswer, openTerms } from './change-terms.ts';
import { requestSynchronization } from './request-synchronization.ts';
import type { Caller, SpaceCaller } from './set-up-ports.ts';
import { listVersions, showTerms } from './show-terms.ts';

const SUMMARY = { field: 'summary' as FieldId, direction: 'both', conflict: 'newest' } as const;
const PRIORITY = { ...SUMMARY, field: 'priority' as FieldId } as const;
const content: ContentChoice = {
  fields: [SUMMARY],
  status: { direction: 'both', conflict: 'newest' },
  comments: { direction: 'both', authorLine: true },
  strict: false,
};
const other: ContentChoice = { ...content, fields: [SUMMARY, PRIORITY], comments: null };

let world: SetUpWorld;
let ann: SpaceCaller;
let ben: SpaceCaller;
let id: SynchronizationId;

const begin = async (mode: ConfigurationMode): Promise<void> => {
  world = createSetUpWorld();
  ann = world.caller(world.acme, 'SUP', 'ann');
  ben = world.caller(world.globex, 'ENG', 'ben');
  const partner = { kind: 'other-site', siteUrl: 'https://globex.atlassian.net', projectKey: 'ENG' } as const;
  const asked = requestSynchronization(world.ports, ann, { partner, name: 'S', description: '', content, mode });
  id = (await done(asked)).synchronization.synchronizationId;
  await done(acceptRequest(world.ports, ben, id));
};
const counts = {
  reach: async () => ({ count: async (_space: unknown, of: { kind: string }) => (of.kind === 'status' ? 312 : 7) }),
};
const change = (caller: Caller, to: ContentChoice = other) => changeSynchronization(world.ports, caller, id, { content: to });
const show = async (caller: Caller) => done(showTerms({ ...world.ports, counts }, caller, id));
const answer = async (caller: Caller, said: DraftAnswer['answer'], draftAt?: number) =>
  codeOf(
    answerDraft(world.ports, caller, id, {
      ...{ answer: said, reason: 'Not now.' },
      draftAt: draftAt ?? (await show(caller)).standing.draft?.at ?? 0,
    }),
  );
const changeMode = async (caller: Caller, mode: ConfigurationMode) => {
  const open = await done(openTerms(world.ports, caller, id));
  return changeTerms(world.ports, caller, open, { mode });
};
const carried = async () => (await show(ann)).synchronization.configuration;

describe('in immediate mode', () => {
  beforeEach(() => begin('immediate'));

  it('[V2] a change counts at once, for either side', async () => {
    await done(change(ben));
    expect((await carried()).fields).toEqual(other.fields);
    expect((await done(listVersions(world.ports, ann, id))).map(({ number, by }) => [number, by?.side])).toEqual([
      [2, 'B'],
      [1, undefined],
    ]);
  });

  it('[V1] brings a version back as a new one', async () => {
    const before = await carried();
    await done(change(ann));
    expect(await done(bringBackVersion(world.ports, ben, id, 1))).toBe('published');
    expect(await carried()).toEqual(before);
    expect(await done(listVersions(world.ports, ann, id))).toHaveLength(3);
    expect(await codeOf(bringBackVersion(world.ports, ben, id, 9))).toBe('version-not-found');
  });

  it('[V5] becomes review at once', async () => {
    expect(await done(changeMode(ben, 'review'))).toBe('published');
    await done(change(ann));
    expect((await carried()).fields).toEqual(content.fields);
  });

  it('[V4] refuses a change that was decided on older terms', async () => {
    const open = await done(openTerms(world.ports, ann, id));
    await done(change(ben));
    expect(await codeOf(changeTerms(world.ports, ann, open, { mode: 'review' }))).toBe('terms-changed');
    expect((await show(ann)).standing.mode).toBe('immediate');
  });
});

describe('in review mode', () => {
  beforeEach(() => begin('review'));

  it('[V2] a change waits, and counts when the other side accepts it', async () => {
    const before = await carried();
    await done(change(ann));
    expect(await carried()).toEqual(before);
    const seen = await show(ben);
    expect(seen.changes?.map(({ difference, items }) => [difference.kind, items])).toEqual([
      ['field', 0],
      ['comments', 0],
    ]);
    expect(await answer(ben, 'accept')).toBe('done');
    expect((await carried()).fields).toEqual(other.fields);
    expect((await carried()).comments).toBeNull();
    expect((await show(ann)).standing.draft).toBeNull();
  });

  it('[V3] one that is declined changes nothing, and is remembered with its reason', async () => {
    const before = await carried();
    await done(change(ann));
    expect(await answer(ben, 'decline')).toBe('done');
    expect(await carried()).toEqual(before);
    expect((await done(listVersions(world.ports, ann, id)))[0]).toMatchObject({ outcome: 'declined', reason: 'Not now.' });
  });

  it('[V3] its maker replaces or withdraws it; nobody answers their own', async () => {
    await done(change(ann));
    world.time.now += 1;
    await done(change(ann, { ...other, strict: true }));
    expect(await answer(ann, 'accept')).toBe('own-draft');
    expect(await answer(ann, 'decline')).toBe('own-draft');
    expect(await codeOf(change(ben))).toBe('draft-open');
    expect(await answer(ben, 'withdraw')).toBe('partner-draft');
    expect(await answer(ann, 'withdraw')).toBe('done');
    expect(await answer(ben, 'accept', 0)).toBe('no-draft');
  });

  it('[V4] a draft that was replaced since it was seen is not accepted', async () => {
    const before = await carried();
    await done(change(ann));
    const seenAt = (await show(ben)).standing.draft?.at;
    world.time.now += 1;
    await done(change(ann, { ...other, strict: true }));
    expect(await answer(ben, 'accept', seenAt)).toBe('terms-changed');
    expect(await carried()).toEqual(before);
  });

  it('[V5] becomes immediate by a draft', async () => {
    expect(await done(changeMode(ann, 'immediate'))).toBe('drafted');
    expect((await show(ben)).changes?.map(({ difference }) => difference)).toEqual([{ kind: 'mode', after: 'immediate' }]);
    expect(await answer(ben, 'accept')).toBe('done');
    expect((await show(ann)).standing.mode).toBe('immediate');
  });

  it('says how many items a status would concern, on both sides', async () => {
    const open = await done(openTerms(world.ports, ann, id));
    const { agreed } = open.standing;
    const status = agreed.status === null ? null : { ...agreed.status, map: agreed.status.map.slice(1) };
    await done(changeTerms(world.ports, ann, open, { agreed: { ...agreed, status } }));
    expect((await show(ben)).changes).toEqual([
      { difference: { kind: 'status-pair', names: agreed.status?.map[0], change: 'removed' }, items: 624 },
    ]);
  });

  it('leaves a line in the logs of both tenants, without naming the partner’s people', async () => {
    world.noted.length = 0;
    await done(change(ann));
    const lines = world.noted.filter(({ entry }) => entry.action === 'synchronization.draft-sent');
    expect(lines.map(({ tenantId, entry }) => [tenantId, entry.actor])).toEqual([
      [world.acme.address.siteTenantId, { kind: 'person', accountId: 'ann' }],
      [world.globex.address.siteTenantId, { kind: 'partner' }],
    ]);
  });
});

describe('an offer', () => {
  beforeEach(() => begin('review'));
  const offer = { ...OFFER_ALL, fields: [SUMMARY.field], comments: false };

  it('[C1] counts at once in review mode too, and holds for what is agreed later', async () => {
    await done(changeOffer(world.ports, ann, id, offer));
    expect((await carried()).comments).toMatchObject({ direction: 'B-to-A' });
    await done(change(ben, { ...content, fields: [SUMMARY, PRIORITY] }));
    expect(await answer(ann, 'accept')).toBe('done');
    const now = await carried();
    expect(now.fields).toEqual([SUMMARY, { ...PRIORITY, direction: 'B-to-A' }]);
    expect(now.comments).toMatchObject({ direction: 'B-to-A' });
  });

  it('[C1] taken back, everything agreed flows again', async () => {
    const before = await carried();
    await done(changeOffer(world.ports, ann, id, offer));
    await done(changeOffer(world.ports, ann, id, OFFER_ALL));
    expect(await carried()).toEqual(before);
  });

  it('[C1] is for the own side alone: a change by B leaves A’s as it is', async () => {
    await done(changeOffer(world.ports, ben, id, offer));
    expect((await show(ann)).standing.offers).toEqual({ A: OFFER_ALL, B: offer });
  });
});

it('[V5] with a site that has not installed the app everything counts at once, and nothing can wait', async () => {
  await begin('immediate');
  const { sides } = (await show(ann)).synchronization;
  const { connection } = world.connect(7, 'https://jira.initech.example');
  const at = { ...sides.B, siteTenantId: sides.A.siteTenantId, connectionId: connection.connectionId as ConnectionId };
  await world.ports.synchronizations.update(sides.A.siteTenantId, id, { sides: { A: sides.A, B: at } });
  const strict = { ...content, status: null, strict: true };
  await done(change(ann, strict));
  expect((await carried()).strict).toBe(true);
  expect(await codeOf(changeMode(ann, 'review'))).toBe('partner-not-asked');
});
