import { ADDRESS_REFUSALS } from './address-refusals.ts';

/**
 * Why Tandem did not get into a site: a closed list of stable codes with their texts. docs/troubleshooting.md lists each one. Who reads
 * them may be an admin of the other site who has never heard of Tandem.
 */
export const AUTHENTICATION_REFUSALS = {
  // The consent as it came back
  'consent-denied': {
    message: 'The consent was denied on the page of the site.',
    remedy: 'Begin again and allow it, or tell who sent you the link that you do not want to.',
  },
  'consent-other-site': {
    message: 'The consent was given for another site than the one that this connection is for, so it was not taken.',
    remedy: 'Begin again and choose the right site on the consent page. Your account must have access to it.',
  },
  'code-refused': {
    message: 'The site did not take its own answer back: it was too old, or was used already.',
    remedy: 'Begin again. A Data Center site allows about ten seconds between your consent and our next step.',
  },
  'scope-refused': {
    message: 'The site does not let Tandem ask for the permission that it asks for.',
    remedy:
      'On a Data Center site: edit the application link and choose the permission Admin, or choose the lower one in Tandem and register the webhook by hand.',
  },

  // What was set up at the site
  'client-refused': {
    message: 'The site does not know the client ID, or the client secret is wrong.',
    remedy: 'Copy client ID and client secret once more from the application link of the site.',
  },
  'key-refused': {
    message: 'The site does not accept the signature of Tandem: it holds another public key, or none.',
    remedy:
      'Paste the public key that Tandem shows into the application link of the site once more, from the first line to the last.',
  },
  'clocks-apart': {
    message: 'The site refuses the signature because its clock and the clock of Tandem are too far apart.',
    remedy: 'Have both servers take their time from a time server; more than five minutes apart is too much.',
  },
  'link-missing': {
    message: 'The connection has no application link, or the one it had was removed.',
    remedy: 'Choose or make an application link for this site first.',
  },
  'provider-missing': {
    message: 'This Tandem has no app at Atlassian by which people could consent.',
    remedy:
      'Who runs Tandem registers an OAuth 2.0 app at developer.atlassian.com and sets ATLASSIAN_CLIENT_ID and ATLASSIAN_CLIENT_SECRET.',
  },

  // Typed credentials
  'credentials-refused': {
    message: 'The site does not accept these credentials.',
    remedy:
      'Check them, and that they have not expired. For an API token the e-mail address must be that of the account the token belongs to.',
  },
  'password-off': {
    message: 'The site takes no passwords from programs: basic authentication is switched off there, as it is from Jira 11 on.',
    remedy: 'Use OAuth 2.0 or a personal access token instead.',
  },
  'captcha-needed': {
    message: 'The site asks this user to solve a CAPTCHA after several wrong passwords, which a program cannot do.',
    remedy: 'Log in to the site once in a browser as that user and solve it, then try again.',
  },
  'kind-off': {
    message: 'This Tandem takes no tokens and no passwords (TOKEN_CONNECTIONS=off).',
    remedy: 'Use OAuth 2.0, where a person consents on a page of the site.',
  },
  'kind-impossible': {
    message: 'The site has no such way in.',
    remedy:
      'For Cloud: OAuth 2.0 or an API token. For Data Center: OAuth 2.0 from 8.22 on, a personal access token from 8.14 on, OAuth 1.0a before.',
  },

  // The site itself
  ...ADDRESS_REFUSALS,
  'not-jira': {
    message: 'Something answers at this address, but it is not Jira.',
    remedy:
      'Copy the address from a page of Jira, with what stands between host name and page (https://example.com/jira). A login page in front of Jira must let Tandem through.',
  },
  'provider-unavailable': {
    message: 'The site, or Atlassian, did not answer, or answered with something that cannot be understood.',
    remedy: 'Try again in some minutes. If it stays, check that the site can be reached from the server of Tandem.',
  },
  'connection-gone': {
    message: 'The connection was removed in the meantime.',
    remedy: 'Make it again in Tandem, if it is still wanted.',
  },
} as const satisfies Record<string, { message: string; remedy: string }>;
