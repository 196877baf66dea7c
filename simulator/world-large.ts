import { newIssueParts } from './heart/issue-parts.ts';
import { LazyIssues } from './heart/lazy-issues.ts';
import { type Random, seededRandom } from './heart/random.ts';
import { indexed } from './heart/record.ts';
import { addProject } from './heart/set-up.ts';
import type { Comment, Issue, IssueType, Project, Site, User } from './heart/site.ts';
import { fromWikiText } from './heart/wiki-text.ts';

/** Items of the world `large`. */
export const LARGE_COUNT = 100_000;
const PROJECT_ID = '11290';
const MINUTE = 60_000;
/** One item came every so often; the last one just now. */
const APART_MS = 17 * MINUTE;
const SEED_STEP = 7_919;

const WHAT = [
  'Export',
  'Invoice',
  'Search',
  'Login page',
  'Report',
  'Import',
  'Mail',
  'Calendar',
  'Dashboard',
  'Backup',
] as const;
const TROUBLE = [
  'is slow',
  'fails',
  'shows the wrong date',
  'loses its filter',
  'ignores the time zone',
  'times out',
  'needs a second click',
] as const;
const WHERE = [
  'in Safari',
  'for new customers',
  'after the update',
  'on Mondays',
  'with many rows',
  'in the French version',
  '',
] as const;
const LABELS = ['billing', 'mobile', 'performance', 'customer', 'regression', 'docs'] as const;

const one = <T>(random: Random, all: readonly T[]): T => {
  const drawn = all[Math.floor(random.next() * all.length)];
  if (drawn === undefined) throw new Error('The large world needs people and types');
  return drawn;
};

interface Parts {
  readonly site: Site;
  readonly project: Project;
  readonly types: readonly IssueType[];
  readonly people: readonly User[];
  readonly firstId: number;
  readonly firstComment: number;
  readonly count: number;
  readonly seed: number;
  /** When the last item was made. */
  readonly now: number;
}

/** Comments of an item: none, one or two, by its place, so that their ids are known before the item is made. */
const commentsAt = (place: number): number => place % 3;
/** Comments of all items before that place. */
const commentsBefore = (place: number): number => Math.floor(place / 3) * 3 + (place % 3 === 2 ? 1 : 0);

function commentOf(parts: Parts, random: Random, id: number, at: number): Comment {
  const authorId = one(random, parts.people).accountId;
  const text = `${one(random, WHAT)} ${one(random, TROUBLE)} here as well. Seen by ${1 + Math.floor(random.next() * 40)} people.`;
  return {
    id: String(id),
    authorId,
    updateAuthorId: authorId,
    body: fromWikiText(text),
    created: at,
    updated: at,
    visibility: null,
    jsdPublic: true,
    properties: new Map(),
  };
}

function itemAt(parts: Parts, place: number): Issue {
  const { site, project, count, now, seed } = parts;
  const random = seededRandom(seed + place * SEED_STEP);
  const type = one(random, parts.types);
  const statusId = one(random, type.workflow.statusIds);
  const isDone = site.statuses.get(statusId)?.category.key === 'done';
  const summary = `${one(random, WHAT)} ${one(random, TROUBLE)} ${one(random, WHERE)}`.trimEnd();
  const author = one(random, parts.people).accountId;
  const created = now - (count - place) * APART_MS;
  const updated = created + Math.floor(random.next() * APART_MS);
  const first = parts.firstComment + commentsBefore(place);
  const comments = Array.from({ length: commentsAt(place) }, (_, nth) => commentOf(parts, random, first + nth, updated));
  return {
    ...newIssueParts(),
    id: String(parts.firstId + place),
    projectId: project.id,
    key: `${project.key}-${place + 1}`,
    number: place + 1,
    typeId: type.id,
    statusId,
    summary,
    description: fromWikiText(`${summary}.\n\nReported on item ${place + 1} of ${count}. It ${one(random, TROUBLE)} every time.`),
    labels: random.chance(0.5) ? [one(random, LABELS)] : [],
    priorityId: String(1 + Math.floor(random.next() * 5)),
    dueDate: null,
    assigneeId: random.chance(0.6) ? one(random, parts.people).accountId : null,
    reporterId: author,
    creatorId: author,
    resolutionId: isDone ? ([...site.resolutions.keys()][0] ?? null) : null,
    resolvedAt: isDone ? updated : null,
    created,
    updated,
    otherFields: new Map(),
    comments,
    changes: [],
    properties: new Map(),
  };
}

/**
 * Gives a site the project CARE *Customer care* with so many items. Ids, keys and what search knows are there at once; an item
 * itself is made when it is first looked at, always the same for the same seed.
 */
export function addLargeProject(site: Site, seed: number, count = LARGE_COUNT): Site {
  const people = [...site.users.values()].filter(({ accountType }) => accountType === 'atlassian');
  const types = [...site.issueTypes.values()];
  const lead = people[0]?.accountId ?? '';
  const project = addProject(site, {
    id: PROJECT_ID,
    key: 'CARE',
    name: 'Customer care',
    leadAccountId: lead,
    issueTypeIds: types.map(({ id }) => id),
    adminIds: [lead],
  });
  const parts: Parts = {
    site,
    project,
    types,
    people,
    firstId: site.counters.issue + 1,
    firstComment: site.counters.comment + 1,
    count,
    seed,
    now: site.clock.now(),
  };
  const issues = new LazyIssues({ firstId: parts.firstId, count, make: (place) => itemAt(parts, place) });
  for (const [id, issue] of site.issues) issues.set(id, issue);
  const longAgo = parts.now - site.searchIndex.lagMs;
  for (let place = 0; place < count; place += 1) {
    // Made for the index and forgotten.
    const issue = itemAt(parts, place);
    site.searchIndex.note(longAgo, indexed(issue));
    site.issueIdsByKey.set(issue.key, issue.id);
    for (const { id } of issue.comments) site.issueIdsByComment.set(id, issue.id);
  }
  project.lastNumber = count;
  site.counters.issue += count;
  site.counters.comment += commentsBefore(count);
  return { ...site, issues };
}
