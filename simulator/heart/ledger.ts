/** One answered REST call. */
export interface LedgerEntry {
  readonly at: number;
  readonly method: string;
  /** The path with its variables by name: `/rest/api/3/issue/{issueIdOrKey}`. */
  readonly path: string;
  readonly who: 'app' | 'user' | 'anonymous';
  readonly accountId: string | null;
  /** The item that the call named or made, if one. */
  readonly issueId: string | null;
  /** The comment that the call named or made, if one. */
  readonly commentId: string | null;
  readonly status: number;
  /** Jira's price: 1, for bulk creation 1 for each issue made, and for reads 1 more for each issue or project and 2 for each user returned. */
  readonly points: number;
}

/** Every REST call a site has answered, with its price. */
export interface Ledger {
  readonly entries: readonly LedgerEntry[];
  record(entry: LedgerEntry): void;
  reset(): void;
  /** Sum of points, of app calls only unless told otherwise. */
  points(who?: LedgerEntry['who'] | 'all'): number;
}

export function createLedger(): Ledger {
  const entries: LedgerEntry[] = [];
  return {
    entries,
    record: (entry) => void entries.push(entry),
    reset: () => {
      entries.length = 0;
    },
    points: (who = 'app') => entries.reduce((sum, entry) => (who === 'all' || entry.who === who ? sum + entry.points : sum), 0),
  };
}
