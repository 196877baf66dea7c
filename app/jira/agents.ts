import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { boundConnecting, KEEP_ALIVE } from '../platform/bound-connecting.ts';

/** Sockets kept open between requests: a TLS handshake costs more than most of Jira's answers. */
export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  close(): void;
}

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
  const httpAgent = new BoundHttpAgent(KEEP_ALIVE);
  const httpsAgent = new BoundHttpsAgent(KEEP_ALIVE);
  return {
    httpAgent,
    httpsAgent,
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}
