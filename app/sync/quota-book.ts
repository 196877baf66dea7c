import type { ConnectionId, TenantId } from '../core/ids.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { hourOf } from '../core/spend-points.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { createHourAccount, type HourAccount } from './points-account.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import type { Gate, QuotaStore } from './ports.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
import { APP, accounts } from './quota-accounts.ts';
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** What this process knows of everybody's points and limits. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface QuotaBook {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Resolves when what is known is good enough to decide by. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  ready(): Promise<void>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Resolves when the store was asked for that account of this hour. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  know(account: HourAccount): Promise<void>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Writes down what was spent here since the last time, and reads what the others did. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  exchange(): Promise<void>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** An account of the present hour. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  account(tenantId: TenantId, name: string): HourAccount;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** The limit in force on that endpoint of that connection, or on all of them; null when there is none. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  closedBy(tenantId: TenantId, connectionId: ConnectionId, endpoint: string): Gate | null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  close(gate: Gate): Promise<void>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** The size of that connection's own quota; null when it has none. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  sizeOf(tenantId: TenantId, connectionId: ConnectionId): number | null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  resize(tenantId: TenantId, connectionId: ConnectionId, pointsPerHour: number | null): Promise<void>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export interface QuotaBookPorts {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly store: QuotaStore;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly clock: { now(): number };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** The store could not be asked; what is known goes on being used. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  readonly onError: (error: unknown) => void;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** From this age on what is known is looked up again, beside the call. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const FRESH_MS = 1_000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** From this age on a call waits for the look. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const STALE_MS = 30_000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** A shorter limit is over before another process could read of it. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const WORTH_TELLING_MS = 2_000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Sizes change when Atlassian grants others, and whoever meets the new one writes it down. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const SIZES_EVERY_MS = 60_000;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** What the read model and a person who asks why may want to see. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const HOURS_KEPT = 24;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
const keyOf = (...parts: readonly string[]): string => parts.join(' ');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
/** Opens the book. Nothing is read before it is asked for. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
export function createQuotaBook({ store, clock, onError }: QuotaBookPorts): QuotaBook {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  let hour = hourOf(clock.now());
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  let current = new Map<string, HourAccount>();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Calls that began in the last hour can end in this one. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  let last = new Map<string, HourAccount>();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const gates = createKnownGates();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const sizes = createKnownSizes(store);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  let readAt = Number.NEGATIVE_INFINITY;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  let underWay: Promise<void> | null = null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const turnHour = (): void => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const now = hourOf(clock.now());
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    if (now === hour) return;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    last = now === hour + 1 ? current : new Map();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    current = new Map();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    hour = now;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const account = (tenantId: TenantId, name: string): HourAccount => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    turnHour();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const key = keyOf(tenantId, name);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const known = current.get(key) ?? createHourAccount(tenantId, name);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    current.set(key, known);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    return known;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const exchange = async (): Promise<void> => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    turnHour();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const begun = clock.now();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const app = account(APP.tenantId, accounts.app);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const used = [...current.values()].filter((one) => one !== app && one.isUsed());
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const late = [...last.values()].filter((one) => one.isUsed());
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    if (late.length > 0) await write(store, hour - 1, late);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    if (hourOf(readAt) < hour) await store.prune(hour - HOURS_KEPT);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await write(store, hour, [app, ...used]);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const read = await store.readGates(begun - readAt < STALE_MS ? 'recent' : 'all');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    gates.forget(begun);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (const gate of read) gates.learn(gate);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    await sizes.refresh(begun);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    readAt = begun;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const exchangeOnce = (): Promise<void> => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    underWay ??= exchange().finally(() => {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      underWay = null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    });
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    return underWay;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    account,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    exchange: exchangeOnce,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    async know(one) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      // A look that was under way already did not ask for it.
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      while (!one.isKnown()) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        one.ask();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
        await exchangeOnce();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    async ready() {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const age = clock.now() - readAt;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (age >= STALE_MS) await exchangeOnce();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      else if (age >= FRESH_MS) exchangeOnce().catch(onError);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    closedBy: (...where) => gates.closing(clock.now(), ...where),
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    async close(gate) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (!gates.learn(gate) || gate.until - clock.now() < WORTH_TELLING_MS) return;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      await store.close(gate.tenantId, gate);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    sizeOf: sizes.sizeOf,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    resize: sizes.resize,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
interface KnownSizes extends Pick<QuotaBook, 'sizeOf' | 'resize'> {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  refresh(now: number): Promise<void>;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
function createKnownSizes(store: QuotaStore): KnownSizes {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  let sizes = new Map<string, number>();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  let readAt = Number.NEGATIVE_INFINITY;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    sizeOf: (tenantId, connectionId) => sizes.get(keyOf(tenantId, connectionId)) ?? null,
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    async resize(tenantId, connectionId, pointsPerHour) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const key = keyOf(tenantId, connectionId);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (pointsPerHour === null) sizes.delete(key);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      else sizes.set(key, pointsPerHour);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      await store.resize(tenantId, connectionId, pointsPerHour);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    async refresh(now) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (now - readAt < SIZES_EVERY_MS) return;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const found = await store.readSizes();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      sizes = new Map(found.map((one) => [keyOf(one.tenantId, one.connectionId), one.pointsPerHour]));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      readAt = now;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
interface KnownGates {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** False when it was known to be closed as long already. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  learn(gate: Gate): boolean;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  closing(now: number, tenantId: TenantId, connectionId: ConnectionId, endpoint: string): Gate | null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  /** Drops those that are open again. */
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  forget(now: number): void;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
function createKnownGates(): KnownGates {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const gates = new Map<string, Gate>();
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  return {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    learn(gate) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const key = keyOf(gate.tenantId, gate.connectionId, gate.endpoint);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const known = gates.get(key);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (known !== undefined && known.until >= gate.until) return false;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      gates.set(key, gate);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      return true;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    closing(now, tenantId, connectionId, endpoint) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const closed = ['', endpoint].map((one) => gates.get(keyOf(tenantId, connectionId, one)));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      return closed.find((gate) => gate !== undefined && gate.until > now) ?? null;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    forget(now) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      for (const [key, gate] of gates) if (gate.until <= now) gates.delete(key);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    },
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  };
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md

pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
async function write(store: QuotaStore, hour: number, written: readonly HourAccount[]): Promise<void> {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  const additions = written.map((account) => account.begin());
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  try {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const found = await store.add(hour, additions);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    const byKey = new Map(found.map((one) => [keyOf(one.tenantId, one.account), one]));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (const [place, account] of written.entries()) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const addition = additions[place];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const standing = addition === undefined ? undefined : byKey.get(keyOf(addition.tenantId, addition.account));
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (standing === undefined) throw new Error('The store of quotas left out an account.');
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      account.written(standing);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  } catch (error) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    for (const [place, account] of written.entries()) {
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      const addition = additions[place];
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
      if (addition !== undefined) account.failed(addition);
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
    throw error;
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
  }
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
}
pp/core/SPEC.md=/tmp/mine.app_core_SPEC.md
