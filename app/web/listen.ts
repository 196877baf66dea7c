import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Express } from 'express';

/** A listening server. `close` lets running requests end, up to `DRAIN_MS`. */
export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** A body of 25 MB on a slow line; beyond that the sender is stuck. */
const REQUEST_TIMEOUT_MS = 60_000;
const HEADERS_TIMEOUT_MS = 15_000;
/** Longer than the idle time of usual load balancers (60 s), so that they close first and never meet a closing connection. */
const KEEP_ALIVE_MS = 65_000;
const DRAIN_MS = 10_000;
/**
 * Connections that may wait to be taken. With Node's 511 the rest of a burst of webhooks is dropped by the kernel and tried again
 * 1, 3, 7… seconds later, beyond the 10 seconds that Jira waits. The kernel's own limit (somaxconn, usually 4096) applies too.
 */
const BACKLOG = 4096;

/** Port 0 takes a free one. `reach`: who may connect. Rejects when the port is taken. */
export const listen = async (app: Express, port: number, reach: 'everybody' | 'this-machine'): Promise<Listening> => {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    app,
  );
  server.listen({ port, backlog: BACKLOG, ...(reach === 'this-machine' ? { host: '127.0.0.1' } : {}) });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return {
    port: address.port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const late = AbortSignal.timeout(DRAIN_MS);
      late.addEventListener('abort', () => server.closeAllConnections());
      await closed;
    },
  };
};
