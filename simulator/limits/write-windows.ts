/** Writes that one issue takes within a span of time. */
export interface WriteWindow {
  readonly writes: number;
  readonly ms: number;
}

export const WRITE_WINDOWS: readonly WriteWindow[] = [
  { writes: 20, ms: 2_000 },
  { writes: 100, ms: 30_000 },
];
const LONGEST_MS = 30_000;
/** Issues that were written to are remembered in batches; after so many the quiet ones are forgotten. */
const TIDY_AFTER = 10_000;

/** A window that is full, and when a write will fit again. */
export interface FullWindow {
  readonly window: WriteWindow;
  readonly freeAt: number;
}

/** Counts the writes to each issue of a site, in sliding windows. */
export interface WriteWindows {
  /** The full window that stays full longest; null while one more write fits. */
  fullFor(issueId: string, now: number): FullWindow | null;
  note(issueId: string, now: number): void;
}

export function createWriteWindows(): WriteWindows {
  const writes = new Map<string, number[]>();
  const recent = (issueId: string, now: number): number[] => {
    const times = writes.get(issueId) ?? [];
    const first = times.findIndex((at) => at > now - LONGEST_MS);
    return first === -1 ? [] : times.slice(first);
  };
  const tidy = (now: number): void => {
    for (const [issueId, times] of writes) if ((times.at(-1) ?? 0) <= now - LONGEST_MS) writes.delete(issueId);
  };
  return {
    fullFor(issueId, now) {
      const times = recent(issueId, now);
      const full = WRITE_WINDOWS.flatMap((window) => {
        const oldest = times.at(-window.writes);
        return oldest !== undefined && oldest > now - window.ms ? [{ window, freeAt: oldest + window.ms }] : [];
      });
      return full.sort((left, right) => right.freeAt - left.freeAt)[0] ?? null;
    },
    note(issueId, now) {
      writes.set(issueId, [...recent(issueId, now), now]);
      if (writes.size > TIDY_AFTER) tidy(now);
    },
  };
}
