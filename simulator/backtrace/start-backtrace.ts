import http from 'node:http';
import express from 'express';
import type { Clock, Timers } from '../heart/clock.ts';
import { systemClock, systemTimers } from '../system-clock.ts';
import { type BacktraceControl, mountBacktraceControl, mountFaults } from './backtrace-control.ts';
import { mountBacktrace } from './backtrace-routes.ts';
import { TrackerWebhooks } from './tracker-webhooks.ts';
import { buildTracker } from './tracker-world.ts';

export interface BacktraceOptions {
  readonly seed?: number;
  /** Real time unless given. */
  readonly clock?: Clock;
  readonly timers?: Timers;
  /** A free port unless given. */
  readonly port?: number;
  /** Errors of one group within this time make one webhook; 3000 unless given. */
  readonly batchMs?: number;
}

/** The running tracker. */
export interface SimulatedBacktrace extends BacktraceControl {
  readonly url: string;
  close(): Promise<void>;
}

const BATCH_MS = 3000;

/** Starts a simulated Backtrace universe with one project's crashes in it. */
export async function startBacktrace(options: BacktraceOptions = {}): Promise<SimulatedBacktrace> {
  const timers = options.timers ?? systemTimers;
  const server = http.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A listening server has a port');
  const url = `http://localhost:${address.port}`;
  const tracker = buildTracker({ clock: options.clock ?? systemClock, seed: options.seed ?? 1 });
  const webhooks = new TrackerWebhooks({ tracker, baseUrl: url, timers, batchMs: options.batchMs ?? BATCH_MS });
  const control: BacktraceControl = { tracker, webhooks, wishes: { failing: new Map() }, faults: [], calls: [] };
  const face = express();
  face.disable('x-powered-by');
  mountFaults(face, control, timers);
  face.use(express.json({ limit: '10mb', type: ['application/json', 'text/plain'] }), express.urlencoded({ extended: false }));
  mountBacktraceControl(face, control);
  mountBacktrace(face, tracker, control.wishes);
  server.on('request', face);
  return {
    ...control,
    url,
    close: async () => {
      webhooks.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
