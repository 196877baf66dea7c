import type { SecurityLevel } from '../heart/access.ts';
import type { IssueType, Priority, Project, Resolution, Site, Status } from '../heart/site.ts';
import type { ApiVersion } from './people.ts';
import { apiUrl, personShape, projectAvatars } from './people.ts';
import { componentShape, versionShape } from './planning.ts';

/** Shapes of the things that a site is configured with. */
export function statusShape(site: Site, version: ApiVersion, status: Status): Record<string, unknown> {
  const { category } = status;
  return {
    self: apiUrl(site, version, `status/${status.id}`),
    description: '',
    iconUrl: `${site.baseUrl}/`,
    name: status.name,
    id: status.id,
    statusCategory: {
      self: apiUrl(site, version, `statuscategory/${category.id}`),
      id: category.id,
      key: category.key,
      colorName: category.colorName,
      name: category.name,
    },
  };
}

export function priorityShape(site: Site, version: ApiVersion, priority: Priority): Record<string, unknown> {
  return {
    self: apiUrl(site, version, `priority/${priority.id}`),
    iconUrl: `${site.baseUrl}/images/icons/priorities/${priority.name.toLowerCase()}.svg`,
    name: priority.name,
    id: priority.id,
  };
}

export const priorityListShape = (site: Site, version: ApiVersion, priority: Priority): Record<string, unknown> => ({
  ...priorityShape(site, version, priority),
  statusColor: priority.color,
  description: `${priority.name} priority`,
});

export const resolutionShape = (site: Site, version: ApiVersion, resolution: Resolution): Record<string, unknown> => ({
  self: apiUrl(site, version, `resolution/${resolution.id}`),
  id: resolution.id,
  description: 'Work has been completed on this issue.',
  name: resolution.name,
});

export const securityLevelShape = (site: Site, version: ApiVersion, level: SecurityLevel): Record<string, unknown> => ({
  self: apiUrl(site, version, `securitylevel/${level.id}`),
  id: level.id,
  description: level.description,
  name: level.name,
});

export function issueTypeShape(site: Site, version: ApiVersion, type: IssueType): Record<string, unknown> {
  return {
    self: apiUrl(site, version, `issuetype/${type.id}`),
    id: type.id,
    description: type.description,
    iconUrl: `${site.baseUrl}/images/icons/issuetypes/${type.name.toLowerCase()}.svg`,
    name: type.name,
    subtask: type.subtask,
    avatarId: 10318,
    hierarchyLevel: type.subtask ? -1 : (type.hierarchyLevel ?? 0),
  };
}

/** A project as issues name it. */
export function projectShape(site: Site, version: ApiVersion, project: Project): Record<string, unknown> {
  return {
    self: apiUrl(site, version, `project/${project.id}`),
    id: project.id,
    key: project.key,
    name: project.name,
    projectTypeKey: project.kind,
    simplified: false,
    avatarUrls: projectAvatars(site),
  };
}

export const typesOf = (site: Site, project: Project): IssueType[] =>
  project.issueTypeIds.map((id) => site.issueTypes.get(id)).filter((type) => type !== undefined);

/** A project as itself. */
export const projectDetailShape = (site: Site, version: ApiVersion, project: Project): Record<string, unknown> => ({
  ...projectShape(site, version, project),
  expand: 'description,lead,issueTypes,url,projectKeys,permissions,insight',
  description: '',
  lead: personShape(site, version, project.leadAccountId),
  components: [...site.components.values()]
    .filter(({ projectId }) => projectId === project.id)
    .map((component) => componentShape(site, version, component)),
  issueTypes: typesOf(site, project).map((type) => issueTypeShape(site, version, type)),
  assigneeType: 'UNASSIGNED',
  versions: [...site.versions.values()]
    .filter(({ projectId }) => projectId === project.id)
    .map((each) => versionShape(site, version, each)),
  roles: Object.fromEntries(
    [...site.roles.values()].map(({ id, name }) => [name, apiUrl(site, version, `project/${project.id}/role/${id}`)]),
  ),
  style: 'classic',
  isPrivate: false,
  properties: {},
});
