import type { JqlClause, JqlOperator } from './jql-parse.ts';
import { partTest } from './jql-parts.ts';
import type { Compiled, Matcher, JqlTest as Test } from './jql-test.ts';
import { permits } from './permissions.ts';
import type { IndexedIssue } from './search-index.ts';
import type { Site, User } from './site.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

const UNITS: Readonly<Record<string, number>> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000 };

/** Epoch milliseconds of a JQL time: a number, `-5m`, `2026-11-22`, `2026/11/22 13:45`, `now()`. UTC. Null: not a time. */
export function readJqlTime(text: string, now: number): number | null {
  if (text === 'now()') return now;
  if (/^-?\d{6,}$/.test(text)) return Number(text);
  const relative = /^([+-]?)((?:\d+[wdhm]\s*)+)$/.exec(text);
  if (relative !== null) {
    const span = [...(relative[2] ?? '').matchAll(/(\d+)([wdhm])/g)].reduce(
      (sum, part) => sum + Number(part[1]) * (UNITS[part[2] ?? ''] ?? 0),
      0,
    );
    return now + (relative[1] === '-' ? -span : span);
  }
  const date = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:\s+(\d{1,2}):(\d{2}))?$/.exec(text);
  if (date === null) return null;
  return Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3]), Number(date[4] ?? 0), Number(date[5] ?? 0));
}

const compare = (operator: JqlOperator, left: number, right: number): boolean => {
  if (operator === '>') return left > right;
  if (operator === '>=') return left >= right;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '!=' ? left !== right : left === right;
};

const ok = (matches: Matcher): Compiled => ({ ok: true, matches });
const error = (text: string): Compiled => ({ ok: false, error: text });

/** Membership of one of some values, turned round for the negative operators; an empty field never equals and never differs. */
function membership(operator: JqlOperator, wanted: ReadonlySet<string>, read: (issue: IndexedIssue) => string | null): Matcher {
  const negative = operator === '!=' || operator === 'not in';
  return (issue) => {
    const value = read(issue);
    return value !== null && wanted.has(value) !== negative;
  };
}

function emptiness(operator: JqlOperator, read: (issue: IndexedIssue) => string | null | number): Matcher {
  return (issue) => (read(issue) === null) === (operator === 'is');
}

/** A field whose values are records of the site, named by id or name. */
function named(read: (issue: IndexedIssue) => string | null, all: (site: Site) => readonly Named[]) {
  return (site: Site, _user: User | null, test: Test): Compiled => {
    if (test.operator === 'is' || test.operator === 'is not') return ok(emptiness(test.operator, read));
    const wanted = new Set<string>();
    for (const operand of test.operands) {
      const found = all(site).filter((record) => record.id === operand || record.name.toLowerCase() === operand.toLowerCase());
      if (found.length === 0) return error(`The value '${operand}' does not exist for the field '${test.field}'.`);
      for (const record of found) wanted.add(record.id);
    }
    return ok(membership(test.operator, wanted, read));
  };
}

/** A project that the searcher may not browse is named in vain, as one that does not exist. */
function projects(site: Site, user: User | null, test: Test): Compiled {
  const all = [...site.projects.values()]
    .filter((project) => user === null || permits(user, project, 'BROWSE_PROJECTS'))
    .flatMap((project) => [project, { id: project.id, name: project.key }]);
  return named(
    (issue) => issue.projectId,
    () => all,
  )(site, null, test);
}

/** Ids of the issues linked with the one that `linkedIssues(KEY-1)` names; null: the operand is something else. */
function linkedTo(site: Site, operand: string): readonly string[] | null {
  const key = /^linkedissues\((.*)\)$/.exec(operand)?.[1];
  if (key === undefined) return null;
  const issue = site.issues.get(site.issueIdsByKey.get(key.toUpperCase()) ?? '');
  return [...(issue?.linkIds ?? [])].map((id) => {
    const link = site.issueLinks.get(id);
    return (link?.fromId === issue?.id ? link?.toId : link?.fromId) ?? '';
  });
}

/** Ids of the issues that operands name, or what is wrong with one of them. */
function issueIds(site: Site, test: Test): ReadonlySet<string> | string {
  const wanted = new Set<string>();
  for (const operand of test.operands) {
    const own = site.issues.has(operand) ? operand : site.issueIdsByKey.get(operand.toUpperCase());
    const ids = linkedTo(site, operand) ?? (own !== undefined && site.issues.has(own) ? [own] : null);
    if (ids === null) return `An issue with key '${operand}' does not exist for field '${test.field}'.`;
    for (const id of ids) wanted.add(id);
  }
  return wanted;
}

function keys(site: Site, _user: User | null, test: Test): Compiled {
  if (test.operator === '=' || test.operator === 'in' || test.operator === '!=' || test.operator === 'not in') {
    const wanted = issueIds(site, test);
    if (typeof wanted === 'string') return error(wanted);
    return ok(membership(test.operator, wanted, (issue) => issue.id));
  }
  const number = Number(/\d+$/.exec(test.operands[0] ?? '')?.[0] ?? Number.NaN);
  const project = /^([A-Z][A-Z0-9_]*)-\d+$/i.exec(test.operands[0] ?? '')?.[1]?.toUpperCase();
  return ok(
    (issue) => (project === undefined || issue.key.startsWith(`${project}-`)) && compare(test.operator, issue.number, number),
  );
}

function people(read: (issue: IndexedIssue) => string | null) {
  return (site: Site, user: User | null, test: Test): Compiled => {
    if (test.operator === 'is' || test.operator === 'is not') return ok(emptiness(test.operator, read));
    const keyOf = (name: string): string =>
      [...site.users.values()].find((candidate) => candidate.userName === name)?.accountId ?? name;
    const membersOf = (operand: string): readonly string[] | null => {
      const name = /^membersof\((.*)\)$/.exec(operand)?.[1];
      return name === undefined
        ? null
        : [...site.groups.values()].flatMap((group) => (group.name === name ? [...group.members] : []));
    };
    const wanted = new Set(
      test.operands.flatMap(
        (operand) => membersOf(operand) ?? (operand === 'currentuser()' ? (user?.accountId ?? '') : keyOf(operand)),
      ),
    );
    return ok(membership(test.operator, wanted, read));
  };
}

function times(read: (issue: IndexedIssue) => number | null) {
  return (site: Site, _user: User | null, test: Test): Compiled => {
    if (test.operator === 'is' || test.operator === 'is not') return ok(emptiness(test.operator, read));
    const operand = test.operands[0] ?? '';
    const time = readJqlTime(operand, site.clock.now());
    if (time === null)
      return error(
        `Date value '${operand}' for field '${test.field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`,
      );
    return ok((issue) => {
      const value = read(issue);
      return value !== null && compare(test.operator, value, time);
    });
  };
}

function labels(_site: Site, _user: User | null, test: Test): Compiled {
  if (test.operator === 'is' || test.operator === 'is not')
    return ok((issue) => (issue.labels.length === 0) === (test.operator === 'is'));
  const wanted = new Set(test.operands);
  const negative = test.operator === '!=' || test.operator === 'not in';
  return ok((issue) => issue.labels.length > 0 && issue.labels.some((label) => wanted.has(label)) !== negative);
}

function text(_site: Site, _user: User | null, test: Test): Compiled {
  const words = (test.operands[0] ?? '').toLowerCase().replaceAll('*', '').split(/\s+/);
  const negative = test.operator === '!~';
  return ok((issue) => words.every((word) => issue.summary.toLowerCase().includes(word)) !== negative);
}

const statusCategories = named(
  (issue) => issue.statusId,
  (site) =>
    [...site.statuses.values()].flatMap((status) => [
      { id: status.id, name: status.category.name },
      { id: status.id, name: status.category.key },
    ]),
);
const due = times((issue) => (issue.dueDate === null ? null : Date.parse(`${issue.dueDate}T00:00:00Z`)));
const types = named(
  (issue) => issue.typeId,
  (site) => [...site.issueTypes.values()],
);

const FIELDS: Readonly<Record<string, (site: Site, user: User | null, test: Test) => Compiled>> = {
  project: projects,
  key: keys,
  issuekey: keys,
  id: keys,
  issue: keys,
  issuetype: types,
  type: types,
  status: named(
    (issue) => issue.statusId,
    (site) => [...site.statuses.values()],
  ),
  statuscategory: statusCategories,
  priority: named(
    (issue) => issue.priorityId,
    (site) => [...site.priorities.values()],
  ),
  resolution: named(
    (issue) => issue.resolutionId,
    (site) => [...site.resolutions.values()],
  ),
  assignee: people((issue) => issue.assigneeId),
  reporter: people((issue) => issue.reporterId),
  created: times((issue) => issue.created),
  createddate: times((issue) => issue.created),
  updated: times((issue) => issue.updated),
  updateddate: times((issue) => issue.updated),
  due,
  duedate: due,
  labels,
  summary: text,
  text,
};

/** Turns a JQL tree into a test of index documents, or says what is wrong with it in Jira's words. */
export function compileJql(site: Site, user: User | null, clause: JqlClause): Compiled {
  if (clause.kind === 'test') {
    const field = FIELDS[clause.field] ?? partTest(site, clause.field);
    if (field === undefined) return error(`Field '${clause.field}' does not exist or you do not have permission to view it.`);
    return field(site, user, clause);
  }
  if (clause.kind === 'not') {
    const inner = compileJql(site, user, clause.clause);
    return inner.ok ? ok((issue) => !inner.matches(issue)) : inner;
  }
  const parts: Matcher[] = [];
  for (const child of clause.clauses) {
    const part = compileJql(site, user, child);
    if (!part.ok) return part;
    parts.push(part.matches);
  }
  return clause.kind === 'and'
    ? ok((issue) => parts.every((part) => part(issue)))
    : ok((issue) => parts.some((part) => part(issue)));
}
