import { useCallback, useEffect, useState } from 'react';
import type { Answer, Refusal } from './api.ts';

export type Loaded<T> = { state: 'loading' } | { state: 'loaded'; value: T } | { state: 'refused'; refusal: Refusal };

/**
 * Loads something once for as long as a screen is open. `load` must stay the same between renders (useCallback).
 * The returned function loads again.
 */
export function useLoaded<T>(load: () => Promise<Answer<T>>): [Loaded<T>, () => void] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' });
  const [round, setRound] = useState(0);

  // The round is not read: a new one is the wish to load again.
  useEffect(() => {
    let current = true;
    setLoaded({ state: 'loading' });
    void load().then((answer) => {
      if (current)
        setLoaded(answer.ok ? { state: 'loaded', value: answer.value } : { state: 'refused', refusal: answer.refusal });
    });
    return () => {
      current = false;
    };
  }, [load, round]);

  return [loaded, useCallback(() => setRound((before) => before + 1), [])];
}
