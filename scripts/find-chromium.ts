/**
 * Where the browser test gets its browser. As a command it prints the path: `node scripts/find-chromium.ts`.
 *
 * In order: CHROMIUM_PATH, a Chromium or Chrome on the PATH, on Debian and Ubuntu as root the package `chromium`, installed
 * now. Nothing found is an error that says what to do: the browser test is never left out in silence.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The first browser on the PATH, or Chrome's own place on a Mac; null when there is none. */
function findOnPath(): string | null {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const candidates = [...NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))), MAC];
  return candidates.find(isProgram) ?? null;
}

const mayInstall = (): boolean => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** Two test runs may come here at once; apt-get waits for its own lock. What it says is shown only when it fails. */
function installWithApt(): string | null {
  const commands = [
    ['update', '-q'],
    ['install', '-q', '-y', '--no-install-recommends', 'chromium'],
  ];
  for (const args of commands) {
    const run = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
    });
    if (run.status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${run.stdout}${run.stderr}`);
  }
  return findOnPath();
}

/** @returns the path of a Chromium or Chrome. @throws with what to install when there is none. */
export function ensureChromium(): string {
  const chosen = process.env.CHROMIUM_PATH ?? '';
  if (chosen !== '') {
    if (isProgram(chosen)) return chosen;
    throw new Error(`CHROMIUM_PATH is ${chosen}, which is no program. Correct it, or unset it to let one be found.`);
  }
  const found = findOnPath() ?? (mayInstall() ? installWithApt() : null);
  if (found !== null) return found;
  throw new Error(
    'The browser test needs Chromium or Chrome and found none. Install it (Debian, Ubuntu: `sudo apt-get install chromium`; macOS: `brew install --cask google-chrome`), or set CHROMIUM_PATH to the program.',
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    console.log(ensureChromium());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
