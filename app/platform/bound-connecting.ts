import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Thrown into a socket that did not connect in time. A fault of its own, because then nothing was sent yet. */
class ConnectTimeout extends Error {
  readonly code = 'CONNECT_TIMEOUT';
  constructor() {
    super('connecting took too long');
  }
}

const isSocket = (stream: Duplex): stream is Socket => 'connecting' in stream && 'setTimeout' in stream;

/** Destroys a socket, just made, that has not connected after `connectTimeoutMs`; finding its address counts. */
export function boundConnecting<T extends Duplex | null | undefined>(stream: T, connectTimeoutMs: number): T {
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

/**
 * Idle sockets are closed before Atlassian's edge closes them, so that a write rarely meets a socket just gone. As many may be idle as a
 * worker has hands: in a burst all of them call the same site, and with half as many every fourth call of a burst began with a new connection.
 */
export const KEEP_ALIVE = {
  keepAlive: true,
  keepAliveMsecs: 10_000,
  maxSockets: 128,
  maxFreeSockets: 64,
  scheduling: 'lifo',
} as const;
