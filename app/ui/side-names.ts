import type { SynchronizationRow } from '../contract/synchronizations.ts';

/** What the two sides are called on screen. */
export interface SideNames {
  readonly A: string;
  readonly B: string;
}

/** The site without the noise that all sites share: `acme.atlassian.net` for a Cloud site, host and path otherwise. */
export const siteName = (siteUrl: string): string => siteUrl.replace(/^https?:\/\//, '').replace(/\/+$/, '');

/** Spaces go by their keys. Two spaces with the same key on two sites are told apart by their site. */
export function nameSides(a: { siteUrl: string; projectKey: string }, b: { siteUrl: string; projectKey: string }): SideNames {
  if (a.projectKey !== b.projectKey) return { A: a.projectKey, B: b.projectKey };
  return { A: `${a.projectKey} (${siteName(a.siteUrl)})`, B: `${b.projectKey} (${siteName(b.siteUrl)})` };
}

/** The names for a synchronization as listed in the space `here`. */
export const namesOf = (
  row: Pick<SynchronizationRow, 'side' | 'partner'>,
  here: { siteUrl: string; projectKey: string },
): SideNames => (row.side === 'A' ? nameSides(here, row.partner) : nameSides(row.partner, here));
