import type { SynchronizationId, TenantId } from '../../app/core/ids.ts';
import { OFFER_ALL, type Offer } from '../../app/core/offer.ts';
import type { Sides } from '../../app/core/side.ts';
import type { Synchronization, SynchronizationStore } from '../../app/sync/ports.ts';
import type { StandingTerms, TermsStore, Version, Written } from '../../app/sync/terms-ports.ts';

/** What left a side, as a test says. */
export type LeftParts = Awaited<ReturnType<TermsStore['countLeft']>>;

interface Kept {
  /** Null until the first change: what was set up. */
  agreed: StandingTerms['agreed'] | null;
  offers: Sides<Offer>;
  draft: StandingTerms['draft'];
  readAs: number;
  versions: Version[];
}

/** Terms in memory, beside a store of synchronizations; equal to Postgres by test/contract/terms-store.contract.ts. */
export const createMemoryTermsStore = (
  synchronizations: SynchronizationStore,
  world: { pairs: number; left: LeftParts } = { pairs: 0, left: [] },
): TermsStore => {
  const kept = new Map<string, Kept>();
  const keptOf = ({ tenantId, synchronizationId }: Synchronization): Kept => {
    const name = `${tenantId} ${synchronizationId}`;
    const fresh: Kept = { agreed: null, offers: { A: OFFER_ALL, B: OFFER_ALL }, draft: null, readAs: 0, versions: [] };
    const one = kept.get(name) ?? fresh;
    kept.set(name, one);
    return one;
  };
  const change = async (
    [tenantId, synchronizationId]: readonly [TenantId, SynchronizationId],
    readAs: number,
    work: (one: Kept, synchronization: Synchronization) => unknown,
  ): Promise<Written> => {
    const synchronization = await synchronizations.read(tenantId, synchronizationId);
    if (synchronization === null) return 'changed-meanwhile';
    const one = keptOf(synchronization);
    if (one.readAs !== readAs) return 'changed-meanwhile';
    one.readAs += 1;
    one.agreed ??= synchronization.configuration;
    await work(one, synchronization);
    return 'written';
  };
  const record = (one: Kept, { mode, createdAt, configuration }: Synchronization, version: Omit<Version, 'number'>): void => {
    if (one.versions.length === 0) {
      const setUp = {
        agreed: one.agreed ?? configuration,
        mode,
        outcome: 'published',
        by: null,
        at: createdAt,
        answeredBy: null,
      } as const;
      one.versions.push({ number: 1, ...setUp, endedAt: createdAt, reason: null });
    }
    one.versions.push({ number: one.versions.length + 1, ...version });
  };
  const versionsOf = async (tenantId: TenantId, synchronizationId: SynchronizationId): Promise<readonly Version[]> => {
    const synchronization = await synchronizations.read(tenantId, synchronizationId);
    return synchronization === null ? [] : keptOf(synchronization).versions;
  };
  return {
    async read(tenantId, synchronizationId) {
      const synchronization = await synchronizations.read(tenantId, synchronizationId);
      if (synchronization === null) return null;
      const { agreed, offers, draft, readAs } = keptOf(synchronization);
      return { agreed: agreed ?? synchronization.configuration, offers, draft, readAs, mode: synchronization.mode };
    },
    saveDraft: (tenantId, synchronizationId, draft, readAs) =>
      change([tenantId, synchronizationId], readAs, (one) => {
        one.draft = draft;
      }),
    publish: (tenantId, synchronizationId, { carried, ...version }, readAs) =>
      change([tenantId, synchronizationId], readAs, (one, synchronization) => {
        record(one, synchronization, { ...version, outcome: 'published', reason: null });
        one.agreed = version.agreed;
        one.draft = null;
        return synchronizations.update(tenantId, synchronizationId, { configuration: carried, mode: version.mode });
      }),
    endDraft: (tenantId, synchronizationId, { outcome, by, at, reason }, readAs) =>
      change([tenantId, synchronizationId], readAs, (one, synchronization) => {
        if (one.draft === null) return;
        record(one, synchronization, { ...one.draft, outcome, answeredBy: by, endedAt: at, reason });
        one.draft = null;
      }),
    changeOffer: (tenantId, synchronizationId, { side, offer, carried }, readAs) =>
      change([tenantId, synchronizationId], readAs, (one) => {
        one.offers = { ...one.offers, [side]: offer };
        return synchronizations.update(tenantId, synchronizationId, { configuration: carried });
      }),
    listVersions: async (tenantId, synchronizationId) => [...(await versionsOf(tenantId, synchronizationId))].reverse(),
    readVersion: async (tenantId, synchronizationId, number) =>
      (await versionsOf(tenantId, synchronizationId)).find((version) => version.number === number) ?? null,
    countPairs: async () => world.pairs,
    countLeft: async () => world.left,
  };
};
