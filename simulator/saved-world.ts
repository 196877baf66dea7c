import { deserialize, serialize } from 'node:v8';
import type { Installation } from './connect/connect-host.ts';
import type { DataCenterSite } from './datacenter/data-center-site.ts';
import type { RegisteredWebhook } from './datacenter/webhook-registry.ts';
import type { ForgeInstallation } from './forge/forge-tokens.ts';
import { newProjectParts } from './heart/access.ts';
import { newIssueParts } from './heart/issue-parts.ts';
import { indexed } from './heart/record.ts';
import type { Site } from './heart/site.ts';
import { SITE_PARTS } from './heart/site-parts.ts';
import type { CloudIdentity } from './identity/cloud-identity.ts';
import type { DataCenterAccess } from './identity/data-center-access.ts';
import type { SimulatedSite } from './simulated-site.ts';
import type { AdminWebhooks } from './webhooks/admin-webhook.ts';
import type { DynamicWebhooks } from './webhooks/dynamic-webhook.ts';

/** The parts of a site that last. What it is reached by, its clock, its index and its ledger are made anew at each start. */
const KEPT = [
  'users',
  'statuses',
  'priorities',
  'resolutions',
  'issueTypes',
  'customFields',
  'projects',
  'issues',
  'issueIdsByKey',
  'counters',
  ...SITE_PARTS,
] as const;

/** One site's state. */
export type SavedSite = Pick<Site, (typeof KEPT)[number]> & {
  readonly installations: Map<string, Installation>;
  /** Absent in a world saved before there was Forge. */
  readonly forgeInstallations?: Map<string, ForgeInstallation>;
  /** Absent in a world saved before there were any. */
  readonly dynamicWebhooks?: DynamicWebhooks;
  readonly adminWebhooks?: AdminWebhooks;
  /** Of Data Center sites alone. */
  readonly dataCenter?: { readonly access: DataCenterAccess; readonly webhooks: ReadonlyMap<number, RegisteredWebhook> };
  /** How often the site was started before: each start draws other random ids, as no webhook may ever be called like an old one. */
  readonly starts: number;
};
/** No site is called so. */
const IDENTITY = '@identity';
export type SavedWorld = Readonly<Record<string, SavedSite | undefined>>;

/**
 * The state of sites as bytes, by the structured clone that Node offers. Webhooks still under way are not part of it: after
 * a restart they are lost, as they can be in the real world.
 */
export const saveWorld = (sites: readonly SimulatedSite[], identity: CloudIdentity): Buffer =>
  serialize({ ...Object.fromEntries(sites.map((site) => [site.heart.name, savedSite(site)])), [IDENTITY]: identity });

/** Apps, grants and tokens of a saved world; absent in one saved before there were any. */
export const readSavedIdentity = (bytes: Buffer): CloudIdentity | undefined =>
  (deserialize(bytes) as Readonly<Record<string, CloudIdentity | undefined>>)[IDENTITY];

/** Bytes made by {@link saveWorld} of this version. */
export const readSavedWorld = (bytes: Buffer): SavedWorld => deserialize(bytes) as SavedWorld;

/** Puts a saved state in place of what a site began with. */
export function restoreSite(site: Site, saved: SavedSite): void {
  for (const part of KEPT) {
    if (part === 'counters') Object.assign(site.counters, saved.counters);
    else if (saved[part] !== undefined) refill<unknown>(site[part], saved[part]);
  }
  fillUp(site);
  const longAgo = site.clock.now() - site.searchIndex.lagMs;
  for (const issue of site.issues.values()) site.searchIndex.note(longAgo, indexed(issue));
}

/** A world saved before the simulator knew of a part gets that part as new things have it. */
function fillUp(site: Site): void {
  for (const [id, issue] of site.issues) site.issues.set(id, { ...newIssueParts(), ...issue });
  for (const [id, project] of site.projects) site.projects.set(id, { ...newProjectParts(), ...project });
}

const isDataCenter = (site: SimulatedSite): site is DataCenterSite => 'dialect' in site;

function savedSite(simulated: SimulatedSite): SavedSite {
  const { heart, connect, forge, webhooks, starts } = simulated;
  return {
    ...pick(heart),
    // A large world makes its items as they are looked at: here all of them.
    issues: new Map(heart.issues),
    installations: new Map(connect.installations),
    forgeInstallations: new Map(forge.installations),
    dynamicWebhooks: webhooks.dynamic,
    adminWebhooks: webhooks.admin,
    ...(isDataCenter(simulated) ? { dataCenter: { access: simulated.access, webhooks: simulated.registry.webhooks } } : {}),
    starts: starts + 1,
  };
}

const pick = (site: Site): Pick<Site, (typeof KEPT)[number]> =>
  Object.fromEntries(KEPT.map((part) => [part, site[part]])) as Pick<Site, (typeof KEPT)[number]>;

function refill<Value>(map: Map<string, Value>, from: ReadonlyMap<string, Value>): void {
  map.clear();
  for (const [key, value] of from) map.set(key, value);
}
