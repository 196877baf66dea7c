import type { Clock } from '../heart/clock.ts';
import { createIssue } from '../heart/create-issue.ts';
import { createSite } from '../heart/create-site.ts';
import { seededRandom } from '../heart/random.ts';
import { addIssueType, addProject, addStandardSchemes, addStatus, addUser, openWorkflow } from '../heart/set-up.ts';
import type { Site, User } from '../heart/site.ts';
import { fromWikiText } from '../heart/wiki-text.ts';

interface Plan {
  readonly title: string;
  readonly domain: string;
  readonly people: readonly (readonly [userName: string, displayName: string])[];
  readonly project: { readonly id: string; readonly key: string; readonly name: string };
  readonly firstTypeId: number;
  readonly items: readonly (readonly [type: string, summary: string, text: string])[];
}

/** The Data Center sites of the world `small`. Their first person administers the site, the second the project. */
const PLANS = {
  initech: {
    title: 'Initech Platform',
    domain: 'initech.example',
    people: [
      ['bkovacs', 'Bence Kovács'],
      ['lduarte', 'Lívia Duarte'],
      ['ojansen', 'Olaf Jansen'],
      ['mwright', 'Maya Wright'],
    ],
    project: { id: '13200', key: 'PLAT', name: 'Platform' },
    firstTypeId: 13_101,
    items: [
      ['Bug', 'Session is lost after failover to the second node', 'Users are asked to log in again after every failover.'],
      ['Task', 'Move the build agents to the new network', 'Twelve agents; the signing agent comes last.'],
      ['Story', 'One report for all printers of a building', 'Facilities reads seven reports today.'],
      ['Bug', 'Scheduled report goes out twice in the night of the clock change', 'Seen in October on both nodes.'],
    ],
  },
  umbrella: {
    title: 'Umbrella Research',
    domain: 'umbrella.example',
    people: [
      ['ihansen', 'Ingrid Hansen'],
      ['rcosta', 'Rui Costa'],
      ['tnguyen', 'Thao Nguyen'],
    ],
    project: { id: '14200', key: 'LAB', name: 'Laboratory' },
    firstTypeId: 14_101,
    items: [
      ['Task', 'Calibrate the second freezer', 'It shows two degrees less than the reference.'],
      ['Bug', 'Sample labels print without the check digit', 'Since the printer was replaced.'],
      ['Story', 'Reserve instruments from the calendar', 'Today a sheet of paper hangs at the door.'],
    ],
  },
} as const satisfies Readonly<Record<string, Plan>>;

export type DataCenterName = keyof typeof PLANS;

export interface DataCenterWorldOptions {
  readonly name: DataCenterName;
  /** With the context path. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly seed: number;
  readonly indexLagMs: number;
}

/** Keys of users who came after the anonymization of names: they say nothing about their person. */
const FIRST_KEY = 10_100;

function addPeople(site: Site, plan: Plan): User[] {
  return plan.people.map(([userName, displayName], position) =>
    addUser(site, {
      accountId: `JIRAUSER${FIRST_KEY + position}`,
      userName,
      displayName,
      emailAddress: `${userName}@${plan.domain}`,
      apiToken: `password-of-${userName}`,
      siteAdmin: position === 0,
    }),
  );
}

function addItems(site: Site, plan: Plan, people: readonly User[], seed: number): void {
  const random = seededRandom(seed);
  for (const [type, summary, text] of plan.items) {
    const user = people[Math.floor(random.next() * people.length)] ?? people[0];
    if (user === undefined) throw new Error('The seed world has no people');
    const fields = {
      project: { key: plan.project.key },
      issuetype: { name: type },
      summary,
      description: fromWikiText(text),
    };
    const actor = { user, through: { kind: 'person' as const }, trace: null };
    const made = createIssue(site, actor, { fields, update: {}, properties: [] }, 'adf');
    if (!made.ok) throw new Error(`The seed world is not valid: ${JSON.stringify(made.refusal)}`);
  }
}

/** Builds one of the Data Center sites: people by name and key, one project, a few items. */
export function buildDataCenter({ name, baseUrl, clock, seed, indexLagMs }: DataCenterWorldOptions): Site {
  const plan: Plan = PLANS[name];
  const site = createSite({ name, title: plan.title, baseUrl, clock, seed, indexLagMs });
  addStandardSchemes(site);
  const first = plan.firstTypeId - 100;
  const statuses = [
    addStatus(site, String(first), 'To Do', 'new'),
    addStatus(site, '3', 'In Progress', 'indeterminate'),
    addStatus(site, String(first + 1), 'Done', 'done'),
  ];
  const issueTypeIds = ['Task', 'Bug', 'Story'].map(
    (type, position) =>
      addIssueType(site, {
        id: String(plan.firstTypeId + position),
        name: type,
        description: `${type} of ${plan.project.name}`,
        subtask: false,
        workflow: openWorkflow(`${type} workflow`, statuses),
      }).id,
  );
  const people = addPeople(site, plan);
  const leadAccountId = people[1]?.accountId ?? '';
  addProject(site, { ...plan.project, leadAccountId, issueTypeIds, adminIds: [leadAccountId] });
  addItems(site, plan, people, seed + 7);
  return site;
}
