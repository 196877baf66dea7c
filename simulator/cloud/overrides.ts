import type { CloudRequest } from './route.ts';

/**
 * Whether a call asks, by `overrideScreenSecurity` or `overrideEditableFlag`, to set what is on no screen, and may: Jira grants
 * it to the users of Connect and Forge apps that have Administer Jira. For anybody else it is as if it had not been said.
 */
export const overrides = ({ query, actor }: CloudRequest): boolean =>
  (query['overrideScreenSecurity'] === 'true' || query['overrideEditableFlag'] === 'true') &&
  actor.through.kind === 'app' &&
  actor.user.siteAdmin;

/** Whether a call asks for it without being allowed to: where the official API document has an answer for that, it is 403. */
export const overridesInVain = (request: CloudRequest): boolean =>
  (request.query['overrideScreenSecurity'] === 'true' || request.query['overrideEditableFlag'] === 'true') && !overrides(request);
