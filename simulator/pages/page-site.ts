import type { AdfNode } from '../heart/adf.ts';

/** What the pages need from a simulated site. `site-items.ts` and `site-apps.ts` make it of the heart and the Connect part; the pages know nothing else of them. */

export interface PageUser {
  readonly accountId: string;
  readonly displayName: string;
  /** Administers the site: its apps and every project. */
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
  /** Seen by some roles or groups only. */
  readonly restricted: boolean;
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
  list(actor: string, projectKey: string): readonly PageItemRow[];
  /** `null` for an item that is not there or not for this person to see. */
  read(actor: string, itemKey: string): PageItem | null;
  /** Another text after every change to any item of the site: what the live pages ask for. */
  version(): string;
  transitions(actor: string, itemKey: string): readonly { readonly id: string; readonly name: string; readonly to: PageStatus }[];
  types(projectKey: string): readonly PageOption[];
  priorities(): readonly PageOption[];
  create(actor: string, projectKey: string, typeId: string, fields: PageEdit): PageResult<{ readonly key: string }>;
  edit(actor: string, itemKey: string, fields: PageEdit): PageResult;
  transition(actor: string, itemKey: string, transitionId: string): PageResult;
  remove(actor: string, itemKey: string): PageResult;
  addComment(actor: string, itemKey: string, body: AdfNode): PageResult;
  editComment(actor: string, itemKey: string, commentId: string, body: AdfNode): PageResult;
  removeComment(actor: string, itemKey: string, commentId: string): PageResult;
}

/** An app that the site knows. `removed`: it was uninstalled on these pages and can be installed again. */
export interface PageApp {
  readonly key: string;
  readonly name: string;
  readonly descriptorUrl: string;
  readonly baseUrl: string;
  readonly state: 'enabled' | 'disabled' | 'removed';
  readonly projectPages: readonly PageModule[];
}

/** A condition on being shown, as descriptors write it. */
export type PageCondition =
  | { readonly condition: string; readonly invert: boolean }
  | { readonly or: readonly PageCondition[] }
  | { readonly and: readonly PageCondition[] };

/** One of the app's pages in the settings of a project (`jiraProjectAdminTabPanels`). */
export interface PageModule {
  readonly appKey: string;
  readonly appName: string;
  readonly key: string;
  readonly name: string;
  /** As the descriptor has it: relative, with `{project.key}` and the like. */
  readonly url: string;
  readonly conditions: readonly PageCondition[];
}

/** The apps of the site. The promises are about calls to the app itself. */
export interface PageApps {
  list(): readonly PageApp[];
  install(descriptorUrl: string): Promise<PageResult>;
  enable(appKey: string): Promise<PageResult>;
  disable(appKey: string): Promise<PageResult>;
  uninstall(appKey: string): Promise<PageResult>;
  /** Asks the descriptor again and repeats the handshake, with a new shared secret. */
  reinstall(appKey: string): Promise<PageResult>;
  /** The pages of the app's `dialogs` modules, which it opens by AP.dialog.create. */
  dialogs(appKey: string): readonly PageModule[];
  /** The absolute address of a frame, signed for this moment, with all that Jira adds to it (xdm_e, cp, jwt, …). */
  frameUrl(module: PageModule, project: PageProject, accountId: string): string;
  /** A fresh context token (`qsh: context-qsh`), as AP.context.getToken hands out. */
  contextToken(appKey: string, project: PageProject, accountId: string): string;
}

/** One site as the pages see it. */
export interface PageSite {
  /** `acme`. */
  readonly name: string;
  /** `http://localhost:4101`, without a slash at the end. */
  readonly baseUrl: string;
  /** The cookie whose value is the accountId of who looks. */
  readonly sessionCookie: string;
  users(): readonly PageUser[];
  projects(): readonly PageProject[];
  administers(accountId: string, project: PageProject): boolean;
  readonly items: PageItems;
  readonly apps: PageApps;
  /** All sites of the world, this one included, for the home page. */
  world(): readonly Pick<PageSite, 'name' | 'baseUrl' | 'projects' | 'users' | 'apps'>[];
}
