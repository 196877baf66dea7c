/**
 * Brings the database of DATABASE_URL up to this version: `npm run migrate`.
 * `npm run migrate -- down 1` takes the newest migration back, with the data of its tables.
 */
import { systemClock } from '../app/platform/clock.ts';
import { createDatabase } from '../app/platform/database.ts';
import { migrateDown, migrateUp } from '../app/platform/migrate.ts';

const url = process.env.DATABASE_URL;
const [direction = 'up', steps = '1'] = process.argv.slice(2);

if (url === undefined || url === '') {
  console.error('DATABASE_URL is not set. Without it `npm start` runs its own Postgres and migrates that one by itself.');
  process.exitCode = 1;
} else if ((direction !== 'up' && direction !== 'down') || !/^[1-9]\d*$/.test(steps)) {
  console.error('Usage: npm run migrate [-- up | down <number of migrations>]');
  process.exitCode = 1;
} else {
  const database = createDatabase({ url, poolSize: 2, clock: systemClock });
  try {
    const names = direction === 'up' ? await migrateUp(database.sequelize) : await migrateDown(database.sequelize, Number(steps));
    console.log(
      names.length === 0 ? 'The database is up to date.' : `${direction === 'up' ? 'Applied' : 'Took back'}: ${names.join(', ')}`,
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    await database.close();
  }
}
