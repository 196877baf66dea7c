import type { AskedConsent } from '../sync/authenticate-connection.ts';
import type { RemoteConnection } from '../sync/connection-ports.ts';

/** What people read on the pages of a consent, besides what stands in the views. */
export const hostOf = (siteUrl: string): string => siteUrl.replace(/^https?:\/\//, '');

export function askerOf({ asker, askerName, askerSite }: AskedConsent): string {
  const who = askerName ?? (asker === 'person' ? 'Somebody who administers a space' : 'A program');
  return askerSite === null ? who : `${who} of ${hostOf(askerSite)}`;
}

/** What happens after the button, by kind. */
export function nextOf({ kind, siteUrl }: RemoteConnection): string {
  const host = hostOf(siteUrl);
  return kind === 'oauth2-cloud'
    ? `Atlassian asks you to log in, and for which site: choose ${host}.`
    : `${host} asks you to log in, and whether you allow it.`;
}

/** `22 November 2026, 07:05 UTC`: the reader may sit anywhere. */
export const readableTime = (at: number): string =>
  `${new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(at).replace(' at ', ', ')} UTC`;
