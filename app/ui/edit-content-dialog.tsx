import Button from '@atlaskit/button/new';
import { useCallback, useState } from 'react';
import { ContentEditor } from './content-editor.tsx';
import { type ContentEntry, choiceOf, entryOf, isEmpty } from './content-entry.ts';
import { Dialog } from './dialog.tsx';
import type { RowDialogProps } from './row-dialog.ts';
import { namesOf } from './side-names.ts';
import { text } from './text.ts';
import { useTools } from './tools.ts';
import { useLoaded } from './use-loaded.ts';
import { useSubmit } from './use-submit.ts';
import { WhenLoaded } from './when-loaded.tsx';

/** Changes what takes part, with the wizard's own table. */
export function EditContentDialog({ row, here, onClose }: RowDialogProps) {
  const { api, host } = useTools();
  const submit = useSubmit();
  const [loaded, retry] = useLoaded(
    useCallback(() => api.readSynchronization(row.synchronizationId), [api, row.synchronizationId]),
  );
  const [edited, setEdited] = useState<ContentEntry | null>(null);
  const entry = edited ?? (loaded.state === 'loaded' ? entryOf(loaded.value.content) : null);

  const save = () => {
    if (entry === null || isEmpty(entry)) return;
    submit.run(
      () => api.changeSynchronization(row.synchronizationId, { content: choiceOf(entry) }),
      () => {
        host.flag({ ...text.edit.saved(row.name), type: 'success' });
        onClose();
      },
    );
  };

  return (
    <Dialog
      title={text.edit.title(row.name)}
      width="x-large"
      holdsWork
      refusal={submit.refusal}
      onClose={onClose}
      actions={
        entry !== null && (
          <Button appearance="primary" isLoading={submit.busy} isDisabled={edited === null || isEmpty(entry)} onClick={save}>
            {text.actions.save}
          </Button>
        )
      }
    >
      <WhenLoaded loaded={loaded} loadingLabel={text.edit.loading} onRetry={retry}>
        {({ content }) => (
          <>
            <p>{text.edit.note}</p>
            <ContentEditor
              entry={entry ?? entryOf(content)}
              sides={namesOf(row, here)}
              onChange={setEdited}
              error={entry !== null && isEmpty(entry) ? text.content.nothingTicked : undefined}
            />
          </>
        )}
      </WhenLoaded>
    </Dialog>
  );
}
