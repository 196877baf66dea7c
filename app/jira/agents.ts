import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Sockets kept open between requests: a TLS handshake costs more than most of Jira's answers. */
export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  close(): void;
}

/** Thrown into a socket that did not connect in time. A fault of its own, because then nothing was sent yet. */
class ConnectTimeout extends Error {
  readonly code = 'CONNECT_TIMEOUT';
  constructor() {
    super('connecting took too long');
  }
}

const isSocket = (stream: Duplex): stream is Socket => 'connecting' in stream && 'setTimeout' in stream;

function boundConnecting<T extends Duplex | null | undefined>(stream: T, connectTimeoutMs: number): T {
  if (!stream || !isSocket(stream) || !stream.connecting) return stream;
  const socket: Socket = stream;
  const giveUp = (): void => {
    socket.destroy(new ConnectTimeout());
  };
  socket.setTimeout(connectTimeoutMs, giveUp);
  socket.once('connect', () => {
    socket.setTimeout(0);
    socket.removeListener('timeout', giveUp);
  });
  return stream;
}

/** Idle sockets are closed before Atlassian's edge closes them, so that a write rarely meets a socket just gone. */
const KEEP = { keepAlive: true, keepAliveMsecs: 10_000, maxSockets: 128, maxFreeSockets: 32, scheduling: 'lifo' } as const;

/** Agents whose sockets give up connecting after `connectTimeoutMs`; what happens after that has its own limits (client.ts). */
export function createAgents({ connectTimeoutMs }: { connectTimeoutMs: number }): Agents {
  class BoundHttpAgent extends HttpAgent {
    override createConnection(...args: Parameters<HttpAgent['createConnection']>): ReturnType<HttpAgent['createConnection']> {
      return boundConnecting(super.createConnection(...args), connectTimeoutMs);
    }
  }
  class BoundHttpsAgent extends HttpsAgent {
    override createConnection(...args: Parameters<HttpsAgent['createConnection']>): ReturnType<HttpsAgent['createConnection']> {
      return boundConnecting(super.createConnection(...args), connectTimeoutMs);
    }
  }
  const httpAgent = new BoundHttpAgent(KEEP);
  const httpsAgent = new BoundHttpsAgent(KEEP);
  return {
    httpAgent,
    httpsAgent,
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}
