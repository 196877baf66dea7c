import { type ChangeMark, isAfter } from './change-mark.ts';
import type { FieldChange, FieldValue } from './item.ts';
import { type Fingerprinter, fingerprintStatus } from './normal-form.ts';

/** Our last transition of an item of which nobody has seen yet what it replaced: Jira answers one with nothing. */
export interface Transitioned {
  /** Fingerprints of the status that the item was known to have before, and of the one that it was brought to. */
  readonly from: string;
  readonly to: string;
  /** Up to where the item was known then. */
  readonly since: ChangeMark;
  /** When Jira had answered, by our own clock, epoch milliseconds. */
  readonly at: number;
}

/** Jira dates a transition within the call; the rest is for clocks that differ. What is further away is somebody's who did the same. */
const OWN_EVENT_MS = 60_000;

/**
 * The status that a transition of ours replaced before anybody had seen it (SPEC O11), by the item's changes: those since then lead from the
 * status that was known to another one, and from that to the one that we brought about. Null: it replaced what was known, or it is too long
 * ago for the changes to tell all since then.
 */
export function replacedStatus(
  made: Transitioned,
  changes: readonly FieldChange[],
  fingerprint: Fingerprinter,
): FieldValue | null {
  const moves = changes.filter((change) => change.field === 'status' && isAfter(change, made.since));
  if (printOf(moves[0]?.from ?? null, fingerprint) !== made.from) return null;
  const reached = moves.find(({ to }) => printOf(to, fingerprint) === made.to)?.from ?? null;
  return printOf(reached, fingerprint) === made.from ? null : reached;
}

/** Whether a change that an event told is that transition, and it replaced what was known. */
export const isAsMeant = ({ from, to, since, at }: Transitioned, change: FieldChange, fingerprint: Fingerprinter): boolean =>
  change.field === 'status' &&
  isAfter(change, since) &&
  Math.abs(change.at - at) <= OWN_EVENT_MS &&
  printOf(change.from, fingerprint) === from &&
  printOf(change.to, fingerprint) === to;

const printOf = (value: FieldValue | null, fingerprint: Fingerprinter): string | null =>
  value?.kind === 'option' ? fingerprintStatus(value, fingerprint) : null;
