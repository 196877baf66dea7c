import { plainText } from './document.ts';
import type { FieldChange, FieldValue } from './item.ts';
import { type Fingerprinter, fingerprintStatus, fingerprintValue } from './normal-form.ts';
import type { PieceBase } from './piece.ts';
import { SIDES, type Side, type Sides } from './side.ts';

/**
 * Stands for a fingerprint that anything equals: the first thing that side shows becomes its base (SPEC O6). It is what a twin
 * holds in a field that it was not given, before anybody has looked at it.
 */
export const UNSEEN = '?';

/**
 * The fingerprint of a value that was sent and not seen since. Jira answers with its own id for an option and reshapes documents, so
 * what the target will show is known by name, or by words, only (SPEC B1, O6). Never equal to a fingerprint of something seen.
 */
export function sentPrint(value: FieldValue, fingerprint: Fingerprinter): string {
  switch (value.kind) {
    case 'option':
      return fingerprint(`option-named:${value.name.trim().toLowerCase()}`);
    case 'rich':
      return fingerprint(`words:${plainText(value.document).replace(/\s+/g, ' ').trim()}`);
    default:
      return fingerprintValue(value, fingerprint);
  }
}

/** A status that is wanted, of a new twin or by a transition, by name: its id at the target is not known before it was seen. */
export const wantedStatusPrint = (name: string, fingerprint: Fingerprinter): string =>
  fingerprint(`status-named:${name.trim().toLowerCase()}`);

/**
 * What the target's changelog will say of a write, as far as it can be known before (SPEC O10). Of a rich text it tells wiki markup, so
 * only letters and digits are compared.
 */
export const toldPrint = (value: FieldValue, fingerprint: Fingerprinter): string =>
  value.kind === 'rich' ? wordsPrint(plainText(value.document), fingerprint) : sentPrint(value, fingerprint);

/** How a change that the changelog tells reads in the same form. */
export const changePrint = ({ field, to, toText }: FieldChange, fingerprint: Fingerprinter): string => {
  if (to === null) return wordsPrint(toText ?? '', fingerprint);
  return field === 'status' && to.kind === 'option' ? wantedStatusPrint(to.name, fingerprint) : sentPrint(to, fingerprint);
};

/** Letters of wiki markup that are no words: `h2.`, `{code:java}`, what follows the bar in `[words|address]`, `:smile:`. */
const MARKUP = /^h[1-6]\. |\{[a-z]+(?::[^}\n]*)?\}|\|[^\]\n]*(?=\])|:[a-z_]+:/gim;

/** What wiki markup, plain text and a document of the same words have in common: their letters and digits. */
export const lettersOf = (words: string): string => words.replaceAll(MARKUP, '').replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Words in wiki markup, by letters and digits alone. */
export function wordsPrint(text: string, fingerprint: Fingerprinter): string {
  const letters = lettersOf(text);
  return letters === '' ? fingerprintValue({ kind: 'empty' }, fingerprint) : fingerprint(`letters:${letters}`);
}

/** The base with each side that was only known loosely, and is now seen to be what was sent, in its exact form. */
export const settleField = (base: PieceBase, shown: Sides<FieldValue | null>, fingerprint: Fingerprinter): PieceBase =>
  settle(base, (side) => {
    const value = shown[side];
    return value === null ? null : { exact: fingerprintValue(value, fingerprint), loose: sentPrint(value, fingerprint) };
  });

/** The same for the status. */
export const settleStatus = (
  base: PieceBase,
  shown: Sides<{ readonly id: string; readonly name: string } | null>,
  fingerprint: Fingerprinter,
): PieceBase =>
  settle(base, (side) => {
    const status = shown[side];
    return status === null
      ? null
      : { exact: fingerprintStatus(status, fingerprint), loose: wantedStatusPrint(status.name, fingerprint) };
  });

function settle(base: PieceBase, printsOf: (side: Side) => { exact: string; loose: string } | null): PieceBase {
  const exactly = (of: Sides<string | null>): Sides<string | null> => {
    const settled = { ...of };
    for (const side of SIDES) {
      const prints = printsOf(side);
      if (prints !== null && (settled[side] === UNSEEN || settled[side] === prints.loose)) settled[side] = prints.exact;
    }
    return SIDES.every((side) => settled[side] === of[side]) ? of : settled;
  };
  const fingerprints = exactly(base.fingerprints);
  const seen = base.state.kind === 'parked' ? exactly(base.state.seen) : null;
  const { state } = base;
  if (state.kind === 'parked' && seen !== null && seen !== state.seen)
    return { ...base, fingerprints, state: { ...state, seen } };
  return fingerprints === base.fingerprints ? base : { ...base, fingerprints };
}
