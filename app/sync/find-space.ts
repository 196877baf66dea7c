import { fail, type Result, succeed } from '../core/failure.ts';
import type { SynchronizationId } from '../core/ids.ts';
import type { SpaceShape } from '../core/item.ts';
import type { Sides } from '../core/side.ts';
import { holdsItsSpaces, stateAt } from '../core/synchronization-states.ts';
import { refusalOfOwnSite } from './may-configure.ts';
import type { SideAddress, SiteDirectory } from './ports.ts';
import type { Caller, SetUpPorts } from './set-up-ports.ts';
import type { SetUpRefusal } from './set-up-refusal.ts';

/** A space with what it offers now. */
export interface FoundSpace {
  readonly address: SideAddress;
  readonly shape: SpaceShape;
}

type Site = Pick<SideAddress, 'siteTenantId' | 'connectionId'>;

/** Jira's keys are upper case, and it compares them exactly. */
const asKey = (typed: string): string => typed.trim().toUpperCase();

/** The space of that key on a site; by id for one that is known, since a space can be given another key. */
export async function readSpace(
  ports: Pick<SetUpPorts, 'sites' | 'connections'>,
  site: Site,
  space: { readonly projectKey: string } | { readonly projectId: string },
  whose: 'own' | 'partner',
): Promise<Result<FoundSpace, SetUpRefusal>> {
  const { siteTenantId, connectionId } = site;
  const jira = await ports.sites.reach(siteTenantId, connectionId);
  if (jira === null) return fail(await refusalOfSilence(ports, site, whose));
  const shape = await jira.readSpaceShape('projectId' in space ? space.projectId : asKey(space.projectKey));
  if (shape.ok) {
    const { projectId, projectKey } = shape.value;
    return succeed({ address: { siteTenantId, connectionId, projectId, projectKey }, shape: shape.value });
  }
  if (shape.failure.kind === 'missing' || shape.failure.kind === 'forbidden') return fail({ code: 'space-not-found' });
  if (shape.failure.kind === 'unauthorized') return fail(await refusalOfSilence(ports, site, whose));
  return fail(
    whose === 'own'
      ? refusalOfOwnSite(shape.failure)
      : { code: shape.failure.kind === 'rate-limited' ? 'site-busy' : 'partner-unreachable' },
  );
}

/** Why there is no way to a site: somebody has to authenticate, or the site or the app there is away. */
export async function refusalOfSilence(
  { connections }: Pick<SetUpPorts, 'connections'>,
  { siteTenantId, connectionId }: Site,
  whose: 'own' | 'partner',
): Promise<SetUpRefusal> {
  const remote = await connections.read(siteTenantId, connectionId);
  if (remote !== null && remote.state !== 'working') return { code: 'authentication-needed' };
  return { code: whose === 'own' && remote === null ? 'site-unreachable' : 'partner-unreachable' };
}

/** Why two spaces cannot be tied to each other; null: they can (SPEC S10). Asked of all that side A's site, or its tenant, takes part in. */
export async function refusalOfTie(
  ports: Pick<SetUpPorts, 'directory' | 'synchronizations' | 'clock'>,
  sides: Sides<SideAddress>,
  except: SynchronizationId | null,
): Promise<SetUpRefusal | null> {
  const nameOf = createNaming(ports);
  const [a, b] = [await nameOf(sides.A), await nameOf(sides.B)];
  if (a === b) return { code: 'same-space' };
  for (const other of await ports.synchronizations.listOfSite(sides.A.siteTenantId)) {
    if (other.synchronizationId === except) continue;
    if (!holdsItsSpaces(stateAt(other.state, other.request?.askedAt ?? null, ports.clock.now()))) continue;
    const theirs = [await nameOf(other.sides.A), await nameOf(other.sides.B)];
    if (theirs.includes(a) && theirs.includes(b)) return { code: 'already-synchronized' };
  }
  return null;
}

/** A name for a space that is the same by whichever connection it is reached: the address of its site, and its id there. */
function createNaming({ directory }: Pick<SetUpPorts, 'directory'>): (space: SideAddress) => Promise<string> {
  const known = new Map<string, string>();
  return async ({ siteTenantId, connectionId, projectId }) => {
    const site = known.get(connectionId) ?? (await readSiteUrl(directory, siteTenantId, connectionId)) ?? connectionId;
    known.set(connectionId, site);
    return `${site.toLowerCase().replace(/\/+$/, '')} ${projectId}`;
  };
}

/** A site that has the app is known by one address, whichever of its addresses a connection was given. */
async function readSiteUrl(directory: SiteDirectory, ...[tenantId, connectionId]: Parameters<SiteDirectory['read']>) {
  const site = await directory.read(tenantId, connectionId);
  return site === null ? null : ((await directory.findByUrl(site.siteUrl)) ?? site).siteUrl;
}

/** An account of the caller's site; null for a program. */
export const accountOf = (caller: Caller) => (caller.kind === 'token' ? null : caller.accountId);
