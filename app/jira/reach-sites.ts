import type { Transports } from '../connections/transport.ts';
import type { ConnectionId } from '../core/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { Quota, Sites } from '../sync/ports.ts';
import { createJiraClient, type JiraHttp, type RequestRecord } from './client.ts';
import { createCloudJira } from './cloud/cloud-jira.ts';
import { createPace, type Pace } from './pace-calls.ts';
import { createRateGate, type RateGate } from './rate-gate.ts';

/** What this process remembers of a site's limits. */
interface SiteLimits {
  readonly gate: RateGate;
  readonly pace: Pace;
  readonly prices: Map<string, number>;
}

/**
 * The way to every site with a working connection. Ask anew for each turn: a transport is signed with the secret as it is then,
 * and a disabled site is refused here. Only what is known of limits lives longer, since a limit outlasts the turn that met it.
 */
export function createSites(parts: {
  transports: Transports;
  http: JiraHttp;
  /** For addresses that people typed: its agents refuse what may not be called. */
  givenHttp: JiraHttp;
  clock: Clock;
  /** What all processes may spend; null: nobody counts. */
  quota: Quota | null;
  record: (connectionId: ConnectionId, request: RequestRecord) => void;
}): Sites {
  const app = createRateGate();
  const known = new Map<ConnectionId, SiteLimits>();
  const limitsOf = (connectionId: ConnectionId): SiteLimits => {
    const limits = known.get(connectionId) ?? { gate: createRateGate(), pace: createPace(), prices: new Map() };
    known.set(connectionId, limits);
    return limits;
  };
  return {
    async reach(siteTenantId, connectionId, purpose = { payer: siteTenantId, work: 'edit' }) {
      const transport = await parts.transports.reach(siteTenantId, connectionId);
      if (!transport.ok) return null;
      const { gate, pace, prices } = limitsOf(connectionId);
      const { clock, quota } = parts;
      return createCloudJira(
        createJiraClient({
          transport: transport.value,
          http: transport.value.address === 'given' ? parts.givenHttp : parts.http,
          clock,
          gates: { connection: gate, app },
          pace,
          budget: quota === null ? null : { quota, account: { siteTenantId, connectionId, purpose }, prices },
          record: (request) => parts.record(connectionId, request),
        }),
      );
    },
  };
}
