import type { ConnectionCause } from './connection-ports.ts';

/** Why a connection needs authentication again, with what to do. docs/troubleshooting.md lists each one. Changes wait meanwhile; none is lost. */
export const CONNECTION_CAUSES = {
  'consent-revoked': {
    message: 'The sync user, or an admin of the site, took the consent back.',
    remedy: 'Authenticate again, as the same user or as another one. Everything that changed meanwhile is caught up.',
  },
  'token-expired': {
    message: 'The token has expired.',
    remedy:
      'Authenticate again; for a connection by token, make a new token at the site and enter it. Everything that changed meanwhile is caught up.',
  },
  'token-refused': {
    message: 'The site does not accept the token or password any more: it was changed or revoked, or the user was deactivated.',
    remedy:
      'Authenticate again; for a connection by token or password, enter the new one. Everything that changed meanwhile is caught up.',
  },
  'client-refused': {
    message: 'The site does not accept the application link any more: it was removed there, or its client secret was changed.',
    remedy:
      'Enter the new client ID and client secret of the application link, then authenticate again. Everything that changed meanwhile is caught up.',
  },
  'credentials-sealed': {
    message: 'The stored credentials were sealed with a key that Tandem does not have any more.',
    remedy:
      'Authenticate again, or give Tandem its older key back (TANDEM_ENCRYPTION_KEYS_OLDER). Everything that changed meanwhile is caught up.',
  },
} as const satisfies Record<ConnectionCause, { message: string; remedy: string }>;

/** What every password connection is told. */
export const PASSWORD_DEPRECATED =
  'Passwords are deprecated: Jira 11 refuses them unless an administrator allows them, and whoever has one has everything. Use OAuth 2.0 or a personal access token.';
