import type { Group, Role, SecurityLevel } from './access.ts';
import type { IssueLink, LinkType } from './issue-parts.ts';
import type { Board, Component, Sprint, Version } from './planning.ts';
import type { RequestType, ServiceDesk } from './service-desk.ts';

/** What a site has besides people, projects and issues; all by id. */
export interface SiteParts {
  readonly groups: Map<string, Group>;
  readonly roles: Map<string, Role>;
  readonly securityLevels: Map<string, SecurityLevel>;
  readonly versions: Map<string, Version>;
  readonly components: Map<string, Component>;
  readonly linkTypes: Map<string, LinkType>;
  readonly issueLinks: Map<string, IssueLink>;
  readonly boards: Map<string, Board>;
  readonly sprints: Map<string, Sprint>;
  readonly serviceDesks: Map<string, ServiceDesk>;
  readonly requestTypes: Map<string, RequestType>;
  /** Ids of issues by the ids of their files, and by those under which the media service knows them. */
  readonly issueIdsByFile: Map<string, string>;
  /** Epoch milliseconds of the deletion, by worklog id, oldest first. */
  readonly deletedWorklogs: Map<string, number>;
}

/** The names of {@link SiteParts}, for whoever keeps or copies a site. */
export const SITE_PARTS = [
  'groups',
  'roles',
  'securityLevels',
  'versions',
  'components',
  'linkTypes',
  'issueLinks',
  'boards',
  'sprints',
  'serviceDesks',
  'requestTypes',
  'issueIdsByFile',
  'deletedWorklogs',
] as const satisfies readonly (keyof SiteParts)[];

/** What every new site has: Jira's link types and project roles. */
export function newSiteParts(): SiteParts {
  const linkTypes = [
    { id: '10000', name: 'Blocks', inward: 'is blocked by', outward: 'blocks' },
    { id: '10001', name: 'Cloners', inward: 'is cloned by', outward: 'clones' },
    { id: '10002', name: 'Duplicate', inward: 'is duplicated by', outward: 'duplicates' },
    { id: '10003', name: 'Relates', inward: 'relates to', outward: 'relates to' },
  ];
  const roles = [
    { id: '10002', name: 'Administrators', description: 'A project role that represents administrators in a project' },
    { id: '10003', name: 'Member', description: 'A project role that represents people who work in a project' },
  ];
  return {
    groups: new Map(),
    roles: new Map(roles.map((role) => [role.id, role])),
    securityLevels: new Map(),
    versions: new Map(),
    components: new Map(),
    linkTypes: new Map(linkTypes.map((type) => [type.id, type])),
    issueLinks: new Map(),
    boards: new Map(),
    sprints: new Map(),
    serviceDesks: new Map(),
    requestTypes: new Map(),
    issueIdsByFile: new Map(),
    deletedWorklogs: new Map(),
  };
}
