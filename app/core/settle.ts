import { plainText } from './document.ts';
import type { FieldValue } from './item.ts';
import { fingerprintValue, type Fingerprinter, normalForm } from './normal-form.ts';

/**
 * The fingerprint to remember for the target after a write (SPEC B1). Normally what was sent: if Jira shows something else,
 * the next observation sees a change there and carries it back, so a person's edit in the same second is never taken for ours.
 * Rich text is the exception: Jira reshapes documents, so one with the same text counts as ours in the shape Jira gave it.
 */
export function settledFingerprint(sent: FieldValue, returned: FieldValue | undefined, fingerprint: Fingerprinter): string {
  const reshaped =
    sent.kind === 'rich' && returned?.kind === 'rich' && sameText(plainText(sent.document), plainText(returned.document));
  return fingerprintValue(reshaped && returned !== undefined ? returned : sent, fingerprint);
}

const sameText = (a: string, b: string): boolean => a.replace(/\s+/g, ' ').trim() === b.replace(/\s+/g, ' ').trim();

/** Jira took the write without a word and shows nothing of it: the value did not get there (SPEC B2). */
export const wasDropped = (sent: FieldValue, returned: FieldValue | undefined): boolean =>
  returned !== undefined && normalForm(sent) !== 'empty' && normalForm(returned) === 'empty';
