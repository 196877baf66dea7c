/**
 * The remote licence (SPEC X): how many sites without the app may be synchronized with at a time. The issuer signs it, everything else is
 * decided here, offline.
 */

/** A licence as it was issued. */
export interface Licence {
  readonly product: 'tandem-remote';
  /** Names it when people speak of it. */
  readonly id: string;
  /** Whom it was issued to, for people. */
  readonly holder: string;
  /** The address of the holder's own site; null: not bound to a site. */
  readonly site: string | null;
  /** Our id of the holder; null: not bound to a tenant. */
  readonly tenant: string | null;
  /** Days, `2026-11-22`. */
  readonly issued: string;
  /** The last day on which it counts, UTC. */
  readonly expires: string;
  /** How many partner sites may be connected at a time. */
  readonly endpoints: number;
}

/** The text that the issuer signs: every field, in this order, so that no spacing of a file matters. */
export const signedTextOf = ({ product, id, holder, site, tenant, issued, expires, endpoints }: Licence): string =>
  `tandem-licence-1\n${JSON.stringify([product, id, holder, site, tenant, issued, expires, endpoints])}`;

/** One partner site, however its address is written: host, port and context path. */
export const endpointOf = (siteUrl: string): string =>
  siteUrl
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/+$/, '');

const DAY_MS = 86_400_000;

/** When it has ended (epoch ms). */
export function endOf({ expires }: Pick<Licence, 'expires'>): number {
  const [year = 0, month = 1, day = 1] = expires.split('-').map(Number);
  return Date.UTC(year, month - 1, day) + DAY_MS;
}

export type LicenceFlaw = 'licence-unsigned' | 'licence-of-other' | 'licence-expired';

/** Whom a licence has to be for. */
export interface LicenceHolder {
  readonly tenantId: string;
  /** The address of the tenant's own site; null: it has none. */
  readonly site: string | null;
}

/** Why a licence does not count; null: it does (SPEC X1). */
export function flawOf(
  licence: Licence,
  { isSigned, holder, now }: { readonly isSigned: boolean; readonly holder: LicenceHolder; readonly now: number },
): LicenceFlaw | null {
  if (!isSigned) return 'licence-unsigned';
  const isOurs =
    (licence.tenant === null || licence.tenant === holder.tenantId) &&
    (licence.site === null || (holder.site !== null && endpointOf(licence.site) === endpointOf(holder.site)));
  if (!isOurs) return 'licence-of-other';
  return now >= endOf(licence) ? 'licence-expired' : null;
}

export type LicenceRefusal = 'licence-missing' | 'licence-expired' | 'licence-endpoints-used-up';

/**
 * Whether a synchronization with these endpoints may start while others are taken; null: it may (SPEC X3). `flaw`: what is wrong with
 * the licence; `licence` null: there is none.
 */
export function refusalOfStart(
  licence: { readonly endpoints: number; readonly flaw: LicenceFlaw | null } | null,
  wanted: ReadonlySet<string>,
  taken: ReadonlySet<string>,
): LicenceRefusal | null {
  if (wanted.size === 0) return null;
  if (licence === null || licence.flaw === 'licence-unsigned' || licence.flaw === 'licence-of-other') return 'licence-missing';
  if (licence.flaw === 'licence-expired') return 'licence-expired';
  const more = [...wanted].filter((endpoint) => !taken.has(endpoint)).length;
  return more === 0 || taken.size + more <= licence.endpoints ? null : 'licence-endpoints-used-up';
}
