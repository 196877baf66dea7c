/**
 * Brings everything that is sealed with an older master key under the current one: `npm run rotate-keys`, with the settings of the app
 * (DATABASE_URL, TANDEM_ENCRYPTION_KEY, TANDEM_ENCRYPTION_KEYS_OLDER). Tandem may run meanwhile. `npm run rotate-keys -- --look` only
 * counts. How keys are changed: docs/operations.md.
 */
import { readFileSync } from 'node:fs';
import { formatProblems, readConfig } from '../app/config/read-config.ts';
import { type ColumnStanding, resealRows } from '../app/connections/reseal-rows.ts';
import { createSecretBox, keyIdOf } from '../app/connections/secret-box.ts';
import { systemClock } from '../app/platform/clock.ts';
import { createDatabase } from '../app/platform/database.ts';
import { readSchemaState } from '../app/platform/migrate.ts';
import { describeRotation } from './describe-rotation.ts';

/** Rows that are written at the moment they are read are found by the next look. */
const MOST_LOOKS = 5;

const read = readConfig(process.env, JSON.parse(readFileSync(new URL('../config.json', import.meta.url), 'utf8')));
const lookOnly = process.argv.includes('--look');

if (!read.ok) {
  process.stderr.write(formatProblems(read.failure));
  process.exitCode = 1;
} else if (read.value.databaseUrl === null || read.value.encryptionKeys === null) {
  console.error('DATABASE_URL is not set. Without it `npm start` runs its own Postgres with a key that is never changed.');
  process.exitCode = 1;
} else {
  const database = createDatabase({ url: read.value.databaseUrl, poolSize: 2, clock: systemClock });
  const older = read.value.encryptionKeys.older.map((key) => Buffer.from(key, 'hex'));
  const box = createSecretBox({ current: Buffer.from(read.value.encryptionKeys.current, 'hex'), older });
  try {
    const state = await readSchemaState(database.sequelize);
    if (state.kind !== 'current') throw new Error('The database is not at this version. Start Tandem, or run: npm run migrate');
    const totals = new Map<string, number>();
    let last: readonly ColumnStanding[] = await resealRows(database, box, lookOnly ? 'look' : 'reseal');
    for (let looks = 1; ; looks += 1) {
      for (const { column, moved } of last) totals.set(column, (totals.get(column) ?? 0) + moved);
      if (looks === MOST_LOOKS || last.every(({ moved }) => moved === 0)) break;
      last = await resealRows(database, box, 'reseal');
    }
    const { text, isDone } = describeRotation({
      moved: totals,
      last,
      currentKeyId: box.currentKeyId,
      olderKeyIds: older.map(keyIdOf),
    });
    console.log(text);
    process.exitCode = isDone ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    await database.close();
  }
}
