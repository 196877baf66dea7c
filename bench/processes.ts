import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A part of the measured house in a process of its own. */
export interface Part {
  readonly pid: number;
  /** SIGTERM, and waits for the end. */
  stop(): Promise<void>;
  /** SIGKILL: it has no time for anything. */
  kill(): Promise<void>;
}

export interface PartOptions {
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Of Node. */
  readonly flags?: readonly string[];
  /** Where the CPU profile of this part goes, if one is wanted. */
  readonly profileFolder?: string | undefined;
}

function spawnPart({ script, args = [], env = {}, flags: given = [], profileFolder }: PartOptions): ChildProcess {
  const profiling = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  const flags = ['--disable-warning=ExperimentalWarning', ...given, ...profiling];
  return spawn(process.execPath, [...flags, script, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

const partOf = (child: ChildProcess): Part => {
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return { pid: child.pid ?? 0, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
};

/** Starts a part that says in its first line of output, as JSON, where it is to be found. */
export async function startAnnouncing(options: PartOptions): Promise<{ part: Part; announced: unknown }> {
  const child = spawnPart(options);
  if (child.stdout === null) throw new Error('No output to read');
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(() => {
      throw new Error(`${options.script} ended before it was ready.`);
    }),
  ])) as [string];
  return { part: partOf(child), announced: JSON.parse(line) as unknown };
}

/** Starts a part that is ready as soon as it says so in a line of its log. */
export async function startSpeaking(options: PartOptions, phrase: string): Promise<Part> {
  const child = spawnPart(options);
  if (child.stdout === null) throw new Error('No output to read');
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.includes(phrase)) resolve();
    });
    child.once('exit', () => reject(new Error(`${options.script} ended before it was ready.`)));
  });
  return partOf(child);
}

const isReady = (url: string): Promise<boolean> =>
  fetch(url).then(
    (answer) => answer.ok,
    () => false,
  );

/** Starts a part that is ready as soon as `readyUrl` answers. */
export async function startAnswering(options: PartOptions, readyUrl: string): Promise<Part> {
  const child = spawnPart(options);
  child.stdout?.pipe(process.stderr);
  while (!(await isReady(readyUrl))) {
    if (child.exitCode !== null) throw new Error(`${options.script} ended before it was ready.`);
    await delay(50);
  }
  return partOf(child);
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
