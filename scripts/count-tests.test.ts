import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const SCRIPT = path.join(import.meta.dirname, 'count-tests.ts');

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tandem-count-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const suite = (statuses: readonly string[], message = '') => ({
  name: 'some.test.ts',
  message,
  assertionResults: statuses.map((status) => ({ fullName: `a ${status} test`, status })),
});

function count(testResults: readonly ReturnType<typeof suite>[], success = true) {
  const file = path.join(folder, 'report.json');
  writeFileSync(file, JSON.stringify({ success, numRuntimeErrorTestSuites: 0, testResults }));
  const { status, stdout } = spawnSync(process.execPath, [SCRIPT, file], { encoding: 'utf8' });
  return { status, lines: stdout.trimEnd().split('\n') };
}

describe('the count of tests at the end of .ci/run', () => {
  it('passes when every test ran and passed', () => {
    expect(count([suite(['passed', 'passed']), suite(['passed'])])).toEqual({
      status: 0,
      lines: ['3 passed, 0 failed, 0 skipped'],
    });
  });

  it.each([
    ['a failed test', [suite(['passed', 'failed'], 'why')], false, ['failed: a failed test', '1 passed, 1 failed, 0 skipped']],
    [
      'a skipped test',
      [suite(['passed', 'pending'])],
      true,
      ['left out (pending): a pending test', '1 passed, 0 failed, 1 skipped'],
    ],
    ['a test to do', [suite(['passed', 'todo'])], true, ['left out (todo): a todo test', '1 passed, 0 failed, 1 skipped']],
    [
      'a file that did not run',
      [suite(['passed']), suite([], 'no such import')],
      true,
      ['did not run: some.test.ts', '1 passed, 1 failed, 0 skipped'],
    ],
    ['no test at all', [], true, ['0 passed, 0 failed, 0 skipped']],
    ['a failure that no test owns', [suite(['passed'])], false, ['1 passed, 0 failed, 0 skipped']],
  ])('fails on %s', (_, results, success, lines) => {
    expect(count(results, success)).toEqual({ status: 1, lines });
  });
});
