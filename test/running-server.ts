import type { EmbeddedPostgres } from '../app/platform/embedded-postgres.ts';

/** Jest loads set-up and teardown apart from each other, in one process: only `globalThis` is common to both. */
const SERVER = Symbol.for('tandem.test.postgres');

const common: typeof globalThis & { [SERVER]?: EmbeddedPostgres } = globalThis;

export const keepServer = (server: EmbeddedPostgres): void => {
  common[SERVER] = server;
};

/** The server that the set-up started; null when tests run against one that was given. */
export const takeServer = (): EmbeddedPostgres | null => common[SERVER] ?? null;
