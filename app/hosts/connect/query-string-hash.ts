import { parse } from 'node:querystring';
import { createQueryStringHash } from 'atlassian-jwt';
import { splitTarget } from './presented-token.ts';

/**
 * The `qsh` claim Jira makes for a request: hex SHA-256 of `METHOD&path&sorted query`, path relative to the app's base URL,
 * `jwt` left out. The body never takes part: reading parameters from it would let a body stand in for a query.
 */
export const queryStringHash = (method: string, originalUrl: string, baseUrl: string): string => {
  const { path, query } = splitTarget(originalUrl);
  return createQueryStringHash({ method, pathname: path, query: parse(query, '&', '=', { maxKeys: 0 }) }, false, baseUrl);
};
