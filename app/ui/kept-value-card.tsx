import Button from '@atlaskit/button/new';
import { useCallback } from 'react';
import type { KeptValue } from '../contract/synchronizations.ts';
import { ConflictCard, ValueBox } from './conflict-card.tsx';
import { dayOf, relativeTime } from './relative-time.ts';
import { text } from './text.ts';
import { useTools } from './tools.ts';
import { useLoaded } from './use-loaded.ts';
import { WhenLoaded } from './when-loaded.tsx';

const words = text.conflicts;

interface Props {
  /** Of the synchronization. */
  readonly id: string;
  readonly kept: KeptValue;
  readonly what: string;
  /** The name of the side that lost. */
  readonly side: string;
  readonly now: number;
  readonly isBlocked: boolean;
  readonly onPutBack: () => void;
}

/** A value that lost. */
export function KeptValueCard({ id, kept, what, side, now, isBlocked, onPutBack }: Props) {
  const lostAt = relativeTime(kept.keptAt, now, text.locale, words.justNow);
  return (
    <ConflictCard
      what={what}
      note={words.lost(side, lostAt, dayOf(kept.until, text.locale))}
      showLabel={kept.isShared ? words.show : null}
      values={() => <LostValue id={id} kept={kept.id} side={side} />}
      actions={
        <Button spacing="compact" isDisabled={isBlocked} aria-label={words.putBackFor(what)} onClick={onPutBack}>
          {words.putBack}
        </Button>
      }
    />
  );
}

function LostValue({ id, kept, side }: { id: string; kept: string; side: string }) {
  const { api } = useTools();
  const [loaded, retry] = useLoaded(useCallback(() => api.readKeptValue(id, kept), [api, id, kept]));
  return (
    <WhenLoaded loaded={loaded} loadingLabel={words.loadingValue} onRetry={retry}>
      {({ value }) => (
        <div className="value-boxes">
          <ValueBox label={words.lostValueOf(side)} value={value} />
        </div>
      )}
    </WhenLoaded>
  );
}
