import { dayForPeople } from '../heart/days.ts';
import type { Board, Component, Sprint, Version } from '../heart/planning.ts';
import type { Site } from '../heart/site.ts';
import type { ApiVersion } from './people.ts';
import { apiUrl, personShape } from './people.ts';

type Shape = Record<string, unknown>;

/** A version as itself. */
export function versionShape(site: Site, version: ApiVersion, shown: Version): Shape {
  const today = new Date(site.clock.now()).toISOString().slice(0, 10);
  return {
    self: apiUrl(site, version, `version/${shown.id}`),
    id: shown.id,
    description: shown.description,
    name: shown.name,
    archived: shown.archived,
    released: shown.released,
    ...(shown.startDate === null ? {} : { startDate: shown.startDate, userStartDate: dayForPeople(shown.startDate) }),
    ...(shown.releaseDate === null
      ? {}
      : {
          releaseDate: shown.releaseDate,
          userReleaseDate: dayForPeople(shown.releaseDate),
          overdue: !shown.released && shown.releaseDate < today,
        }),
    projectId: Number(shown.projectId),
  };
}

/** A version as issues name it. */
export const versionReference = (site: Site, version: ApiVersion, shown: Version): Shape => ({
  self: apiUrl(site, version, `version/${shown.id}`),
  id: shown.id,
  description: shown.description,
  name: shown.name,
  archived: shown.archived,
  released: shown.released,
  ...(shown.releaseDate === null ? {} : { releaseDate: shown.releaseDate }),
});

/** A component as issues name it. */
export const componentReference = (site: Site, version: ApiVersion, component: Component): Shape => ({
  self: apiUrl(site, version, `component/${component.id}`),
  id: component.id,
  name: component.name,
  ...(component.description === '' ? {} : { description: component.description }),
});

/** A component as itself. */
export function componentShape(site: Site, version: ApiVersion, component: Component): Shape {
  const project = site.projects.get(component.projectId);
  const lead = personShape(site, version, component.leadAccountId);
  const assigneeId =
    component.assigneeType === 'COMPONENT_LEAD'
      ? component.leadAccountId
      : component.assigneeType === 'PROJECT_LEAD'
        ? (project?.leadAccountId ?? null)
        : null;
  const assignee = personShape(site, version, assigneeId);
  return {
    ...componentReference(site, version, component),
    ...(lead === null ? {} : { lead }),
    assigneeType: component.assigneeType,
    ...(assignee === null ? {} : { assignee, realAssignee: assignee }),
    realAssigneeType: component.assigneeType,
    isAssigneeTypeValid: component.assigneeType !== 'COMPONENT_LEAD' || component.leadAccountId !== null,
    project: project?.key ?? '',
    projectId: Number(component.projectId),
  };
}

const moment = (at: number): string => new Date(at).toISOString();

/** A sprint as the agile API and its webhooks show it. */
export const sprintShape = (site: Site, sprint: Sprint): Shape => ({
  id: Number(sprint.id),
  self: `${site.baseUrl}/rest/agile/1.0/sprint/${sprint.id}`,
  state: sprint.state,
  name: sprint.name,
  ...(sprint.startDate === null ? {} : { startDate: moment(sprint.startDate) }),
  ...(sprint.endDate === null ? {} : { endDate: moment(sprint.endDate) }),
  ...(sprint.completeDate === null ? {} : { completeDate: moment(sprint.completeDate) }),
  createdDate: moment(sprint.createdDate),
  originBoardId: Number(sprint.boardId),
  goal: sprint.goal,
});

/** A sprint as the sprint field of an issue shows it. */
export const sprintReference = (sprint: Sprint): Shape => ({
  id: Number(sprint.id),
  name: sprint.name,
  state: sprint.state,
  boardId: Number(sprint.boardId),
  goal: sprint.goal,
  ...(sprint.startDate === null ? {} : { startDate: moment(sprint.startDate) }),
  ...(sprint.endDate === null ? {} : { endDate: moment(sprint.endDate) }),
  ...(sprint.completeDate === null ? {} : { completeDate: moment(sprint.completeDate) }),
});

export function boardShape(site: Site, board: Board): Shape {
  const project = site.projects.get(board.projectId);
  return {
    id: Number(board.id),
    self: `${site.baseUrl}/rest/agile/1.0/board/${board.id}`,
    name: board.name,
    type: board.type,
    location: {
      projectId: Number(board.projectId),
      displayName: `${project?.name ?? ''} (${project?.key ?? ''})`,
      projectName: project?.name ?? '',
      projectKey: project?.key ?? '',
      projectTypeKey: project?.kind ?? 'software',
      avatarURI: `${site.baseUrl}/avatars/project-24x24.png`,
      name: `${project?.name ?? ''} (${project?.key ?? ''})`,
    },
    isPrivate: false,
  };
}
