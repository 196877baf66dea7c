import Spinner from '@atlaskit/spinner';
import type { ReactNode } from 'react';
import { RefusalMessage } from './refusal-message.tsx';
import type { Loaded } from './use-loaded.ts';

interface Props<T> {
  readonly loaded: Loaded<T>;
  /** What a screen reader says meanwhile. */
  readonly loadingLabel: string;
  readonly onRetry: () => void;
  readonly children: (value: T) => ReactNode;
}

/** A spinner, then the content or what went wrong. */
export function WhenLoaded<T>({ loaded, loadingLabel, onRetry, children }: Props<T>) {
  switch (loaded.state) {
    case 'loading':
      return (
        <div className="centred">
          <Spinner size="large" label={loadingLabel} />
        </div>
      );
    case 'refused':
      return <RefusalMessage refusal={loaded.refusal} onRetry={onRetry} />;
    case 'loaded':
      return <>{children(loaded.value)}</>;
  }
}
