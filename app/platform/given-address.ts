import { isIP } from 'node:net';
import { createNetworks, readNetwork, standingOf } from './ip-standing.ts';

/** Why an address that a person typed is not called. Texts: app/sync/address-refusals.ts. */
export type AddressRefusalCode =
  | 'address-malformed'
  | 'address-not-https'
  | 'address-has-credentials'
  | 'address-has-query'
  | 'address-port-not-allowed'
  | 'address-not-allowed'
  | 'address-unknown';

/** Which addresses that people typed may be called. */
export interface AddressRule {
  /** `localhost-too`: for development, http is accepted to this machine. */
  readonly http: 'never' | 'localhost-too';
  /** Whether that host, which has that IP address, may be called: it is public, or one of the two was allowed by the operator. */
  allows(host: string, ip: string): boolean;
}

/** A site's address in the one form we keep. */
export interface GivenAddress {
  /** Scheme, host and context path, without a slash at the end: `https://jira.example.com/jira`. */
  readonly siteUrl: string;
  /** Small letters, punycode, no brackets, no dot at the end. */
  readonly host: string;
}

export type CheckedAddress =
  | { readonly ok: true; readonly value: GivenAddress }
  | { readonly ok: false; readonly failure: AddressRefusalCode };

/** A host name, or `*.` and a host name for exactly one more label. */
const HOST_PATTERN = /^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

/** Whether a text can stand in the list of allowed private hosts: a network, an address, a host name or `*.host name`. */
export const isAllowedHostEntry = (text: string): boolean =>
  readNetwork(text) !== null || (HOST_PATTERN.test(text) && !/^[\d.]+$/.test(text));

const matches = (host: string, pattern: string): boolean => {
  if (!pattern.startsWith('*.')) return host === pattern;
  const dot = host.indexOf('.');
  return dot > 0 && host.slice(dot + 1) === pattern.slice(2);
};

/** `allowed`: networks, addresses and host names of the operator's own that are reached although they are not public. */
export function createAddressRule({ http, allowed }: { http: AddressRule['http']; allowed: readonly string[] }): AddressRule {
  const inNetworks = createNetworks(allowed);
  const patterns = allowed.filter((text) => readNetwork(text) === null).map((text) => text.toLowerCase());
  return {
    http,
    allows(host, ip) {
      const standing = standingOf(ip);
      if (standing === 'public') return true;
      if (standing === 'metadata' || standing === 'not-an-ip') return false;
      return inNetworks(ip) || patterns.some((pattern) => matches(plainHost(host), pattern));
    },
  };
}

/** Without brackets and the dot at the end, in small letters: how rules name hosts. */
export const plainHost = (host: string): string =>
  host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');

const LONGEST = 2000;
/** What parsers disagree about or drop without a word: spaces, control characters, backslashes, encoded characters. */
const AMBIGUOUS = /[\s\\%\p{Cc}]/u;
/** No name, or nothing between two dots: `0.0.0.0..` is a name to parsers, and an address once a dot is gone. */
const EMPTY_LABEL = /^$|^\.|\.\.|\.$/;
/** A context path of a servlet container; anything that would have to be encoded is not one. */
const CONTEXT_PATH = /^(\/[A-Za-z0-9._~-]+)*\/*$/;

/** Above 1023, what browsers refuse to speak HTTP to (the Fetch standard's list of bad ports). */
const BAD_PORTS: ReadonlySet<number> = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080,
]);
const LEAST_FREE_PORT = 1024;

/** Names under which clouds' machines find their metadata (ip-standing.ts); whether they can be looked up depends on where we run. */
const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
]);

const isThisMachine = (host: string): boolean => host === 'localhost' || standingOf(host) === 'loopback';

const portAllowed = ({ port }: URL): boolean => port === '' || (Number(port) >= LEAST_FREE_PORT && !BAD_PORTS.has(Number(port)));

const refuse = (failure: AddressRefusalCode): CheckedAddress => ({ ok: false, failure });

/** As a URL; `https://` is put in front of what has no scheme. Null when it is none, or can be read in two ways. */
function parse(text: string): URL | null {
  if (text.length > LONGEST || AMBIGUOUS.test(text) || text.startsWith('/')) return null;
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(url)) return null;
  const parsed = new URL(url);
  return EMPTY_LABEL.test(plainHost(parsed.hostname)) ? null : parsed;
}

const schemeAllowed = ({ protocol }: URL, host: string, rule: AddressRule): boolean =>
  protocol === 'https:' || (protocol === 'http:' && rule.http === 'localhost-too' && isThisMachine(host));

/**
 * The address of a site as a person typed it, brought into one form. Host names are looked up later, when they are called
 * (guarded-agents.ts); an IP address, whatever way it was written in, and this machine's name are judged here.
 */
export function readGivenAddress(text: string, rule: AddressRule): CheckedAddress {
  const url = parse(text.trim());
  if (url === null) return refuse('address-malformed');
  const host = plainHost(url.hostname);
  if (!/^https?:$/.test(url.protocol) || !schemeAllowed(url, host, rule)) return refuse('address-not-https');
  if (text.includes('@')) return refuse('address-has-credentials');
  if (url.search !== '' || /[?#]/.test(text)) return refuse('address-has-query');
  if (!CONTEXT_PATH.test(url.pathname)) return refuse('address-malformed');
  if (!portAllowed(url)) return refuse('address-port-not-allowed');
  if (METADATA_NAMES.has(host) || (isIP(host) !== 0 && !rule.allows(host, host))) return refuse('address-not-allowed');
  if (/(^|\.)localhost$/.test(host) && !rule.allows(host, '127.0.0.1')) return refuse('address-not-allowed');
  const port = url.port === '' ? '' : `:${url.port}`;
  const shown = isIP(host) === 6 ? `[${host}]` : host;
  return { ok: true, value: { siteUrl: `${url.protocol}//${shown}${port}${url.pathname.replace(/\/+$/, '')}`, host } };
}
