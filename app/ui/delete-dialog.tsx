import Button from '@atlaskit/button/new';
import { Dialog } from './dialog.tsx';
import type { RowDialogProps } from './row-dialog.ts';
import { text } from './text.ts';
import { useTools } from './tools.ts';
import { useSubmit } from './use-submit.ts';

/** Says what goes and what stays before anything is removed. */
export function DeleteDialog({ row, onClose }: RowDialogProps) {
  const { api, host } = useTools();
  const submit = useSubmit();
  const established = row.status === 'running' || row.status === 'stopped';

  const remove = () =>
    submit.run(
      () => api.deleteSynchronization(row.synchronizationId),
      () => {
        host.flag({ ...text.delete.deleted(row.name), type: 'success' });
        onClose();
      },
    );

  return (
    <Dialog
      title={text.delete.title(row.name)}
      appearance="danger"
      width="small"
      refusal={submit.refusal}
      onClose={onClose}
      actions={
        <Button appearance="danger" isLoading={submit.busy} onClick={remove}>
          {text.actions.delete}
        </Button>
      }
    >
      <p>{established ? text.delete.established(row.partner.projectName) : text.delete.request}</p>
    </Dialog>
  );
}
