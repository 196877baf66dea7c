import { seesIssue } from './issue-security.ts';
import { compileJql } from './jql-match.ts';
import type { JqlClause, JqlQuery } from './jql-parse.ts';
import { parseJql } from './jql-parse.ts';
import { isUnmade } from './lazy-issues.ts';
import type { Outcome } from './outcome.ts';
import { done, refuse } from './outcome.ts';
import { permits } from './permissions.ts';
import { rankOf } from './ranks.ts';
import { indexed } from './record.ts';
import type { IndexedIssue } from './search-index.ts';
import type { Issue, Site, User } from './site.ts';

export interface SearchPage {
  readonly issues: readonly Issue[];
  readonly nextPageToken: string | null;
}

const NOBODY: ReadonlySet<string> = new Set();

type SortKey = string | number;

const SORT: Readonly<Record<string, (issue: IndexedIssue, site: Site) => SortKey>> = {
  updated: (issue) => issue.updated,
  created: (issue) => issue.created,
  key: (issue) => `${issue.key.slice(0, issue.key.lastIndexOf('-'))}-${String(issue.number).padStart(12, '0')}`,
  issuekey: (issue) => issue.number,
  id: (issue) => Number(issue.id),
  priority: (issue) => (issue.priorityId === null ? Number.MAX_SAFE_INTEGER : Number(issue.priorityId)),
  status: (issue, site) => site.statuses.get(issue.statusId)?.name ?? '',
  summary: (issue) => issue.summary,
  rank: ({ id }, site) => {
    const issue = site.issues.get(id);
    return issue === undefined ? '' : rankOf(issue);
  },
  duedate: (issue) => issue.dueDate ?? '9999',
  due: (issue) => issue.dueDate ?? '9999',
};

const compareKeys = (left: readonly SortKey[], right: readonly SortKey[], descending: readonly boolean[]): number => {
  for (let position = 0; position < left.length; position += 1) {
    const a = left[position] ?? 0;
    const b = right[position] ?? 0;
    if (a !== b) return (a < b ? -1 : 1) * (descending[position] === true ? -1 : 1);
  }
  return 0;
};

/** The only project a query can match, where that is plain from its outermost ANDs: then only its documents are looked at. */
function onlyProject(site: Site, clause: JqlClause): string | undefined {
  const tests = clause.kind === 'and' ? clause.clauses : [clause];
  for (const test of tests) {
    if (
      test.kind !== 'test' ||
      test.field !== 'project' ||
      test.operands.length !== 1 ||
      (test.operator !== '=' && test.operator !== 'in')
    )
      continue;
    const wanted = test.operands[0] ?? '';
    const project = [...site.projects.values()].find(
      (candidate) => candidate.id === wanted || candidate.key === wanted.toUpperCase(),
    );
    if (project !== undefined) return project.id;
  }
  return undefined;
}

function readQuery(jql: string): Outcome<JqlQuery & { clause: JqlClause }> {
  const parsed = parseJql(jql);
  if (!parsed.ok) return refuse(400, parsed.error);
  const { clause, order } = parsed.query;
  if (clause === null)
    return refuse(400, 'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.');
  const unknown = order.find(({ field }) => SORT[field] === undefined);
  if (unknown !== undefined) return refuse(400, `Not able to sort using field '${unknown.field}'.`);
  return done({ clause, order });
}

/** What the index shows, but for the issues that a request wants as they are now. */
function* documentsOf(site: Site, projectId: string | undefined, fresh: ReadonlySet<string>): Iterable<IndexedIssue> {
  for (const document of site.searchIndex.read(site.clock.now(), projectId)) if (!fresh.has(document.id)) yield document;
  for (const id of fresh) {
    const issue = site.issues.get(id);
    if (issue !== undefined && (projectId === undefined || issue.projectId === projectId)) yield indexed(issue);
  }
}

function matching(site: Site, user: User, clause: JqlClause, fresh: ReadonlySet<string> = NOBODY): Outcome<IndexedIssue[]> {
  const compiled = compileJql(site, user, clause);
  if (!compiled.ok) return refuse(400, compiled.error);
  const found: IndexedIssue[] = [];
  for (const document of documentsOf(site, onlyProject(site, clause), fresh)) {
    const project = site.projects.get(document.projectId);
    if (project === undefined || !compiled.matches(document)) continue;
    if (isUnmade(site.issues, document.id)) {
      if (permits(user, project, 'BROWSE_PROJECTS')) found.push(document);
      continue;
    }
    const issue = site.issues.get(document.id);
    // One that is gone but still in the index counts as a match; no page will show it.
    if (issue === undefined || (issue.archived === null && seesIssue(site, project, user, issue))) found.push(document);
  }
  return done(found);
}

function readToken(token: string): readonly SortKey[] | null {
  try {
    const keys: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    return Array.isArray(keys) && keys.every((key) => typeof key === 'string' || typeof key === 'number')
      ? (keys as SortKey[])
      : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * One page of what the lagging index matches, in its order; the page token names the last row, so that rows that come or go
 * meanwhile shift nothing. Issues deleted since the index heard of them are left out, the others are shown as they are now.
 */
export function search(
  site: Site,
  user: User,
  request: { jql: string; maxResults: number; pageToken: string | null; reconcile?: readonly string[] },
): Outcome<SearchPage> {
  const query = readQuery(request.jql);
  if (!query.ok) return query;
  const found = matching(site, user, query.value.clause, new Set(request.reconcile));
  if (!found.ok) return found;
  const after = request.pageToken === null ? null : readToken(request.pageToken);
  if (request.pageToken !== null && after === null) return refuse(400, 'The provided next page token is invalid or expired.');

  // Without an order of its own Jira shows the newest first; the id settles ties.
  const order = [
    ...(query.value.order.length > 0 ? query.value.order : [{ field: 'created', descending: true }]),
    { field: 'id', descending: true },
  ];
  const descending = order.map((part) => part.descending);
  const keysOf = (issue: IndexedIssue): SortKey[] => order.map(({ field }) => SORT[field]?.(issue, site) ?? 0);
  const rows = found.value
    .map((document) => ({ id: document.id, keys: keysOf(document) }))
    .filter((row) => after === null || compareKeys(row.keys, after, descending) > 0)
    .sort((left, right) => compareKeys(left.keys, right.keys, descending));
  const page = rows.slice(0, request.maxResults);
  const last = page.at(-1);
  const more = rows.length > page.length && last !== undefined;
  return done({
    issues: page.map((row) => site.issues.get(row.id)).filter((issue) => issue !== undefined),
    nextPageToken: more ? Buffer.from(JSON.stringify(last.keys)).toString('base64url') : null,
  });
}

export function countMatches(site: Site, user: User, jql: string): Outcome<number> {
  const query = readQuery(jql);
  if (!query.ok) return query;
  const found = matching(site, user, query.value.clause);
  return found.ok ? done(found.value.length) : found;
}
