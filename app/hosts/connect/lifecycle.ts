import { z } from 'zod';
import type { Installation, InstallationStore } from '../../connections/installation-store.ts';
import type { Result } from '../../core/failure.ts';
import { fail, succeed } from '../../core/failure.ts';
import type { ConnectionId, TenantId } from '../../core/ids.ts';
import type { Clock } from '../../platform/clock.ts';
import type { MakeId } from '../../platform/ids.ts';
import type { Audit } from '../../sync/audit-ports.ts';
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
  /** All that is known of the tenant goes at that time (epoch ms), unless its site installs the app again before. */
  readonly planErasure: (tenantId: TenantId, at: number) => Promise<void>;
  /** How long after it was uninstalled, ms. */
  readonly eraseAfterMs: number;
  readonly audit: Pick<Audit, 'note'>;
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
  /** Somebody spoke for that site and was refused for that reason. A site that nobody knows has no log to write it into. */
  noteRefused(clientKey: string, code: string): Promise<void>;
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
    if (recorded === 'recorded') {
      await note(ports, tenantId, 'site.installed');
      return succeed(null);
    }
  }
  throw new Error('An installation was neither recorded nor found.');
};

const note = ({ audit, clock }: LifecyclePorts, tenantId: TenantId, action: string): Promise<void> =>
  audit.note(tenantId, { at: clock.now(), actor: { kind: 'site' }, action, subject: null, detail: null, outcome: 'done' });

const uninstall = async (ports: LifecyclePorts, { tenantId, connectionId, state }: Installation): Promise<void> => {
  const now = ports.clock.now();
  // The state first: from here on no token of that site is good and its Jira is out of reach, whatever follows.
  if (state !== 'uninstalled') await ports.installations.changeState(tenantId, connectionId, 'uninstalled', now);
  await ports.planErasure(tenantId, now + ports.eraseAfterMs);
  await ports.stopSite(tenantId);
  if (state !== 'uninstalled') await note(ports, tenantId, 'site.uninstalled');
};

/** What the routes of installing, enabling and uninstalling act by. */
export const createLifecycle = (ports: LifecyclePorts): Lifecycle => ({
  install: (body) => install(ports, body),
  async uninstall(clientKey) {
    const installation = await ports.installations.readByClientKey(clientKey);
    if (installation !== null) await uninstall(ports, installation);
  },
  async enable({ tenantId, connectionId }) {
    await ports.installations.changeState(tenantId, connectionId, 'enabled', ports.clock.now());
    await note(ports, tenantId, 'site.enabled');
  },
  async disable({ tenantId, connectionId }) {
    await ports.installations.changeState(tenantId, connectionId, 'disabled', ports.clock.now());
    await note(ports, tenantId, 'site.disabled');
  },
  async noteRefused(clientKey, code) {
    const installation = await ports.installations.readByClientKey(clientKey);
    if (installation === null) return;
    const actor = { kind: 'stranger' } as const;
    const line = {
      at: ports.clock.now(),
      actor,
      action: 'site.refused',
      subject: null,
      detail: code,
      outcome: 'refused',
    } as const;
    await ports.audit.note(installation.tenantId, line);
  },
  async isGone(clientKey) {
    const installation = await ports.installations.readByClientKey(clientKey);
    return installation === null || installation.state === 'uninstalled';
  },
});
