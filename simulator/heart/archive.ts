import { findIssue } from './find-issue.ts';
import type { Outcome } from './outcome.ts';
import { done, refuse } from './outcome.ts';
import { touch } from './record.ts';
import type { Actor, Issue, Site } from './site.ts';

/** Jira archives no more than this in one call. */
const MAX_ARCHIVED = 1000;

export interface Archived {
  readonly count: number;
  readonly missing: readonly string[];
  /** Sub-tasks are archived with their parents, not alone. */
  readonly subtasks: readonly string[];
}

/** Puts issues away, or brings them back, with their sub-tasks. Archived ones are in no search and cannot be edited. */
export function setArchived(site: Site, actor: Actor, idsOrKeys: readonly string[], archived: boolean): Outcome<Archived> {
  if (!actor.user.siteAdmin && actor.through.kind !== 'app') return refuse(403, 'Only Jira administrators can archive issues.');
  if (idsOrKeys.length > MAX_ARCHIVED) return refuse(400, `The number of issues must not exceed ${MAX_ARCHIVED}.`);
  const [missing, subtasks]: [string[], string[]] = [[], []];
  let count = 0;
  const put = (issue: Issue): void => {
    if ((issue.archived !== null) === archived) return;
    const at = site.clock.now();
    issue.archived = archived ? { at, by: actor.user.accountId } : null;
    touch(site, issue, at);
    count += 1;
    for (const id of issue.childIds) {
      const child = site.issues.get(id);
      if (child !== undefined && site.issueTypes.get(child.typeId)?.subtask === true) put(child);
    }
  };
  for (const idOrKey of idsOrKeys) {
    const issue = findIssue(site, actor.user, idOrKey);
    if (!issue.ok) missing.push(idOrKey);
    else if (site.issueTypes.get(issue.value.typeId)?.subtask === true) subtasks.push(idOrKey);
    else put(issue.value);
  }
  return done({ count, missing, subtasks });
}
