import type { Result } from '../../core/failure.ts';
import { fail, succeed } from '../../core/failure.ts';

/** Which sites may install the app. */
export interface SiteRule {
  /** Host names, or `*.` and a host name for exactly one more label. */
  readonly hosts: readonly string[];
  /** `localhost-too`: for development, http is accepted from this machine. */
  readonly http: 'never' | 'localhost-too';
}

const THIS_MACHINE: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

const matches = (host: string, pattern: string): boolean => {
  const wanted = pattern.toLowerCase();
  if (!wanted.startsWith('*.')) return host === wanted;
  const dot = host.indexOf('.');
  return dot > 0 && host.slice(dot + 1) === wanted.slice(2);
};

/**
 * The base URL of an allowed site, in the one form we keep: no trailing slash. Requests signed with the site's secret will go
 * there, so it must be https, without credentials, query or fragment, at an allowed host.
 */
export const readSiteAddress = (text: string, rule: SiteRule): Result<string, 'site-not-allowed'> => {
  if (!URL.canParse(text)) return fail('site-not-allowed');
  const url = new URL(text);
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  const safe =
    url.protocol === 'https:' || (url.protocol === 'http:' && rule.http === 'localhost-too' && THIS_MACHINE.has(url.hostname));
  if (!plain || !safe || !rule.hosts.some((pattern) => matches(url.hostname, pattern))) return fail('site-not-allowed');
  return succeed(`${url.origin}${url.pathname.replace(/\/+$/, '')}`);
};
