import { plainText } from './document.ts';
import type { FieldValue } from './item.ts';
import { type Fingerprinter, fingerprintValue, normalForm } from './normal-form.ts';
import type { SetChange } from './plan.ts';
import { sameAcross } from './translate.ts';

/**
 * The fingerprint to remember for the target after a write (SPEC B1). Normally what was sent: if Jira shows something else,
 * the next observation sees a change there and carries it back, so a person's edit in the same second is never taken for ours.
 * Two exceptions: an option came from the source and gets the target's own id, so one of the same name is ours; and Jira
 * reshapes documents, so one with the same words is ours in the shape Jira gave it.
 */
export function settledFingerprint(sent: FieldValue, returned: FieldValue | undefined, fingerprint: Fingerprinter): string {
  return fingerprintValue(returned !== undefined && isOurs(sent, returned) ? returned : sent, fingerprint);
}

const isOurs = (sent: FieldValue, returned: FieldValue): boolean =>
  sent.kind === 'rich' && returned.kind === 'rich'
    ? sameText(plainText(sent.document), plainText(returned.document))
    : sent.kind === 'option' && sameAcross(sent, returned);

const sameText = (a: string, b: string): boolean => a.replace(/\s+/g, ' ').trim() === b.replace(/\s+/g, ' ').trim();

/** Jira took the write without a word and shows nothing of it: the value did not get there (SPEC B2). */
export const wasDropped = (sent: FieldValue | SetChange, returned: FieldValue | undefined): boolean => {
  if (returned === undefined) return false;
  if (sent.kind !== 'set-change') return normalForm(sent) !== 'empty' && normalForm(returned) === 'empty';
  return sent.add.length > 0 && returned.kind === 'set' && !sent.add.some((member) => returned.members.includes(member));
};
