import type { SignedTransport, Transports } from '../connections/transport.ts';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { Purpose } from '../sync/ports.ts';
import type { Quota } from '../sync/quota-ports.ts';
import { createJiraClient, type JiraClient, type JiraHttp, type RequestRecord } from './client.ts';
import { createPace, type Pace } from './pace-calls.ts';
import { createRateGate, type RateGate } from './rate-gate.ts';

/** What this process remembers of a site's limits. */
interface SiteLimits {
  readonly gate: RateGate;
  readonly pace: Pace;
  readonly prices: Map<string, number>;
}

/** A site that can be called now, and what speaks there. */
export interface ReachedClient {
  readonly client: JiraClient;
  readonly transport: SignedTransport;
}

/** Finds the way to a site. Null: the connection is gone, disabled, or needs authentication. */
export interface Clients {
  /** Without a purpose: for a person who waits for the answer. */
  reach(siteTenantId: TenantId, connectionId: ConnectionId, purpose?: Purpose): Promise<ReachedClient | null>;
}

export interface ClientsParts {
  readonly transports: Transports;
  readonly http: JiraHttp;
  /** For addresses that people typed: its agents refuse what may not be called. */
  readonly givenHttp: JiraHttp;
  readonly clock: Clock;
  /** What all processes may spend; null: nobody counts. */
  readonly quota: Quota | null;
  readonly record: (connectionId: ConnectionId, request: RequestRecord) => void;
}

/**
 * The way to every site with a working connection. Ask anew for each turn: a transport is signed with the secret as it is then,
 * and a disabled site is refused here. Only what is known of limits lives longer, since a limit outlasts the turn that met it.
 */
export function createClients(parts: ClientsParts): Clients {
  const app = createRateGate();
  const known = new Map<ConnectionId, SiteLimits>();
  const limitsOf = (connectionId: ConnectionId): SiteLimits => {
    const limits = known.get(connectionId) ?? { gate: createRateGate(), pace: createPace(), prices: new Map() };
    known.set(connectionId, limits);
    return limits;
  };
  return {
    async reach(siteTenantId, connectionId, purpose = { payer: siteTenantId, work: 'edit' }) {
      const reached = await parts.transports.reach(siteTenantId, connectionId);
      if (!reached.ok) return null;
      const transport = reached.value;
      const { gate, pace, prices } = limitsOf(connectionId);
      const { clock } = parts;
      // Points are Cloud's: a Data Center site knows none, and nothing done there is taken from the app's. Nor does Jira count those who
      // come by a token of a person's.
      const isVouched = transport.address === 'vouched';
      const quota = isVouched && transport.product === 'cloud' ? parts.quota : null;
      const client = createJiraClient({
        transport,
        http: transport.address === 'given' ? parts.givenHttp : parts.http,
        clock,
        // Whatever answers at an address that a person typed speaks for itself: it does not close the app to all others.
        gates: { connection: gate, app: isVouched ? app : gate },
        pace,
        budget:
          quota === null ? null : { quota, account: { siteTenantId, connectionId, hasApp: transport.hasApp, purpose }, prices },
        record: (request) => parts.record(connectionId, request),
      });
      return { client, transport };
    },
  };
}
