import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { type ClientRequestArgs, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { boundConnecting, KEEP_ALIVE } from './bound-connecting.ts';
import { type AddressRule, type CheckedAddress, plainHost, readGivenAddress } from './given-address.ts';
import { standingOf } from './ip-standing.ts';

/** All IP addresses of a host name; rejects, as `dns.lookup` does, when it has none. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

/** All IP addresses of a host, as the machine's resolver says. */
export const resolveHost: ResolveHost = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/** What a call to an address that may not be called fails with, before anything is sent. Names no address: it may be logged. */
class AddressNotAllowed extends Error {
  readonly code = 'ADDRESS_NOT_ALLOWED';
  constructor() {
    super('the address may not be called');
  }
}

/** The name is known, but not in the family that was asked for. */
class NoAddress extends Error {
  readonly code = 'ENOTFOUND';
  constructor() {
    super('the host has no such address');
  }
}

export interface GuardedAgents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  close(): void;
}

export interface GuardOptions {
  readonly rule: AddressRule;
  readonly resolve: ResolveHost;
  readonly connectTimeoutMs: number;
}

/** May this host, at these addresses, be called over that scheme? Every address counts: a name that is half private is refused. */
function allAllowed(rule: AddressRule, host: string, ips: readonly string[], scheme: 'http' | 'https'): boolean {
  if (!ips.every((ip) => rule.allows(host, ip))) return false;
  return scheme === 'https' || (rule.http === 'localhost-too' && ips.every((ip) => standingOf(ip) === 'loopback'));
}

/**
 * A look-up that hands on only addresses that passed. What it answers is what the socket connects to, with no second look-up in
 * between, so a name that changes its mind (DNS rebinding) gains nothing.
 */
const guardedLookup =
  ({ rule, resolve }: GuardOptions, scheme: 'http' | 'https'): LookupFunction =>
  (host, options, callback) => {
    const answer = (ips: readonly string[]): void => {
      const found = ofFamily(ips, options.family);
      const [first] = found;
      if (!allAllowed(rule, host, ips, scheme)) callback(new AddressNotAllowed(), []);
      else if (first === undefined) callback(new NoAddress(), []);
      else if (options.all === true) callback(null, found);
      else callback(null, first.address, first.family);
    };
    resolve(host).then(answer, (error: NodeJS.ErrnoException) => callback(error, []));
  };

function ofFamily(ips: readonly string[], family: number | string | undefined): LookupAddress[] {
  const wanted = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : family;
  const found = ips.map((address) => ({ address, family: isIP(address) }));
  return wanted === 4 || wanted === 6 ? found.filter((one) => one.family === wanted) : found;
}

type Connect<Options> = (options: Options, callback?: (error: Error | null, stream: Duplex) => void) => Duplex | null | undefined;

/** Guards the making of sockets: names by their look-up, IP addresses, for which Node looks nothing up, by themselves. */
function guardConnecting<Options extends ClientRequestArgs>(
  connect: Connect<Options>,
  options: GuardOptions,
  scheme: 'http' | 'https',
): Connect<Options> {
  const lookUp = guardedLookup(options, scheme);
  return (wanted, callback) => {
    const host = plainHost(wanted.host ?? wanted.hostname ?? 'localhost');
    const forbidden = wanted.socketPath != null || (isIP(host) !== 0 && !allAllowed(options.rule, host, [host], scheme));
    if (!forbidden) return boundConnecting(connect({ ...wanted, lookup: lookUp }, callback), options.connectTimeoutMs);
    // Node's agents take an error without a stream; their types do not say so.
    (callback as ((error: Error) => void) | undefined)?.(new AddressNotAllowed());
    return undefined;
  };
}

/**
 * Agents for requests to addresses that people typed: they connect only to addresses that the rule allows, over https (over http
 * to this machine, in development). Host header and server name stay as asked. Follow no redirects with them.
 */
export function createGuardedAgents(options: GuardOptions): GuardedAgents {
  class GuardedHttpAgent extends HttpAgent {
    readonly #connect = guardConnecting(super.createConnection.bind(this), options, 'http');
    override createConnection(...args: Parameters<HttpAgent['createConnection']>): ReturnType<HttpAgent['createConnection']> {
      return this.#connect(...args);
    }
  }
  class GuardedHttpsAgent extends HttpsAgent {
    readonly #connect = guardConnecting(super.createConnection.bind(this), options, 'https');
    override createConnection(...args: Parameters<HttpsAgent['createConnection']>): ReturnType<HttpsAgent['createConnection']> {
      return this.#connect(...args);
    }
  }
  const httpAgent = new GuardedHttpAgent(KEEP_ALIVE);
  const httpsAgent = new GuardedHttpsAgent(KEEP_ALIVE);
  return {
    httpAgent,
    httpsAgent,
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

/** An address as a person typed it, in the form we keep, if its host has addresses and all of them may be called now. */
export type CheckSiteAddress = (text: string) => Promise<CheckedAddress>;

/** For an early answer to whoever typed it; each later call is checked again by the agents. */
export const createSiteAddressCheck =
  ({ rule, resolve }: Pick<GuardOptions, 'rule' | 'resolve'>): CheckSiteAddress =>
  async (text) => {
    const read = readGivenAddress(text, rule);
    if (!read.ok || isIP(read.value.host) !== 0) return read;
    const ips = await resolve(read.value.host).catch(() => []);
    if (ips.length === 0) return { ok: false, failure: 'address-unknown' };
    const scheme = read.value.siteUrl.startsWith('https:') ? 'https' : 'http';
    return allAllowed(rule, read.value.host, ips, scheme) ? read : { ok: false, failure: 'address-not-allowed' };
  };
