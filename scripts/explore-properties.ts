/**
 * `npm run test:properties` tries every property of the tests more often than `npm test` does, and from another seed each time: what it finds
 * becomes a line of a table in the test, with the mend. Ends as Jest does.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

const USAGE = `Usage: npm run test:properties -- [--times N] [--seed N] [PATH…]

  --times N  how many times as often as in npm test  (20)
  --seed N   where the random numbers begin          (another one each time; it is printed)
  PATH       only test files whose path holds it
`;

interface Options {
  readonly times: number;
  readonly seed: number;
  readonly paths: readonly string[];
}

const wholeNumber = (text: string): number | null => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null);

function readOptions(): Options | null {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        times: { type: 'string', default: '20' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
      },
    });
    const [times, seed] = [wholeNumber(values.times), wholeNumber(values.seed)];
    return times === null || seed === null ? null : { times, seed, paths: positionals.map((given) => path.relative('', given)) };
  } catch {
    return null;
  }
}

/** Test files with properties: those that say how often each is tried. The folders are those of jest.config.mjs. */
const filesWithProperties = (paths: readonly string[]): readonly string[] =>
  globSync('{app,simulator,test,scripts,bench,lab}/**/*.test.ts').filter(
    (file) =>
      readFileSync(file, 'utf8').includes('/property-runs.ts') &&
      (paths.length === 0 || paths.some((part) => file.includes(part))),
  );

const options = readOptions();
const files = options === null ? [] : filesWithProperties(options.paths);
if (options === null || files.length === 0) {
  process.stderr.write(options === null ? USAGE : 'No test file with properties has such a path.\n');
  process.exitCode = 2;
} else {
  process.stdout.write(`${files.length} test files, each property ${options.times} times as often, --seed ${options.seed}\n`);
  const jest = spawnSync('npm', ['test', '--silent', '--', '--runTestsByPath', ...files], {
    stdio: 'inherit',
    env: { ...process.env, PROPERTY_SEED: String(options.seed), PROPERTY_TIMES: String(options.times) },
  });
  process.exitCode = jest.status ?? 1;
  if (process.exitCode !== 0)
    process.stdout.write(`Once more: npm run test:properties -- --times ${options.times} --seed ${options.seed}\n`);
}
