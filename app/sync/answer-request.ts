import { fail, succeed } from '../core/failure.ts';
import type { SynchronizationId } from '../core/ids.ts';
import type { SpaceShape } from '../core/item.ts';
import { choiceOf, proposeConfiguration } from '../core/propose-configuration.ts';
import { onSides, otherSide, type Side, type Sides } from '../core/side.ts';
import { readSpace } from './find-space.ts';
import { applyChange, ensurePermitted, type Visible } from './find-visible.ts';
import { noteChange } from './note-change.ts';
import type { SideAddress } from './ports.ts';
import type { Caller, SetUpPorts, SetUpResult } from './set-up-ports.ts';

/** An admin of the partner space agrees. Both spaces are read, types and statuses matched by name; then it stands, stopped. */
export async function acceptRequest(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
): SetUpResult<Visible> {
  const permitted = await ensurePermitted(ports, caller, synchronizationId, 'accept');
  if (!permitted.ok) return permitted;
  const shapes = await readShapes(ports, permitted.value);
  if (!shapes.ok) return shapes;
  const { configuration } = proposeConfiguration(choiceOf(permitted.value.synchronization.configuration), shapes.value);
  if (configuration.types.length === 0) return fail({ code: 'no-common-types' });
  const accepted = await applyChange(ports, permitted.value, {
    state: 'stopped',
    configuration,
    sides: withPresentKeys(permitted.value.synchronization.sides, shapes.value),
  });
  if (accepted.ok) await noteChange(ports, caller, accepted.value.synchronization, 'synchronization.accepted');
  return accepted;
}

/** An admin of the partner space says no, and why if they like. Side A may change the request and send it again (SPEC S5). */
export async function declineRequest(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
  reason: string | null = null,
): SetUpResult<Visible> {
  const permitted = await ensurePermitted(ports, caller, synchronizationId, 'decline');
  if (!permitted.ok) return permitted;
  const { request } = permitted.value.synchronization;
  const declined = await applyChange(ports, permitted.value, {
    state: 'declined',
    ...(request === null ? {} : { request: { ...request, declineReason: reason } }),
  });
  if (declined.ok) await noteChange(ports, caller, declined.value.synchronization, 'synchronization.declined');
  return declined;
}

/** What both spaces offer now. */
export async function readShapes(
  ports: Pick<SetUpPorts, 'sites' | 'connections'>,
  { synchronization, side }: Visible,
): SetUpResult<Sides<SpaceShape>> {
  const own = await readSpace(ports, synchronization.sides[side], synchronization.sides[side], 'own');
  if (!own.ok) return own;
  const there = synchronization.sides[otherSide(side)];
  const partner = await readSpace(ports, there, there, 'partner');
  if (!partner.ok) return partner;
  return succeed(onSides(side, own.value.shape, partner.value.shape));
}

/** A space can be given another key; its id stays. */
const withPresentKeys = (sides: Sides<SideAddress>, shapes: Sides<SpaceShape>): Sides<SideAddress> => {
  const at = (side: Side): SideAddress => ({ ...sides[side], projectKey: shapes[side].projectKey });
  return { A: at('A'), B: at('B') };
};
