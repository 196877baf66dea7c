import { succeed } from '../core/failure.ts';
import type { SynchronizationId } from '../core/ids.ts';
import { ensurePermitted, type Visible } from './find-visible.ts';
import { noteChange } from './note-change.ts';
import { type RetryPorts, retryAll } from './retry-parked.ts';
import type { Caller, SetUpPorts, SetUpResult } from './set-up-ports.ts';

/** An administrator of either side has put something right and does not want to wait: all that is parked is tried now (SPEC R12). */
export async function retryNow(
  ports: SetUpPorts & { readonly retries: RetryPorts },
  caller: Caller,
  synchronizationId: SynchronizationId,
): SetUpResult<Visible> {
  const permitted = await ensurePermitted(ports, caller, synchronizationId, 'retry');
  if (!permitted.ok) return permitted;
  const { synchronization, side } = permitted.value;
  await retryAll(synchronization, ports.retries);
  await noteChange(ports, caller, synchronization, 'synchronization.retried');
  return succeed({ synchronization, side });
}
