import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Placement, RunAs } from './postgres-placement.ts';
import { ensurePrivateFolder, placePostgres } from './postgres-placement.ts';

/*
 * A real Postgres from an npm package, for starting without any set-up and for tests.
 *
 *   <folder>/data        the cluster          <folder>/password   made at the first start, readable by its owner alone
 *   <folder>/owner       pid of the process that started it        <folder>/postgres.log
 *
 * We run the package's binaries ourselves instead of through its class, because that one installs signal handlers which
 * would stop the database before the app has finished its turns, and leaves Postgres behind after SIGKILL. Here a watchdog (a
 * shell that waits for the end of our pipe to it) stops Postgres whichever way we end. Should somebody kill that one too,
 * the next start finds the orphan and stops it.
 */

export interface EmbeddedPostgresOptions {
  /** Absolute. Made when it is not there. */
  readonly folder: string;
  /** `temporary`: not synced to disk, and deleted at the end. */
  readonly lifetime: 'persistent' | 'temporary';
  /** Extra server settings, such as `max_connections`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** To the database `postgres`, as its superuser. */
  readonly url: string;
  /** One sentence to show when the data is not where the caller wanted it. */
  readonly remark: string | null;
  /** Disconnects everybody, stops the server, removes a temporary folder. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 20;
/** A port found free can be taken by somebody else before Postgres has it. */
const PORT_ATTEMPTS = 5;

const waitFor = async (isTrue: () => boolean, withinMs: number): Promise<boolean> => {
  for (let waited = 0; waited < withinMs; waited += LOOK_EVERY_MS) {
    if (isTrue()) return true;
    await delay(LOOK_EVERY_MS);
  }
  return isTrue();
};

const findFreePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('No free port')),
      );
    });
  });

/** Parent and command line of a living process; null when there is none (or only its zombie). */
const readProcess = (pid: number): { parent: number; command: string } | null => {
  const answer = spawnSync('ps', ['-o', 'ppid=,stat=,args=', '-p', String(pid)], { encoding: 'utf8' });
  if (answer.error !== undefined) return readProcessOfLinux(pid);
  const match = /^\s*(\d+)\s+(\S+)\s+(.*)$/m.exec(answer.stdout);
  return match === null || match[2]?.startsWith('Z') ? null : { parent: Number(match[1]), command: match[3] ?? '' };
};

/** Slim container images have no `ps`. */
const readProcessOfLinux = (pid: number): { parent: number; command: string } | null => {
  if (!existsSync(`/proc/${pid}/stat`)) return null;
  const match = /\) (\S) (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (match === null || match[1] === 'Z') return null;
  return { parent: Number(match[2]), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') };
};

const readPid = (file: string): number | null => {
  if (!existsSync(file)) return null;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  return Number.isInteger(pid) && pid > 1 ? pid : null;
};

/** SIGINT is Postgres' fast shutdown: clients are cut off, the cluster is left clean. */
const stopProcess = async (pid: number): Promise<void> => {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (readProcess(pid) === null) return;
    process.kill(pid, signal);
    if (await waitFor(() => readProcess(pid) === null, STOP_WITHIN_MS)) return;
  }
  throw new Error(`Postgres (process ${pid}) does not stop.`);
};

/** Deals with what an earlier start left: an orphaned server is stopped, one that is in use is respected. */
const clearStaleServer = async (placement: Placement, data: string): Promise<void> => {
  const lock = path.join(data, 'postmaster.pid');
  const pid = readPid(lock);
  if (pid === null) return;
  const server = readProcess(pid);
  if (server?.command.includes(data) !== true) {
    // Its number may belong to another program by now, which Postgres would take for itself and refuse to start.
    rmSync(lock, { force: true });
    return;
  }
  const owner = readPid(path.join(placement.folder, 'owner'));
  if (server.parent === owner) {
    throw new Error(
      `Tandem is already running from this folder (process ${owner}). Stop that one first, or set DATABASE_URL for this one.`,
    );
  }
  await stopProcess(pid);
};

/** Nothing of our environment matters to Postgres; `C` makes its messages English. */
const processOptions = (runAs: RunAs, folder: string) => ({ ...runAs, cwd: folder, env: { LC_ALL: 'C' }, detached: true });

/** Made beside and renamed, so that an interrupted first start leaves no half cluster. Returns the superuser's password. */
const ensureCluster = (placement: Placement, data: string, lifetime: EmbeddedPostgresOptions['lifetime']): string => {
  const passwordFile = path.join(placement.folder, 'password');
  if (existsSync(path.join(data, 'PG_VERSION'))) return readFileSync(passwordFile, 'utf8').trim();
  const password = randomBytes(18).toString('base64url');
  const draft = path.join(placement.folder, `draft-${password.slice(0, 6)}`);
  ensurePrivateFolder(draft, placement.runAs);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (placement.runAs !== null) chownSync(passwordFile, placement.runAs.uid, placement.runAs.gid);
  const access = ['--username=tandem', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const shape = ['--encoding=UTF8', '--locale=C', '--no-instructions', ...(lifetime === 'temporary' ? ['--no-sync'] : [])];
  const made = spawnSync(placement.initdb, [`--pgdata=${draft}`, ...access, ...shape], {
    ...processOptions(placement.runAs, placement.folder),
    encoding: 'utf8',
  });
  if (made.status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error(`Postgres could not make its data folder ${data}: ${made.error?.message ?? made.stderr}`);
  }
  renameSync(draft, data);
  return password;
};

const settingsOf = (options: EmbeddedPostgresOptions, port: number): Record<string, string> => ({
  port: String(port),
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Statements in the log would carry ids of people's work; Postgres' own messages are enough.
  log_min_error_statement: 'panic',
  ...(options.lifetime === 'temporary' ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  ...options.settings,
});

/** Postgres writes its state into the eighth line of its lock file, as pg_ctl reads it. */
const isReady = (data: string, pid: number): boolean => {
  const lock = path.join(data, 'postmaster.pid');
  if (!existsSync(lock)) return false;
  const lines = readFileSync(lock, 'utf8').split('\n');
  return lines[0]?.trim() === String(pid) && lines[7]?.trim() === 'ready';
};

const launch = async (
  placement: Placement,
  data: string,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcess | null> => {
  const log = openSync(path.join(placement.folder, 'postgres.log'), 'w');
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(placement.postgres, ['-D', data, ...flags], {
    ...processOptions(placement.runAs, placement.folder),
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  server.once('error', () => server.unref());
  server.unref();
  const pid = server.pid;
  if (pid === undefined) return null;
  const settled = await waitFor(
    () => server.exitCode !== null || server.signalCode !== null || isReady(data, pid),
    READY_WITHIN_MS,
  );
  return settled && server.exitCode === null && server.signalCode === null ? server : null;
};

const launchOnFreePort = async (placement: Placement, data: string, options: EmbeddedPostgresOptions) => {
  for (let attempt = 1; attempt <= PORT_ATTEMPTS; attempt += 1) {
    const port = await findFreePort();
    const server = await launch(placement, data, settingsOf(options, port));
    if (server?.pid !== undefined) return { port, pid: server.pid };
    const log = readFileSync(path.join(placement.folder, 'postgres.log'), 'utf8');
    // A killed postmaster's last children need a moment to notice; a port is somebody else's faster than one thinks.
    if (!/could not bind|shared memory block .* is still in use/.test(log)) {
      throw new Error(`Postgres did not start in ${placement.folder}: ${log.trim().split('\n').slice(-6).join('\n')}`);
    }
    await delay(attempt * 100);
  }
  throw new Error(`Postgres found no port to listen on, in ${PORT_ATTEMPTS} attempts.`);
};

/** Reads until our end of the pipe closes, however we end; $1 pid, $2 data folder, $3 what to delete afterwards, if anything. */
const WATCHDOG = `
cat >/dev/null
[ "$(head -n 1 "$2/postmaster.pid" 2>/dev/null)" = "$1" ] && kill -INT "$1"
[ -n "$3" ] || exit 0
tries=0
while [ -e "$2/postmaster.pid" ] && [ $tries -lt 100 ]; do tries=$((tries + 1)); sleep 0.1; done
rm -rf "$3"
`;

const startWatchdog = (pid: number, data: string, deleteAfter: string | null): ChildProcess | null => {
  if (process.platform === 'win32') return null;
  const watchdog = spawn('/bin/sh', ['-c', WATCHDOG, 'tandem-watchdog', String(pid), data, deleteAfter ?? ''], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  watchdog.unref();
  if (watchdog.stdin instanceof Socket) watchdog.stdin.unref();
  return watchdog;
};

/**
 * Starts Postgres on a free port of 127.0.0.1, making its data folder at the first start. Works for root too (as another
 * account). Throws with a sentence for the reader when Postgres is in use by another Tandem or cannot start.
 */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const placement = placePostgres(options.folder);
  const data = path.join(placement.folder, 'data');
  await clearStaleServer(placement, data);
  const password = ensureCluster(placement, data, options.lifetime);
  const { port, pid } = await launchOnFreePort(placement, data, options);
  writeFileSync(path.join(placement.folder, 'owner'), `${process.pid}\n`);
  const temporary = options.lifetime === 'temporary';
  const watchdog = startWatchdog(pid, data, temporary ? placement.folder : null);
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    await stopProcess(pid);
    watchdog?.kill('SIGKILL');
    if (temporary) rmSync(placement.folder, { recursive: true, force: true });
  };
  return {
    url: `postgres://tandem:${password}@127.0.0.1:${port}/postgres`,
    remark: placement.remark,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
};
