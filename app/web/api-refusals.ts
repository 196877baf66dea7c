import type { ApiTokenRefusal } from '../sync/check-api-token.ts';
import type { Refusal } from './errors.ts';
import { refusalOfToken } from './jwt-refusals.ts';
import { refusalOfSetUp } from './refusal-of-set-up.ts';

/*
 * What callers of /api/v1 are answered who may not come in.
 */

export const SPACE_MISSING: Refusal = {
  status: 403,
  code: 'space-missing',
  message: 'The token names no space.',
  remedy: 'Open Tandem from the settings of a space.',
};

export const NOT_ADMIN = refusalOfSetUp({ code: 'not-space-admin' });
export const NOT_SITE_ADMIN = refusalOfSetUp({ code: 'not-site-admin' });
/** Jira did not say what a person administers. */
export const SITE_SILENT = refusalOfSetUp({ code: 'site-unreachable' });

export const PEOPLE_ONLY: Refusal = {
  status: 403,
  code: 'people-only',
  message: 'That is for admins of the site alone; no API token may do it, whatever its scopes.',
  remedy: 'Do it in Jira, or by the commands on the server that Tandem runs on.',
};

export const SCOPE_MISSING = refusalOfSetUp({ code: 'scope-missing' });
export const SPACE_NEEDED = refusalOfSetUp({ code: 'space-needed' });

const ANOTHER_TOKEN = 'Ask an admin of the site to make another one.';

const TOKEN_REFUSALS: Readonly<Record<Exclude<ApiTokenRefusal, 'site-uninstalled'>, Refusal>> = {
  'token-refused': {
    status: 401,
    code: 'token-refused',
    message: 'This is no API token of Tandem.',
    remedy: 'Send the token as it was shown when it was made: Authorization: Bearer tandem_…',
  },
  'token-expired': { status: 401, code: 'token-expired', message: 'The API token has expired.', remedy: ANOTHER_TOKEN },
  'token-revoked': { status: 401, code: 'token-revoked', message: 'The API token was revoked.', remedy: ANOTHER_TOKEN },
  'token-attempts': {
    status: 429,
    code: 'token-attempts',
    message: 'Too many unknown API tokens came in the last seconds.',
    remedy: 'Try again in some seconds.',
  },
};

/** What a program is answered whose token was refused. */
export const refusalOfApiToken = (code: ApiTokenRefusal): Refusal =>
  code === 'site-uninstalled' ? refusalOfToken(code) : TOKEN_REFUSALS[code];
