import Button from '@atlaskit/button/new';
import { useCallback, useState } from 'react';
import { type ContentDraft, choiceOf, draftOf, isEmpty } from './content-draft.ts';
import { ContentEditor } from './content-editor.tsx';
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
  const [edited, setEdited] = useState<ContentDraft | null>(null);
  const draft = edited ?? (loaded.state === 'loaded' ? draftOf(loaded.value.content) : null);

  const save = () => {
    if (draft === null || isEmpty(draft)) return;
    submit.run(
      () => api.changeSynchronization(row.synchronizationId, { content: choiceOf(draft) }),
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
        draft !== null && (
          <Button appearance="primary" isLoading={submit.busy} isDisabled={edited === null || isEmpty(draft)} onClick={save}>
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
              draft={draft ?? draftOf(content)}
              sides={namesOf(row, here)}
              onChange={setEdited}
              error={draft !== null && isEmpty(draft) ? text.content.nothingTicked : undefined}
            />
          </>
        )}
      </WhenLoaded>
    </Dialog>
  );
}
