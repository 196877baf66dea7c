import type { User } from '../heart/site.ts';

/** What a site keeps of an app's descriptor. */
export interface Descriptor {
  readonly key: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly scopes: readonly string[];
  readonly lifecycle: {
    readonly installed?: string | undefined;
    readonly uninstalled?: string | undefined;
    readonly enabled?: string | undefined;
    readonly disabled?: string | undefined;
  };
  readonly modules: Readonly<Record<string, unknown>>;
  readonly webhooks: readonly WebhookModule[];
}
export interface WebhookModule {
  readonly event: string;
  readonly url: string;
  readonly excludeBody: boolean;
  /** Issue properties that the body shows. */
  readonly propertyKeys: readonly string[];
}

/** An app on a site. */
export interface Installation {
  readonly descriptor: Descriptor;
  readonly descriptorUrl: string;
  readonly clientKey: string;
  sharedSecret: string;
  enabled: boolean;
  readonly appUser: User;
  /** Properties of /rest/atlassian-connect/1/addons/{key}/properties. */
  readonly properties: Map<string, unknown>;
}

/** What a page of the host product tells an app's page. */
export interface ModuleContext {
  readonly project?: { readonly id: string; readonly key: string };
  readonly issue?: { readonly id: string; readonly key: string; readonly issuetypeId?: string };
}

export type LifecycleOutcome =
  | { readonly ok: true; readonly installation: Installation }
  | { readonly ok: false; readonly detail: string };

/** The part of a site that apps are installed on. */
export interface ConnectHost {
  /** By app key. */
  readonly installations: ReadonlyMap<string, Installation>;
  /** Fetches the descriptor and does the signed `installed` handshake, then `enabled`. Again: a reinstall, with a new secret. */
  install(descriptorUrl: string): Promise<LifecycleOutcome>;
  uninstall(appKey: string): Promise<LifecycleOutcome>;
  enable(appKey: string): Promise<LifecycleOutcome>;
  disable(appKey: string): Promise<LifecycleOutcome>;
  /** What `AP.context.getToken` hands to an app's page: HS256, `qsh` the fixed `context-qsh`, valid 15 minutes. */
  contextToken(appKey: string, accountId: string, context?: ModuleContext): string;
  /**
   * The address under which the host loads an app's page for a person, with a `jwt` that covers it (qsh) for 3 minutes.
   * `moduleUrl` is the descriptor's, relative to the app's base URL; its `{project.key}`-like variables are filled in. What the
   * host page wants to tell the frame (`xdm_e` and the like) it adds to `moduleUrl` as query parameters, so that it is signed too.
   */
  pageUrl(appKey: string, accountId: string, moduleUrl: string, context?: ModuleContext): string;
}
