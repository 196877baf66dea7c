import type { PieceKey } from './ids.ts';
import type { FieldChange, FieldValue, Item } from './item.ts';
import { type Fingerprinter, fingerprintStatus } from './normal-form.ts';
import { type PieceBase, STATUS_PIECE } from './piece.ts';
import type { Side } from './side.ts';

export interface ReplacedStatusQuestion {
  readonly side: Side;
  /** What events that are not our own told of that side. */
  readonly told: readonly FieldChange[];
  /** `updated` of the item when it was seen last, before this look. */
  readonly seenAt: number;
  /** What this look shows. */
  readonly item: Pick<Item, 'status' | 'changes'>;
  readonly bases: ReadonlyMap<PieceKey, PieceBase>;
  readonly fingerprint: Fingerprinter;
}

/**
 * The status that a transition of ours replaced before anybody had seen it (SPEC O11): Jira answers a transition with nothing, but an event
 * tells of the status that the item had right before, and of no change that led on to the one it has now. Null: there is none.
 */
export function replacedStatus({ side, told, seenAt, item, bases, fingerprint }: ReplacedStatusQuestion): FieldValue | null {
  const last = item.changes.findLast(({ field }) => field === 'status');
  if (last === undefined || last.at <= seenAt || last.from?.kind !== 'option') return null;
  const { from } = last;
  const agreed = bases.get(STATUS_PIECE)?.fingerprints[side];
  if (agreed !== fingerprintStatus(item.status, fingerprint) || idOf(last.to) !== item.status.id) return null;
  const ofStatus = told.filter(({ field, at }) => field === 'status' && at > seenAt);
  const isTold = ofStatus.some((one) => idOf(one.from) === from.id && idOf(one.to) === item.status.id);
  return !isTold && ofStatus.some((one) => idOf(one.to) === from.id) ? from : null;
}

const idOf = (value: FieldValue | null): string | null => (value?.kind === 'option' ? value.id : null);
