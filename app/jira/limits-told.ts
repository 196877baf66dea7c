import type { QuotaNews } from '../sync/ports.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** What an answer tells of the limits that Jira counts the call against. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface LimitsTold {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** The hourly points: the app's for all sites, or this site's own. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly quota: QuotaNews['quota'];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Calls a second of that endpoint. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly perSecond: number | null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** `"global-app-quota";q=65000;w=3600`: one policy of a RateLimit-Policy header (draft-ietf-httpapi-ratelimit-headers). */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const POLICY = /^\s*"(global-app-quota|tenant-app-quota|jira-burst-based)"\s*;(.*)$/;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const SIZE = /(?:^|;)\s*q=(\d{1,9})\s*(?:;|$)/;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const SECONDS = /(?:^|;)\s*w=(\d{1,9})\s*(?:;|$)/;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/**
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 * The limits that an answer names with their sizes; null when it names none. Jira calls the header `Beta-RateLimit-Policy` as long as
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 * it only informs; the sizes are right all the same.
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 *
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 * @param headers names in lower case
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export function limitsTold(headers: Readonly<Record<string, string>>): LimitsTold | null {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const policies = headers['ratelimit-policy'] ?? headers['beta-ratelimit-policy'];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (policies === undefined) return null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const named = policies.split(',').flatMap((policy) => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const [, name = '', parameters = ''] = POLICY.exec(policy) ?? [];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const [size, seconds] = [Number(SIZE.exec(parameters)?.[1]), Number(SECONDS.exec(parameters)?.[1])];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    return size > 0 && seconds > 0 ? [{ name, size, seconds }] : [];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  if (named.length === 0) return null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const hourly = named.find(({ name, seconds }) => name.endsWith('-app-quota') && seconds === 3600);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const burst = named.find(({ name }) => name === 'jira-burst-based');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    quota: hourly === undefined ? null : { of: hourly.name.startsWith('global') ? 'app' : 'site', pointsPerHour: hourly.size },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    perSecond: burst === undefined ? null : burst.size / burst.seconds,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
