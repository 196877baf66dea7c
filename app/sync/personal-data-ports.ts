/** The duty to report stored accounts of people to Atlassian, and to forget those that were closed. Ports, like those of ports.ts. */
import type { AccountId, ConnectionId, TenantId } from '../core/ids.ts';

/** What stands in the place of an account that was closed. No account has this id. */
export const ERASED_ACCOUNT = 'erased' as AccountId;

export interface StoredAccount {
  readonly accountId: AccountId;
  /** Since when what we store of it is as it is (epoch ms). */
  readonly updatedAt: number;
}

export interface PersonalData {
  /** It is time to look, which each process is told at most once in `everyMs`, and one of them alone: the length of a cycle in days. Null: not now. */
  claimLook(everyMs: number): Promise<number | null>;
  /** Atlassian said how long a cycle is. */
  notePeriod(days: number): Promise<void>;
  /** Finds all accounts that are stored anywhere, of whatever tenant. */
  collect(): Promise<void>;
  /** Accounts not reported for that many days, at most `limit`. */
  listDue(days: number, limit: number): Promise<readonly StoredAccount[]>;
  noteReported(accounts: readonly AccountId[]): Promise<void>;
  /** The account was closed: its id goes everywhere. */
  erase(accountId: AccountId): Promise<void>;
  /** The person changed something: what is stored beside the id (names of sync users) is read anew. */
  refresh(accountId: AccountId): Promise<void>;
  /** A connection whose consent speaks for the app at Atlassian; null: there is none. */
  findReporter(): Promise<{ readonly tenantId: TenantId; readonly connectionId: ConnectionId } | null>;
}

export type ReportAnswer =
  | {
      readonly kind: 'answered';
      readonly closed: readonly AccountId[];
      readonly updated: readonly AccountId[];
      /** Days; null: not said. */
      readonly period: number | null;
    }
  /** Asked to wait so long (ms). */
  | { readonly kind: 'wait'; readonly ms: number }
  /** `no-way`: nobody's consent speaks for the app. `refused`: consents do not cover reporting. `unreachable`: no whole answer. */
  | { readonly kind: 'failed'; readonly why: 'no-way' | 'refused' | 'unreachable' };

/** Reports up to 90 accounts. */
export type ReportAccounts = (accounts: readonly StoredAccount[]) => Promise<ReportAnswer>;
