import { deserialize, serialize } from 'node:v8';
import type { Installation } from './connect/connect-host.ts';
import { indexed } from './heart/record.ts';
import type { Site } from './heart/site.ts';
import type { SimulatedSite } from './simulated-site.ts';

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
] as const;

/** One site's state. */
export type SavedSite = Pick<Site, (typeof KEPT)[number]> & {
  readonly installations: Map<string, Installation>;
  /** How often the site was started before: each start draws other random ids, as no webhook may ever be called like an old one. */
  readonly starts: number;
};
export type SavedWorld = Readonly<Record<string, SavedSite | undefined>>;

/**
 * The state of sites as bytes, by the structured clone that Node offers. Webhooks still under way are not part of it: after
 * a restart they are lost, as they can be in the real world.
 */
export const saveWorld = (sites: readonly SimulatedSite[]): Buffer =>
  serialize(Object.fromEntries(sites.map((site) => [site.heart.name, savedSite(site)])));

/** Bytes made by {@link saveWorld} of this version. */
export const readSavedWorld = (bytes: Buffer): SavedWorld => deserialize(bytes) as SavedWorld;

/** Puts a saved state in place of what a site began with. */
export function restoreSite(site: Site, saved: SavedSite): void {
  for (const part of KEPT) {
    if (part === 'counters') Object.assign(site.counters, saved.counters);
    else refill<unknown>(site[part], saved[part]);
  }
  const longAgo = site.clock.now() - site.searchIndex.lagMs;
  for (const issue of site.issues.values()) site.searchIndex.note(longAgo, indexed(issue));
}

const savedSite = ({ heart, connect, starts }: SimulatedSite): SavedSite => ({
  users: heart.users,
  statuses: heart.statuses,
  priorities: heart.priorities,
  resolutions: heart.resolutions,
  issueTypes: heart.issueTypes,
  customFields: heart.customFields,
  projects: heart.projects,
  issues: heart.issues,
  issueIdsByKey: heart.issueIdsByKey,
  counters: heart.counters,
  installations: new Map(connect.installations),
  starts: starts + 1,
});

function refill<Value>(map: Map<string, Value>, from: ReadonlyMap<string, Value>): void {
  map.clear();
  for (const [key, value] of from) map.set(key, value);
}
