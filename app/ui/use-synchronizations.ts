import { useCallback, useEffect, useRef, useState } from 'react';
import type { SynchronizationRow } from '../contract/synchronizations.ts';
import type { Refusal } from './api.ts';
import { useTools } from './tools.ts';

/** Short enough that an answer or an error shows while one looks, long enough to cost nothing. */
const REFRESH_MS = 5_000;

export interface SynchronizationsView {
  /** Null until the first answer. */
  readonly rows: readonly SynchronizationRow[] | null;
  /** Of the latest attempt; the rows shown are then the last ones known. */
  readonly refusal: Refusal | null;
  readonly refresh: () => void;
}

/** The list of this space, read again every few seconds while the page is visible and at once when it becomes so. */
export function useSynchronizations(): SynchronizationsView {
  const { api, clock } = useTools();
  const [rows, setRows] = useState<readonly SynchronizationRow[] | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const latest = useRef(0);

  const refresh = useCallback(() => {
    latest.current += 1;
    const turn = latest.current;
    void api.listSynchronizations().then((answer) => {
      // A slow answer must not overwrite that of a later question.
      if (turn !== latest.current) return;
      if (answer.ok) setRows(answer.value);
      setRefusal(answer.ok ? null : answer.refusal);
    });
  }, [api]);

  useEffect(() => {
    const refreshIfSeen = () => {
      if (document.visibilityState === 'visible') refresh();
    };
    refresh();
    const stop = clock.every(REFRESH_MS, refreshIfSeen);
    document.addEventListener('visibilitychange', refreshIfSeen);
    return () => {
      latest.current += 1;
      stop();
      document.removeEventListener('visibilitychange', refreshIfSeen);
    };
  }, [clock, refresh]);

  return { rows, refusal, refresh };
}
