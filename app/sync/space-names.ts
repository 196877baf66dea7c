import type { Clock } from '../platform/clock.ts';
import type { SideAddress } from './ports.ts';
import type { SpaceSites } from './set-up-ports.ts';

/** What spaces are called now, for headings and lists. Never stored: it is content of the site. */
export interface SpaceNames {
  /** The space's name; its key when the site does not say. */
  read(space: SideAddress): Promise<string>;
}

/** One list of a site's spaces serves every row of an overview and every reload of it. */
const KEPT_MS = 5 * 60_000;
const MOST_SITES = 1000;

type Names = Promise<ReadonlyMap<string, string>>;

/** Names from each site's list of spaces, kept five minutes; a site that does not answer is asked again at the next read. */
export function createSpaceNames({ sites, clock }: { sites: SpaceSites; clock: Clock }): SpaceNames {
  const kept = new Map<string, { names: Names; until: number }>();
  const load = async ({ siteTenantId, connectionId }: SideAddress): Names => {
    const jira = await sites.reach(siteTenantId, connectionId);
    const spaces = await jira?.listSpaces();
    return new Map(spaces?.ok === true ? spaces.value.map(({ projectId, name }) => [projectId, name]) : []);
  };
  return {
    async read(space) {
      const known = kept.get(space.connectionId);
      const fresh =
        known !== undefined && known.until > clock.now() ? known : { names: load(space), until: clock.now() + KEPT_MS };
      if (fresh !== known) {
        kept.delete(space.connectionId);
        kept.set(space.connectionId, fresh);
        const [oldest] = kept.keys();
        if (kept.size > MOST_SITES && oldest !== undefined) kept.delete(oldest);
      }
      const names = await fresh.names;
      if (names.size === 0) kept.delete(space.connectionId);
      return names.get(space.projectId) ?? space.projectKey;
    },
  };
}
