import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startWatchedBrowser, type WatchedBrowser } from '../browser/watched-browser.ts';
import { ALL_FLOWS } from './all-flows.ts';
import { runFlow } from './run-flow.ts';

const LIMIT_MS = 120_000;

let browser: WatchedBrowser;
beforeAll(async () => {
  browser = await startWatchedBrowser();
}, LIMIT_MS);
afterAll(async () => {
  await browser.close();
});

it.each(ALL_FLOWS.map((flow) => [`[${flow.rows}] ${flow.name}`, flow] as const))(
  '%s: from an empty installation to an edit that crosses both ways',
  async (_name, flow) => {
    const { failure } = await runFlow(flow, browser);
    expect(failure).toBeNull();
  },
  LIMIT_MS,
);
