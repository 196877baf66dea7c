import type { FieldChange, FieldValue } from './item.ts';
import { type Fingerprinter, fingerprintStatus } from './normal-form.ts';

/** Our last transition of an item of which nobody has seen yet what it replaced: Jira answers one with nothing. */
export interface Transitioned {
  /** Fingerprints of the status that the item had when it was seen before, and of the one that it was brought to. */
  readonly from: string;
  readonly to: string;
  /** The item's `updated` when it was seen before, epoch milliseconds. */
  readonly since: number;
}

/**
 * The status that a transition of ours replaced before anybody had seen it (SPEC O11), by the item's changes: none of them since then leads
 * from the status that was seen to the one that we brought about, and another does. Null: it replaced what was seen, or it is too long ago.
 */
export function replacedStatus(
  made: Transitioned,
  changes: readonly FieldChange[],
  fingerprint: Fingerprinter,
): FieldValue | null {
  if (changes.some((change) => isAsMeant(made, change, fingerprint))) return null;
  const isReached = ({ field, at, to }: FieldChange): boolean =>
    field === 'status' && at > made.since && printOf(to, fingerprint) === made.to;
  return changes.find(isReached)?.from ?? null;
}

/** Whether the change is that transition, and it replaced what was seen. */
export const isAsMeant = ({ from, to, since }: Transitioned, change: FieldChange, fingerprint: Fingerprinter): boolean =>
  change.field === 'status' &&
  change.at > since &&
  printOf(change.from, fingerprint) === from &&
  printOf(change.to, fingerprint) === to;

const printOf = (value: FieldValue | null, fingerprint: Fingerprinter): string | null =>
  value?.kind === 'option' ? fingerprintStatus(value, fingerprint) : null;
