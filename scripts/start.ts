/**
 * `npm start`. With DATABASE_URL (and what else production needs, see .env.example) this is the server; without, it is the
 * demonstration: own Postgres, two simulated Jira sites, and a synchronization that runs between them.
 */
import { readFileSync } from 'node:fs';
import { formatProblems, readConfig } from '../app/config/read-config.ts';
import { run } from '../app/main.ts';
import { createLogger } from '../app/platform/logger.ts';

const file: unknown = JSON.parse(readFileSync(new URL('../config.json', import.meta.url), 'utf8'));
const read = readConfig(process.env, file);

/** Starts, then stops on the first Ctrl-C or SIGTERM; a second one ends at once. */
async function startUntilSignal(start: () => Promise<{ stop(): Promise<void> }>): Promise<void> {
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(130));
        resolve();
      });
    }
  });
  const running = await start();
  await asked;
  await running.stop();
}

if (!read.ok) {
  process.stderr.write(formatProblems(read.failure));
  process.exitCode = 1;
} else {
  const config = read.value;
  const { databaseUrl, encryptionKeys } = config;
  try {
    await startUntilSignal(async () => {
      if (databaseUrl !== null && encryptionKeys !== null) {
        return run({ ...config, databaseUrl, encryptionKeys }, createLogger(config.logLevel));
      }
      // Loaded only here: a deployed image leaves the simulated sites out.
      const { startDemonstration } = await import('./demonstration.ts');
      return startDemonstration(config);
    });
  } catch (error) {
    process.stderr.write(`Tandem could not start. ${describe(error)}\n`);
    process.exitCode = 1;
  }
}

function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE' && error instanceof Error && 'port' in error) {
    return `Port ${String(error.port)} is taken by another program. Stop that one, or choose another port with PORT.`;
  }
  return error instanceof Error ? error.message : String(error);
}
