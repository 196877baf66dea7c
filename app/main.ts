import { compose } from './compose.ts';
import type { RunnableConfig, Tandem } from './compose-parts.ts';
import type { Logger } from './platform/logger.ts';
import { migrateUp } from './platform/migrate.ts';
import { type Listening, listen } from './web/listen.ts';

/** A running process of Tandem. */
export interface Running {
  /** Null for the role `worker`. */
  readonly port: number | null;
  /** Takes no new requests and lanes, finishes what is in hand, disconnects. */
  stop(): Promise<void>;
}

/**
 * Starts the roles of this process: `web` takes requests, `worker` takes turns of lanes, `all` does both. Brings the database up to
 * this version first; one process does it, the others wait. Rejects when the port is taken or the database is newer than the code.
 */
export async function run(config: RunnableConfig, logger: Logger): Promise<Running> {
  const tandem = await compose(config, logger);
  try {
    const applied = await migrateUp(tandem.database.sequelize);
    if (applied.length > 0) logger.info({ applied: applied.length }, 'The database was brought up to this version');
    const listening =
      config.role === 'worker'
        ? null
        : await listen(tandem.web, config.port, config.mode === 'production' ? 'everybody' : 'this-machine');
    const working = startWork(config, tandem, logger);
    logger.info({ role: config.role, port: listening?.port }, 'Tandem is running');
    return { port: listening?.port ?? null, stop: () => stop(tandem, listening, working) };
  } catch (error) {
    await tandem.close();
    throw error;
  }
}

interface Working {
  readonly done: Promise<void>;
  readonly end: AbortController;
}

function startWork(config: RunnableConfig, tandem: Tandem, logger: Logger): Working | null {
  if (config.role === 'web') return null;
  const end = new AbortController();
  const done = tandem.work(end.signal).catch((error: unknown) => {
    logger.fatal({ error: error instanceof Error ? error.name : 'unknown' }, 'The worker ended by itself');
  });
  return { done, end };
}

async function stop(tandem: Tandem, listening: Listening | null, working: Working | null): Promise<void> {
  working?.end.abort();
  await listening?.close();
  await working?.done;
  await tandem.close();
}
