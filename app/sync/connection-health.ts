import { fail, succeed } from '../core/failure.ts';
import type { ConnectionId, ProjectId } from '../core/ids.ts';
import type { RemoteConnection, RightStanding, SiteCare } from './connection-ports.ts';
import type { ConnectionRefusal } from './connection-refusal.ts';
import type { ConnectionResult, ConnectionSetUpPorts } from './connection-set-up-ports.ts';
import { findConnection, refusalOfRemoteSite } from './find-connection.ts';
import type { QuotaView } from './read-quota.ts';
import type { Caller } from './set-up-ports.ts';
import { listUsesOfConnection, spacesReachedBy } from './uses-of-connection.ts';

/** What the sync user may in a space that a synchronization uses. */
export interface SpaceHealth {
  readonly projectId: ProjectId;
  readonly projectKey: string;
  /** Null: the site did not say. */
  readonly rights: readonly RightStanding[] | null;
}

export interface ConnectionHealth {
  readonly connection: RemoteConnection;
  /**
   * Whether the site answered to these credentials just now. `unasked`: there are none that could be tried, see `connection.state`.
   * Asking tells the transport of tokens that are not accepted any more, so `connection` was read after it.
   */
  readonly answers: 'yes' | 'no' | 'unasked';
  /** Why it did not; null unless `answers` is `no`. */
  readonly problem: ConnectionRefusal | null;
  readonly spaces: readonly SpaceHealth[];
  readonly quota: QuotaView;
}

/** How a connection stands: what is stored of it, and what the site says at this moment. */
export async function readConnectionHealth(
  ports: Pick<ConnectionSetUpPorts, 'connections' | 'sites' | 'cares' | 'synchronizations' | 'readQuota'>,
  caller: Caller,
  connectionId: ConnectionId,
): ConnectionResult<ConnectionHealth> {
  const found = await findConnection(ports, caller, connectionId);
  if (!found.ok) return found;
  const { tenantId } = found.value;
  const used = await listSpaces(ports, found.value);
  const care = await ports.cares.reach(tenantId, connectionId);
  const asked = (await care?.whoAmI()) ?? null;
  const answers = asked === null ? 'unasked' : asked.ok ? 'yes' : 'no';
  const problem = asked === null || asked.ok ? null : refusalOfRemoteSite(asked.failure);
  const spaces = await Promise.all(used.map((space) => readSpace(answers === 'yes' ? care : null, space)));
  const connection = await ports.connections.read(tenantId, connectionId);
  if (connection === null) return fail({ code: 'connection-not-found' });
  return succeed({ connection, answers, problem, spaces, quota: await ports.readQuota(tenantId, connectionId) });
}

type UsedSpace = Pick<SpaceHealth, 'projectId' | 'projectKey'>;

/** Each space once, however many synchronizations it has. */
async function listSpaces(
  ports: Pick<ConnectionSetUpPorts, 'synchronizations'>,
  { tenantId, connectionId }: RemoteConnection,
): Promise<readonly UsedSpace[]> {
  const spaces = spacesReachedBy(await listUsesOfConnection(ports, tenantId, connectionId), connectionId);
  return [...new Map(spaces.map(({ projectId, projectKey }) => [projectId, { projectId, projectKey }])).values()];
}

async function readSpace(care: SiteCare | null, space: UsedSpace): Promise<SpaceHealth> {
  const rights = care === null ? null : await care.readRights(space.projectId);
  return { ...space, rights: rights?.ok === true ? rights.value : null };
}
