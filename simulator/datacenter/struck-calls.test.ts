import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../cloud/faults.ts';
import type { Simulator } from '../start-simulator.ts';
import { startSimulator } from '../start-simulator.ts';
import type { DataCenterSite } from './data-center-site.ts';

let simulator: Simulator;
let site: DataCenterSite;
let key: string;

beforeAll(async () => {
  simulator = await startSimulator({ indexLagMs: 0, dataCenter: { initech: {} } });
  const { initech } = simulator.dataCenter;
  if (initech === undefined) throw new Error('It was asked for');
  site = initech;
  key = [...site.heart.issues.values()][0]?.key ?? '';
});
afterAll(() => simulator.close());
afterEach(() => site.faults.clear());

const summaryOf = (): string | undefined => [...site.heart.issues.values()].find((issue) => issue.key === key)?.summary;
const lastStatus = (): number | undefined => site.heart.ledger.entries.at(-1)?.status;

/** What a client meets; `cut` when it gets no whole answer. */
async function rename(summary: string, signal: AbortSignal | null = null) {
  try {
    const answer = await fetch(`${site.url}/rest/api/2/issue/${key}?returnIssue=true`, {
      method: 'PUT',
      headers: {
        authorization: `Basic ${Buffer.from('bkovacs:password-of-bkovacs').toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ fields: { summary } }),
      signal,
    });
    return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
  } catch {
    return 'cut' as const;
  }
}
const strike = (fault: Partial<Fault>): void => {
  site.faults.add({ method: 'PUT', when: 'after', status: 503, times: 1, ...fault });
};

describe('a call that a fault strikes, on Data Center as on Cloud', () => {
  it('is answered with a web page, its work done', async () => {
    strike({ shape: 'html' });
    expect(await rename('By page')).toMatchObject({ status: 503, type: expect.stringContaining('text/html') });
    expect([summaryOf(), lastStatus()]).toEqual(['By page', 503]);
  });

  it('says why it is limited', async () => {
    strike({ when: 'before', status: 429, retryAfterSeconds: 7, reason: 'too-many' });
    expect(await rename('Not now')).toMatchObject({ status: 429, text: expect.stringContaining('Rate limit') });
    expect(summaryOf()).not.toBe('Not now');
  });

  it('is cut in the middle of its answer, its work done or not', async () => {
    strike({ shape: 'half' });
    expect(await rename('By half')).toBe('cut');
    expect([summaryOf(), lastStatus()]).toEqual(['By half', 0]);
    strike({ shape: 'half', when: 'before' });
    expect(await rename('Never')).toBe('cut');
    expect(summaryOf()).toBe('By half');
  });

  it('is never answered', async () => {
    strike({ shape: 'silence' });
    const patience = new AbortController();
    const waiting = rename('In silence', patience.signal);
    const worked = new Promise<void>((resolve) => {
      site.heart.listeners.add(() => resolve());
    });
    await worked;
    patience.abort();
    expect(await waiting).toBe('cut');
    expect([summaryOf(), lastStatus()]).toEqual(['In silence', 0]);
  });

  it('gets its true answer, late', async () => {
    strike({ shape: 'slow', delayMs: 5 });
    expect(await rename('Late')).toMatchObject({ status: 204 });
    expect([summaryOf(), lastStatus()]).toEqual(['Late', 204]);
  });
});
