/** Calls a second that a tenant's endpoint answers, by method (rate limiting page of 12 August 2026). */
const BY_METHOD: Readonly<Record<string, number>> = { GET: 100, POST: 100, PUT: 50, DELETE: 50 };
const ANY_OTHER_METHOD = 50;

/** Endpoints with a rate of their own, by the end of their path template. */
const OWN_RATES: readonly (readonly [method: string, path: RegExp, perSecond: number])[] = [
  ['GET', /^\/issue\/\{\w+\}$/, 150],
  ['GET', /^\/issue\/\{\w+\}\/changelog$/, 200],
  ['GET', /^\/attachment\/content\/\{\w+\}$/, 300],
  ['GET', /^\/user$/, 150],
  ['POST', /^\/search\/approximate-count$/, 150],
  ['PUT', /^\/component\/\{\w+\}$/, 500],
];

/** The endpoint of a call, the same for all versions of the API: `GET /issue/{issueIdOrKey}`. */
export const endpointOf = (method: string, path: string): string =>
  `${method} ${path.replace(/^\/rest\/api\/(\d+|latest)(?=\/)/, '')}`;

/** Calls a second of an endpoint named by {@link endpointOf}. */
export function burstRateOf(endpoint: string): number {
  const [method = '', path = ''] = endpoint.split(' ', 2);
  const own = OWN_RATES.find(([ownMethod, pattern]) => ownMethod === method && pattern.test(path));
  return own?.[2] ?? BY_METHOD[method] ?? ANY_OTHER_METHOD;
}
