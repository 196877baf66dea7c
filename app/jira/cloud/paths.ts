import { pathBelow } from '../dialect.ts';

/** `/rest/api/3/…` with each value encoded as one path segment or query value. */
export const apiPath = (segments: readonly string[], query: Readonly<Record<string, string | number>> = {}): string =>
  pathBelow('/rest/api/3', segments, query);
