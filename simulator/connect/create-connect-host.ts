import jwt from 'atlassian-jwt';
import type { Random } from '../heart/random.ts';
import { seededRandom } from '../heart/random.ts';
import type { Site, User } from '../heart/site.ts';
import { type CallHttp, callHttp } from '../http-call.ts';
import type { ConnectHost, Descriptor, Installation, LifecycleOutcome, ModuleContext } from './connect-host.ts';
import { fillVariables, readDescriptor } from './descriptor.ts';
import type { InstallKey } from './sign.ts';
import { signInstall, signWithSecret } from './sign.ts';

/** Jira gives an app this long to answer a lifecycle call. */
const LIFECYCLE_TIMEOUT_MS = 10_000;
const CONTEXT_TOKEN_SECONDS = 15 * 60;

interface Parts {
  readonly site: Site;
  readonly installKey: InstallKey;
  readonly seed: number;
  /** Over sockets unless given. */
  readonly call?: CallHttp;
  /** Apps that a saved site had; their users are among the site's. */
  readonly installations?: ReadonlyMap<string, Installation>;
}

type LifecycleEvent = 'installed' | 'uninstalled' | 'enabled' | 'disabled';

const lifecycleBody = (site: Site, installation: Installation, event: LifecycleEvent): Record<string, unknown> => ({
  key: installation.descriptor.key,
  clientKey: installation.clientKey,
  ...(event === 'installed' ? { sharedSecret: installation.sharedSecret } : {}),
  serverVersion: '100280',
  pluginsVersion: '1001.0.0-SNAPSHOT',
  baseUrl: site.baseUrl,
  displayUrl: site.baseUrl,
  productType: 'jira',
  description: `Atlassian Jira at ${site.baseUrl}`,
  eventType: event,
});

/** Tells the app of a lifecycle event. Null when it answered 200 or 204, or did not ask to be told. */
async function announce(parts: Parts, installation: Installation, event: LifecycleEvent): Promise<string | null> {
  const { descriptor, clientKey, sharedSecret } = installation;
  const path = descriptor.lifecycle[event];
  if (path === undefined) return null;
  const url = `${descriptor.baseUrl}${path}`;
  const token = { clientKey, method: 'POST', url, baseUrl: descriptor.baseUrl, now: parts.site.clock.now() };
  // Installs and uninstalls are signed with Atlassian's key: at that moment the shared secret is new or about to go.
  const signed =
    event === 'installed' || event === 'uninstalled' ? signInstall(token, parts.installKey) : signWithSecret(token, sharedSecret);
  const answer = await (parts.call ?? callHttp)({
    method: 'POST',
    url,
    timeoutMs: LIFECYCLE_TIMEOUT_MS,
    headers: { authorization: `JWT ${signed}`, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(lifecycleBody(parts.site, installation, event)),
  });
  if (answer.status === null) return `${event}: the app did not answer: ${answer.detail}`;
  return answer.status === 200 || answer.status === 204
    ? null
    : `${event}: the app answered ${answer.status}: ${answer.body.slice(0, 200)}`;
}

/** An app acts as a user of its own, who is put into the project role that every permission scheme grants to apps. */
function makeAppUser(site: Site, random: Random, descriptor: Descriptor): User {
  const user: User = {
    accountId: `557058:${random.uuid()}`,
    accountType: 'app',
    displayName: descriptor.name || descriptor.key,
    emailAddress: '',
    timeZone: 'Etc/GMT',
    apiToken: '',
    active: true,
    siteAdmin: false,
  };
  site.users.set(user.accountId, user);
  for (const project of site.projects.values()) {
    for (const [permission, grant] of project.grants)
      if (typeof grant === 'object') project.grants.set(permission, new Set([...grant, user.accountId]));
  }
  return user;
}

/** The apps of one site: the signed handshake, the secrets, and the tokens that pages of apps get. */
class SiteConnectHost implements ConnectHost {
  readonly installations: Map<string, Installation>;
  private readonly parts: Parts;
  private readonly random: Random;
  /** An app that comes back after it was uninstalled acts as the same user as before. */
  private readonly formerUsers = new Map<string, User>();
  /** Stable for the life of the site: a reinstall keeps it. */
  private readonly clientKey: string;

  constructor(parts: Parts) {
    this.parts = parts;
    this.random = seededRandom(parts.seed);
    this.clientKey = this.random.uuid();
    this.installations = new Map(parts.installations);
  }

  async install(descriptorUrl: string): Promise<LifecycleOutcome> {
    const answer = await (this.parts.call ?? callHttp)({
      method: 'GET',
      url: descriptorUrl,
      headers: { accept: 'application/json' },
      timeoutMs: LIFECYCLE_TIMEOUT_MS,
    });
    if (answer.status !== 200)
      return { ok: false, detail: `The descriptor could not be read: ${answer.status ?? answer.detail}` };
    const read = readDescriptor(answer.body);
    if (!read.ok) return read;
    const before = this.installations.get(read.descriptor.key);
    const installation = this.prepare(read.descriptor, descriptorUrl, before);
    // The app may call back with the new secret from within the handshake.
    this.installations.set(read.descriptor.key, installation);
    const refused = await announce(this.parts, installation, 'installed');
    if (refused !== null) {
      this.restore(read.descriptor.key, installation, before);
      return { ok: false, detail: refused };
    }
    const notEnabled = await announce(this.parts, installation, 'enabled');
    return notEnabled === null ? { ok: true, installation } : { ok: false, detail: notEnabled };
  }

  uninstall(appKey: string): Promise<LifecycleOutcome> {
    return this.change(appKey, 'uninstalled');
  }

  enable(appKey: string): Promise<LifecycleOutcome> {
    return this.change(appKey, 'enabled');
  }

  disable(appKey: string): Promise<LifecycleOutcome> {
    return this.change(appKey, 'disabled');
  }

  contextToken(appKey: string, accountId: string, context: ModuleContext = {}): string {
    const { sharedSecret } = this.installationOf(appKey);
    const iat = Math.floor(this.parts.site.clock.now() / 1000);
    const claims = {
      iss: this.clientKey,
      sub: accountId,
      iat,
      exp: iat + CONTEXT_TOKEN_SECONDS,
      qsh: 'context-qsh',
      context: { jira: context },
    };
    return jwt.encodeSymmetric(claims, sharedSecret, jwt.SymmetricAlgorithm.HS256);
  }

  pageUrl(appKey: string, accountId: string, moduleUrl: string, context: ModuleContext = {}): string {
    const { descriptor, sharedSecret } = this.installationOf(appKey);
    const url = new URL(`${descriptor.baseUrl}${fillVariables(moduleUrl, context)}`);
    const claims = { sub: accountId, context: { jira: context } };
    const token = {
      clientKey: this.clientKey,
      method: 'GET',
      url: url.href,
      baseUrl: descriptor.baseUrl,
      now: this.parts.site.clock.now(),
      claims,
    };
    url.searchParams.set('jwt', signWithSecret(token, sharedSecret));
    return url.href;
  }

  private installationOf(appKey: string): Installation {
    const installation = this.installations.get(appKey);
    if (installation === undefined) throw new Error(`The app ${appKey} is not installed on ${this.parts.site.name}`);
    return installation;
  }

  private prepare(descriptor: Descriptor, descriptorUrl: string, before: Installation | undefined): Installation {
    const former = before?.appUser ?? this.formerUsers.get(descriptor.key);
    const appUser = former ?? makeAppUser(this.parts.site, this.random, descriptor);
    this.formerUsers.set(descriptor.key, appUser);
    appUser.active = true;
    return {
      descriptor,
      descriptorUrl,
      clientKey: this.clientKey,
      appUser,
      sharedSecret: this.random.hex(64),
      enabled: true,
      properties: before?.properties ?? new Map(),
    };
  }

  private restore(appKey: string, refused: Installation, before: Installation | undefined): void {
    if (before === undefined) this.installations.delete(appKey);
    else this.installations.set(appKey, before);
    refused.appUser.active = before !== undefined;
  }

  private async change(appKey: string, event: 'uninstalled' | 'enabled' | 'disabled'): Promise<LifecycleOutcome> {
    const installation = this.installations.get(appKey);
    if (installation === undefined) return { ok: false, detail: `The app ${appKey} is not installed on ${this.parts.site.name}` };
    installation.enabled = event === 'enabled';
    if (event === 'uninstalled') {
      this.installations.delete(appKey);
      installation.appUser.active = false;
    }
    const refused = await announce(this.parts, installation, event);
    return refused === null ? { ok: true, installation } : { ok: false, detail: refused };
  }
}

export const createConnectHost = (parts: Parts): ConnectHost => new SiteConnectHost(parts);
