import { fail, succeed } from '../core/failure.ts';
import type { SynchronizationId } from '../core/ids.ts';
import type { RiskKind } from '../core/mass-change.ts';
import type { BrakeAnswer } from '../core/piece.ts';
import type { Brakes } from './brake-ports.ts';
import { ensurePermitted, type Visible } from './find-visible.ts';
import { noteChange } from './note-change.ts';
import type { Caller, SetUpPorts, SetUpResult } from './set-up-ports.ts';

/** What is needed to answer for a kind of change that was stopped. */
export interface BrakePorts extends Pick<SetUpPorts, 'sites' | 'settings' | 'synchronizations' | 'audit' | 'clock'> {
  readonly brakes: Brakes;
}

/**
 * A person says what becomes of a kind of change that was stopped (SPEC M8). By either side, as for conflicts. The first
 * answer counts; who comes later is told so.
 */
export async function answerBrake(
  ports: BrakePorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
  kind: RiskKind,
  answer: BrakeAnswer,
): SetUpResult<Visible> {
  const permitted = await ensurePermitted(ports, caller, synchronizationId, 'settle-conflict');
  if (!permitted.ok) return permitted;
  const { synchronization, side } = permitted.value;
  const released = await ports.brakes.release(synchronization.tenantId, synchronizationId, kind, answer, ports.clock.now());
  if (released === null) return fail({ code: 'brake-answered' });
  await noteChange(ports, caller, synchronization, 'brake.answered', `${kind} ${answer}`);
  return succeed({ synchronization, side });
}
