import Button from '@atlaskit/button/new';
import Lozenge from '@atlaskit/lozenge';
import { useCallback } from 'react';
import type { OpenConflict } from '../contract/synchronizations.ts';
import { ConflictCard, ValueBox } from './conflict-card.tsx';
import { relativeTime } from './relative-time.ts';
import type { SideNames } from './side-names.ts';
import { text } from './text.ts';
import { useTools } from './tools.ts';
import { useLoaded } from './use-loaded.ts';
import { WhenLoaded } from './when-loaded.tsx';

const words = text.conflicts;

interface Props {
  /** Of the synchronization. */
  readonly id: string;
  readonly conflict: OpenConflict;
  readonly what: string;
  readonly sides: SideNames;
  readonly now: number;
  readonly isBlocked: boolean;
  readonly onKeep: (winner: 'A' | 'B') => void;
}

/** A question: whose value stays? */
export function OpenConflictCard({ id, conflict, what, sides, now, isBlocked, onKeep }: Props) {
  const keep = (side: 'A' | 'B') => (
    <Button spacing="compact" isDisabled={isBlocked} aria-label={words.keepFor(sides[side], what)} onClick={() => onKeep(side)}>
      {words.keep(sides[side])}
    </Button>
  );
  return (
    <ConflictCard
      what={what}
      note={words.since(relativeTime(conflict.since, now, text.locale, words.justNow))}
      showLabel={words.showBoth}
      values={() => <BothValues id={id} conflict={conflict.id} sides={sides} />}
      actions={
        conflict.decided === null ? (
          <>
            {keep('A')}
            {keep('B')}
          </>
        ) : (
          <Lozenge appearance="information">{words.decided(sides[conflict.decided])}</Lozenge>
        )
      }
    />
  );
}

function BothValues({ id, conflict, sides }: { id: string; conflict: string; sides: SideNames }) {
  const { api } = useTools();
  const [loaded, retry] = useLoaded(useCallback(() => api.readConflict(id, conflict), [api, id, conflict]));
  return (
    <WhenLoaded loaded={loaded} loadingLabel={words.loadingValue} onRetry={retry}>
      {({ A, B }) => (
        <div className="value-boxes">
          <ValueBox label={words.valueOf(sides.A)} value={A} />
          <ValueBox label={words.valueOf(sides.B)} value={B} />
        </div>
      )}
    </WhenLoaded>
  );
}
