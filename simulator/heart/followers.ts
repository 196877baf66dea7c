import { projectOf } from './find-issue.ts';
import type { Outcome } from './outcome.ts';
import { done, refuse } from './outcome.ts';
import { permits } from './permissions.ts';
import { touch } from './record.ts';
import type { Actor, Issue, Site } from './site.ts';

/** Watchers and voters. Neither leaves a trace in the changelog, nor in `updated`; only the index learns of it. */

const retell = (site: Site, issue: Issue): void => touch(site, issue, issue.updated);

/** Adds or takes away a watcher: oneself, or anybody with the right to manage watchers. */
export function setWatching(site: Site, actor: Actor, issue: Issue, accountId: string, watching: boolean): Outcome<null> {
  const user = site.users.get(accountId);
  if (user === undefined || !user.active)
    return refuse(watching ? 400 : 404, `The user with account id ${accountId} does not exist.`);
  const project = projectOf(site, issue);
  if (accountId !== actor.user.accountId && !permits(actor.user, project, 'MANAGE_WATCHERS'))
    return refuse(403, 'You do not have permission to manage the watcher list.');
  if (watching && !permits(user, project, 'BROWSE_PROJECTS'))
    return refuse(400, `The user ${user.displayName} does not have permission to view this issue.`);
  if (watching) issue.watcherIds.add(accountId);
  else issue.watcherIds.delete(accountId);
  retell(site, issue);
  return done(null);
}

/** Votes or takes the vote back. Nobody votes for their own issue, nor for one that is resolved. */
export function setVote(site: Site, actor: Actor, issue: Issue, voted: boolean): Outcome<null> {
  const { accountId } = actor.user;
  if (issue.reporterId === accountId) return refuse(404, 'You cannot vote for an issue you have reported.');
  if (issue.resolutionId !== null) return refuse(404, 'You cannot vote for an issue that is resolved.');
  if (voted) issue.voterIds.add(accountId);
  else issue.voterIds.delete(accountId);
  retell(site, issue);
  return done(null);
}
