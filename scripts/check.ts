/**
 * Everything that needs no running: `npm run check`. The checks run side by side; each prints one line when it is done, and
 * what a failing one said follows in full at the end.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';

interface Check {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

interface Outcome {
  readonly check: Check;
  readonly passed: boolean;
  readonly output: string;
}

const CODE = ['app', 'simulator', 'migrations', 'scripts', 'bench', 'lab', 'test'].filter((folder) => existsSync(folder));

const checks: readonly Check[] = [
  { name: 'types of the server', program: '@typescript/native/bin/tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'types of the page', program: '@typescript/native/bin/tsc', args: ['-p', 'app/ui/tsconfig.json'] },
  {
    name: 'format, lint, purity',
    program: '@biomejs/biome/bin/biome',
    args: ['check', '--error-on-warnings', '--diagnostic-level=warn', '--max-diagnostics=100', '.'],
  },
  {
    name: 'import law',
    program: 'dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['--config', '.dependency-cruiser.mjs', '-T', 'err-long', ...CODE],
  },
  { name: 'dead code, unused packages', program: 'knip/bin/knip.js', args: ['--no-progress'] },
];

function run(check: Check): Promise<Outcome> {
  const started = performance.now();
  const child = spawn(process.execPath, [`node_modules/${check.program}`, ...check.args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const passed = code === 0;
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${passed ? 'ok    ' : 'FAILED'}  ${check.name}  (${seconds} s)`);
      resolve({ check, passed, output });
    });
  });
}

const outcomes = await Promise.all(checks.map(run));
const failed = outcomes.filter(({ passed }) => !passed);
for (const { check, output } of failed)
  console.log(`\n── ${check.name}: ${check.program.split('/').at(-1)} ${check.args.join(' ')}\n\n${output.trim()}`);
if (failed.length > 0) {
  console.log(
    `\n${failed.length} of ${checks.length} checks failed. \`npm run fix\` corrects format, order of imports and safe lint findings.`,
  );
  process.exitCode = 1;
}
