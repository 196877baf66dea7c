import type { WatchedBrowser } from '../browser/watched-browser.ts';
import type { Flow, FlowReport } from './flow.ts';
import { openStage } from './stage.ts';

/** Carries out one flow on an empty installation of its own. What a page complained of fails it too. */
export async function runFlow(flow: Flow, browser: WatchedBrowser): Promise<FlowReport> {
  const stage = await openStage(browser);
  const report = (failure: string | null): FlowReport => ({
    ...{ flow: flow.name, rows: flow.rows, ok: failure === null, steps: stage.steps },
    failure,
  });
  try {
    await flow.run(stage);
    const troubles = browser.takeTroubles();
    return report(troubles.length === 0 ? null : `a page complained: ${troubles.join('; ')}`);
  } catch (error) {
    browser.takeTroubles();
    return report(error instanceof Error ? error.message : 'failed');
  } finally {
    await browser.closePages();
    await stage.close();
  }
}
