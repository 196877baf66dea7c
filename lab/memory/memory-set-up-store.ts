import type { SetUp, SetUpStore } from '../../app/sync/set-up-ports.ts';
import { frozenCopy } from './tables.ts';

/** Set-ups in memory. */
export const createMemorySetUpStore = (rows: Map<string, SetUp> = new Map()): SetUpStore => ({
  read: async (tenantId, setUpId) => rows.get(`${tenantId} ${setUpId}`) ?? null,
  list: async (tenantId) =>
    [...rows.values()]
      .filter((row) => row.tenantId === tenantId)
      .sort((a, b) => b.touchedAt - a.touchedAt || (a.setUpId < b.setUpId ? -1 : 1)),
  async insert(setUp) {
    rows.set(`${setUp.tenantId} ${setUp.setUpId}`, frozenCopy(setUp));
  },
  async replace(setUp, readAs) {
    const name = `${setUp.tenantId} ${setUp.setUpId}`;
    if (rows.get(name)?.touchedAt !== readAs) return false;
    rows.set(name, frozenCopy(setUp));
    return true;
  },
  async remove(tenantId, setUpId, readAs) {
    const name = `${tenantId} ${setUpId}`;
    if (readAs === undefined || rows.get(name)?.touchedAt === readAs) rows.delete(name);
  },
  async removeUntouched(tenantId, until) {
    const old = [...rows].filter(([, row]) => row.tenantId === tenantId && row.touchedAt <= until);
    for (const [name] of old) rows.delete(name);
    return old.length;
  },
});
