import { ModalTransition } from '@atlaskit/modal-dialog';
import type { PageContext, SynchronizationRow } from '../contract/synchronizations.ts';
import { BrakeDialog } from './brake-dialog.tsx';
import { ConflictsDialog } from './conflicts-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { EditContentDialog } from './edit-content-dialog.tsx';
import { HistoryDialog } from './history-dialog.tsx';
import { RequestDialog } from './request-dialog.tsx';
import type { RowAction } from './row-actions.ts';
import type { RowDialogProps } from './row-dialog.ts';
import { StartDialog } from './start-dialog.tsx';
import { StopDialog } from './stop-dialog.tsx';

const DIALOGS: Record<RowAction, (props: RowDialogProps) => React.ReactNode> = {
  'view-request': (props) => <RequestDialog {...props} />,
  start: (props) => <StartDialog {...props} />,
  stop: (props) => <StopDialog {...props} />,
  'edit-content': (props) => <EditContentDialog {...props} />,
  history: (props) => <HistoryDialog {...props} />,
  conflicts: (props) => <ConflictsDialog {...props} />,
  brake: (props) => <BrakeDialog {...props} />,
  delete: (props) => <DeleteDialog {...props} />,
};

interface Props {
  readonly here: PageContext;
  readonly open: { readonly action: RowAction; readonly row: SynchronizationRow } | null;
  readonly onClose: () => void;
}

/** The dialog that belongs to the chosen row action. The row is kept as it was when it opened. */
export function ActionDialog({ here, open, onClose }: Props) {
  return <ModalTransition>{open !== null && DIALOGS[open.action]({ row: open.row, here, onClose })}</ModalTransition>;
}
