import { type Agreement, membersIn } from './agreement.ts';
import { type ChangeMark, isAfter } from './change-mark.ts';
import type { FieldChange, FieldValue } from './item.ts';
import { changePrint, sentPrint } from './loose-print.ts';
import { type Fingerprinter, fingerprintMembers } from './normal-form.ts';

/** What is asked of a target about a write of which nobody heard how it ended. */
export interface UnheardQuestion {
  /** What the write was to make of the target, and what both sides agreed on there before (null: never). */
  readonly agreement: Agreement;
  readonly sent: string;
  readonly before: string | null;
  /** The target's newest changes of that field, or of the status, oldest first. */
  readonly changes: readonly FieldChange[];
  /** Up to where the target was last seen whole. */
  readonly seen: ChangeMark;
  /** What the target shows now; null for the status, of which the changelog alone tells. */
  readonly shown: FieldValue | null;
  readonly fingerprint: Fingerprinter;
}

export type Unheard =
  | { readonly kind: 'not-done' }
  /** `nth`: which of the changes it is; null: it changed nothing there, or too long ago to be told. */
  | { readonly kind: 'done'; readonly nth: number | null };

/**
 * Whether a write that nobody heard the end of was done (SPEC O10): the target's changelog tells of it, or the target shows what was sent.
 * A person who did the same at the same time is taken for us, which comes to the same.
 */
export function findUnheard(question: UnheardQuestion): Unheard {
  const { changes, seen, shown } = question;
  const isOurs = shown?.kind === 'set' ? changesMembers(question) : (change: FieldChange) => isSent(change, question);
  const nth = changes.findLastIndex((change) => isAfter(change, seen) && isOurs(change));
  if (nth >= 0) return { kind: 'done', nth };
  if (shown === null || !isThere(shown, question)) return { kind: 'not-done' };
  // Only the changelog of a rich text can tell of it in words that are not known again: then the last change is taken for it.
  const last = changes.at(-1);
  const isToldOtherwise = shown.kind === 'rich' && last !== undefined && isAfter(last, seen);
  return { kind: 'done', nth: isToldOtherwise ? changes.length - 1 : null };
}

const isSent = (change: FieldChange, { agreement, fingerprint }: UnheardQuestion): boolean =>
  changePrint(change, fingerprint) === agreement.told;

const isThere = (shown: FieldValue, question: UnheardQuestion): boolean =>
  shown.kind === 'set'
    ? holdsChange(shown, question)
    : question.sent !== question.before && sentPrint(shown, question.fingerprint) === question.sent;

/** The set's members changed as we meant: what we added is there, what we removed is not, and before it was otherwise. */
const changesMembers =
  (question: UnheardQuestion) =>
  ({ from, to }: FieldChange): boolean =>
    to?.kind === 'set' && holdsChange(to, question) && !(from?.kind === 'set' && holdsChange(from, question));

function holdsChange({ members }: FieldValue & { kind: 'set' }, { before, sent, fingerprint }: UnheardQuestion): boolean {
  const held = new Set(membersIn(fingerprintMembers(members, fingerprint)));
  const agreed = new Set(membersIn(before ?? ''));
  const meant = new Set(membersIn(sent));
  return (
    [...meant].every((one) => agreed.has(one) || held.has(one)) && [...agreed].every((one) => meant.has(one) || !held.has(one))
  );
}
