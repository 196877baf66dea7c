import type { RefusalCode } from '../hosts/connect/verify-jwt.ts';
import type { Refusal } from './errors.ts';

const RELOAD = 'Reload the page in Jira.';
const NOT_FROM_JIRA = 'Open Tandem inside Jira; this address answers only to Jira.';

const refused = (code: RefusalCode, message: string, remedy: string, status = 401): Refusal => ({
  status,
  code,
  message,
  remedy,
});

const REFUSALS: Readonly<Record<RefusalCode, Refusal>> = {
  'jwt-missing': refused('jwt-missing', 'The request carries no Jira token where one is expected.', NOT_FROM_JIRA),
  'jwt-ambiguous': refused('jwt-ambiguous', 'The request carries more than one token.', 'Send exactly one.'),
  'jwt-malformed': refused('jwt-malformed', 'The token cannot be read.', NOT_FROM_JIRA),
  'jwt-algorithm': refused('jwt-algorithm', 'The token is not signed the way this address requires.', NOT_FROM_JIRA),
  'jwt-signature': refused(
    'jwt-signature',
    'The signature of the token does not match.',
    `${RELOAD} If that does not help, reinstall Tandem on this site.`,
  ),
  'jwt-expired': refused('jwt-expired', 'The token has expired.', RELOAD),
  'jwt-not-yet-valid': refused(
    'jwt-not-yet-valid',
    'The token is not valid yet.',
    'Check the clock of the server that Tandem runs on.',
  ),
  'jwt-claims': refused('jwt-claims', 'The token lacks something this address requires.', RELOAD),
  'jwt-query-hash': refused('jwt-query-hash', 'The token was made for another request.', RELOAD),
  'jwt-issuer': refused('jwt-issuer', 'The token was issued by somebody else than the request says.', NOT_FROM_JIRA),
  'jwt-audience': refused(
    'jwt-audience',
    'The token was made for another app or another address of this app.',
    'Check that PUBLIC_URL is the address in the descriptor Jira installed.',
  ),
  'jwt-key-unknown': refused('jwt-key-unknown', 'The key that signed the token is not known.', NOT_FROM_JIRA),
  'jwt-key-unavailable': refused(
    'jwt-key-unavailable',
    'The key that signed the token could not be fetched.',
    'Try again; check that Tandem can reach the key server.',
    503,
  ),
  'site-unknown': refused(
    'site-unknown',
    'No installation of Tandem is known for this site.',
    'Install Tandem on this site, or reinstall it.',
  ),
  'site-disabled': refused('site-disabled', 'Tandem is disabled on this site.', 'Enable it under Manage apps in Jira.'),
  'site-uninstalled': refused(
    'site-uninstalled',
    'Tandem is no longer installed on this site.',
    'Install Tandem on this site again.',
  ),
};

/** What a caller is answered whose token was refused. */
export const refusalOfToken = (code: RefusalCode): Refusal => REFUSALS[code];
