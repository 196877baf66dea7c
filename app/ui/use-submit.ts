import { useState } from 'react';
import type { Answer, Refusal } from './api.ts';

export interface Submit {
  readonly busy: boolean;
  readonly refusal: Refusal | null;
  /** Does nothing while an earlier one is under way, so a double click sends once. */
  run<T>(call: () => Promise<Answer<T>>, done: (value: T) => void): void;
}

/** One call made by a button: busy meanwhile, its refusal afterwards. */
export function useSubmit(): Submit {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  return {
    busy,
    refusal,
    run: (call, done) => {
      if (busy) return;
      setBusy(true);
      setRefusal(null);
      void call().then((answer) => {
        setBusy(false);
        if (answer.ok) done(answer.value);
        else setRefusal(answer.refusal);
      });
    },
  };
}
