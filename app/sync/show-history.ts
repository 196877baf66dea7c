import { succeed } from '../core/failure.ts';
import type { SynchronizationId } from '../core/ids.ts';
import { SIDES, type Side } from '../core/side.ts';
import { type FindPorts, findVisible, sidesOf } from './find-visible.ts';
import type { HistoryLine, TurnStore } from './ports.ts';
import type { Caller, SetUpResult } from './set-up-ports.ts';

/**
 * The newest lines of what happened, as far as they are the caller's to know: an item that has no twin never left its site, so the other
 * side does not learn that it exists (SPEC C3). The limit is of what happened, not of what is shown.
 */
export async function listHistory(
  ports: FindPorts & { readonly turns: Pick<TurnStore, 'listHistory'> },
  caller: Caller,
  synchronizationId: SynchronizationId,
  limit: number,
): SetUpResult<readonly HistoryLine[]> {
  const visible = await findVisible(ports, caller, synchronizationId);
  if (!visible.ok) return visible;
  const { synchronization } = visible.value;
  const lines = await ports.turns.listHistory(synchronization.tenantId, synchronizationId, limit);
  const sides = sidesOf(caller, synchronization);
  return succeed(lines.filter((line) => isFor(sides, line)));
}

const isFor = (sides: readonly Side[], { pairId, issueKeys }: HistoryLine): boolean =>
  pairId !== null || SIDES.every((side) => issueKeys[side] === null) || sides.some((side) => issueKeys[side] !== null);
