import type { Result } from '../../core/failure.ts';
import { fail, succeed } from '../../core/failure.ts';

/** What the verifier looks at: all of it is known before the body is read. */
export interface PresentedRequest {
  readonly method: string;
  /** Path and query as they arrived, before any router cut it. */
  readonly originalUrl: string;
  /** Every `Authorization` header line, in order. */
  readonly authorizations: readonly string[];
}

export type TokenPlace = 'header' | 'query';

/** Longest token looked at. Jira's are under 2 KB; anything longer is not worth decoding. */
const LONGEST_TOKEN = 8192;

/** Splits an origin-form request target without interpreting it. */
export const splitTarget = (originalUrl: string): { path: string; query: string } => {
  const withoutFragment = originalUrl.split('#', 1)[0] ?? '';
  const mark = withoutFragment.indexOf('?');
  if (mark < 0) return { path: withoutFragment, query: '' };
  return { path: withoutFragment.slice(0, mark), query: withoutFragment.slice(mark + 1) };
};

const tokensInHeaders = (authorizations: readonly string[]): readonly string[] =>
  authorizations.flatMap((value) => {
    const match = /^JWT +(\S+) *$/.exec(value);
    return match?.[1] === undefined ? [] : [match[1]];
  });

/**
 * The one token of a request. Refused: none in an allowed place, more than one anywhere (the caller and we might look at
 * different ones), not three base64url parts, longer than 8 KB.
 */
export const readToken = (
  request: PresentedRequest,
  places: readonly TokenPlace[],
): Result<string, 'jwt-missing' | 'jwt-ambiguous' | 'jwt-malformed'> => {
  const inHeader = tokensInHeaders(request.authorizations);
  const inQuery = new URLSearchParams(splitTarget(request.originalUrl).query).getAll('jwt');
  if (inHeader.length + inQuery.length > 1 || request.authorizations.length > 1) return fail('jwt-ambiguous');
  const token = (places.includes('header') ? inHeader[0] : undefined) ?? (places.includes('query') ? inQuery[0] : undefined);
  if (token === undefined || token === '') return fail('jwt-missing');
  if (token.length > LONGEST_TOKEN || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return fail('jwt-malformed');
  return succeed(token);
};
