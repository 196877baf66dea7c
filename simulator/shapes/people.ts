import type { Site, User } from '../heart/site.ts';

/** Which REST version's shape: 2 has wiki text and `/2/` in its links, 3 has documents. */
export type ApiVersion = '2' | '3';

/** `2026-11-22T08:15:30.123+0000`, as Jira writes moments. */
export const jiraTime = (at: number): string => new Date(at).toISOString().replace('Z', '+0000');

export const apiUrl = (site: Site, version: ApiVersion, path: string): string => `${site.baseUrl}/rest/api/${version}/${path}`;

const avatarUrls = (site: Site, name: string): Record<string, string> =>
  Object.fromEntries(['48x48', '24x24', '16x16', '32x32'].map((size) => [size, `${site.baseUrl}/avatars/${name}-${size}.png`]));

/** A user as REST shows it; webhooks leave the e-mail address out. */
export function userShape(
  site: Site,
  version: ApiVersion,
  user: User,
  audience: 'rest' | 'webhook' = 'rest',
): Record<string, unknown> {
  return {
    self: apiUrl(site, version, `user?accountId=${user.accountId}`),
    accountId: user.accountId,
    ...(audience === 'rest' && user.accountType === 'atlassian' && user.emailHidden !== true
      ? { emailAddress: user.emailAddress }
      : {}),
    avatarUrls: avatarUrls(site, user.accountType === 'app' ? 'app' : 'person'),
    displayName: user.displayName,
    active: user.active,
    timeZone: user.timeZone,
    accountType: user.accountType,
  };
}

/** The user with that id, or null: issues can name people who have left. */
export function personShape(
  site: Site,
  version: ApiVersion,
  accountId: string | null,
  audience: 'rest' | 'webhook' = 'rest',
): Record<string, unknown> | null {
  const user = accountId === null ? undefined : site.users.get(accountId);
  return user === undefined ? null : userShape(site, version, user, audience);
}

export const projectAvatars = (site: Site): Record<string, string> => avatarUrls(site, 'project');
