import { readFileSync } from 'node:fs';
import type { RunnableConfig } from '../app/compose-parts.ts';
import { readConfig } from '../app/config/read-config.ts';

/** The settings that an environment makes, for tests; it has to name a database and a master key. */
export function settingsFor(environment: Readonly<Record<string, string>>): RunnableConfig {
  const file: unknown = JSON.parse(readFileSync(new URL('../config.json', import.meta.url), 'utf8'));
  const read = readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', ...environment }, file);
  if (!read.ok) throw new Error(read.failure.map(({ setting, problem }) => `${setting} ${problem}`).join('; '));
  const { databaseUrl, encryptionKeys } = read.value;
  if (databaseUrl === null || encryptionKeys === null) throw new Error('A database and a master key are missing.');
  return { ...read.value, databaseUrl, encryptionKeys };
}
