import { BlockList, isIP } from 'node:net';

/**
 * What an IP address is for. `public` alone may be reached without being allowed by name. `metadata`: where clouds keep the
 * credentials of their machines; no Jira answers there, so nothing allows it.
 */
export type IpStanding =
  | 'public'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'shared'
  | 'metadata'
  | 'multicast'
  | 'reserved'
  | 'not-an-ip';

/** RFC 6052: an IPv4 address inside of IPv6, as networks without IPv4 of their own see it. Judged by the address inside. */
const NAT64 = '64:ff9b::';
const NAT64_BITS = 96;

/** IANA's registry of special-purpose IPv4 addresses, with multicast and the class E that it leaves to others. */
const IPV4: readonly [network: string, bits: number, standing: IpStanding][] = [
  ['0.0.0.0', 8, 'reserved'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'shared'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.0.2.0', 24, 'reserved'],
  ['192.31.196.0', 24, 'reserved'],
  ['192.52.193.0', 24, 'reserved'],
  ['192.88.99.0', 24, 'reserved'],
  ['192.168.0.0', 16, 'private'],
  ['192.175.48.0', 24, 'reserved'],
  ['198.18.0.0', 15, 'reserved'],
  ['198.51.100.0', 24, 'reserved'],
  ['203.0.113.0', 24, 'reserved'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
];

/** Of IPv6 only 2000::/3 is handed out to be reached by all; what in it is special is from IANA's registry. */
const IPV6: readonly [network: string, bits: number, standing: IpStanding][] = [
  ['::1', 128, 'loopback'],
  ['fc00::', 7, 'private'],
  ['fe80::', 10, 'link-local'],
  ['ff00::', 8, 'multicast'],
  // Teredo, ORCHID, benchmarking, AMT and what else the IETF keeps for protocols.
  ['2001::', 23, 'reserved'],
  ['2001:db8::', 32, 'reserved'],
  // 6to4 carries an IPv4 address, which nobody would check.
  ['2002::', 16, 'reserved'],
  ['2620:4f:8000::', 48, 'reserved'],
  ['3fff::', 20, 'reserved'],
];

const METADATA: readonly string[] = [
  // AWS, Google, Azure, Oracle, DigitalOcean, OpenStack; tasks of AWS ECS and EKS.
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  // Alibaba; Oracle's second; Azure's host, which looks like any public address.
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
];

const familyOf = (ip: string): 'ipv4' | 'ipv6' => (isIP(ip) === 6 ? 'ipv6' : 'ipv4');

/** A network, and for IPv4 the same one seen through NAT64. */
function addNetwork(list: BlockList, network: string, bits: number): void {
  list.addSubnet(network, bits, familyOf(network));
  if (familyOf(network) === 'ipv4') list.addSubnet(`${NAT64}${network}`, NAT64_BITS + bits, 'ipv6');
}

const listOf = (networks: readonly (readonly [network: string, bits: number])[]): BlockList => {
  const list = new BlockList();
  for (const [network, bits] of networks) addNetwork(list, network, bits);
  return list;
};

const whole = (ip: string): readonly [string, number] => [ip, familyOf(ip) === 'ipv6' ? 128 : 32];
const metadata = listOf(METADATA.map(whole));
const reachable = listOf([
  ['0.0.0.0', 0],
  ['2000::', 3],
]);

const standings = new Map<IpStanding, BlockList>();
for (const [network, bits, standing] of [...IPV4, ...IPV6]) {
  const list = standings.get(standing) ?? new BlockList();
  standings.set(standing, list);
  addNetwork(list, network, bits);
}

/** IPv4-mapped addresses, which some sockets take for the IPv4 address inside: no name resolves to them, so they are refused. */
const MAPPED = new BlockList();
MAPPED.addSubnet('::ffff:0:0', 96, 'ipv6');

/**
 * What that address is for, as text without brackets and without a zone. Written for what resolvers and URL parsers hand out, where
 * every address has its plain form (`127.0.0.1`, never `0x7f.1`); any other text is `not-an-ip`.
 */
export function standingOf(ip: string): IpStanding {
  if (isIP(ip) === 0 || ip.includes('%')) return 'not-an-ip';
  const family = familyOf(ip);
  // BlockList looks through mapped addresses by itself.
  if (metadata.check(ip, family)) return 'metadata';
  if (family === 'ipv6' && MAPPED.check(ip, 'ipv6')) return 'reserved';
  for (const [standing, list] of standings) if (list.check(ip, family)) return standing;
  return reachable.check(ip, family) ? 'public' : 'reserved';
}

/** Whether an address is in one of the networks, each written `10.1.0.0/16`, `fd12::/48` or as one address. Unreadable ones hold nothing. */
export function createNetworks(texts: readonly string[]): (ip: string) => boolean {
  const list = listOf(texts.flatMap((text) => readNetwork(text) ?? []));
  return (ip) => isIP(ip) !== 0 && !ip.includes('%') && list.check(ip, familyOf(ip));
}

/** Null when it is none. In an array of one, so that it can be spread. */
export function readNetwork(text: string): [readonly [network: string, bits: number]] | null {
  const [network = '', bits, ...rest] = text.split('/');
  if (isIP(network) === 0 || network.includes('%') || rest.length > 0) return null;
  const most = familyOf(network) === 'ipv6' ? 128 : 32;
  if (bits === undefined) return [[network, most]];
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most ? [[network, Number(bits)]] : null;
}
