import type { Site, User } from '../heart/site.ts';
import type { DataCenterAccess, PersonalToken } from './data-center-access.ts';

const DAY = 86_400_000;
/** Jira's limit of one person's tokens. */
const MAX_TOKENS = 10;

/** Makes a personal access token; null when the person has as many as may be. `days: null` never expires. */
export function makePersonalToken(
  site: Site,
  access: DataCenterAccess,
  user: User,
  name: string,
  days: number | null,
): PersonalToken | null {
  const own = [...access.personalTokens.values()].filter((token) => token.userKey === user.accountId);
  if (own.length >= MAX_TOKENS) return null;
  const now = site.clock.now();
  const id = Math.max(0, ...access.personalTokens.keys()) + 1;
  const token: PersonalToken = {
    id,
    name,
    userKey: user.accountId,
    token: Buffer.from(site.random.hex(64), 'hex').toString('base64').slice(0, 44),
    createdAt: now,
    expiresAt: days === null ? null : now + days * DAY,
    lastUsedAt: null,
  };
  access.personalTokens.set(id, token);
  return token;
}

/** The person behind a token, or why there is none. */
export function readPersonalToken(site: Site, access: DataCenterAccess, token: string): User | null {
  const found = [...access.personalTokens.values()].find((candidate) => candidate.token === token);
  const now = site.clock.now();
  if (found === undefined || (found.expiresAt !== null && found.expiresAt <= now)) return null;
  const user = site.users.get(found.userKey);
  if (user?.active !== true) return null;
  found.lastUsedAt = now;
  return user;
}
