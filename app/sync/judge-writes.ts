import type { PieceKey } from '../core/ids.ts';
import type { Item } from '../core/item.ts';
import { judgeOverwritten, type Overwrite } from '../core/judge-overwritten.ts';
import { sentPrint } from '../core/loose-print.ts';
import { fingerprintValue } from '../core/normal-form.ts';
import { fieldPiece, type PieceBase } from '../core/piece.ts';
import type { PlannedWrite } from '../core/plan.ts';
import { otherSide, type Side } from '../core/side.ts';
import type { Ground } from './ground.ts';
import type { Turn } from './turn.ts';

export interface JudgedWrite {
  readonly write: PlannedWrite;
  readonly overwrite: Overwrite;
}

/** What each of these writes replaced at the target, by the changelog in `shown`. Sets are changed member by member and replace nothing. */
export function judgeWrites(
  turn: Turn,
  ground: Ground,
  target: Side,
  writes: readonly PlannedWrite[],
  shown: Item,
): readonly JudgedWrite[] {
  const { configuration } = turn.memory.synchronization;
  const fingerprint = turn.ports.fingerprinter(turn.claim.tenantId);
  return writes.flatMap((write) => {
    const { value } = write;
    const mapping = configuration.fields.find(({ field }) => field === write.field);
    const known = ground.views[target].fields.get(write.field);
    const expected = known === undefined ? agreedAt(ground.bases.get(write.piece), target) : fingerprintValue(known, fingerprint);
    if (mapping === undefined || value.kind === 'set' || value.kind === 'set-change' || expected === null) return [];
    const sourceChangedAt = ground.views[otherSide(target)].changedAt.get(write.field) ?? null;
    const seenAt = ground.pair.seenAt[target];
    const overwrite = judgeOverwritten({
      mapping,
      target,
      sent: value,
      expected,
      seenAt,
      changes: shown.changes,
      sourceChangedAt,
      fingerprint,
    });
    return [{ write, overwrite }];
  });
}

const agreedAt = (base: PieceBase | undefined, target: Side): string | null => base?.fingerprints[target] ?? null;

/**
 * The writes of an earlier turn that nobody heard the end of, as far as the target shows that they were done: what it shows now is what
 * the source shows, and not what was agreed. What they replaced has to be judged like that of a write that was answered (SPEC O7).
 */
export function unheardWrites(
  turn: Turn,
  { pieces, target, bases }: { pieces: readonly PieceKey[]; target: Side; bases: ReadonlyMap<PieceKey, PieceBase> },
  shown: Item,
  source: Item,
): readonly PlannedWrite[] {
  const fingerprint = turn.ports.fingerprinter(turn.claim.tenantId);
  return [...shown.fields].flatMap(([field, value]) => {
    const piece = fieldPiece(field);
    const base = bases.get(piece);
    const sent = source.fields.get(field);
    if (!pieces.includes(piece) || base === undefined || sent === undefined) return [];
    const isAgreed = base.fingerprints[target] === fingerprintValue(value, fingerprint);
    return isAgreed || sentPrint(sent, fingerprint) !== sentPrint(value, fingerprint) ? [] : [{ piece, field, value }];
  });
}
