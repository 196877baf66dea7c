import Button from '@atlaskit/button/new';
import { useState } from 'react';
import type { StartSynchronization } from '../contract/synchronizations.ts';
import { Choice } from './choice.tsx';
import { Dialog } from './dialog.tsx';
import type { RowDialogProps } from './row-dialog.ts';
import { text } from './text.ts';
import { useTools } from './tools.ts';
import { useSubmit } from './use-submit.ts';

/** Asks the one thing that cannot be taken back: whether existing items get twins. The careful answer is preset. */
export function StartDialog({ row, onClose }: RowDialogProps) {
  const { api, host } = useTools();
  const submit = useSubmit();
  const [existingItems, setExistingItems] = useState<StartSynchronization['existingItems']>('leave');

  const start = () =>
    submit.run(
      () => api.startSynchronization(row.synchronizationId, { existingItems }),
      () => {
        host.flag({ ...text.start.started(row.name), type: 'success' });
        onClose();
      },
    );

  return (
    <Dialog
      title={text.start.title(row.name)}
      refusal={submit.refusal}
      onClose={onClose}
      actions={
        <Button appearance="primary" isLoading={submit.busy} onClick={start}>
          {text.actions.start}
        </Button>
      }
    >
      <Choice
        name="existing-items"
        legend={text.start.question}
        value={existingItems}
        onChange={setExistingItems}
        options={[
          { value: 'leave', label: text.start.leave, hint: text.start.leaveHint },
          { value: 'synchronize', label: text.start.synchronize, hint: text.start.synchronizeHint },
        ]}
      />
      <p className="small-print">{text.start.again}</p>
    </Dialog>
  );
}
