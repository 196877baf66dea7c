/**
 * Runs after `npm ci` and `npm install`: builds the embedded page into public/ui/. Where development packages are left out
 * (`--omit=dev`) there is nothing to build with, and a deployed image brings the built page along.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const vite = 'node_modules/vite/bin/vite.js';

if (existsSync(vite)) {
  const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else {
  console.log('Development packages are left out: the embedded page is not built here.');
}
