import type { KeyObject } from 'node:crypto';
import { createHmac, createSign } from 'node:crypto';
import { parse } from 'node:querystring';
import { createQueryStringHash } from 'atlassian-jwt';

/** What a Jira site does to sign its calls, by hand, so that tests can also do it wrongly. Times are epoch seconds. */
export interface TokenParts {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const without = (record: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

/** HS256 by default; a claim or header given as `undefined` is left out. */
export const signWithSecret = (parts: TokenParts, secret: string | Buffer): string => {
  const signed = `${encode(without({ typ: 'JWT', alg: 'HS256', ...parts.header }))}.${encode(without(parts.claims))}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
};

/** RS256 as Atlassian signs installs. */
export const signWithKey = (parts: TokenParts, key: KeyObject): string => {
  const signed = `${encode(without({ typ: 'JWT', alg: 'RS256', ...parts.header }))}.${encode(without(parts.claims))}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
};

/** No signature at all. */
export const leaveUnsigned = (parts: TokenParts): string =>
  `${encode(without({ typ: 'JWT', ...parts.header }))}.${encode(without(parts.claims))}.`;

export const hashOf = (method: string, target: string): string => {
  const [pathname = '/', query = ''] = target.split('?');
  return createQueryStringHash({ method, pathname, query: parse(query) });
};
