import type { Authentication } from '../cloud/authenticate.ts';
import type { Timers } from '../heart/clock.ts';
import { seededRandom } from '../heart/random.ts';
import type { Site, SiteEvent, User } from '../heart/site.ts';
import { type CallHttp, callHttp, type HttpAnswer } from '../http-call.ts';
import { EventSender, type SentEvent } from './event-sender.ts';
import { appToken, type ForgeInstallation, type Invocation, invocationToken, readAppToken } from './forge-tokens.ts';
import type { KeyRing } from './key-ring.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { productEvents } from './product-event.ts';

/** The part of a site that Forge apps are installed on: server side only, no pages. */
export interface ForgeHost {
  /** By app id. */
  readonly installations: ReadonlyMap<string, ForgeInstallation>;
  /** Installs by the text of a manifest.yml, or upgrades what is there to the next major version; tells the app's triggers. */
  install(manifestText: string, installerAccountId: string): ForgeInstallation;
  uninstall(appId: string): boolean;
  /** What a page of the app does with `invokeRemote`: calls an endpoint with a token of the person in front of it. */
  invoke(appId: string, endpoint: string, call: PageCall): Promise<HttpAnswer>;
  /** Who calls the gateway with a bearer token; null when the token is none of Forge's. */
  readonly authenticate: (token: string, trace: string | null) => Authentication | null;
  /** Events that were answered or given up, oldest first. */
  sent(): readonly SentEvent[];
  idle(): Promise<void>;
  close(): void;
}
export interface PageCall {
  readonly accountId: string;
  readonly moduleKey: string;
  readonly body: unknown;
  readonly extension?: Readonly<Record<string, unknown>>;
}

interface Parts {
  readonly site: Site;
  readonly keys: KeyRing;
  readonly timers: Timers;
  readonly seed: number;
  /** Between attempts of an event. */
  readonly retryDelayMs: number;
  /** Over sockets unless given. */
  readonly call?: CallHttp;
  /** Apps that a saved site had. */
  readonly installations?: ReadonlyMap<string, ForgeInstallation>;
}

const PAGE_TIMEOUT_MS = 25_000;

function makeAppUser(site: Site, manifest: Manifest, hex: (length: number) => string): User {
  const appUser: User = {
    accountId: `557058:${hex(24)}`,
    accountType: 'app',
    displayName: `Forge app ${manifest.appId.slice(-8)}`,
    emailAddress: '',
    timeZone: 'Etc/GMT',
    apiToken: '',
    active: true,
    siteAdmin: true,
  };
  site.users.set(appUser.accountId, appUser);
  return appUser;
}

/** The site's Forge platform. */
class Host implements ForgeHost {
  readonly installations: Map<string, ForgeInstallation>;
  private readonly parts: Parts;
  private readonly random;
  private readonly sender: EventSender;

  constructor(parts: Parts) {
    this.parts = parts;
    this.random = seededRandom(parts.seed);
    this.installations = new Map(parts.installations);
    this.sender = new EventSender(parts);
    parts.site.listeners.add((event) => this.tell(event));
  }

  install(manifestText: string, installerAccountId: string): ForgeInstallation {
    const manifest = readManifest(manifestText);
    const before = this.installations.get(manifest.appId);
    const installation: ForgeInstallation = {
      id: before?.id ?? `ari:cloud:ecosystem::installation/${this.random.uuid()}`,
      manifestText,
      manifest,
      version: `${Number(before?.version.split('.')[0] ?? 1) + (before === undefined ? 0 : 1)}.0.0`,
      environmentId: before?.environmentId ?? this.random.uuid(),
      installerAccountId,
      appUser: before?.appUser ?? makeAppUser(this.parts.site, manifest, (length) => this.random.hex(length)),
    };
    this.installations.set(manifest.appId, installation);
    this.trigger(
      installation,
      before === undefined ? 'avi:forge:installed:app' : 'avi:forge:upgraded:app',
      this.lifecycleBody(installation, before === undefined ? 'installerAccountId' : 'upgraderAccountId'),
    );
    return installation;
  }

  uninstall(appId: string): boolean {
    const installation = this.installations.get(appId);
    if (installation === undefined) return false;
    this.trigger(installation, 'avi:forge:uninstalled:app', this.lifecycleBody(installation, 'uninstallerAccountId'));
    installation.appUser.active = false;
    return this.installations.delete(appId);
  }

  invoke(appId: string, endpointKey: string, call: PageCall): Promise<HttpAnswer> {
    const installation = this.installations.get(appId);
    const endpoint = installation?.manifest.endpoints.get(endpointKey);
    if (installation === undefined || endpoint === undefined) throw new Error(`No ${endpointKey} of ${appId} is installed here`);
    return (this.parts.call ?? callHttp)({
      method: 'POST',
      url: endpoint.url,
      headers: this.headers(endpointKey, {
        installation,
        moduleType: 'jira:projectSettingsPage',
        moduleKey: call.moduleKey,
        accountId: call.accountId,
        ...(call.extension === undefined ? {} : { extension: call.extension }),
      }),
      body: JSON.stringify(call.body),
      timeoutMs: PAGE_TIMEOUT_MS,
    });
  }

  readonly authenticate = (token: string, trace: string | null): Authentication | null => {
    const installationOf = (id: string) => [...this.installations.values()].find((installation) => installation.id === id);
    return readAppToken({ site: this.parts.site, keys: this.parts.keys, installationOf }, token, trace);
  };

  sent(): readonly SentEvent[] {
    return this.sender.sent;
  }

  idle(): Promise<void> {
    return this.sender.idle();
  }

  close(): void {
    this.sender.close();
  }

  /** Source: developer.atlassian.com/platform/forge/events-reference/life-cycle; it names no event type in the body. */
  private lifecycleBody(installation: ForgeInstallation, who: string): Record<string, unknown> {
    return {
      id: installation.id.split('/')[1],
      context: `ari:cloud:jira::site/${this.parts.site.cloudId}`,
      [who]: installation.installerAccountId,
      app: { id: installation.manifest.appId.split('/')[1], version: installation.version },
      environment: { id: installation.environmentId },
    };
  }

  private tell(event: SiteEvent): void {
    for (const installation of this.installations.values()) {
      for (const { eventType, selfGenerated, body } of productEvents(this.parts.site, event, installation.manifest.appId))
        this.trigger(installation, eventType, body, selfGenerated);
    }
  }

  private trigger(
    installation: ForgeInstallation,
    eventType: string,
    body: Readonly<Record<string, unknown>>,
    selfGenerated = false,
  ): void {
    for (const { key, endpoint, events, ignoreSelf } of installation.manifest.triggers) {
      const url = installation.manifest.endpoints.get(endpoint)?.url;
      if (url === undefined || !events.includes(eventType) || (ignoreSelf && selfGenerated)) continue;
      const call: Invocation = { installation, moduleType: 'core:trigger', moduleKey: key, accountId: null };
      // Written out now: the event shows the site as it was, however late it is sent.
      this.sender.send({ eventType, url, body: JSON.stringify(body), headers: () => this.headers(endpoint, call) });
    }
  }

  private headers(endpointKey: string, call: Invocation): Record<string, string> {
    const { site, keys } = this.parts;
    const { installation, accountId } = call;
    const endpoint = installation.manifest.endpoints.get(endpointKey);
    const person = accountId === null ? undefined : site.users.get(accountId);
    return {
      authorization: `Bearer ${invocationToken(site, keys, call, this.random.uuid())}`,
      'content-type': 'application/json',
      'x-b3-traceid': this.random.hex(32),
      'x-b3-spanid': this.random.hex(16),
      ...(endpoint?.systemToken === true
        ? { 'x-forge-oauth-system': appToken(site, keys, installation, installation.appUser) }
        : {}),
      ...(endpoint?.userToken === true && person !== undefined
        ? { 'x-forge-oauth-user': appToken(site, keys, installation, person) }
        : {}),
    };
  }
}

/** Joins a site to the Forge platform: its events go to the triggers of every installed app. */
export const createForgeHost = (parts: Parts): ForgeHost => new Host(parts);
