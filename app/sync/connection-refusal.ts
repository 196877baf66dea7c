import type { AuthenticationRefusalCode } from './authentication-ports.ts';
import type { SetUpRefusalCode } from './set-up-refusal.ts';

/**
 * Why a step with a connection was not done: a closed list of stable codes with their texts and HTTP statuses. docs/troubleshooting.md lists
 * each one. The second half is read by people at the other site, who may never have heard of Tandem.
 */
export const CONNECTION_REFUSALS = {
  'connection-not-found': {
    status: 404,
    message: 'There is no connection with that id that you may use.',
    remedy: 'Reload the list. A connection is for who made it, for admins of the site and for API tokens; ask one of them.',
  },
  'connection-in-use': {
    status: 409,
    message: 'A synchronization uses this connection, so it cannot be removed.',
    remedy: 'Delete the synchronizations that use it first.',
  },
  'too-many-connections': {
    status: 409,
    message: 'Your site has 500 connections or 500 application links, which is the most that are kept.',
    remedy: 'Remove those that no synchronization uses.',
  },
  'application-link-not-found': {
    status: 422,
    message: 'There is no such application link for this site.',
    remedy: 'Choose one that is listed for the site, or enter client ID and client secret of a new one.',
  },
  'application-link-in-use': {
    status: 409,
    message: 'Connections are made with this application link, so it cannot be removed.',
    remedy: 'Remove the connections first.',
  },
  'consent-not-needed': {
    status: 409,
    message: 'Nobody has to consent to this kind of connection: its token or password was typed in.',
    remedy: 'Give it a new token or password to renew it.',
  },
  'secret-not-of-kind': {
    status: 422,
    message: 'This kind of connection has no such secret.',
    remedy:
      'Change the client secret of a connection by OAuth 2.0 for Data Center, and the token or password of one where they were typed in.',
  },
  'remote-site-unreachable': {
    status: 503,
    message: 'The site of the connection did not answer.',
    remedy: 'Try again in some minutes, and check that the site is up.',
  },

  // One-time links and what comes back from the site
  'link-unknown': {
    status: 404,
    message: 'This link leads to nothing.',
    remedy: 'Check that you copied it whole. If you did, the connection was removed: ask who sent it to you for a new link.',
  },
  'link-expired': {
    status: 410,
    message: 'This link has expired.',
    remedy: 'Ask who sent it to you for a new one. If that was you, press Authenticate in Tandem again.',
  },
  'link-used': {
    status: 410,
    message: 'This link was used already; each one works once.',
    remedy: 'If you have just given access, there is nothing more to do. Otherwise ask who sent it to you for a new one.',
  },
  'link-replaced': {
    status: 410,
    message: 'This link is not valid any more: a newer one took its place, or access was given by another one.',
    remedy: 'Use the newest link that you were sent, or ask for a new one.',
  },
  'page-not-seen': {
    status: 403,
    message: 'This step was not taken from the page that shows who asks for access, so nothing was done.',
    remedy: 'Open the link again and continue from its page. Cookies must be allowed for the address of Tandem.',
  },
  'consent-unknown': {
    status: 400,
    message: 'This answer belongs to no request of ours, so nothing was done with it.',
    remedy: 'Open the link that you were given again, or press Authenticate in Tandem again.',
  },
  'consent-expired': {
    status: 410,
    message: 'Too much time passed before the site sent you back, so nothing was done.',
    remedy: 'Open the link that you were given again, or press Authenticate in Tandem again.',
  },
  'consent-other-browser': {
    status: 403,
    message: 'The site sent you back in another browser than the one in which you began, so nothing was done.',
    remedy: 'Open the link again and stay in one browser. Cookies must be allowed for the address of Tandem.',
  },
} as const satisfies Record<string, { status: number; message: string; remedy: string }>;

export type ConnectionRefusalCode = keyof typeof CONNECTION_REFUSALS;

export interface ConnectionRefusal {
  readonly code: ConnectionRefusalCode | AuthenticationRefusalCode | SetUpRefusalCode;
  /** A word of a protocol that tells an expert more; never content, never a secret. */
  readonly detail?: string | null;
}
