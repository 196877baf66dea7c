import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Recorded payloads and official API documents. They lie beside the project in development and CI and are absent in a public
 * clone; the tests that read them then say so and pass. In CI (CI=true) their absence is a failure.
 */
const SHARED = fileURLToPath(new URL('../../shared/', import.meta.url));

/** A file under ../shared, parsed; null when the folder is absent outside CI. */
export const readShared = (path: string): unknown =>
  sharedIsHere() ? JSON.parse(readFileSync(`${SHARED}${path}`, 'utf8')) : null;

/** The JSON files of a folder under ../shared; none when it is absent outside CI. */
export const listShared = (folder: string): readonly string[] =>
  sharedIsHere()
    ? readdirSync(`${SHARED}${folder}`)
        .filter((name) => name.endsWith('.json'))
        .map((name) => `${folder}/${name}`)
    : [];

export const sharedIsHere = (): boolean => {
  if (existsSync(SHARED)) return true;
  if (process.env.CI === 'true')
    throw new Error('../shared is missing: in CI the recorded payloads and API documents must be there.');
  return false;
};
