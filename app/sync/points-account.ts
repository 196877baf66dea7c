import type { TenantId } from '../core/ids.ts';
import { NO_POINTS, type PointsByWork, totalOf, WORKS, type Work } from '../core/spend-points.ts';
import type { PointsAccount, PointsAddition } from './quota-ports.ts';

/** What was spent on something in one hour, as this process knows it. */
export interface HourAccount {
  /** Of UTC, counted from 1970. */
  readonly hour: number;
  /** Spent by all processes as of the last look, and spent or taken by this one since. */
  standing(): PointsByWork;
  /** Tenants that spend from it. */
  payers(): number;
  take(work: Work, points: number): void;
  /** What was taken turned out to cost so much. */
  settle(work: Work, taken: number, spent: number): void;
  /** `pool` gets a payer more, should the store say that this account is new in this hour. */
  paysInto(pool: HourAccount): void;
  addPayer(): void;
  /** Jira says that so much of that hour is spent already, by whomever. */
  hear(spent: number): void;
  /** It is read at the next look, used or not. */
  ask(): void;
  /** Whether the store was ever asked for it. */
  isKnown(): boolean;
  /** Whether it was used, or asked for, since the last look. */
  isUsed(): boolean;
  /** What to tell the store. Until `written` or `failed`, no second one may begin. */
  begin(): PointsAddition;
  written(account: PointsAccount): void;
  failed(addition: PointsAddition): void;
}

type Tally = Record<Work, number>;

const plus = (...all: readonly PointsByWork[]): Tally => {
  const sum: Tally = { ...NO_POINTS };
  for (const points of all) for (const work of WORKS) sum[work] += points[work];
  return sum;
};

/** An account nothing is known of yet. */
export function createHourAccount(hour: number, tenantId: TenantId, name: string): HourAccount {
  let known: { points: PointsByWork; payers: number } | null = null;
  let sending: PointsByWork = NO_POINTS;
  let pending: Tally = { ...NO_POINTS };
  let newPayers = 0;
  let touched = false;
  /** Spent as Jira says, and written down by nobody we know of; until its next word. */
  let unexplained = 0;
  let pool: HourAccount | null = null;
  const taken: Tally = { ...NO_POINTS };
  const written = (): PointsByWork => plus(known?.points ?? NO_POINTS, sending, pending);
  return {
    hour,
    standing: () => plus(written(), taken, { ...NO_POINTS, edit: unexplained }),
    payers: () => (known?.payers ?? 0) + newPayers,
    take(work, points) {
      taken[work] += points;
    },
    settle(work, reserved, spent) {
      taken[work] -= reserved;
      pending[work] += spent;
    },
    paysInto(other) {
      pool = other;
      touched = true;
    },
    hear(spent) {
      unexplained = Math.max(0, spent - totalOf(written()));
    },
    ask() {
      touched = true;
    },
    isKnown: () => known !== null,
    addPayer() {
      newPayers += 1;
    },
    isUsed: () => touched || newPayers > 0 || totalOf(pending) > 0,
    begin() {
      const addition = { tenantId, account: name, points: pending, payers: newPayers };
      sending = pending;
      pending = { ...NO_POINTS };
      newPayers = 0;
      touched = false;
      return addition;
    },
    written(account) {
      known = account;
      sending = NO_POINTS;
      if (account.isNew) pool?.addPayer();
    },
    failed(addition) {
      pending = plus(pending, addition.points);
      newPayers += addition.payers;
      sending = NO_POINTS;
    },
  };
}
