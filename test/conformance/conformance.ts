/**
 * `npm run test:conformance`: runs all tests while the simulated sites write down each kind of call, then holds every answer of
 * theirs and every request of the app against Jira's official API documents. `--recorded=FOLDER` checks what an earlier run wrote
 * down. The documents lie beside the project in development and CI, and are absent in a public clone: then only the tests run.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { CLOUD_ROUTES } from '../../simulator/cloud/cloud-server.ts';
import type { RecordedCall } from '../../simulator/recording/record-calls.ts';
import { type ApiDocument, readDocuments } from './api-documents.ts';
import { checkCalls } from './check-calls.ts';
import type { DocumentName } from './known-defects.ts';

/** Operations that the simulated Cloud is to have at least. */
const AIM = 150;

const { values } = parseArgs({ options: { recorded: { type: 'string' } } });

function recordTests(folder: string): number {
  const jest = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--silent',
  ];
  const run = spawnSync(process.execPath, jest, { stdio: 'inherit', env: { ...process.env, TANDEM_CONFORMANCE_DIR: folder } });
  return run.status ?? 1;
}

function* readCalls(folder: string): Iterable<RecordedCall> {
  for (const name of readdirSync(folder)) {
    for (const line of readFileSync(path.join(folder, name), 'utf8').split('\n')) {
      if (line !== '') yield JSON.parse(line) as RecordedCall;
    }
  }
}

/** How many operations of a document the simulated Cloud has a route for; those that only refuse apps are not counted. */
function implemented(document: ApiDocument): number {
  const version = document.name === 'cloud-v2' ? '2' : '3';
  const routes = new Set(
    CLOUD_ROUTES.map(({ method, path: route }) => {
      const whole = route.startsWith('/rest/') ? route : `/rest/api/${version}${route}`;
      return `${method.toUpperCase()} ${whole.replaceAll(/\{\w+\}/g, '{}')}`;
    }),
  );
  return document.operations.filter(({ name, closedToApps }) => !closedToApps && routes.has(name.replaceAll(/\{\w+\}/g, '{}')))
    .length;
}

function report(folder: string): boolean {
  const documents = readDocuments();
  if (documents === null) {
    console.log('Conformance is not checked: the official API documents (../shared/specs) are not here.');
    return true;
  }
  const { calls, findings, usedByApp, deprecated, answered, undocumented } = checkCalls(documents, readCalls(folder));
  for (const { side, operation, detail } of findings) console.log(`${side}: ${operation}: ${detail}`);
  const wrong = new Set(findings.filter(({ side }) => side === 'app').map(({ operation }) => operation));
  const right = [...usedByApp].filter((operation) => !wrong.has(operation)).length;
  console.log(`\n${calls} kinds of calls checked, ${findings.length} findings`);
  console.log(`operations used by the app: ${usedByApp.size}, conformant: ${right}`);
  for (const operation of deprecated) console.log(`  deprecated by Atlassian, still used: ${operation}`);
  for (const name of ['cloud-v3', 'cloud-v2', 'cloud-agile', 'dc'] satisfies DocumentName[]) {
    const routes = name === 'dc' ? '' : `, with a route: ${implemented(documents[name])}`;
    console.log(
      `${name}: answered as documented: ${answered.get(name)?.size ?? 0}${routes}, in the document: ${documents[name].operations.length}`,
    );
  }
  console.log(`routes outside the documents: ${undocumented.size}`);
  const cloud = implemented(documents['cloud-v3']) + implemented(documents['cloud-agile']);
  console.log(`operations of Cloud implemented (v3 and agile): ${cloud}, aimed at: ${AIM}`);
  return findings.length === 0 && calls > 0 && cloud >= AIM;
}

const folder = values.recorded ?? mkdtempSync(path.join(tmpdir(), 'tandem-conformance-'));
const tests = values.recorded === undefined ? recordTests(folder) : 0;
const conforms = report(folder);
if (values.recorded === undefined) rmSync(folder, { recursive: true });
if (tests !== 0 || !conforms) process.exitCode = 1;
