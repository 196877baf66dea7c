import type { Transports } from '../connections/transport.ts';
import type { ConnectionId } from '../core/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { Sites } from '../sync/ports.ts';
import { createJiraClient, type JiraHttp, type RequestRecord } from './client.ts';
import { createCloudJira } from './cloud/cloud-jira.ts';
import { createRateGate, type RateGate } from './rate-gate.ts';

/**
 * The way to every site with a working connection. Ask anew for each turn: a transport is signed with the secret as it is then,
 * and a disabled site is refused here. Only the gates live longer, since a limit outlasts the turn that met it.
 */
export function createSites(parts: {
  transports: Transports;
  http: JiraHttp;
  clock: Clock;
  record: (connectionId: ConnectionId, request: RequestRecord) => void;
}): Sites {
  const app = createRateGate();
  const gates = new Map<ConnectionId, RateGate>();
  const gateOf = (connectionId: ConnectionId): RateGate => {
    const known = gates.get(connectionId) ?? createRateGate();
    gates.set(connectionId, known);
    return known;
  };
  return {
    async reach(siteTenantId, connectionId) {
      const transport = await parts.transports.reach(siteTenantId, connectionId);
      if (!transport.ok) return null;
      const record = (request: RequestRecord): void => parts.record(connectionId, request);
      const gatesOfSite = { connection: gateOf(connectionId), app };
      return createCloudJira(
        createJiraClient({ transport: transport.value, http: parts.http, clock: parts.clock, gates: gatesOfSite, record }),
      );
    },
  };
}
