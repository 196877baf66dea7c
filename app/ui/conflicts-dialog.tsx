import EmptyState from '@atlaskit/empty-state';
import SectionMessage from '@atlaskit/section-message';
import { useCallback } from 'react';
import type { KeptValue, OpenConflict } from '../contract/synchronizations.ts';
import { Dialog } from './dialog.tsx';
import { itemsName, pieceName } from './history-words.ts';
import { KeptValueCard } from './kept-value-card.tsx';
import { OpenConflictCard } from './open-conflict-card.tsx';
import type { RowDialogProps } from './row-dialog.ts';
import { namesOf, type SideNames } from './side-names.ts';
import { text } from './text.ts';
import { useTools } from './tools.ts';
import { useLoaded } from './use-loaded.ts';
import { useSubmit } from './use-submit.ts';
import { WhenLoaded } from './when-loaded.tsx';

const words = text.conflicts;

const whatOf = (one: OpenConflict | KeptValue, sides: SideNames): string =>
  words.what(itemsName({ issueKeys: one.issueKeys, source: null }, sides), pieceName(one.piece));

/** What both sides changed at the same time: questions that wait for a person, and values that lost and can be put back. */
export function ConflictsDialog({ row, here, onClose }: RowDialogProps) {
  const { api, host } = useTools();
  const submit = useSubmit();
  const id = row.synchronizationId;
  const [loaded, retry] = useLoaded(useCallback(() => api.listConflicts(id), [api, id]));
  const sides = namesOf(row, here);
  const isBlocked = row.status !== 'running' || submit.busy;

  const keep = (one: OpenConflict, winner: 'A' | 'B') =>
    submit.run(
      () => api.decideConflict(id, one.id, { winner, since: one.since }),
      () => {
        host.flag({ ...words.keeping(sides[winner], whatOf(one, sides)), type: 'success' });
        retry();
      },
    );
  const putBack = (one: KeptValue) =>
    submit.run(
      () => api.putBack(id, one.id),
      () => {
        host.flag({ ...words.puttingBack(sides[one.side], whatOf(one, sides)), type: 'success' });
        retry();
      },
    );

  return (
    <Dialog
      title={words.title(row.name)}
      width="large"
      refusal={submit.refusal}
      onClose={onClose}
      closeLabel={text.actions.close}
    >
      <WhenLoaded loaded={loaded} loadingLabel={words.loading} onRetry={retry}>
        {({ open, kept }) =>
          open.length + kept.length === 0 ? (
            <EmptyState header={words.empty.title} headingLevel={2} description={words.empty.body} />
          ) : (
            <>
              {row.status !== 'running' && (
                <SectionMessage appearance="information">
                  <p>{words.startFirst}</p>
                </SectionMessage>
              )}
              <OpenConflicts id={id} sides={sides} isBlocked={isBlocked} open={open} onKeep={keep} />
              <KeptValues id={id} sides={sides} isBlocked={isBlocked} kept={kept} onPutBack={putBack} />
            </>
          )
        }
      </WhenLoaded>
    </Dialog>
  );
}

interface ListProps {
  /** Of the synchronization. */
  readonly id: string;
  readonly sides: SideNames;
  readonly isBlocked: boolean;
}

interface OpenConflictsProps extends ListProps {
  readonly open: readonly OpenConflict[];
  readonly onKeep: (one: OpenConflict, winner: 'A' | 'B') => void;
}

function OpenConflicts({ id, sides, isBlocked, open, onKeep }: OpenConflictsProps) {
  const { clock } = useTools();
  return (
    <Section title={words.openTitle} intro={words.openIntro} count={open.length}>
      {open.map((one) => (
        <OpenConflictCard
          // Another question about the same piece is another card: its values have to be looked at again.
          key={`${one.id} ${one.since}`}
          id={id}
          conflict={one}
          what={whatOf(one, sides)}
          sides={sides}
          now={clock.now()}
          isBlocked={isBlocked}
          onKeep={(winner) => onKeep(one, winner)}
        />
      ))}
    </Section>
  );
}

interface KeptValuesProps extends ListProps {
  readonly kept: readonly KeptValue[];
  readonly onPutBack: (one: KeptValue) => void;
}

function KeptValues({ id, sides, isBlocked, kept, onPutBack }: KeptValuesProps) {
  const { clock } = useTools();
  return (
    <Section title={words.keptTitle} intro={words.keptIntro} count={kept.length}>
      {kept.map((one) => (
        <KeptValueCard
          key={one.id}
          id={id}
          kept={one}
          what={whatOf(one, sides)}
          side={sides[one.side]}
          now={clock.now()}
          isBlocked={isBlocked}
          onPutBack={() => onPutBack(one)}
        />
      ))}
    </Section>
  );
}

interface SectionProps {
  readonly title: string;
  readonly intro: string;
  readonly count: number;
  readonly children: React.ReactNode;
}

function Section({ title, intro, count, children }: SectionProps) {
  if (count === 0) return null;
  return (
    <section className="conflicts">
      <h2>{title}</h2>
      <p className="subtle">{intro}</p>
      <ul>{children}</ul>
    </section>
  );
}
