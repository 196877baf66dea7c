import type { HistoryLine } from '../contract/synchronizations.ts';
import type { SideNames } from './side-names.ts';
import { text } from './text.ts';

/** Outcomes that are about no item. */
const OF_SYNCHRONIZATION: ReadonlySet<string> = new Set(['braked', 'released', 'taken-back']);

/** `field:summary` → "Summary", `comment:A:10012` → "Comment"; a line about the whole item has no piece. */
export function pieceName(piece: string | null, outcome = ''): string {
  if (OF_SYNCHRONIZATION.has(outcome)) return text.pieces.synchronization;
  if (piece === null) return text.pieces.item;
  if (piece === 'status') return text.pieces.status;
  if (piece.startsWith('comment:')) return text.pieces.comment;
  const field = piece.replace(/^field:/, '');
  const names: Readonly<Record<string, string>> = text.fields;
  return names[field] ?? field;
}

/** An outcome this version of the page does not know is shown as the server named it rather than hidden. */
export function outcomeName(outcome: string): string {
  const names: Readonly<Record<string, string>> = text.outcomes;
  return names[outcome] ?? outcome;
}

/** Parked, declined and the like want a second look; the rest is good news or no news. */
const NEEDS_A_LOOK: ReadonlySet<string> = new Set(['parked', 'declined', 'item-gone', 'braked']);
export const needsALook = (outcome: string): boolean => NEEDS_A_LOOK.has(outcome);

/** "SUP-3 → ENG-7": from the side the change came from, or just the keys when it came from neither. */
export function itemsName(line: Pick<HistoryLine, 'issueKeys' | 'source'>, sides: SideNames): string {
  const { A, B } = line.issueKeys;
  if (A === null && B === null) return line.source === null ? '–' : sides[line.source];
  if (A === null || B === null) return A ?? B ?? '–';
  if (line.source === null) return `${A} ↔ ${B}`;
  return line.source === 'A' ? `${A} → ${B}` : `${B} → ${A}`;
}
