import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Of the app, its Postgres, and the simulated sites. */
export type CpuUse = Readonly<Record<'tandem' | 'postgres' | 'simulator', number>>;

/** Kernel ticks a second, on every Linux that Node runs on. */
const TICKS = 100;

interface Spent {
  readonly parent: number;
  /** Of the process and of its ended children. */
  readonly seconds: number;
}

/** Null when there is no such process (any more), or no such file system. */
function readFileOf(pid: number, name: 'stat' | 'status'): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return null;
  }
}

function readProcess(pid: number): Spent | null {
  const text = readFileOf(pid, 'stat');
  if (text === null) return null;
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [, parent = 0] = fields;
  return { parent, seconds: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) / TICKS };
}

/** CPU seconds that a process has used so far; null where the system does not tell (not Linux). */
export const cpuOf = (pid: number): number | null => readProcess(pid)?.seconds ?? null;

/** CPU seconds of a Postgres server, all its processes together, found by one of its backends. */
export function cpuOfPostgres(backendPid: number): number | null {
  const postmaster = readProcess(backendPid)?.parent;
  if (postmaster === undefined || !existsSync('/proc')) return null;
  const children = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
    .flatMap((pid) => readProcess(pid) ?? [])
    .filter(({ parent }) => parent === postmaster);
  return children.reduce((sum, { seconds }) => sum + seconds, cpuOf(postmaster) ?? 0);
}

/** The most memory (resident, MB) that a process has had so far, and has now; null where the system does not tell. */
export function memoryOf(pid: number): { readonly most: number; readonly now: number } | null {
  const text = readFileOf(pid, 'status');
  if (text === null) return null;
  const megabytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN) / 1024;
  return { most: megabytes('VmHWM'), now: megabytes('VmRSS') };
}
