import { fail, type Result, succeed } from '../core/failure.ts';
import type { SynchronizationId } from '../core/ids.ts';
import type { SpaceShape } from '../core/item.ts';
import { choiceOf, proposeConfiguration } from '../core/propose-configuration.ts';
import { onSides, otherSide, type Side, type Sides } from '../core/side.ts';
import { applyChange, ensurePermitted, type Permitted, refusalOfOwnSite, type Visible } from './find-visible.ts';
import type { SideAddress } from './ports.ts';
import type { Caller, SetUpPorts, SetUpResult } from './set-up-ports.ts';
import type { SetUpRefusal } from './set-up-refusal.ts';

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
  return applyChange(ports, permitted.value, {
    state: 'stopped',
    configuration,
    sides: withPresentKeys(permitted.value.synchronization.sides, shapes.value),
  });
}

/** An admin of the partner space says no. Side A may change the request and send it again (SPEC S5). */
export async function declineRequest(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
): SetUpResult<Visible> {
  const permitted = await ensurePermitted(ports, caller, synchronizationId, 'decline');
  return permitted.ok ? applyChange(ports, permitted.value, { state: 'declined' }) : permitted;
}

/** What both spaces offer now. */
export async function readShapes(
  ports: Pick<SetUpPorts, 'sites'>,
  { synchronization, side }: Permitted,
): SetUpResult<Sides<SpaceShape>> {
  const own = await readShape(ports, synchronization.sides[side], 'own');
  if (!own.ok) return own;
  const partner = await readShape(ports, synchronization.sides[otherSide(side)], 'partner');
  if (!partner.ok) return partner;
  return succeed(onSides(side, own.value, partner.value));
}

async function readShape(
  ports: Pick<SetUpPorts, 'sites'>,
  address: SideAddress,
  whose: 'own' | 'partner',
): Promise<Result<SpaceShape, SetUpRefusal>> {
  const jira = await ports.sites.reach(address.siteTenantId, address.connectionId);
  if (jira === null) return fail({ code: whose === 'own' ? 'site-unreachable' : 'partner-unreachable' });
  const shape = await jira.readSpaceShape(address.projectId);
  if (shape.ok) return shape;
  return fail(
    whose === 'own'
      ? refusalOfOwnSite(shape.failure)
      : { code: shape.failure.kind === 'rate-limited' ? 'site-busy' : 'partner-unreachable' },
  );
}

/** A space can be given another key; its id stays. */
const withPresentKeys = (sides: Sides<SideAddress>, shapes: Sides<SpaceShape>): Sides<SideAddress> => {
  const at = (side: Side): SideAddress => ({ ...sides[side], projectKey: shapes[side].projectKey });
  return { A: at('A'), B: at('B') };
};
