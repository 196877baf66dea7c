import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RunnableConfig } from '../app/compose-parts.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** `scripts/start.ts` in a process of its own, as it is deployed. */
export interface StartedProcess {
  /** What it has printed so far, both streams. */
  output(): string;
  kill(signal: NodeJS.Signals): void;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** @param environment everything the process finds in its environment, beside PATH */
export function startProcess(environment: Readonly<Record<string, string>>): StartedProcess {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'scripts/start.ts'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return {
    output: () => output,
    kill: (signal) => void child.kill(signal),
    ended: once(child, 'close').then(([code, signal]: (number | NodeJS.Signals | null)[]) => code ?? signal ?? 0) as Promise<
      number | NodeJS.Signals
    >,
  };
}

/** Settings with which another process joins a running Tandem. */
export const environmentOf = (config: RunnableConfig): Record<string, string> => ({
  NODE_ENV: config.mode,
  DATABASE_URL: config.databaseUrl,
  TANDEM_ENCRYPTION_KEY: config.encryptionKeys.current,
  CONNECT_KEYS_CDN_URL: config.installKeyServers.join(','),
  PUBLIC_URL: config.publicUrl,
});
