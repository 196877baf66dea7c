import type { ApplicationLink } from './authentication-ports.ts';
import type { RemoteKind } from './connection-ports.ts';

/** Something to carry over to the other site, letter by letter. */
export interface Copied {
  readonly label: string;
  readonly value: string;
}

/** One thing to do, and what to copy for it. */
export interface InstructionStep {
  readonly text: string;
  readonly copy: readonly Copied[];
}

/** What has to be done at a site before somebody can consent there. */
export interface Instructions {
  /** Who can do it. */
  readonly who: string;
  readonly steps: readonly InstructionStep[];
  /** What to bring back into Tandem; empty: nothing. */
  readonly bringBack: readonly string[];
}

/** Where every provider sends people back. */
export const callbackUrlOf = (publicUrl: string): string => `${publicUrl}/oauth/callback`;

const step = (text: string, ...copy: readonly Copied[]): InstructionStep => ({ text, copy });

const CREATE_LINK = 'Open Administration → Applications → Application links, and press Create link.';
const ADMINISTRATOR =
  'An administrator of that Jira, once for each Tandem; later connections use the same application link again.';

/** Names of fields as Jira 8.22 to 11 shows them. Source: https://confluence.atlassian.com/adminjiraserver/configure-an-incoming-link-1115659067.html */
const oauth2 = (publicUrl: string): Instructions => ({
  who: ADMINISTRATOR,
  steps: [
    step(CREATE_LINK),
    step('Choose External application, then the direction Incoming, and press Continue.'),
    step(
      'Fill in the name and the redirect URL.',
      { label: 'Name', value: 'Tandem' },
      { label: 'Redirect URL', value: callbackUrlOf(publicUrl) },
    ),
    step(
      'Choose the permission Admin, and press Save. It lets Tandem register its webhook; with Write you register that by hand. Whatever you choose, Tandem can do nothing that the sync user may not.',
    ),
    step('Copy the client ID and the client secret that Jira shows.'),
  ],
  bringBack: ['Client ID', 'Client secret'],
});

const oauth1 = (publicUrl: string, link: Pick<ApplicationLink, 'clientId' | 'publicKey' | 'name'> | null): Instructions => ({
  who: ADMINISTRATOR,
  steps: [
    step('Open Administration → Applications → Application links.'),
    step(
      'Enter the address of Tandem and press Create new link; where Jira asks for a type first (8.22 and later), press Create link and choose Atlassian product. Jira says that it got no response: press Continue.',
      { label: 'Application URL', value: publicUrl },
    ),
    step('Enter the name, choose the type Generic Application, tick Create incoming link, and press Continue.', {
      label: 'Application name',
      value: link?.name ?? 'Tandem',
    }),
    step(
      'Fill in what Jira asks for the incoming link, and press Continue.',
      ...(link === null
        ? []
        : [
            { label: 'Consumer key', value: link.clientId },
            { label: 'Consumer name', value: link.name },
            { label: 'Public key', value: link.publicKey ?? '' },
          ]),
      { label: 'Consumer callback URL', value: callbackUrlOf(publicUrl) },
    ),
  ],
  bringBack: [],
});

/**
 * The exact steps at the site for that kind of connection. Null: nothing has to be set up there. `link`: the application link that is
 * there already; for OAuth 1.0a it brings key and public key, which are made together with the connection.
 */
export function connectionInstructions(kind: RemoteKind, publicUrl: string, link: ApplicationLink | null): Instructions | null {
  switch (kind) {
    case 'oauth2-data-center':
      return oauth2(publicUrl);
    case 'oauth1':
      return oauth1(publicUrl, link);
    case 'oauth2-cloud':
    case 'personal-token':
    case 'api-token':
    case 'password':
      return null;
  }
}
