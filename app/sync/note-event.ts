import type { ConnectionStore, RemoteConnection } from './connection-ports.ts';

const MINUTE_MS = 60_000;
const MOST_REMEMBERED = 10_000;

/** An authentic event of that connection came in. */
export type NoteEvent = (connection: Pick<RemoteConnection, 'tenantId' | 'connectionId' | 'lastEventAt'>) => Promise<void>;

/**
 * Writes down when the last event of a connection came, to the minute: at most one write a minute and process, however many there are.
 * The first one ends the polling of a site that was silent.
 */
export function createNoteEvent(ports: {
  readonly connections: Pick<ConnectionStore, 'change' | 'endLook'>;
  readonly clock: { now(): number };
}): NoteEvent {
  const noted = new Map<string, number>();
  return async ({ tenantId, connectionId, lastEventAt }) => {
    const minute = Math.floor(ports.clock.now() / MINUTE_MS) * MINUTE_MS;
    if (minute <= Math.max(lastEventAt ?? 0, noted.get(connectionId) ?? 0)) return;
    if (noted.size >= MOST_REMEMBERED) noted.clear();
    noted.set(connectionId, minute);
    await ports.connections.change(tenantId, connectionId, { lastEventAt: minute });
    // Whoever waits for the first one should not wait for the next look too.
    if (lastEventAt === null) await ports.connections.endLook(tenantId, connectionId, 0);
  };
}
