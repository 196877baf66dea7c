import { type ChangeMark, isAfter } from './change-mark.ts';
import type { FieldMapping } from './configuration.ts';
import type { FieldChange, FieldValue } from './item.ts';
import { sentPrint } from './loose-print.ts';
import { type Fingerprinter, fingerprintValue } from './normal-form.ts';
import { flowsFrom, type Side } from './side.ts';

/** What is asked after a value was written to a target that had not been read just before. */
export interface OverwriteQuestion {
  readonly mapping: FieldMapping;
  readonly target: Side;
  /** What the target was taken to hold: its fingerprint, exact or of what was last sent. */
  readonly expected: string;
  /** What it showed when its piece was parked: whatever was decided since was decided with that in view. Null: it is not parked. */
  readonly decidedOn: string | null;
  /** Up to where the target was last seen whole; edits after it are not known yet. */
  readonly seen: ChangeMark;
  /** The target's newest changes of the field, oldest first. */
  readonly changes: readonly FieldChange[];
  /** Which of them is our own write; null: none, since the target held the very value already. */
  readonly nth: number | null;
  /** Whether the target still shows what was sent: then nothing came after it, whatever the times say (a clock may have been put back). */
  readonly stands: boolean;
  /** Until when a value that came back may be our own doing (epoch ms). */
  readonly ownReturnsUntil: number;
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
  | { readonly kind: 'put-back'; readonly value: FieldValue; readonly changedAt: number }
  /** Somebody's edit was overwritten and stands there again, by a put-back of ours or by a person. */
  | { readonly kind: 'restored' };

/** Which change of the field is our write, given that it was answered: the last one that reads so, or that does not tell what it set. */
export function findHeard(changes: readonly FieldChange[], sent: FieldValue, fingerprint: Fingerprinter): number | null {
  const nth = changes.findLastIndex(({ to }) => to === null || sentPrint(to, fingerprint) === sentPrint(sent, fingerprint));
  return nth < 0 ? null : nth;
}

/**
 * Whether our write replaced something else than it was meant to (SPEC O7): the changelog that comes back with it says what stood
 * there. An edit that slipped in between is a conflict like any other, and nothing of it is lost.
 */
export function judgeOverwritten(question: OverwriteQuestion): Overwrite {
  const { mapping, target, seen, changes, nth, fingerprint } = question;
  const write = nth === null ? undefined : changes[nth];
  if (nth === null || write === undefined || !isAfter(write, seen)) return { kind: 'none' };
  const others = changes.filter((_, n) => n !== nth);
  if (write.from === null) {
    const edit = changes[nth - 1];
    const slippedIn = edit !== undefined && isAfter(edit, seen);
    return slippedIn ? { kind: 'stands', value: null, text: write.fromText } : { kind: 'none' };
  }
  const { from } = write;
  if (isExpected(from, question) && !cameBack(question, nth)) return { kind: 'none' };
  const cameTo = ({ to }: FieldChange): boolean => to !== null && sentPrint(to, fingerprint) === sentPrint(from, fingerprint);
  const later = question.stands ? [] : changes.slice(nth + 1);
  if (later.some(cameTo)) return { kind: 'restored' };
  const changedAt = (others.findLast(cameTo) ?? changes[nth - 1] ?? write).at;
  const wasInView = !isExpected(from, question) && fingerprintValue(from, fingerprint) === question.decidedOn;
  // Whoever edited it after our write saw that: a newer edit is not replaced by an older one.
  return later.length === 0 && !wasInView && targetWins(mapping, target, changedAt, question.sourceChangedAt)
    ? { kind: 'put-back', value: from, changedAt }
    : { kind: 'stands', value: from, text: null };
}

const isExpected = (value: FieldValue, { expected, fingerprint }: OverwriteQuestion): boolean =>
  fingerprintValue(value, fingerprint) === expected || sentPrint(value, fingerprint) === expected;

/** The target held what we knew, but somebody had changed it and changed it back, after the edit that we carried (SPEC F10). */
function cameBack(question: OverwriteQuestion, nth: number): boolean {
  const { mapping, changes, seen, ownReturnsUntil, sourceChangedAt } = question;
  const before = changes.slice(0, nth).filter((change) => isAfter(change, seen) && change.at > ownReturnsUntil);
  const last = before.at(-1);
  const left = before.some(({ from }) => from !== null && isExpected(from, question));
  return mapping.direction === 'both' && left && last !== undefined && last.at > (sourceChangedAt ?? 0);
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
