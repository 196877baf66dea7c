import { z } from 'zod';
import type { Installation, InstallationStore } from '../../connections/installation-store.ts';
import type { Result } from '../../core/failure.ts';
import { fail, succeed } from '../../core/failure.ts';
import type { ConnectionId, TenantId } from '../../core/ids.ts';
import type { Clock } from '../../platform/clock.ts';
import type { MakeId } from '../../platform/ids.ts';
import type { SiteRule } from './site-address.ts';
import { readSiteAddress } from './site-address.ts';

/** Every lifecycle call names the site. Permissive: Jira adds fields. */
export const lifecycleBody = z.object({ clientKey: z.string().min(1).max(255) });

export const installedBody = lifecycleBody.extend({
  key: z.string(),
  /** Anything shorter would be guessable; Jira's are far longer. */
  sharedSecret: z.string().min(16).max(1024),
  baseUrl: z.string().max(2000),
  displayUrl: z.string().max(2000).optional(),
  oauthClientId: z.string().max(2000).optional(),
});
export type InstalledBody = z.infer<typeof installedBody>;

export interface LifecyclePorts {
  readonly installations: InstallationStore;
  readonly sealSecret: (tenantId: TenantId, secret: string) => string;
  /** Stops every synchronization that site takes part in. May be called again for a site that has none running. */
  readonly stopSite: (tenantId: TenantId) => Promise<void>;
  readonly makeId: MakeId;
  readonly clock: Clock;
  readonly appKey: string;
  readonly siteRule: SiteRule;
}

/** What Jira tells us about being installed. The caller has been verified before. All of it may come twice. */
export interface Lifecycle {
  /** First installation: a new tenant and connection. Again: the secret is replaced in one write, the ids stay. */
  install(body: InstalledBody): Promise<Result<null, 'site-not-allowed' | 'app-key-wrong'>>;
  uninstall(clientKey: string): Promise<void>;
  enable(installation: Installation): Promise<void>;
  disable(installation: Installation): Promise<void>;
  /** True when that site is not installed (any more), so what it says about enabling does not matter. */
  isGone(clientKey: string): Promise<boolean>;
}

/** Two first installations of one site can meet once; then one of them has made the row and the next read sees it. */
const MOST_TRIES = 3;

const readAddresses = (
  body: InstalledBody,
  rule: SiteRule,
): Result<{ baseUrl: string; displayUrl: string }, 'site-not-allowed'> => {
  const baseUrl = readSiteAddress(body.baseUrl, rule);
  if (!baseUrl.ok) return baseUrl;
  // A site's own domain is not on the list, and nothing is sent there: it is only shown.
  const displayed =
    body.displayUrl === undefined ? baseUrl : readSiteAddress(body.displayUrl, { ...rule, hosts: [hostOf(body.displayUrl)] });
  return succeed({ baseUrl: baseUrl.value, displayUrl: displayed.ok ? displayed.value : baseUrl.value });
};

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : '');

const install = async (
  ports: LifecyclePorts,
  body: InstalledBody,
): Promise<Result<null, 'site-not-allowed' | 'app-key-wrong'>> => {
  if (body.key !== ports.appKey) return fail('app-key-wrong');
  const addresses = readAddresses(body, ports.siteRule);
  if (!addresses.ok) return addresses;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const known = await ports.installations.readByClientKey(body.clientKey);
    const tenantId = known?.tenantId ?? (ports.makeId() as TenantId);
    const recorded = await ports.installations.record({
      tenantId,
      connectionId: known?.connectionId ?? (ports.makeId() as ConnectionId),
      clientKey: body.clientKey,
      ...addresses.value,
      sealedSecret: ports.sealSecret(tenantId, body.sharedSecret),
      oauthClientId: body.oauthClientId ?? null,
      state: 'enabled',
      installedAt: ports.clock.now(),
      uninstalledAt: null,
    });
    if (recorded === 'recorded') return succeed(null);
  }
  throw new Error('An installation was neither recorded nor found.');
};

export const createLifecycle = (ports: LifecyclePorts): Lifecycle => ({
  install: (body) => install(ports, body),
  async uninstall(clientKey) {
    const installation = await ports.installations.readByClientKey(clientKey);
    if (installation === null) return;
    const { tenantId, connectionId, state } = installation;
    // The state first: from here on no token of that site is good and its Jira is out of reach, whatever follows.
    if (state !== 'uninstalled') await ports.installations.changeState(tenantId, connectionId, 'uninstalled', ports.clock.now());
    await ports.stopSite(tenantId);
  },
  async enable({ tenantId, connectionId }) {
    await ports.installations.changeState(tenantId, connectionId, 'enabled', ports.clock.now());
  },
  async disable({ tenantId, connectionId }) {
    await ports.installations.changeState(tenantId, connectionId, 'disabled', ports.clock.now());
  },
  async isGone(clientKey) {
    const installation = await ports.installations.readByClientKey(clientKey);
    return installation === null || installation.state === 'uninstalled';
  },
});
