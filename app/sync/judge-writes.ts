import type { Agreement } from '../core/agreement.ts';
import type { FieldId, PieceKey } from '../core/ids.ts';
import type { FieldChange, Item } from '../core/item.ts';
import { findHeard, judgeOverwritten, type Overwrite } from '../core/judge-overwritten.ts';
import { sentPrint } from '../core/loose-print.ts';
import { fingerprintValue } from '../core/normal-form.ts';
import { ownReturnsUntil } from '../core/ping-pong.ts';
import type { PlannedWrite } from '../core/plan.ts';
import { otherSide, type Side } from '../core/side.ts';
import type { Ground } from './ground.ts';
import { knownUntil } from './known-until.ts';
import type { Effect } from './ports.ts';
import type { Turn } from './turn.ts';

export interface JudgedWrite {
  readonly piece: PieceKey;
  readonly field: FieldId;
  /** What the write was to make both sides agree on. */
  readonly agreement: Agreement;
  readonly overwrite: Overwrite;
}

/** A write of which it is known which of the target's changes it is. */
export interface FoundWrite {
  readonly piece: PieceKey;
  readonly field: FieldId;
  /** The target's changes of that field, oldest first, and which of them is ours. */
  readonly changes: readonly FieldChange[];
  readonly nth: number | null;
  /** Whether the target still shows what it wrote. */
  readonly stands: boolean;
}

/** What each of these writes replaced at the target, by the changelog in `shown`. Sets are changed member by member and replace nothing. */
export function judgeWrites(
  turn: Turn,
  ground: Ground,
  { target, agreed }: Effect,
  writes: readonly PlannedWrite[],
  shown: Item,
): readonly JudgedWrite[] {
  const fingerprint = turn.ports.fingerprinter(turn.claim.tenantId);
  return writes.flatMap(({ piece, field, value }) => {
    const agreement = agreed.get(piece);
    if (agreement === undefined || value.kind === 'set' || value.kind === 'set-change') return [];
    const changes = shown.changes.filter((change) => change.field === field);
    const nth = findHeard(changes, value, fingerprint);
    const now = shown.fields.get(field);
    const stands = now === undefined || sentPrint(now, fingerprint) === sentPrint(value, fingerprint);
    return [{ piece, field, agreement, overwrite: judgeReplaced(turn, ground, target, { piece, field, changes, nth, stands }) }];
  });
}

/** What one write replaced, by what was known of the target before it (SPEC O7). */
export function judgeReplaced(
  turn: Turn,
  ground: Ground,
  target: Side,
  { piece, field, changes, nth, stands }: FoundWrite,
): Overwrite {
  const { configuration } = turn.memory.synchronization;
  const fingerprint = turn.ports.fingerprinter(turn.claim.tenantId);
  const mapping = configuration.fields.find((one) => one.field === field);
  const known = ground.views[target].fields.get(field);
  const base = ground.bases.get(piece);
  const agreed = base?.fingerprints[target] ?? null;
  const expected = known === undefined ? agreed : fingerprintValue(known, fingerprint);
  if (mapping === undefined || expected === null) return { kind: 'none' };
  return judgeOverwritten({
    mapping,
    target,
    expected,
    decidedOn: base?.state.kind === 'parked' ? base.state.seen[target] : null,
    seen: knownUntil(ground.pair, target).seen,
    changes,
    nth,
    stands,
    ownReturnsUntil: ownReturnsUntil(ground.bases.get(piece)?.pingPong, target),
    sourceChangedAt: ground.views[otherSide(target)].changedAt.get(field) ?? null,
    fingerprint,
  });
}
