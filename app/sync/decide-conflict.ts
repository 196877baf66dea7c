import { fail, succeed } from '../core/failure.ts';
import type { SynchronizationId } from '../core/ids.ts';
import type { Side } from '../core/side.ts';
import type { ConflictPorts } from './conflict-ports.ts';
import { ensurePermitted } from './find-visible.ts';
import { noteChange } from './note-change.ts';
import type { Caller, SetUpResult } from './set-up-ports.ts';
import { readConflict } from './show-conflicts.ts';

export interface ConflictDecision {
  readonly winner: Side;
  /** Of the question as the person saw it: an edit on either side since then makes it another one. */
  readonly since: number;
}

/** A person says whose value of a piece stays. It is stored with the piece, and the lane's next turn carries it out (SPEC F8). */
export async function decideConflict(
  ports: ConflictPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
  conflictId: string,
  { winner, since }: ConflictDecision,
): SetUpResult<null> {
  const permitted = await ensurePermitted(ports, caller, synchronizationId, 'settle-conflict');
  if (!permitted.ok) return permitted;
  const { synchronization } = permitted.value;
  const conflict = await readConflict(ports, synchronization, conflictId);
  if (conflict === null) return fail({ code: 'conflict-not-found' });
  if (conflict.since !== since) return fail({ code: 'conflict-changed' });
  const decided = await ports.conflicts.decide(synchronization.tenantId, conflict, winner);
  if (!decided) return fail({ code: 'conflict-changed' });
  await noteChange(ports, caller, synchronization, 'conflict.decided', winner);
  return succeed(null);
}
