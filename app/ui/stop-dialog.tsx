import Button from '@atlaskit/button/new';
import { Dialog } from './dialog.tsx';
import type { RowDialogProps } from './row-dialog.ts';
import { text } from './text.ts';
import { useTools } from './tools.ts';
import { useSubmit } from './use-submit.ts';

/** Stopping affects both sides, so it is confirmed. */
export function StopDialog({ row, onClose }: RowDialogProps) {
  const { api, host } = useTools();
  const submit = useSubmit();

  const stop = () =>
    submit.run(
      () => api.stopSynchronization(row.synchronizationId),
      () => {
        host.flag({ ...text.stop.stopped(row.name), type: 'info' });
        onClose();
      },
    );

  return (
    <Dialog
      title={text.stop.title(row.name)}
      width="small"
      refusal={submit.refusal}
      onClose={onClose}
      actions={
        <Button appearance="primary" isLoading={submit.busy} onClick={stop}>
          {text.actions.stop}
        </Button>
      }
    >
      <p>{text.stop.body}</p>
    </Dialog>
  );
}
