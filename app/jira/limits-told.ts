import type { QuotaNews } from '../sync/quota-ports.ts';

/** What an answer tells of the limits that Jira counts the call against. */
export interface LimitsTold {
  /** The hourly points: the app's for all sites, or this site's own. */
  readonly quota: QuotaNews['quota'];
  /** Calls a second of that endpoint. */
  readonly perSecond: number | null;
}

/** `"global-app-quota";q=65000;w=3600`: one policy of a RateLimit-Policy header (draft-ietf-httpapi-ratelimit-headers). */
const POLICY = /^\s*"(global-app-quota|tenant-app-quota|jira-burst-based)"\s*;(.*)$/;
const SIZE = /(?:^|;)\s*q=(\d{1,9})\s*(?:;|$)/;
/** `"global-app-quota";r=100;t=1800`: what is left, and the seconds until the quota begins anew. Told near the limit at least. */
const LEFT = /(?:^|;)\s*r=(\d{1,9})\s*(?:;|$)/;
const RESETS_IN = /(?:^|;)\s*t=(\d{1,9})\s*(?:;|$)/;
const SECONDS = /(?:^|;)\s*w=(\d{1,9})\s*(?:;|$)/;

/**
 * The limits that an answer names with their sizes; null when it names none. Jira calls the header `Beta-RateLimit-Policy` as long as
 * it only informs; the sizes are right all the same.
 *
 * @param headers names in lower case
 */
export function limitsTold(headers: Readonly<Record<string, string>>): LimitsTold | null {
  const named = policiesIn(headers['ratelimit-policy'] ?? headers['beta-ratelimit-policy']).flatMap(({ name, parameters }) => {
    const [size, seconds] = [Number(SIZE.exec(parameters)?.[1]), Number(SECONDS.exec(parameters)?.[1])];
    return size > 0 && seconds > 0 ? [{ name, size, seconds }] : [];
  });
  if (named.length === 0) return null;
  const hourly = named.find(({ name, seconds }) => name.endsWith('-app-quota') && seconds === 3600);
  const burst = named.find(({ name }) => name === 'jira-burst-based');
  return {
    quota:
      hourly === undefined
        ? null
        : {
            of: hourly.name.startsWith('global') ? 'app' : 'site',
            pointsPerHour: hourly.size,
            left: leftOf(hourly.name, headers['ratelimit'] ?? headers['beta-ratelimit']),
          },
    perSecond: burst === undefined ? null : burst.size / burst.seconds,
  };
}

const policiesIn = (header: string | undefined): { name: string; parameters: string }[] =>
  (header ?? '').split(',').flatMap((policy) => {
    const [, name, parameters = ''] = POLICY.exec(policy) ?? [];
    return name === undefined ? [] : [{ name, parameters }];
  });

function leftOf(quota: string, header: string | undefined): NonNullable<LimitsTold['quota']>['left'] {
  const { parameters = '' } = policiesIn(header).find(({ name }) => name === quota) ?? {};
  const [, points] = LEFT.exec(parameters) ?? [];
  const [, seconds] = RESETS_IN.exec(parameters) ?? [];
  if (points === undefined) return null;
  return { points: Number(points), resetsInMs: seconds === undefined ? null : Number(seconds) * 1000 };
}
