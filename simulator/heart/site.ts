import type { ProjectParts } from './access.ts';
import type { AdfNode } from './adf.ts';
import type { Clock } from './clock.ts';
import type { CustomField } from './field-config.ts';
import type { Attachment, IssueLink, IssueParts, LinkType, Worklog } from './issue-parts.ts';
import type { Ledger } from './ledger.ts';
import type { Sprint, Version } from './planning.ts';
import type { Random } from './random.ts';
import type { SearchIndex } from './search-index.ts';
import type { SiteParts } from './site-parts.ts';
import type { CommentVisibility } from './visibility.ts';
import type { TransitionRules } from './workflow-rules.ts';

/** A person, or the user of an installed app, on one site. */
export interface User {
  readonly accountId: string;
  readonly accountType: 'atlassian' | 'app';
  readonly displayName: string;
  readonly emailAddress: string;
  readonly timeZone: string;
  /** For basic authentication, as `email:apiToken`; on a Data Center site the password. */
  readonly apiToken: string;
  /** Data Center alone: the name that the person logs in with. There `accountId` is the user's key. */
  readonly userName?: string;
  /** Other people and apps are not told the e-mail address. */
  readonly emailHidden?: boolean;
  active: boolean;
  /** Administer Jira: everything is allowed. */
  siteAdmin: boolean;
}

/** Permission keys of Jira that the simulator decides on; any other key asked for counts as held by site admins alone. */
export const PROJECT_PERMISSIONS = [
  'BROWSE_PROJECTS',
  'CREATE_ISSUES',
  'EDIT_ISSUES',
  'TRANSITION_ISSUES',
  'DELETE_ISSUES',
  'MOVE_ISSUES',
  'ASSIGN_ISSUES',
  'MODIFY_REPORTER',
  'ADD_COMMENTS',
  'EDIT_ALL_COMMENTS',
  'EDIT_OWN_COMMENTS',
  'DELETE_ALL_COMMENTS',
  'DELETE_OWN_COMMENTS',
  'ADMINISTER_PROJECTS',
  'SCHEDULE_ISSUES',
  'LINK_ISSUES',
  'RESOLVE_ISSUES',
  'CLOSE_ISSUES',
  'CREATE_ATTACHMENTS',
  'WORK_ON_ISSUES',
  'SET_ISSUE_SECURITY',
  'MANAGE_WATCHERS',
  'VIEW_VOTERS_AND_WATCHERS',
  'DELETE_ALL_ATTACHMENTS',
  'DELETE_OWN_ATTACHMENTS',
  'EDIT_ALL_WORKLOGS',
  'EDIT_OWN_WORKLOGS',
  'DELETE_ALL_WORKLOGS',
  'DELETE_OWN_WORKLOGS',
  'MANAGE_SPRINTS_PERMISSION',
] as const;
export type ProjectPermission = (typeof PROJECT_PERMISSIONS)[number];

/** Who holds a permission in a project, besides site administrators, who hold all. */
export type Grant = 'everyone' | 'nobody' | ReadonlySet<string>;

export interface StatusCategory {
  readonly id: number;
  readonly key: 'new' | 'indeterminate' | 'done';
  readonly name: string;
  readonly colorName: string;
}
export interface Status {
  readonly id: string;
  readonly name: string;
  readonly category: StatusCategory;
}
export interface Priority {
  readonly id: string;
  readonly name: string;
  readonly color: string;
}
export interface Resolution {
  readonly id: string;
  readonly name: string;
}
export interface IssueType {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly subtask: boolean;
  /** 1 for epics; sub-tasks are -1, all others 0. */
  readonly hierarchyLevel?: number;
  readonly workflow: Workflow;
}
/** `from: null` is a global transition: it can be taken from every status. */
export interface Transition {
  readonly id: string;
  readonly name: string;
  readonly from: readonly string[] | null;
  readonly to: string;
  readonly rules?: TransitionRules;
}
export interface Workflow {
  readonly name: string;
  readonly initialStatusId: string;
  readonly statusIds: string[];
  readonly transitions: Transition[];
}
export interface Project extends ProjectParts {
  readonly id: string;
  readonly key: string;
  name: string;
  leadAccountId: string;
  readonly issueTypeIds: string[];
  readonly grants: Map<ProjectPermission, Grant>;
  /** Field ids taken off the project's screens: not in its metadata, and refused when set. */
  readonly hiddenFields: Set<string>;
  /** The number of the newest issue; the next gets one more. */
  lastNumber: number;
}

export interface ChangeItem {
  readonly field: string;
  readonly fieldtype: 'jira' | 'custom';
  readonly fieldId: string;
  readonly from: string | null;
  readonly fromString: string | null;
  readonly to: string | null;
  readonly toString: string | null;
}
export interface Change {
  readonly id: string;
  readonly authorId: string;
  readonly at: number;
  readonly items: readonly ChangeItem[];
}

export interface Comment {
  readonly id: string;
  readonly authorId: string;
  updateAuthorId: string;
  body: AdfNode;
  readonly created: number;
  updated: number;
  visibility: CommentVisibility | null;
  jsdPublic: boolean;
  /** The comment that this one answers; a thread has one level. */
  readonly parentId?: string;
  readonly properties: Map<string, unknown>;
}

export interface Issue extends IssueParts {
  readonly id: string;
  projectId: string;
  key: string;
  number: number;
  typeId: string;
  statusId: string;
  summary: string;
  description: AdfNode | null;
  labels: readonly string[];
  priorityId: string | null;
  /** `YYYY-MM-DD` */
  dueDate: string | null;
  assigneeId: string | null;
  reporterId: string | null;
  readonly creatorId: string;
  resolutionId: string | null;
  resolvedAt: number | null;
  readonly created: number;
  updated: number;
  /** Other fields, by id, as JSON in the shape of REST v2. */
  readonly otherFields: Map<string, unknown>;
  /** Oldest first. */
  readonly comments: Comment[];
  /** Oldest first. */
  readonly changes: Change[];
  readonly properties: Map<string, unknown>;
}

/** Who acts on a site, and through what. */
export interface Actor {
  readonly user: User;
  readonly through:
    | { readonly kind: 'person' }
    | { readonly kind: 'app'; readonly appKey: string }
    /** A person who lets an OAuth 2.0 app act; `appKey` is its client id. */
    | { readonly kind: 'oauth'; readonly appKey: string };
  /** X-Atlassian-Webhook-Trace of the request; only an app's is carried on. */
  readonly trace: string | null;
}

/** Something happened to an issue or its comments. Emitted after the state has changed; listeners read it at once. */
export type ItemEvent =
  | { kind: 'issue-created'; actor: Actor; at: number; issue: Issue; change: Change }
  | {
      kind: 'issue-updated';
      actor: Actor;
      at: number;
      issue: Issue;
      change: Change;
      typeName: 'issue_updated' | 'issue_generic' | 'issue_assigned' | 'issue_moved';
    }
  | { kind: 'issue-deleted'; actor: Actor; at: number; issue: Issue }
  | {
      kind: 'comment-created' | 'comment-updated' | 'comment-deleted';
      actor: Actor;
      at: number;
      issue: Issue;
      comment: Comment;
      secondary: boolean;
    };

/** Something happened to what hangs on an issue. */
export type PartEvent =
  | { kind: 'attachment-created' | 'attachment-deleted'; actor: Actor; at: number; issue: Issue; attachment: Attachment }
  | { kind: 'worklog-created' | 'worklog-updated' | 'worklog-deleted'; actor: Actor; at: number; issue: Issue; worklog: Worklog }
  | {
      kind: 'issuelink-created' | 'issuelink-deleted';
      actor: Actor;
      at: number;
      issue: Issue;
      link: IssueLink;
      linkType: LinkType;
    }
  | { kind: 'property-set' | 'property-deleted'; actor: Actor; at: number; issue: Issue; key: string; value: unknown };

/** What webhooks tell of. */
export type SiteEvent = ItemEvent | PartEvent | SpaceEvent;

/** Events that are about no single issue. */
export type SpaceEvent =
  | {
      kind:
        | 'version-created'
        | 'version-updated'
        | 'version-released'
        | 'version-unreleased'
        | 'version-moved'
        | 'version-deleted';
      actor: Actor;
      at: number;
      version: Version;
      /** The version that took over the issues of a deleted one. */
      mergedTo: Version | null;
    }
  | {
      kind: 'sprint-created' | 'sprint-updated' | 'sprint-started' | 'sprint-closed' | 'sprint-deleted';
      actor: Actor;
      at: number;
      sprint: Sprint;
      /** What it was before, for updates. */
      before: Sprint | null;
    };

/** One simulated Jira Cloud site: all of its state. Changed only through the functions beside this file. */
export interface Site extends SiteParts {
  readonly name: string;
  readonly title: string;
  readonly cloudId: string;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly users: Map<string, User>;
  readonly statuses: Map<string, Status>;
  readonly priorities: Map<string, Priority>;
  readonly resolutions: Map<string, Resolution>;
  readonly issueTypes: Map<string, IssueType>;
  readonly customFields: Map<string, CustomField>;
  /** By id. */
  readonly projects: Map<string, Project>;
  /** By id. */
  readonly issues: Map<string, Issue>;
  /** Every key an issue has or had, to its id: keys of moved issues still lead to them. */
  readonly issueIdsByKey: Map<string, string>;
  /** Comment id to issue id. */
  readonly issueIdsByComment: Map<string, string>;
  readonly limits: { /** The largest file, in bytes. */ uploadBytes: number };
  readonly searchIndex: SearchIndex;
  readonly ledger: Ledger;
  readonly listeners: Set<(event: SiteEvent) => void>;
  readonly counters: { issue: number; comment: number; change: number; property: number; other: number };
}
