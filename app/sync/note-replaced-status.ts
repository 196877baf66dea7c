import type { FieldChange } from '../core/item.ts';
import { STATUS_PIECE } from '../core/piece.ts';
import { replacedStatus, type Transitioned } from '../core/replaced-status.ts';
import { otherSide, type Side } from '../core/side.ts';
import { keepValue } from './keep-value.ts';
import type { KeptValue } from './ports.ts';
import type { Line, Turn } from './turn.ts';

/** What follows from a status that was replaced before anybody had seen it. */
interface Noted {
  readonly kept: KeptValue[];
  readonly lines: Line[];
}

/** The status that our last transition replaced before it was seen, as the item's changes show now (SPEC O11). */
export function noteReplacedStatus(
  turn: Turn,
  noted: Noted,
  side: Side,
  made: Transitioned,
  changes: readonly FieldChange[],
): void {
  const value = replacedStatus(made, changes, turn.ports.fingerprinter(turn.claim.tenantId));
  if (value === null) return;
  noted.kept.push(keepValue(turn, { piece: STATUS_PIECE, side, value }));
  noted.lines.push({ piece: STATUS_PIECE, outcome: 'overwritten', source: otherSide(side), cause: 'conflict-lost' });
}
