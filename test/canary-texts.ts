import { randomBytes } from 'node:crypto';

/** So that nothing is found by chance. */
const random = (): string => randomBytes(12).toString('hex');

/** What people wrote: nothing of it may be anywhere but in Jira, and sealed. */
export const CONTENT = {
  summary: `Canary summary ${random()}`,
  description: `Canary description ${random()}`,
  comment: `Canary comment ${random()}`,
  restricted: `Canary restricted comment ${random()}`,
  label: `canary-label-${random()}`,
  loser: `Canary that lost ${random()}`,
  winner: `Canary that won ${random()}`,
  refused: `Canary of a refused write ${random()}`,
  remote: `Canary for a site without the app ${random()}`,
  remoteComment: `Canary comment for a site without the app ${random()}`,
  remoteEdit: `Canary from a site without the app ${random()}`,
  remoteLater: `Canary that waits for authentication ${random()}`,
  outage: `Canary of an outage ${random()}`,
} as const;

/** What was typed in wrong, which is nobody's business either. */
export const TYPED = {
  jwt: `canary-jwt-${random()}.${random()}.${random()}`,
  apiToken: `tandem_canary-${random()}`,
  password: `canary-password-${random()}`,
  secret: `canary-wrong-secret-${random()}`,
  malformed: `canary-in-malformed-json-${random()}`,
  unknownKey: `canary-value-of-unknown-key-${random()}`,
} as const;
