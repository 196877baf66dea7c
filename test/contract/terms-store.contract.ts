import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountId, FieldId } from '../../app/core/ids.ts';
import { OFFER_ALL } from '../../app/core/offer.ts';
import type { SynchronizationStore } from '../../app/sync/ports.ts';
import type { Decider, Draft, TermsStore } from '../../app/sync/terms-ports.ts';
import { buildSynchronization, NOON, synchronizationId, tenant } from './ledger-world.ts';

const ANN: Decider = { side: 'A', accountId: 'ann' as AccountId };
const BEN: Decider = { side: 'B', accountId: 'ben' as AccountId };
const owner = tenant(1);
const id = synchronizationId(1);

/** What every TermsStore promises. `synchronizations` holds one running synchronization. */
export const describeTermsStore = (
  name: string,
  create: () => Promise<{ terms: TermsStore; synchronizations: SynchronizationStore }>,
): void => {
  let terms: TermsStore;
  let synchronizations: SynchronizationStore;
  const setUp = buildSynchronization();
  const other = { ...setUp.configuration, strict: !setUp.configuration.strict };
  const draft: Draft = { agreed: other, mode: 'review', by: ANN, at: NOON };
  const version = { agreed: other, mode: 'review', by: ANN, at: NOON, answeredBy: null, endedAt: NOON, carried: other } as const;

  describe(`TermsStore in ${name}`, () => {
    beforeEach(async () => {
      ({ terms, synchronizations } = await create());
      await synchronizations.insert(setUp);
    });

    it('[C1] knows at first what was set up, and that everything is offered', async () => {
      expect(await terms.read(owner, id)).toEqual({
        agreed: setUp.configuration,
        mode: setUp.mode,
        offers: { A: OFFER_ALL, B: OFFER_ALL },
        draft: null,
        readAs: 0,
      });
      expect(await terms.listVersions(owner, id)).toEqual([]);
    });

    it('follows what is set up until both sides change it together', async () => {
      await terms.read(owner, id);
      await synchronizations.update(owner, id, { configuration: other });
      expect(await terms.read(owner, id)).toMatchObject({ agreed: other, readAs: 0 });
    });

    it('knows nothing of another tenant’s', async () => {
      await terms.publish(owner, id, version, 0);
      expect(await terms.read(tenant(2), id)).toBeNull();
      expect(await terms.listVersions(tenant(2), id)).toEqual([]);
      expect(await terms.readVersion(tenant(2), id, 1)).toBeNull();
      expect(await terms.publish(tenant(2), id, { ...version, carried: setUp.configuration }, 1)).toBe('changed-meanwhile');
      expect((await synchronizations.read(owner, id))?.configuration).toEqual(other);
    });

    it('[V1] keeps every version, also how it was set up', async () => {
      expect(await terms.publish(owner, id, version, 0)).toBe('written');
      expect(await terms.listVersions(owner, id)).toEqual([
        {
          number: 2,
          agreed: other,
          mode: 'review',
          outcome: 'published',
          by: ANN,
          at: NOON,
          answeredBy: null,
          endedAt: NOON,
          reason: null,
        },
        {
          ...{ number: 1, agreed: setUp.configuration, mode: setUp.mode, outcome: 'published', by: null, at: setUp.createdAt },
          ...{ answeredBy: null, endedAt: setUp.createdAt, reason: null },
        },
      ]);
      expect(await terms.readVersion(owner, id, 1)).toMatchObject({ agreed: setUp.configuration });
      expect(await terms.readVersion(owner, id, 3)).toBeNull();
      const carried = await synchronizations.read(owner, id);
      expect(carried).toMatchObject({
        configuration: other,
        mode: 'review',
        configurationVersion: setUp.configurationVersion + 1,
      });
    });

    it('carries less than was agreed where less is offered', async () => {
      const offer = { ...OFFER_ALL, fields: ['summary' as FieldId], comments: false };
      const carried = { ...setUp.configuration, comments: null };
      expect(await terms.changeOffer(owner, id, { side: 'B', offer, carried }, 0)).toBe('written');
      const standing = await terms.read(owner, id);
      expect(standing).toMatchObject({ agreed: setUp.configuration, offers: { A: OFFER_ALL, B: offer }, readAs: 1 });
      expect((await synchronizations.read(owner, id))?.configuration).toEqual(carried);
    });

    it('[V3] keeps one draft, the newest', async () => {
      await terms.saveDraft(owner, id, draft, 0);
      const newer = { ...draft, mode: 'immediate', at: NOON + 1 } as const;
      expect(await terms.saveDraft(owner, id, newer, 1)).toBe('written');
      expect((await terms.read(owner, id))?.draft).toEqual(newer);
      expect((await synchronizations.read(owner, id))?.configuration).toEqual(setUp.configuration);
    });

    it('[V2] ends a draft with the version that it becomes', async () => {
      await terms.saveDraft(owner, id, draft, 0);
      await terms.publish(owner, id, { ...version, answeredBy: BEN, endedAt: NOON + 5 }, 1);
      expect((await terms.read(owner, id))?.draft).toBeNull();
      expect((await terms.listVersions(owner, id))[0]).toMatchObject({ by: ANN, answeredBy: BEN, at: NOON, endedAt: NOON + 5 });
    });

    it.each(['declined', 'withdrawn'] as const)('remembers a draft that was %s', async (outcome) => {
      await terms.saveDraft(owner, id, draft, 0);
      const end = { outcome, by: BEN, at: NOON + 5, reason: 'Not this quarter.' };
      expect(await terms.endDraft(owner, id, end, 1)).toBe('written');
      expect((await terms.read(owner, id))?.draft).toBeNull();
      expect((await terms.listVersions(owner, id))[0]).toMatchObject({
        ...{ outcome, agreed: other, by: ANN, answeredBy: BEN, endedAt: NOON + 5, reason: 'Not this quarter.' },
      });
      expect((await synchronizations.read(owner, id))?.configuration).toEqual(setUp.configuration);
    });

    it('[V4] refuses what was decided on older terms', async () => {
      await terms.saveDraft(owner, id, draft, 0);
      const late = [
        await terms.saveDraft(owner, id, draft, 0),
        await terms.publish(owner, id, version, 0),
        await terms.endDraft(owner, id, { outcome: 'declined', by: BEN, at: NOON, reason: null }, 0),
        await terms.changeOffer(owner, id, { side: 'A', offer: OFFER_ALL, carried: other }, 0),
      ];
      expect(late).toEqual(late.map(() => 'changed-meanwhile'));
      expect(await terms.read(owner, id)).toMatchObject({ draft, agreed: setUp.configuration });
    });

    it('forgets with the synchronization', async () => {
      await terms.publish(owner, id, version, 0);
      await synchronizations.remove(owner, id);
      expect(await terms.read(owner, id)).toBeNull();
    });
  });
};
