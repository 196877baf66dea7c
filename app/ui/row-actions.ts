import type { SynchronizationRow } from '../contract/synchronizations.ts';

export type RowAction = 'view-request' | 'start' | 'stop' | 'edit-content' | 'history' | 'delete';

/** What a row offers: the one thing most likely wanted as a button, the rest in its menu. The server decides again. */
export interface RowActions {
  readonly primary: RowAction | null;
  readonly menu: readonly RowAction[];
}

/** A request is answered or withdrawn first; content and history make sense once there was an agreement. */
const ACTIONS: Record<SynchronizationRow['status'], RowActions> = {
  'request-sent': { primary: 'view-request', menu: ['delete'] },
  'incoming-request': { primary: 'view-request', menu: ['delete'] },
  declined: { primary: null, menu: ['view-request', 'delete'] },
  stopped: { primary: 'start', menu: ['edit-content', 'history', 'delete'] },
  running: { primary: 'stop', menu: ['edit-content', 'history', 'delete'] },
};

export const actionsFor = (status: SynchronizationRow['status']): RowActions => ACTIONS[status];
