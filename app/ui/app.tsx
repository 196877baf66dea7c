import Spinner from '@atlaskit/spinner';
import { useCallback, useState } from 'react';
import type { PageContext, SynchronizationRow } from '../contract/synchronizations.ts';
import { ActionDialog } from './action-dialog.tsx';
import { NewSynchronization } from './new-synchronization.tsx';
import { RefusalMessage } from './refusal-message.tsx';
import type { RowAction } from './row-actions.ts';
import { SynchronizationList } from './synchronization-list.tsx';
import { text } from './text.ts';
import { useTools } from './tools.ts';
import { useLoaded } from './use-loaded.ts';
import { useSynchronizations } from './use-synchronizations.ts';

/** The page: learns where it is shown, then the list with its dialogs, or the wizard. */
export function App() {
  const { api } = useTools();
  const [context, retry] = useLoaded(useCallback(() => api.readContext(), [api]));
  return (
    <main className="page">
      {context.state === 'loading' && (
        <div className="centred">
          <Spinner size="large" label={text.list.loading} />
        </div>
      )}
      {context.state === 'refused' && <RefusalMessage refusal={context.refusal} onRetry={retry} />}
      {context.state === 'loaded' && <Space here={context.value} />}
    </main>
  );
}

function Space({ here }: { here: PageContext }) {
  const view = useSynchronizations();
  const [creating, setCreating] = useState(false);
  const [open, setOpen] = useState<{ action: RowAction; row: SynchronizationRow } | null>(null);

  if (creating) {
    return (
      <NewSynchronization
        here={here}
        onClose={() => {
          setCreating(false);
          view.refresh();
        }}
      />
    );
  }
  return (
    <>
      <SynchronizationList
        here={here}
        view={view}
        onCreate={() => setCreating(true)}
        onAction={(action, row) => setOpen({ action, row })}
      />
      <ActionDialog
        here={here}
        open={open}
        onClose={() => {
          setOpen(null);
          view.refresh();
        }}
      />
    </>
  );
}
