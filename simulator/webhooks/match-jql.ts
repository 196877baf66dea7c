import { compileJql } from '../heart/jql-match.ts';
import { parseJql } from '../heart/jql-parse.ts';
import { indexed } from '../heart/record.ts';
import type { Issue, Site } from '../heart/site.ts';

/** Whether the filter of a webhook holds for an issue as it is now. An empty one holds for all, one that is not valid for none. */
export function matchesFilter(site: Site, filter: string, issue: Issue): boolean {
  if (filter.trim() === '') return true;
  const admin = [...site.users.values()].find((user) => user.siteAdmin) ?? null;
  const parsed = parseJql(filter);
  if (!parsed.ok || parsed.query.clause === null) return parsed.ok;
  const compiled = compileJql(site, admin, parsed.query.clause);
  return compiled.ok && compiled.matches(indexed(issue));
}
