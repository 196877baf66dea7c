import type { SynchronizationRow } from '../contract/synchronizations.ts';

export type RowAction = 'view-request' | 'start' | 'stop' | 'edit-content' | 'history' | 'conflicts' | 'brake' | 'delete';

/** What a row offers: the one thing most likely wanted as a button, the rest in its menu. */
export interface RowActions {
  readonly primary: RowAction | null;
  readonly menu: readonly RowAction[];
}

/**
 * What can be done in which state, as core/synchronization-states.ts decides it on the server. `delete` is listed for a running
 * one too, so that the menu can say that it has to be stopped first.
 */
const ACTIONS: Record<SynchronizationRow['status'], RowActions> = {
  'request-sent': { primary: 'view-request', menu: ['delete'] },
  'incoming-request': { primary: 'view-request', menu: [] },
  declined: { primary: 'view-request', menu: ['delete'] },
  expired: { primary: 'view-request', menu: ['delete'] },
  stopped: { primary: 'start', menu: ['edit-content', 'history', 'conflicts', 'delete'] },
  running: { primary: 'stop', menu: ['edit-content', 'history', 'conflicts', 'delete'] },
};

/** While something is stopped that only a person lets go on, that comes first. */
export function actionsFor({ status, brakes }: Pick<SynchronizationRow, 'status' | 'brakes'>): RowActions {
  const { primary, menu } = ACTIONS[status];
  if (status !== 'running' || brakes.length === 0) return { primary, menu };
  return { primary: 'brake', menu: primary === null ? menu : [primary, ...menu] };
}

/** Whether an action is shown but cannot be used yet. */
export const isBlocked = (action: RowAction, status: SynchronizationRow['status']): boolean =>
  action === 'delete' && status === 'running';
