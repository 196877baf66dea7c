import type { Clock } from './heart/clock.ts';
import { addComment } from './heart/comments.ts';
import { createIssue } from './heart/create-issue.ts';
import { createSite } from './heart/create-site.ts';
import { availableTransitions, transitionIssue } from './heart/edit-issue.ts';
import type { Outcome } from './heart/outcome.ts';
import { seededRandom } from './heart/random.ts';
import { addIssueType, addProject, addStandardSchemes, addStatus, addUser, openWorkflow } from './heart/set-up.ts';
import type { Actor, Site, Status, User } from './heart/site.ts';
import { fromWikiText } from './heart/wiki-text.ts';
import type { SeedItem } from './world-content.ts';
import { ACME_ITEMS, ACME_PEOPLE, GLOBEX_ITEMS, GLOBEX_PEOPLE } from './world-content.ts';

export interface WorldOptions {
  /** Each site's own: a site's clock may be wrong. */
  readonly clocks: { readonly acme: Clock; readonly globex: Clock };
  readonly seed: number;
  readonly indexLagMs: number;
  /** Where each site will be reached. */
  readonly urls: { readonly acme: string; readonly globex: string };
}

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** A site's clock that can be turned back while its past is made. */
function pastClock(clock: Clock): Clock & { at: number | null } {
  const past = { at: null as number | null, now: (): number => past.at ?? clock.now() };
  return past;
}

const settled = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(`The seed world is not valid: ${JSON.stringify(outcome.refusal)}`);
  return outcome.value;
};

const emailOf = (name: string, domain: string): string =>
  `${name
    .normalize('NFD')
    .replaceAll(/[^a-zA-Z ]/g, '')
    .toLowerCase()
    .replaceAll(' ', '.')}@${domain}`;

/** The first person administers the site, the second the main project. */
function addPeople(site: Site, names: readonly string[], domain: string, seed: number): User[] {
  const random = seededRandom(seed);
  return names.map((displayName, position) =>
    addUser(site, {
      accountId: `5b10${random.hex(20)}`,
      displayName,
      emailAddress: emailOf(displayName, domain),
      siteAdmin: position === 0,
    }),
  );
}

function addTypes(site: Site, statuses: readonly Status[], firstId: number): string[] {
  const names = [
    ['Task', 'A small, distinct piece of work.'],
    ['Bug', 'A problem or error.'],
    ['Story', 'Functionality expressed as a user goal.'],
  ] as const;
  return names.map(
    ([name, description], position) =>
      addIssueType(site, {
        id: String(firstId + position),
        name,
        description,
        subtask: false,
        workflow: openWorkflow(`${name} workflow`, statuses),
      }).id,
  );
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

function addItem(site: Site, people: readonly User[], item: SeedItem, start: number, clock: { at: number | null }): void {
  const actorOf = (position: number): Actor => {
    const user = people[position] ?? people[0];
    if (user === undefined) throw new Error('The seed world has no people');
    return { user, through: { kind: 'person' }, trace: null };
  };
  const fields = {
    project: { key: item.project },
    issuetype: { name: item.type },
    summary: item.summary,
    description: item.description,
    ...(item.labels === undefined ? {} : { labels: item.labels }),
    ...(item.priority === undefined ? {} : { priority: { name: item.priority } }),
    ...(item.dueInDays === undefined ? {} : { duedate: dayOf(start + item.dueInDays * DAY) }),
  };
  const issue = settled(createIssue(site, actorOf(item.by), { fields, update: {}, properties: [] }, 'adf'));
  for (const [by, text] of item.comments ?? []) {
    clock.at = (clock.at ?? start) + HOUR;
    settled(addComment(site, actorOf(by), issue, { body: fromWikiText(text) }, 'adf'));
  }
  const transition = availableTransitions(site, issue).find((candidate) => site.statuses.get(candidate.to)?.name === item.status);
  if (transition === undefined) return;
  clock.at = (clock.at ?? start) + HOUR;
  settled(transitionIssue(site, actorOf(item.by), issue, transition.id, { fields: {}, update: {} }, 'adf'));
}

/** The past of a site: its items appeared one a day, the last one yesterday. */
function addItems(site: Site, people: readonly User[], items: readonly SeedItem[], clock: Clock & { at: number | null }): void {
  const start = clock.now();
  for (const [position, item] of items.entries()) {
    clock.at = start - (items.length - position) * DAY;
    addItem(site, people, item, start, clock);
  }
  clock.at = null;
}

function buildAcme(options: WorldOptions): Site {
  const clock = pastClock(options.clocks.acme);
  const site = createSite({
    name: 'acme',
    title: 'Acme Support',
    baseUrl: options.urls.acme,
    clock,
    seed: options.seed * 2 + 1,
    indexLagMs: options.indexLagMs,
  });
  addStandardSchemes(site);
  const statuses = [
    addStatus(site, '11001', 'To Do', 'new'),
    addStatus(site, '3', 'In Progress', 'indeterminate'),
    addStatus(site, '11002', 'Done', 'done'),
  ];
  const issueTypeIds = addTypes(site, statuses, 11_101);
  const people = addPeople(site, ACME_PEOPLE, 'acme.example', options.seed * 2 + 11);
  const leadAccountId = people[1]?.accountId ?? '';
  addProject(site, { id: '11200', key: 'SUP', name: 'Support', leadAccountId, issueTypeIds, adminIds: [leadAccountId] });
  addProject(site, { id: '11201', key: 'OPS', name: 'Operations', leadAccountId, issueTypeIds, adminIds: [leadAccountId] });
  addItems(site, people, ACME_ITEMS, clock);
  return site;
}

function buildGlobex(options: WorldOptions): Site {
  const clock = pastClock(options.clocks.globex);
  const site = createSite({
    name: 'globex',
    title: 'Globex Engineering',
    baseUrl: options.urls.globex,
    clock,
    seed: options.seed * 2 + 2,
    indexLagMs: options.indexLagMs,
  });
  addStandardSchemes(site);
  const statuses = [
    addStatus(site, '12001', 'To Do', 'new'),
    addStatus(site, '3', 'In Progress', 'indeterminate'),
    addStatus(site, '12003', 'In Review', 'indeterminate'),
    addStatus(site, '12002', 'Done', 'done'),
  ];
  const issueTypeIds = addTypes(site, statuses, 12_101);
  const people = addPeople(site, GLOBEX_PEOPLE, 'globex.example', options.seed * 2 + 12);
  const leadAccountId = people[1]?.accountId ?? '';
  addProject(site, { id: '12200', key: 'ENG', name: 'Engineering', leadAccountId, issueTypeIds, adminIds: [leadAccountId] });
  addProject(site, { id: '12201', key: 'WEB', name: 'Website', leadAccountId, issueTypeIds, adminIds: [leadAccountId] });
  addItems(site, people, GLOBEX_ITEMS, clock);
  return site;
}

/** The world `small`: the sites acme (SUP, OPS) and globex (ENG, WEB). Issue ids begin at 10000 on both, as on real sites, so they collide. */
export const buildSmallWorld = (options: WorldOptions): { readonly acme: Site; readonly globex: Site } => ({
  acme: buildAcme(options),
  globex: buildGlobex(options),
});
