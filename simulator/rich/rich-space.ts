import type { Group, SecurityLevel } from '../heart/access.ts';
import type { Sprint } from '../heart/planning.ts';
import { createComponent, createVersion, updateVersion } from '../heart/releases.ts';
import { addProject, addUser } from '../heart/set-up.ts';
import type { Actor, Project, Site, User } from '../heart/site.ts';
import { createBoard, createSprint } from '../heart/sprints.ts';
import type { RichContent } from './rich-content.ts';
import { addRichFields, type RichFields } from './rich-fields.ts';
import { actorOf, type Past, settled } from './rich-past.ts';
import { addRichStatuses, addRichTypes, RELEASE_MANAGERS, type RichTypes } from './rich-workflows.ts';

const DAY = 86_400_000;
const MEMBER_ROLE = '10003';
const ADMIN_ROLE = '10002';

/** All that the items of a rich site stand in. */
export interface RichSpace {
  readonly past: Past;
  readonly content: RichContent;
  /** Those of the small world, then the three of `content.people`. */
  readonly people: readonly User[];
  readonly admin: Actor;
  readonly software: Project;
  readonly service: Project;
  readonly former: Project;
  readonly types: RichTypes;
  readonly fields: RichFields;
  readonly levels: { readonly staff: SecurityLevel; readonly involved: SecurityLevel };
  readonly sprints: { readonly closed: Sprint; readonly active: Sprint; readonly future: Sprint };
}

export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

function addPeople({ site }: Past, { people, domain }: RichContent): User[] {
  const before = [...site.users.values()].filter(({ accountType }) => accountType === 'atlassian');
  const add = (displayName: string, mailbox: string, more: Partial<User> = {}): User =>
    addUser(site, { accountId: `712020:${site.random.uuid()}`, displayName, emailAddress: `${mailbox}@${domain}`, ...more });
  return [
    ...before,
    add(people.gone, 'left'),
    add(people.hidden, 'hidden', { emailHidden: true, timeZone: 'America/Sao_Paulo' }),
    add(people.namesake, 'namesake'),
  ];
}

function addGroup(site: Site, name: string, members: readonly (User | undefined)[]): Group {
  const ids = members.filter((user) => user !== undefined).map(({ accountId }) => accountId);
  const group: Group = { id: site.random.uuid(), name, members: new Set(ids) };
  site.groups.set(group.id, group);
  return group;
}

function addLevels(site: Site, firstId: number, project: Project, staff: Group): RichSpace['levels'] {
  const level = (nth: number, name: string, more: Partial<SecurityLevel>): SecurityLevel => {
    const made: SecurityLevel = {
      id: String(firstId + nth),
      name,
      description: '',
      accountIds: new Set(),
      groupIds: new Set(),
      roleIds: new Set(),
      participants: false,
      ...more,
    };
    site.securityLevels.set(made.id, made);
    project.securityLevelIds.push(made.id);
    return made;
  };
  return {
    staff: level(0, 'Staff', { groupIds: new Set([staff.id]) }),
    involved: level(1, 'Those involved', { participants: true, roleIds: new Set([ADMIN_ROLE]) }),
  };
}

function addReleases({ site, now }: Past, admin: Actor, content: RichContent, project: Project, lead: User | undefined): void {
  const add = (name: string, releasedDaysAgo: number | null, description: string) =>
    settled(
      createVersion(site, admin, {
        projectId: project.id,
        name,
        description,
        ...(releasedDaysAgo === null ? {} : { released: true, releaseDate: dayOf(now - releasedDaysAgo * DAY) }),
      }),
    );
  settled(updateVersion(site, admin, add('1.0', 400, 'The first one'), { archived: true }));
  add('2.0', 90, 'Faster');
  add('2.1', null, 'Planned for the winter');
  const [first, second] = content.components;
  settled(
    createComponent(site, admin, {
      projectId: project.id,
      name: first,
      leadAccountId: lead?.accountId ?? '',
      assigneeType: 'COMPONENT_LEAD',
    }),
  );
  settled(createComponent(site, admin, { projectId: project.id, name: second, description: 'All the rest' }));
}

/** The sprints as planned; they are started and closed when items lie in them. */
function addSprints(
  { site, now }: Past,
  admin: Actor,
  { sprints, software }: RichContent,
  project: Project,
): RichSpace['sprints'] {
  const board = createBoard(site, { name: `${software.key} board`, type: 'scrum', projectId: project.id });
  createBoard(site, { name: `${software.key} flow`, type: 'kanban', projectId: project.id });
  const moment = (days: number): string => new Date(now + days * DAY).toISOString();
  const add = (name: string, fromDay: number | null): Sprint =>
    settled(
      createSprint(site, admin, {
        originBoardId: board.id,
        name,
        goal: `What ${name} is for`,
        ...(fromDay === null ? {} : { startDate: moment(fromDay), endDate: moment(fromDay + 14) }),
      }),
    );
  return { closed: add(sprints.closed, -20), active: add(sprints.active, -6), future: add(sprints.future, null) };
}

/** People, groups, types, projects, fields, releases and boards: all but the items. */
export function addRichSpace(past: Past, content: RichContent): RichSpace {
  const { site } = past;
  const { firstId } = content;
  const people = addPeople(past, content);
  const [owner, lead] = people;
  const types = addRichTypes(site, firstId + 40, addRichStatuses(site, firstId + 20, content.released));
  const typeIds = Object.values(types).map(({ id }) => id);
  const project = (nth: number, { key, name }: RichContent['software'], issueTypeIds: readonly string[]): Project => {
    const accountId = lead?.accountId ?? '';
    const id = String(firstId + nth);
    const made = addProject(site, { id, key, name, leadAccountId: accountId, issueTypeIds, adminIds: [accountId] });
    made.roleMembers.set(MEMBER_ROLE, new Set(people.slice(0, 4).map((user) => user.accountId)));
    return made;
  };
  const software = project(
    0,
    content.software,
    typeIds.filter((id) => id !== types.request.id),
  );
  const service: Project = { ...project(1, content.service, [types.request.id]), kind: 'service_desk' };
  site.projects.set(service.id, service);
  const former = project(2, content.former, [types.story.id, types.bug.id]);
  const staff = addGroup(site, 'support-staff', [owner, lead, people[2]]);
  addGroup(site, RELEASE_MANAGERS, [owner]);
  const admin = actorOf(people, 0);
  addReleases(past, admin, content, software, people[2]);
  return {
    past,
    content,
    people,
    admin,
    software,
    service,
    former,
    types,
    levels: addLevels(site, firstId + 60, software, staff),
    sprints: addSprints(past, admin, content, software),
    fields: addRichFields(site, content.name, software, types.bug.id),
  };
}
