import { fail, type Result, succeed } from '../core/failure.ts';
import type { TenantId } from '../core/ids.ts';
import { endpointOf, type Licence, type LicenceFlaw } from '../core/licence.ts';
import type { Actor, Audit } from './audit-ports.ts';
import type { SignedLicence } from './licence-ports.ts';
import { holderOf, judgeSigned, type LicencePorts } from './take-endpoints.ts';

/** A partner site that counts as taken, and by how many synchronizations. */
export interface TakenEndpoint {
  readonly siteUrl: string;
  readonly synchronizations: number;
}

/** How a tenant stands with its licence. */
export interface LicenceStanding {
  /** `not-needed`: this installation has no issuer. The flaws of one that is there, or `missing`. */
  readonly state: 'not-needed' | 'missing' | 'valid' | LicenceFlaw;
  readonly licence: Licence | null;
  readonly taken: readonly TakenEndpoint[];
}

/** Licences, and where it is written down that one was brought. */
export interface KeepLicencePorts extends LicencePorts {
  readonly audit: Pick<Audit, 'note'>;
}

/** How a tenant stands: its licence, whether it counts now, and which endpoints are taken. */
export async function showLicence(ports: LicencePorts, tenantId: TenantId): Promise<LicenceStanding> {
  const [signed, sites] = await Promise.all([ports.licences.read(tenantId), ports.licences.listTaken(tenantId)]);
  const taken = new Map<string, { siteUrl: string; synchronizations: number }>();
  for (const { siteUrl } of sites) {
    const known = taken.get(endpointOf(siteUrl)) ?? { siteUrl, synchronizations: 0 };
    taken.set(endpointOf(siteUrl), { ...known, synchronizations: known.synchronizations + 1 });
  }
  return { state: await stateOf(ports, tenantId, signed), licence: signed?.licence ?? null, taken: [...taken.values()] };
}

async function stateOf(ports: LicencePorts, tenantId: TenantId, signed: SignedLicence | null): Promise<LicenceStanding['state']> {
  if (ports.checkSignature === null) return 'not-needed';
  if (signed === null) return 'missing';
  return judgeSigned(ports.checkSignature, signed, await holderOf(ports, tenantId), ports.clock.now()) ?? 'valid';
}

/**
 * Keeps a licence in place of the one before, if it counts. What runs keeps running, also when the new one has fewer endpoints
 * (SPEC X4).
 */
export async function keepLicence(
  ports: KeepLicencePorts,
  tenantId: TenantId,
  actor: Actor,
  signed: SignedLicence,
): Promise<Result<LicenceStanding, LicenceFlaw | 'licence-not-needed'>> {
  const { checkSignature, licences, audit, clock } = ports;
  if (checkSignature === null) return fail('licence-not-needed');
  const at = clock.now();
  const flaw = judgeSigned(checkSignature, signed, await holderOf(ports, tenantId), at);
  if (flaw !== null) {
    await audit.note(tenantId, { at, actor, action: 'licence.refused', subject: null, detail: flaw, outcome: 'refused' });
    return fail(flaw);
  }
  await licences.write(tenantId, signed);
  const { id, expires, endpoints } = signed.licence;
  const detail = `${id}, ${endpoints} endpoints, until ${expires}`;
  await audit.note(tenantId, { at, actor, action: 'licence.kept', subject: null, detail, outcome: 'done' });
  return succeed(await showLicence(ports, tenantId));
}
