import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../app/platform/embedded-postgres.ts';
import { makeRandomId } from '../app/platform/ids.ts';
import { freePort } from '../test/free-port.ts';
import { until } from '../test/two-sites.ts';

/** A Postgres of one's own that can be ended as a machine or a careless person ends it. */
export interface RealPostgres {
  /** The same after a restart. */
  readonly url: string;
  /** Ends it without a shutdown, and starts it again on what it left. */
  restart(signal: 'SIGQUIT' | 'SIGKILL'): Promise<void>;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** In a throw-away folder, on a port that stays the same. What was committed outlives a crash of Postgres, though not one of the machine. */
export async function startRealPostgres(): Promise<RealPostgres> {
  const folder = path.join(tmpdir(), `tandem-lab-${makeRandomId()}`);
  const port = String(await freePort());
  const start = (): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({
      folder,
      lifetime: 'temporary',
      // A temporary one would not wait for its own log, and lose in a crash what it had said was there.
      settings: { port, max_connections: '120', synchronous_commit: 'on', full_page_writes: 'on' },
    });
  let server = await start();
  const url = new URL(server.url);
  url.port = port;
  let restarting: Promise<void> = Promise.resolve();
  return {
    url: url.href,
    restart(signal) {
      restarting = (async () => {
        const pid = Number.parseInt(readFileSync(path.join(folder, 'data', 'postmaster.pid'), 'utf8'), 10);
        process.kill(pid, signal);
        await until(() => !isAlive(pid));
        server = await start();
      })();
      return restarting;
    },
    async stop() {
      // Whoever asked for the restart was told that it failed; here it only has to be over.
      await restarting.catch(() => undefined);
      await server.stop();
    },
  };
}
