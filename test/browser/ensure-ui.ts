import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { oneAtATime } from '../database.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUNDLE = `${ROOT}public/ui/tandem.js`;
const SOURCES = ['app/ui', 'app/contract', 'vite.config.ts', 'package-lock.json'];

const newest = (place: string): number => {
  const state = statSync(place);
  if (!state.isDirectory()) return state.mtimeMs;
  return Math.max(
    ...readdirSync(place, { recursive: true, encoding: 'utf8' }).map((name) => statSync(`${place}/${name}`).mtimeMs),
  );
};

/**
 * Builds the page's bundle when it is missing or older than what it is made of, once for all test files that run at this time.
 * @throws with what the build said
 */
export const ensureUi = (): Promise<void> => oneAtATime(async () => buildUi());

function buildUi(): void {
  const sources = Math.max(...SOURCES.map((source) => newest(ROOT + source)));
  if (existsSync(BUNDLE) && statSync(BUNDLE).mtimeMs >= sources) return;
  // The tests' own NODE_ENV would make React's development bundle, which warns where the real one is silent.
  const env = { ...process.env, NODE_ENV: 'production' };
  const built = spawnSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build'], { cwd: ROOT, env, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`"npm run build:ui" failed:\n${built.stdout}${built.stderr}`);
}
