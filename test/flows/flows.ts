/**
 * `npm run flows [-- --json] [-- --only WORD]`: each way of setting a synchronization up, end to end against the simulated world over
 * HTTP, from an empty installation to an edit that crosses both ways; where a person consents, by clicks in a real browser. Ends with
 * an error when one of them failed.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { startWatchedBrowser } from '../browser/watched-browser.ts';
import globalSetup from '../global-setup.ts';
import globalTeardown from '../global-teardown.ts';
import { ALL_FLOWS } from './all-flows.ts';
import type { FlowReport } from './flow.ts';
import { runFlow } from './run-flow.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, only: { type: 'string' } } });
const wanted = ALL_FLOWS.filter(({ name, rows }) => values.only === undefined || `${name} ${rows}`.includes(values.only));

function print({ flow, rows, ok, steps, failure }: FlowReport): void {
  const lines = steps.map(({ name, ms }) => `      ${(ms / 1000).toFixed(1).padStart(5)} s  ${name}\n`);
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'}  ${flow} (${rows})\n${lines.join('')}`);
  if (failure !== null) process.stdout.write(`      failed   ${failure}\n`);
}

if (wanted.length === 0) {
  process.stderr.write(`No flow is called like that. There are: ${ALL_FLOWS.map(({ name }) => name).join('; ')}.\n`);
  process.exit(1);
}
await globalSetup();
const browser = await startWatchedBrowser();
const reports: FlowReport[] = [];
try {
  for (const flow of wanted) {
    const report = await runFlow(flow, browser);
    reports.push(report);
    if (!values.json) print(report);
  }
} finally {
  await browser.close();
  await globalTeardown();
}
const failed = reports.filter(({ ok }) => !ok).length;
process.stdout.write(
  values.json ? `${JSON.stringify({ flows: reports, failed }, null, 2)}\n` : `${reports.length} flows, ${failed} failed.\n`,
);
process.exitCode = failed === 0 ? 0 : 1;
