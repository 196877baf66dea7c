import { z } from 'zod';
import type { Database } from '../app/platform/database.ts';

/** The database, but its transactions stand still, all they do done, until `commit` is called. `changed`: the first one does. */
export function heldBeforeCommit(database: Database): {
  readonly database: Database;
  readonly changed: Promise<void>;
  commit(): void;
} {
  const changed = Promise.withResolvers<void>();
  const committed = Promise.withResolvers<void>();
  const held: Database = {
    ...database,
    transaction: (work) =>
      database.transaction(async (statements) => {
        const result = await work(statements);
        changed.resolve();
        await committed.promise;
        return result;
      }),
  };
  return { database: held, changed: changed.promise, commit: committed.resolve };
}

/** Until a statement of another connection waits for a lock. */
export async function somebodyWaits(database: Database): Promise<void> {
  const waits = z.object({ waiting: z.boolean() });
  const sql =
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS waiting";
  for (;;) {
    const [now] = await database.rows(sql, [], waits);
    if (now?.waiting === true) return;
  }
}

/** Each transaction commits, nobody hears of it, and it is repeated as database.ts does then. */
export const unheard = (heard: Database): Database => ({
  ...heard,
  async transaction(work) {
    await heard.transaction(work);
    return heard.transaction(work);
  },
});
