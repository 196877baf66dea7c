import type { Clock } from '../platform/clock.ts';
import { ensureSpaceAdmin } from './may-configure.ts';
import type { SpaceCaller, SpaceSites } from './set-up-ports.ts';

/** For reads: a person who just was an admin is one for half a minute more. Writes ask again (find-visible.ts). */
const KEPT_MS = 30_000;
const MOST_ANSWERS = 10_000;

/** Whether a caller administers their space, by Jira's own word at most half a minute old. `unknown`: Jira did not say. */
export function createAskSpaceAdmin(ports: {
  sites: SpaceSites;
  clock: Clock;
}): (caller: SpaceCaller) => Promise<'yes' | 'no' | 'unknown'> {
  const kept = new Map<string, { answer: 'yes' | 'no'; until: number }>();
  return async (caller) => {
    const key = `${caller.connectionId}:${caller.projectId}:${caller.accountId}`;
    const known = kept.get(key);
    if (known !== undefined && known.until > ports.clock.now()) return known.answer;
    const asked = await ensureSpaceAdmin(ports, caller);
    if (!asked.ok && asked.failure.code !== 'not-space-admin') return 'unknown';
    const answer = asked.ok ? 'yes' : 'no';
    kept.delete(key);
    kept.set(key, { answer, until: ports.clock.now() + KEPT_MS });
    const [oldest] = kept.keys();
    if (kept.size > MOST_ANSWERS && oldest !== undefined) kept.delete(oldest);
    return answer;
  };
}
