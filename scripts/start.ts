/**
 * `npm start`. With DATABASE_URL (and what else production needs, see .env.example) this is the server; without, it is the
 * demonstration: own Postgres, two simulated Jira sites, and a synchronization that runs between them.
 */
import { readFileSync } from 'node:fs';
import { formatProblems, readConfig } from '../app/config/read-config.ts';
import { run } from '../app/main.ts';
import { createLogger } from '../app/platform/logger.ts';
import { describeStartFailure } from './describe-start-failure.ts';
import { startUntilSignal } from './start-until-signal.ts';

const file: unknown = JSON.parse(readFileSync(new URL('../config.json', import.meta.url), 'utf8'));
const read = readConfig(process.env, file);

if (!read.ok) {
  process.stderr.write(formatProblems(read.failure));
  process.exitCode = 1;
} else {
  const config = read.value;
  const { databaseUrl, encryptionKeys } = config;
  const start = async (): Promise<{ stop(): Promise<void> }> => {
    if (databaseUrl !== null && encryptionKeys !== null) {
      return run({ ...config, databaseUrl, encryptionKeys }, createLogger(config.logLevel));
    }
    // Loaded only here: a deployed image leaves the simulated sites out.
    const { startDemonstration } = await import('./demonstration.ts');
    return startDemonstration(config);
  };
  try {
    await startUntilSignal(start, process.env['npm_lifecycle_event'] !== undefined);
  } catch (error) {
    // What was opened before the failure must not keep the process alive.
    process.stderr.write(`Tandem could not start. ${describeStartFailure(error)}\n`, () => process.exit(1));
  }
}
