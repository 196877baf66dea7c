import { setTimeout as delay } from 'node:timers/promises';
import { isFieldWrite } from './arrival.ts';
import type { Measure, Scenario } from './scenario.ts';

const EDITS = 100;
const SECONDS = 10;

/** One item that a script, or somebody in a hurry, edits all the time: only what it came to has to cross. */
export const coalescing: Scenario = {
  name: 'coalescing',
  async measure(run): Promise<readonly Measure[]> {
    const stand = await run.stand();
    const { acme, globex } = stand.sites;
    const [[issue, twin] = ['', '']] = await run.twins();
    await stand.settle();
    const before = (await globex.ledger(0)).length;
    const began = performance.now();
    let last = { at: 0, summary: '' };
    for (let n = 0; n < EDITS; n += 1) {
      await delay(Math.max(0, began + (n * SECONDS * 1000) / EDITS - performance.now()));
      const summary = `Edit ${n} of ${EDITS}`;
      last = { at: await acme.edit([{ issue, fields: { summary } }]), summary };
    }
    await stand.settle();
    const writes = (await globex.ledger(before)).filter((entry) => entry.issueId === twin && isFieldWrite(entry));
    const shown = (await globex.summaries([twin])).get(twin);
    const name = `${EDITS} edits of one item in ${SECONDS} s`;
    return [
      { name: `${name}: writes`, value: writes.length, unit: '', target: { atMost: 10 } },
      { name: `${name}: final value wrong`, value: shown === last.summary ? 0 : 1, unit: '', target: { exactly: 0 } },
      {
        name: `${name}: first edit → first write`,
        value: (writes[0]?.at ?? Number.NaN) - firstAt(last.at),
        unit: 'ms',
        target: null,
      },
      { name: `${name}: last edit → last write`, value: (writes.at(-1)?.at ?? Number.NaN) - last.at, unit: 'ms', target: null },
    ];
  },
};

const firstAt = (lastAt: number): number => lastAt - ((EDITS - 1) * SECONDS * 1000) / EDITS;
