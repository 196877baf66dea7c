import type { AddressRefusalCode } from '../platform/given-address.ts';

/**
 * Why the address of a site, as a person typed it, is not called: a closed list of stable codes with their texts, as
 * set-up-refusal.ts has for steps. docs/troubleshooting.md lists each one.
 */
export const ADDRESS_REFUSALS = {
  'address-malformed': {
    message: 'This is not the address of a Jira site.',
    remedy: 'Copy it from the address bar of Jira, up to the name of the site or its context path: https://jira.example.com/jira',
  },
  'address-not-https': {
    message: 'Tandem connects to sites over https only, so that nobody on the way can read or change what is synchronized.',
    remedy: 'Use the https address of the site. If it has none, ask who runs it to set up TLS.',
  },
  'address-has-credentials': {
    message: 'The address holds a user name or a password.',
    remedy: 'Leave out everything up to the @. Tandem asks for credentials in a separate step.',
  },
  'address-has-query': {
    message: 'The address goes on with a ? or #, so it is that of a page and not of the site.',
    remedy: 'Leave out everything from the ? or # on.',
  },
  'address-port-not-allowed': {
    message: 'Jira is not served on that port.',
    remedy: 'Leave the port out, or use the one that Jira or its proxy listens on: 443, or one above 1023.',
  },
  'address-not-allowed': {
    message: 'This host belongs to a private or reserved network, which Tandem does not call.',
    remedy:
      'Use an address that can be reached from the internet. On an installation of your own, the operator can add the host or its network to ALLOWED_PRIVATE_HOSTS.',
  },
  'address-unknown': {
    message: 'There is no host of that name, as far as Tandem can see.',
    remedy: 'Check the spelling. If the name is known inside your network only, Tandem has to run there too.',
  },
} as const satisfies Readonly<Record<AddressRefusalCode, { readonly message: string; readonly remedy: string }>>;
