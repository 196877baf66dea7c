import type { AdfNode } from './adf.ts';
import type { Clock } from './clock.ts';
import type { Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import type { SearchIndex } from './search-index.ts';

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
  readonly workflow: Workflow;
}
/** `from: null` is a global transition: it can be taken from every status. */
export interface Transition {
  readonly id: string;
  readonly name: string;
  readonly from: readonly string[] | null;
  readonly to: string;
}
export interface Workflow {
  readonly name: string;
  readonly initialStatusId: string;
  readonly statusIds: string[];
  readonly transitions: Transition[];
}
/** A field that is not one of the named ones of {@link Issue}: custom, or a system field met in a recorded payload. */
export interface CustomField {
  readonly id: string;
  readonly name: string;
}
export interface Project {
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

export interface CommentVisibility {
  readonly type: 'role' | 'group';
  readonly value: string;
  readonly identifier: string | null;
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
  readonly properties: Map<string, unknown>;
}

export interface Issue {
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

/** Something happened that webhooks tell of. Emitted after the state has changed; listeners read it at once. */
export type SiteEvent =
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

/** One simulated Jira Cloud site: all of its state. Changed only through the functions beside this file. */
export interface Site {
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
  readonly searchIndex: SearchIndex;
  readonly ledger: Ledger;
  readonly listeners: Set<(event: SiteEvent) => void>;
  readonly counters: { issue: number; comment: number; change: number; property: number; other: number };
}
