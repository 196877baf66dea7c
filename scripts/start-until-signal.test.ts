import { type ChildProcess, spawn } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

const module = new URL('./start-until-signal.ts', import.meta.url).href;
/** Says its pid when it runs, and `stopped` when it was stopped in order. */
const PROGRAM = `
  const { startUntilSignal } = await import(${JSON.stringify(module)});
  const open = setInterval(() => {}, 1000);
  await startUntilSignal(async () => {
    console.log('pid ' + process.pid);
    return { stop: async () => { clearInterval(open); console.log('stopped'); } };
  }, true);`;

/** As npm does: a shell that waits for the program. */
const startBelowShell = (): ChildProcess =>
  spawn('/bin/sh', ['-c', '"$0" --input-type=module -e "$1"; exit $?', process.execPath, PROGRAM], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

describe('a started program', () => {
  it.each<NodeJS.Signals>(['SIGTERM', 'SIGKILL'])(
    'stops in order when the shell that npm puts between gets a %s',
    async (signal) => {
      const shell = startBelowShell();
      let text = '';
      const ended = new Promise<void>((resolve) => shell.stdout?.once('close', () => resolve()));
      shell.stdout?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (/^pid \d+\n$/.test(text)) shell.kill(signal);
      });
      await ended;
      expect(text).toMatch(/^pid \d+\nstopped\n$/);
    },
  );
});
