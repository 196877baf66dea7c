import type { FieldMapping } from './configuration.ts';
import type { FieldChange, FieldValue } from './item.ts';
import { sentPrint } from './loose-print.ts';
import { type Fingerprinter, fingerprintValue } from './normal-form.ts';
import { flowsFrom, type Side } from './side.ts';

/** What is asked after a value was written to a target that had not been read just before. */
export interface OverwriteQuestion {
  readonly mapping: FieldMapping;
  readonly target: Side;
  /** What was sent. */
  readonly sent: FieldValue;
  /** What the target was taken to hold: its fingerprint, exact or of what was last sent. */
  readonly expected: string;
  /** `updated` when the whole target was last seen; edits after it are not known yet. */
  readonly seenAt: number;
  /** The target's newest changes, oldest first, our own write among them. */
  readonly changes: readonly FieldChange[];
  /** When the source changed it; null when Jira does not say. */
  readonly sourceChangedAt: number | null;
  readonly fingerprint: Fingerprinter;
}

export type Overwrite =
  /** The target held what was expected. */
  | { readonly kind: 'none' }
  /** Somebody's edit was overwritten, and by the policy it loses. `text`: its words, when its value is not told whole. */
  | { readonly kind: 'stands'; readonly value: FieldValue | null; readonly text: string | null }
  /** It should have won, or a person is to decide: it has to be put back first. */
  | { readonly kind: 'put-back'; readonly value: FieldValue; readonly changedAt: number };

/**
 * Whether our write replaced something else than it was meant to (SPEC O7): the changelog that comes back with it says what stood
 * there. An edit that slipped in between is a conflict like any other, and nothing of it is lost.
 */
export function judgeOverwritten(question: OverwriteQuestion): Overwrite {
  const { mapping, target, sent, expected, seenAt, changes, fingerprint } = question;
  const ofField = changes.filter((change) => change.field === mapping.field);
  const ours = ofField.findLastIndex(({ to }) => to === null || sentPrint(to, fingerprint) === sentPrint(sent, fingerprint));
  const write = ofField[ours];
  // No line of ours since: the target held the very value already, so nothing was replaced.
  if (write === undefined || write.at <= seenAt) return { kind: 'none' };
  const edit = ofField[ours - 1];
  if (write.from === null) {
    const slippedIn = edit !== undefined && edit.at > seenAt;
    return slippedIn ? { kind: 'stands', value: null, text: write.fromText } : { kind: 'none' };
  }
  const { from } = write;
  if (fingerprintValue(from, fingerprint) === expected || sentPrint(from, fingerprint) === expected) return { kind: 'none' };
  const changedAt = edit?.at ?? write.at;
  return targetWins(mapping, target, changedAt, question.sourceChangedAt)
    ? { kind: 'put-back', value: from, changedAt }
    : { kind: 'stands', value: from, text: null };
}

/** As in a conflict between two sides that were both read (F4). */
function targetWins(
  { direction, conflict }: FieldMapping,
  target: Side,
  changedAt: number,
  sourceChangedAt: number | null,
): boolean {
  if (!flowsFrom(target, direction)) return false;
  if (conflict === 'newest') return changedAt > (sourceChangedAt ?? 0);
  return conflict === target || conflict === 'ask';
}
