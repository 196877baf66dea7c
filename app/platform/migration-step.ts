/** One direction of a migration. `run` executes SQL, several statements at once if need be, in the migration's transaction. */
export type MigrationStep = (run: (sql: string) => Promise<void>) => Promise<void>;
