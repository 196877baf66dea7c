/** What the pages need from a simulated site. The heart, the Connect part and the pages meet here; the pages know nothing else of them. */

/** A node of the Atlassian Document Format, as the site stores it. */
export interface AdfNode {
  readonly type: string;
  readonly version?: number;
  readonly text?: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly marks?: readonly AdfNode[];
  readonly content?: readonly AdfNode[];
}

export interface PageUser {
  readonly accountId: string;
  readonly displayName: string;
  /** Whether the person may administer projects and apps. */
  readonly admin: boolean;
}

export interface PageProject {
  readonly id: string;
  readonly key: string;
  readonly name: string;
}

export interface PageOption {
  readonly id: string;
  readonly name: string;
}

export interface PageStatus extends PageOption {
  readonly category: 'new' | 'indeterminate' | 'done';
}

/** An item as the list shows it. Times are epoch milliseconds, the due date is `YYYY-MM-DD`. */
export interface PageItemRow {
  readonly id: string;
  readonly key: string;
  readonly projectKey: string;
  readonly typeName: string;
  readonly summary: string;
  readonly status: PageStatus;
  readonly priority: PageOption | null;
  readonly labels: readonly string[];
  readonly dueDate: string | null;
  readonly updatedAt: number;
}

export interface PageComment {
  readonly id: string;
  readonly authorName: string;
  readonly byApp: boolean;
  readonly body: AdfNode;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface PageHistoryEntry {
  readonly id: string;
  readonly authorName: string;
  readonly byApp: boolean;
  readonly at: number;
  readonly changes: readonly { readonly field: string; readonly from: string; readonly to: string }[];
}

/** An item with everything that its page shows. Comments oldest first, history newest first. */
export interface PageItem extends PageItemRow {
  readonly description: AdfNode | null;
  readonly createdAt: number;
  readonly creatorName: string;
  readonly creatorIsApp: boolean;
  readonly comments: readonly PageComment[];
  readonly history: readonly PageHistoryEntry[];
}

/** Fields to set; what is absent stays as it is, `null` clears. */
export interface PageEdit {
  readonly summary?: string;
  readonly description?: AdfNode | null;
  readonly labels?: readonly string[];
  readonly priorityId?: string;
  readonly dueDate?: string | null;
}

/** A refusal carries the site's own sentences, in its own words. */
export type PageResult<T = null> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** Work items, read and changed as one person; every change fires the site's webhooks as if made by REST. `actor` is an accountId. */
export interface PageItems {
  list(projectKey: string): readonly PageItemRow[];
  read(itemKey: string): PageItem | null;
  /** Grows or changes with every change to any item of the project: what the live list asks for. */
  version(projectKey: string): string;
  transitions(itemKey: string, actor: string): readonly { readonly id: string; readonly name: string; readonly to: PageStatus }[];
  types(projectKey: string): readonly PageOption[];
  priorities(projectKey: string): readonly PageOption[];
  create(actor: string, projectKey: string, typeId: string, fields: PageEdit): PageResult<{ readonly key: string }>;
  edit(actor: string, itemKey: string, fields: PageEdit): PageResult;
  transition(actor: string, itemKey: string, transitionId: string): PageResult;
  remove(actor: string, itemKey: string): PageResult;
  addComment(actor: string, itemKey: string, body: AdfNode): PageResult;
  editComment(actor: string, itemKey: string, commentId: string, body: AdfNode): PageResult;
  removeComment(actor: string, itemKey: string, commentId: string): PageResult;
}

export interface PageApp {
  readonly key: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly descriptorUrl: string;
  readonly state: 'enabled' | 'disabled' | 'uninstalled';
  /** The jiraProjectAdminTabPanels of its descriptor. `url` is as written there: relative, with `{project.key}` and the like. */
  readonly projectPages: readonly PageModule[];
}

export interface PageModule {
  readonly key: string;
  readonly name: string;
  readonly url: string;
  /** Names of its single conditions; a composite condition counts as each of its members. */
  readonly conditions: readonly string[];
}

/** Where on the site an app's frame stands, as its context token tells it. */
export interface FrameContext {
  readonly accountId: string;
  readonly project: PageProject;
  readonly moduleKey: string;
}

/** The apps of the site. */
export interface PageApps {
  list(): readonly PageApp[];
  install(descriptorUrl: string): Promise<PageResult>;
  enable(appKey: string): Promise<PageResult>;
  disable(appKey: string): Promise<PageResult>;
  uninstall(appKey: string): Promise<PageResult>;
  /** Asks the descriptor again and repeats the handshake, with a new shared secret. */
  reinstall(appKey: string): Promise<PageResult>;
  /** The absolute frame url with a page-load token over method, path and query. */
  signFrameUrl(appKey: string, url: string, context: FrameContext): PageResult<string>;
  /** A fresh context token (`qsh: context-qsh`), as AP.context.getToken hands out. */
  contextToken(appKey: string, context: FrameContext): PageResult<string>;
}

/** One site as the pages see it. */
export interface PageSite {
  /** `acme`. */
  readonly name: string;
  /** `http://localhost:4101`, without a trailing slash. */
  readonly baseUrl: string;
  users(): readonly PageUser[];
  projects(): readonly PageProject[];
  readonly items: PageItems;
  readonly apps: PageApps;
  /** All sites of the world, this one included, for the home page. */
  world(): readonly { readonly name: string; readonly baseUrl: string; readonly projects: readonly PageProject[] }[];
}
