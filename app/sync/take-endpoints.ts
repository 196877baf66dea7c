import { fail, type Result, succeed } from '../core/failure.ts';
import type { TenantId } from '../core/ids.ts';
import {
  endpointOf,
  flawOf,
  type LicenceFlaw,
  type LicenceHolder,
  type LicenceRefusal,
  refusalOfStart,
  signedTextOf,
} from '../core/licence.ts';
import type { Clock } from '../platform/clock.ts';
import type { CheckSignature, LicenceStore, SignedLicence } from './licence-ports.ts';
import type { SiteDirectory, Synchronization } from './ports.ts';

/** What licences are judged with. */
export interface LicencePorts {
  readonly licences: LicenceStore;
  /** Null: this installation has no issuer, so nobody needs a licence (SPEC X5). */
  readonly checkSignature: CheckSignature | null;
  readonly directory: Pick<SiteDirectory, 'readOwn'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** The endpoints of a synchronization, taken until it runs. */
export interface TakenEndpoints {
  /** It runs, or will not: from now on they are taken if it does. */
  letGo(): Promise<void>;
}

/** Takes the endpoints that a synchronization needs to start, or says why it may not. */
export type TakeEndpoints = (
  synchronization: Pick<Synchronization, 'tenantId' | 'synchronizationId' | 'state'>,
) => Promise<Result<TakenEndpoints, LicenceRefusal>>;

/** Much longer than it takes from here to where the synchronization runs, and its endpoints are taken by that. */
const HOLD_MS = 60_000;

/** Whom a licence of that tenant has to be for. */
export const holderOf = async ({ directory }: Pick<LicencePorts, 'directory'>, tenantId: TenantId): Promise<LicenceHolder> => ({
  tenantId,
  site: (await directory.readOwn(tenantId))?.siteUrl ?? null,
});

/** What is wrong with a licence; null: it counts. */
export const judgeSigned = (
  checkSignature: CheckSignature,
  { licence, signature }: SignedLicence,
  holder: LicenceHolder,
  now: number,
): LicenceFlaw | null => flawOf(licence, { isSigned: checkSignature(signedTextOf(licence), signature), holder, now });

const NOTHING_TAKEN: TakenEndpoints = { letGo: async () => undefined };

/** The licence is read and its signature checked at each start: it may have ended, or been put into the database by hand. */
export const createTakeEndpoints =
  (ports: LicencePorts): TakeEndpoints =>
  async ({ tenantId, synchronizationId, state }) => {
    const { licences, checkSignature, clock } = ports;
    // What runs has taken them, and goes on whatever becomes of the licence (SPEC X4).
    if (checkSignature === null || state === 'running') return succeed(NOTHING_TAKEN);
    const [signed, holder] = await Promise.all([licences.read(tenantId), holderOf(ports, tenantId)]);
    const licence =
      signed === null
        ? null
        : { endpoints: signed.licence.endpoints, flaw: judgeSigned(checkSignature, signed, holder, clock.now()) };
    const refusal = await licences.take(tenantId, synchronizationId, HOLD_MS, ({ own, others }) =>
      refusalOfStart(licence, new Set(own.map(endpointOf)), new Set(others.map(endpointOf))),
    );
    return refusal === null ? succeed({ letGo: () => licences.letGo(tenantId, synchronizationId) }) : fail(refusal);
  };
