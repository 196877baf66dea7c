/**
 * Reads Jest's JSON report and says in one line how the tests went: `node scripts/count-tests.ts REPORT`.
 * Fails when a test failed, when one was left out (skipped, todo, or not chosen because another was focused), when a test file
 * did not run, and when nothing ran.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';

interface Assertion {
  readonly fullName: string;
  readonly status: 'passed' | 'failed' | 'pending' | 'skipped' | 'todo' | 'disabled' | 'focused';
}

interface Report {
  readonly success: boolean;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly Assertion[];
  }[];
}

const [file = ''] = process.argv.slice(2);
const report: Report = JSON.parse(readFileSync(file, 'utf8'));
const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
const passed = tests.filter(({ status }) => status === 'passed').length;
const failed = tests.filter(({ status }) => status === 'failed');
const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
const broken = report.testResults.filter(({ message, assertionResults }) => message !== '' && assertionResults.length === 0);

for (const { fullName } of failed) console.log(`failed: ${fullName}`);
for (const { name } of broken) console.log(`did not run: ${name}`);
for (const { fullName, status } of skipped) console.log(`left out (${status}): ${fullName}`);
console.log(`${passed} passed, ${failed.length + broken.length} failed, ${skipped.length} skipped`);
if (
  !report.success ||
  report.numRuntimeErrorTestSuites > 0 ||
  failed.length + broken.length > 0 ||
  skipped.length > 0 ||
  passed === 0
)
  process.exitCode = 1;
