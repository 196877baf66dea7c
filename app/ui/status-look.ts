import type { SynchronizationRow } from '../contract/synchronizations.ts';
import { text } from './text.ts';

/** A lozenge's words and colour. `rank` sorts the list by what needs a person first. */
export interface StatusLook {
  readonly label: string;
  readonly appearance: 'success' | 'information' | 'warning' | 'danger' | 'neutral';
  readonly rank: number;
}

const LOOKS: Record<SynchronizationRow['status'], StatusLook> = {
  'incoming-request': { label: text.status.incomingRequest, appearance: 'warning', rank: 0 },
  'request-sent': { label: text.status.requestSent, appearance: 'information', rank: 1 },
  running: { label: text.status.running, appearance: 'success', rank: 2 },
  stopped: { label: text.status.stopped, appearance: 'neutral', rank: 3 },
  declined: { label: text.status.declined, appearance: 'danger', rank: 4 },
  expired: { label: text.status.expired, appearance: 'neutral', rank: 5 },
};

export const lookOf = (status: SynchronizationRow['status']): StatusLook => LOOKS[status];
