import type { ConnectionId, TenantId } from '../core/ids.ts';
import { APP, hourOf } from '../core/spend-points.ts';
import { createHourAccount, type HourAccount } from './points-account.ts';
import { accounts } from './quota-accounts.ts';
import type { Gate, QuotaStore } from './quota-ports.ts';

/** What this process knows of everybody's points and limits. */
export interface QuotaBook {
  /** Resolves when what is known is good enough to decide by. */
  ready(): Promise<void>;
  /** An account of the present hour for which the store was asked. */
  know(tenantId: TenantId, name: string): Promise<HourAccount>;
  /** Writes down what was spent here since the last time, and reads what the others did. */
  exchange(): Promise<void>;
  /** An account of the present hour. */
  account(tenantId: TenantId, name: string): HourAccount;
  /** The limit in force on that endpoint of that connection, or on all of them; null when there is none. */
  closedBy(tenantId: TenantId, connectionId: ConnectionId, endpoint: string): Gate | null;
  close(gate: Gate): Promise<void>;
  /** The size of that connection's own quota; null when it has none. */
  sizeOf(tenantId: TenantId, connectionId: ConnectionId): number | null;
  resize(tenantId: TenantId, connectionId: ConnectionId, pointsPerHour: number | null): Promise<void>;
}

export interface QuotaBookPorts {
  readonly store: QuotaStore;
  readonly clock: { now(): number };
  /** The store could not be asked; what is known goes on being used. */
  readonly onError: (error: unknown) => void;
}

/** From this age on what is known is looked up again, beside the call. */
const FRESH_MS = 1_000;
/** From this age on a call waits for the look. */
const STALE_MS = 30_000;
/** A shorter limit is over before another process could read of it. */
const WORTH_TELLING_MS = 2_000;
/** Sizes change when Atlassian grants others, and whoever meets the new one writes it down. */
const SIZES_EVERY_MS = 60_000;
/** What the read model and a person who asks why may want to see. */
const HOURS_KEPT = 24;

const keyOf = (...parts: readonly string[]): string => parts.join(' ');

/** Opens the book. Nothing is read before it is asked for. */
export function createQuotaBook({ store, clock, onError }: QuotaBookPorts): QuotaBook {
  let hour = hourOf(clock.now());
  let current = new Map<string, HourAccount>();
  /** Calls that began in the last hour can end in this one. */
  let last = new Map<string, HourAccount>();
  const gates = createKnownGates();
  const sizes = createKnownSizes(store);
  let readAt = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | null = null;

  const turnHour = (): void => {
    const now = hourOf(clock.now());
    if (now === hour) return;
    last = now === hour + 1 ? current : new Map();
    current = new Map();
    hour = now;
  };
  const account = (tenantId: TenantId, name: string): HourAccount => {
    turnHour();
    const key = keyOf(tenantId, name);
    const known = current.get(key) ?? createHourAccount(hour, tenantId, name);
    current.set(key, known);
    return known;
  };
  const exchange = async (): Promise<void> => {
    turnHour();
    const begun = clock.now();
    // It can end while the store is asked.
    const present = hour;
    const app = account(APP.tenantId, accounts.app);
    const used = [...current.values()].filter((one) => one !== app && one.isUsed());
    const late = [...last.values()].filter((one) => one.isUsed());
    if (late.length > 0) await write(store, present - 1, late);
    if (hourOf(readAt) < present) await store.prune(present - HOURS_KEPT);
    await write(store, present, [app, ...used]);
    const read = await store.readGates(begun - readAt < STALE_MS ? 'recent' : 'all');
    gates.forget(begun);
    for (const gate of read) gates.learn(gate);
    await sizes.refresh(begun);
    readAt = begun;
  };
  const exchangeOnce = (): Promise<void> => {
    underWay ??= exchange().finally(() => {
      underWay = null;
    });
    return underWay;
  };

  return {
    account,
    exchange: exchangeOnce,
    async know(tenantId, name) {
      let known = account(tenantId, name);
      // A look that was under way already did not ask for it, and during a slow one the hour can end.
      while (!known.isKnown()) {
        known.ask();
        await exchangeOnce();
        known = account(tenantId, name);
      }
      return known;
    },
    async ready() {
      const age = clock.now() - readAt;
      if (age >= STALE_MS) await exchangeOnce();
      else if (age >= FRESH_MS) exchangeOnce().catch(onError);
    },
    closedBy: (...where) => gates.closing(clock.now(), ...where),
    async close(gate) {
      if (!gates.learn(gate) || gate.until - clock.now() < WORTH_TELLING_MS) return;
      await store.close(gate.tenantId, gate);
    },
    sizeOf: sizes.sizeOf,
    resize: sizes.resize,
  };
}

interface KnownSizes extends Pick<QuotaBook, 'sizeOf' | 'resize'> {
  refresh(now: number): Promise<void>;
}

function createKnownSizes(store: QuotaStore): KnownSizes {
  let sizes = new Map<string, number>();
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    sizeOf: (tenantId, connectionId) => sizes.get(keyOf(tenantId, connectionId)) ?? null,
    async resize(tenantId, connectionId, pointsPerHour) {
      const key = keyOf(tenantId, connectionId);
      if (pointsPerHour === null) sizes.delete(key);
      else sizes.set(key, pointsPerHour);
      await store.resize(tenantId, connectionId, pointsPerHour);
    },
    async refresh(now) {
      if (now - readAt < SIZES_EVERY_MS) return;
      const found = await store.readSizes();
      sizes = new Map(found.map((one) => [keyOf(one.tenantId, one.connectionId), one.pointsPerHour]));
      readAt = now;
    },
  };
}

interface KnownGates {
  /** False when it was known to be closed as long already. */
  learn(gate: Gate): boolean;
  closing(now: number, tenantId: TenantId, connectionId: ConnectionId, endpoint: string): Gate | null;
  /** Drops those that are open again. */
  forget(now: number): void;
}

function createKnownGates(): KnownGates {
  const gates = new Map<string, Gate>();
  return {
    learn(gate) {
      const key = keyOf(gate.tenantId, gate.connectionId, gate.endpoint);
      const known = gates.get(key);
      if (known !== undefined && known.until >= gate.until) return false;
      gates.set(key, gate);
      return true;
    },
    closing(now, tenantId, connectionId, endpoint) {
      const closed = ['', endpoint].map((one) => gates.get(keyOf(tenantId, connectionId, one)));
      return closed.find((gate) => gate !== undefined && gate.until > now) ?? null;
    },
    forget(now) {
      for (const [key, gate] of gates) if (gate.until <= now) gates.delete(key);
    },
  };
}

async function write(store: QuotaStore, hour: number, written: readonly HourAccount[]): Promise<void> {
  const additions = written.map((account) => account.begin());
  try {
    const found = await store.add(hour, additions);
    const byKey = new Map(found.map((one) => [keyOf(one.tenantId, one.account), one]));
    for (const [place, account] of written.entries()) {
      const addition = additions[place];
      const standing = addition === undefined ? undefined : byKey.get(keyOf(addition.tenantId, addition.account));
      if (standing === undefined) throw new Error('The store of quotas left out an account.');
      account.written(standing);
    }
  } catch (error) {
    for (const [place, account] of written.entries()) {
      const addition = additions[place];
      if (addition !== undefined) account.failed(addition);
    }
    throw error;
  }
}
