import type { Clock } from '../platform/clock.ts';
import type { Installation, InstallationStore } from './installation-store.ts';

/**
 * How long another process may go on with what it read. A site that was switched off is written to for so long at most; a secret
 * that changed makes Jira refuse, and the turn comes back. Who calls us (`readByClientKey`) is always looked up anew.
 */
const REMEMBERED_MS = 2_000;
const MOST_REMEMBERED = 10_000;

interface Remembered {
  readonly until: number;
  readonly installation: Promise<Installation | null>;
}

/** Every turn needs the installations of its two sites: they are read once in a while instead. Changes made here are seen at once. */
export const rememberInstallations = (store: InstallationStore, clock: Pick<Clock, 'now'>): InstallationStore => {
  const remembered = new Map<string, Remembered>();
  return {
    ...store,
    read(tenantId, connectionId) {
      const name = `${tenantId} ${connectionId}`;
      const known = remembered.get(name);
      const now = clock.now();
      if (known !== undefined && known.until > now) return known.installation;
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      const installation = store.read(tenantId, connectionId).catch((error: unknown) => {
        remembered.delete(name);
        throw error;
      });
      remembered.set(name, { until: now + REMEMBERED_MS, installation });
      return installation;
    },
    async record(installation) {
      const outcome = await store.record(installation);
      remembered.clear();
      return outcome;
    },
    async changeState(tenantId, connectionId, state, at) {
      const changed = await store.changeState(tenantId, connectionId, state, at);
      remembered.clear();
      return changed;
    },
  };
};
