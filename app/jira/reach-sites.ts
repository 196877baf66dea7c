import type { Transports } from '../connections/transport.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { ConnectionId } from '../core/ids.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { Clock } from '../platform/clock.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { Quota, Sites } from '../sync/ports.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createJiraClient, type JiraHttp, type RequestRecord } from './client.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createCloudJira } from './cloud/cloud-jira.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createPace, type Pace } from './pace-calls.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createRateGate, type RateGate } from './rate-gate.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** What this process remembers of a site's limits. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
interface SiteLimits {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly gate: RateGate;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly pace: Pace;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly prices: Map<string, number>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/**
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 * The way to every site with a working connection. Ask anew for each turn: a transport is signed with the secret as it is then,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 * and a disabled site is refused here. Only what is known of limits lives longer, since a limit outlasts the turn that met it.
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
 */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export function createSites(parts: {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  transports: Transports;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  http: JiraHttp;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  clock: Clock;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** What all processes may spend; null: nobody counts. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  quota: Quota | null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  record: (connectionId: ConnectionId, request: RequestRecord) => void;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}): Sites {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const app = createRateGate();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const known = new Map<ConnectionId, SiteLimits>();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const limitsOf = (connectionId: ConnectionId): SiteLimits => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const limits = known.get(connectionId) ?? { gate: createRateGate(), pace: createPace(), prices: new Map() };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    known.set(connectionId, limits);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    return limits;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    async reach(siteTenantId, connectionId, purpose = { payer: siteTenantId, work: 'edit' }) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const transport = await parts.transports.reach(siteTenantId, connectionId);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (!transport.ok) return null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const { gate, pace, prices } = limitsOf(connectionId);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const { http, clock, quota } = parts;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      return createCloudJira(
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        createJiraClient({
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
          transport: transport.value,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
          http,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
          clock,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
          gates: { connection: gate, app },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
          pace,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
          budget: quota === null ? null : { quota, account: { siteTenantId, connectionId, purpose }, prices },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
          record: (request) => parts.record(connectionId, request),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        }),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      );
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
