import http from 'node:http';
import { callHttp } from '../http-call.ts';
import type { Endpoint, Network } from './network.ts';

/** Longer than any pause between two calls of a client that keeps its sockets. */
const KEEP_ALIVE_MS = 60_000;

const portOf = (server: http.Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens at no port');
  return address.port;
};

async function open(port = 0): Promise<Endpoint> {
  const server = http.createServer();
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    url: `http://localhost:${portOf(server)}`,
    serve: (handler) => void server.on('request', handler),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Real sockets on the loopback interface. */
export const socketNetwork: Network = { open, call: callHttp };
