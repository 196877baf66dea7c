import type { Site, User } from '../heart/site.ts';

/** The name a user of a Data Center site logs in with. */
export const nameOf = (user: User): string => user.userName ?? user.accountId;

/** By login name, as people write it, or by key. */
export const userNamed = (site: Site, nameOrKey: string): User | undefined =>
  site.users.get(nameOrKey) ?? [...site.users.values()].find((user) => nameOf(user).toLowerCase() === nameOrKey.toLowerCase());

const AVATAR_SIZES = { '48x48': '', '24x24': 'size=small&', '16x16': 'size=xsmall&', '32x32': 'size=medium&' } as const;

/** A user as Data Center shows one: by name and key; there is no account id. */
export const dataCenterUser = (site: Site, user: User): Record<string, unknown> => ({
  self: `${site.baseUrl}/rest/api/2/user?username=${encodeURIComponent(nameOf(user))}`,
  name: nameOf(user),
  key: user.accountId,
  emailAddress: user.emailAddress,
  avatarUrls: Object.fromEntries(
    Object.entries(AVATAR_SIZES).map(([size, query]) => [size, `${site.baseUrl}/secure/useravatar?${query}avatarId=10122`]),
  ),
  displayName: user.displayName,
  active: user.active,
  timeZone: user.timeZone,
});
