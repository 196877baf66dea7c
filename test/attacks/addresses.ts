import type { ResolveHost } from '../../app/platform/guarded-agents.ts';

/** Addresses by which somebody wants Tandem to call what only its server can reach. `{port}`: of something that must not be called. */
export const FORBIDDEN_ADDRESSES: readonly (readonly [what: string, address: string, code: string])[] = [
  ['metadata of clouds', 'https://169.254.169.254', 'address-not-allowed'],
  ['metadata, as one number', 'https://2852039166', 'address-not-allowed'],
  ['metadata, octal', 'https://0251.0376.0251.0376', 'address-not-allowed'],
  ['metadata, hexadecimal', 'https://0xa9fea9fe', 'address-not-allowed'],
  ['metadata, mixed', 'https://0xa9.254.0251.254', 'address-not-allowed'],
  ['metadata, mapped into IPv6', 'https://[::ffff:169.254.169.254]', 'address-not-allowed'],
  ['metadata, mapped in hexadecimal', 'https://[::ffff:a9fe:a9fe]', 'address-not-allowed'],
  ['metadata, by NAT64', 'https://[64:ff9b::a9fe:a9fe]', 'address-not-allowed'],
  ['metadata, by 6to4', 'https://[2002:a9fe:a9fe::1]', 'address-not-allowed'],
  ['metadata of AWS over IPv6', 'https://[fd00:ec2::254]', 'address-not-allowed'],
  ['metadata of Azure’s host', 'https://168.63.129.16', 'address-not-allowed'],
  ['metadata by its name', 'https://metadata.google.internal', 'address-not-allowed'],
  ['metadata by its name with a dot', 'https://metadata.google.internal.', 'address-not-allowed'],
  ['metadata with a page', 'https://169.254.169.254/latest/meta-data', 'address-not-allowed'],
  ['metadata over http', 'http://169.254.169.254/latest/meta-data/', 'address-not-https'],
  ['this machine', 'https://127.0.0.1:{port}', 'address-not-allowed'],
  ['this machine over http', 'http://127.0.0.1:{port}', 'address-not-https'],
  ['this machine, short', 'https://127.1:{port}', 'address-not-allowed'],
  ['this machine, as one number', 'https://2130706433:{port}', 'address-not-allowed'],
  ['this machine, octal', 'https://017700000001:{port}', 'address-not-allowed'],
  ['this machine, hexadecimal', 'https://0x7f.1:{port}', 'address-not-allowed'],
  ['this machine, full-width digits', 'https://１２７.０.０.１:{port}', 'address-not-allowed'],
  ['this machine, circled digits', 'https://①②⑦.⓪.⓪.①:{port}', 'address-not-allowed'],
  ['this machine, ideographic full stops', 'https://127。0。0。1:{port}', 'address-not-allowed'],
  ['every address of this machine', 'https://0.0.0.0:{port}', 'address-not-allowed'],
  ['every address of this machine, as zero', 'https://0:{port}', 'address-not-allowed'],
  ['this machine over IPv6', 'https://[::1]:{port}', 'address-not-allowed'],
  ['this machine, mapped into IPv6', 'https://[::ffff:127.0.0.1]:{port}', 'address-not-allowed'],
  ['this machine, compatible IPv6', 'https://[::127.0.0.1]:{port}', 'address-not-allowed'],
  ['every address over IPv6', 'https://[::]:{port}', 'address-not-allowed'],
  ['localhost', 'https://localhost:{port}', 'address-not-allowed'],
  ['localhost with a dot', 'https://localhost.:{port}', 'address-not-allowed'],
  ['LOCALHOST', 'https://LOCALHOST:{port}', 'address-not-allowed'],
  ['a name below localhost', 'https://jira.localhost:{port}', 'address-not-allowed'],
  ['localhost before an @', 'https://jira.example@127.0.0.1:{port}', 'address-has-credentials'],
  ['a password before an @', 'https://a:b@127.0.0.1:{port}/jira', 'address-has-credentials'],
  ['a backslash before an @', 'https://127.0.0.1:{port}\\@jira.example', 'address-has-credentials'],
  ['a backslash', 'https://jira.example\\.127.0.0.1', 'address-malformed'],
  ['a private network', 'https://10.1.2.3', 'address-not-allowed'],
  ['a private network, 172', 'https://172.16.0.1', 'address-not-allowed'],
  ['a private network, 192', 'https://192.168.0.1', 'address-not-allowed'],
  ['a shared network', 'https://100.64.0.1', 'address-not-allowed'],
  ['a private network over IPv6', 'https://[fc00::1]', 'address-not-allowed'],
  ['a link-local address', 'https://[fe80::1]', 'address-not-allowed'],
  ['a multicast address', 'https://224.0.0.1', 'address-not-allowed'],
  ['a name in a private network', 'https://intern.example', 'address-not-allowed'],
  ['a name of this machine', 'https://loop.example:{port}', 'address-not-allowed'],
  ['a name of this machine over IPv6', 'https://loop6.example:{port}', 'address-not-allowed'],
  ['a name of a mapped address', 'https://mapped.example:{port}', 'address-not-allowed'],
  ['a name that is half private', 'https://half.example:{port}', 'address-not-allowed'],
  ['a name that changes its mind', 'https://rebinding.example:{port}', 'address-not-allowed'],
  ['a name that nobody knows', 'https://nowhere.example', 'address-unknown'],
  ['a port of another service', 'https://jira.example:22', 'address-port-not-allowed'],
  ['a port that browsers refuse', 'https://jira.example:6667', 'address-port-not-allowed'],
  ['a file', 'file:///etc/passwd', 'address-malformed'],
  ['another protocol', 'gopher://127.0.0.1:{port}/_x', 'address-not-https'],
  ['a line break', 'https://jira.example/a\r\nHost: 127.0.0.1', 'address-malformed'],
  ['an encoded slash', 'https://jira.example/a%2f..%2f', 'address-malformed'],
];

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'metadata.google.internal': ['169.254.169.254'],
  'intern.example': ['10.1.2.3'],
  'loop.example': ['127.0.0.1'],
  'loop6.example': ['::1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'half.example': ['93.184.215.14', '127.0.0.1'],
  'jira.example': ['93.184.215.14'],
};

/** A name server in the hands of the attacker: `rebinding.example` is public when it is looked at, and this machine when it is called. */
export function createHostileResolve(): ResolveHost {
  let asked = 0;
  return async (host) => {
    const name = host.replace(/\.$/, '');
    if (name === 'rebinding.example') {
      asked += 1;
      return asked % 2 === 1 ? ['93.184.215.14'] : ['127.0.0.1'];
    }
    const found = KNOWN[name];
    if (found === undefined) throw Object.assign(new Error('There is no such name'), { code: 'ENOTFOUND' });
    return found;
  };
}
