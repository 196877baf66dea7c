import type { AdfNode } from './adf.ts';
import type { CommentVisibility } from './visibility.ts';

/** A file on an issue, bytes and all. */
export interface Attachment {
  readonly id: string;
  readonly filename: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  readonly authorId: string;
  readonly created: number;
  /** The id under which the media service knows the file. */
  readonly mediaId: string;
}

/** Time that somebody spent. */
export interface Worklog {
  readonly id: string;
  readonly authorId: string;
  updateAuthorId: string;
  comment: AdfNode | null;
  /** Epoch milliseconds. */
  started: number;
  seconds: number;
  readonly created: number;
  updated: number;
  visibility: CommentVisibility | null;
  readonly properties: Map<string, unknown>;
}

/** A link to something outside the site. What REST sends is kept as it came: `application`, `relationship`, `object`. */
export interface RemoteLink {
  readonly id: string;
  readonly globalId: string;
  application: Readonly<Record<string, unknown>>;
  relationship: string | null;
  object: Readonly<Record<string, unknown>>;
}

export interface LinkType {
  readonly id: string;
  name: string;
  inward: string;
  outward: string;
}

/** `from` does to `to` what the type's outward words say: "blocks". */
export interface IssueLink {
  readonly id: string;
  readonly typeId: string;
  readonly fromId: string;
  readonly toId: string;
}

/** What an issue has besides the fields that every item of every site has. */
export interface IssueParts {
  environment: AdfNode | null;
  componentIds: readonly string[];
  fixVersionIds: readonly string[];
  /** "Affects versions". */
  versionIds: readonly string[];
  securityId: string | null;
  parentId: string | null;
  /** Issues whose parent this is. */
  readonly childIds: Set<string>;
  /** Links at either end of which it stands. */
  readonly linkIds: Set<string>;
  /** Seconds; null: not estimated. */
  originalEstimate: number | null;
  remainingEstimate: number | null;
  /** Typed custom fields by id, in the site's own form: ids of options, accounts, versions; plain texts and numbers. */
  readonly custom: Map<string, unknown>;
  /** Oldest first; only the last may be open. */
  sprintIds: readonly string[];
  /** Sorts among all issues of the site as text does. */
  rank: string;
  readonly attachments: Attachment[];
  readonly worklogs: Worklog[];
  readonly watcherIds: Set<string>;
  readonly voterIds: Set<string>;
  readonly remoteLinks: RemoteLink[];
  archived: { readonly at: number; readonly by: string } | null;
}

export const newIssueParts = (): IssueParts => ({
  environment: null,
  componentIds: [],
  fixVersionIds: [],
  versionIds: [],
  securityId: null,
  parentId: null,
  childIds: new Set(),
  linkIds: new Set(),
  originalEstimate: null,
  remainingEstimate: null,
  custom: new Map(),
  sprintIds: [],
  rank: '',
  attachments: [],
  worklogs: [],
  watcherIds: new Set(),
  voterIds: new Set(),
  remoteLinks: [],
  archived: null,
});
