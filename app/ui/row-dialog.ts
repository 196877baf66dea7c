import type { PageContext, SynchronizationRow } from '../contract/synchronizations.ts';

/** What every dialog about one row is given. */
export interface RowDialogProps {
  readonly row: SynchronizationRow;
  readonly here: PageContext;
  readonly onClose: () => void;
}
