import type { Configuration } from '../core/configuration.ts';
import { fail, succeed } from '../core/failure.ts';
import type { SynchronizationId } from '../core/ids.ts';
import { firstMark } from '../core/plan-scan.ts';
import { type ContentChoice, proposeConfiguration, unmatchedConfiguration } from '../core/propose-configuration.ts';
import { SIDES } from '../core/side.ts';
import { readShapes } from './answer-request.ts';
import { applyChange, ensurePermitted, type Permitted, type Visible } from './find-visible.ts';
import type { Caller, SetUpPorts, SetUpResult } from './set-up-ports.ts';

export interface SynchronizationChange {
  readonly name?: string;
  readonly description?: string;
  readonly content?: ContentChoice;
}

/** Another name, description or content. Other content makes a new version of the configuration. */
export async function changeSynchronization(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
  change: SynchronizationChange,
): SetUpResult<Visible> {
  const event = change.content === undefined ? 'rename' : 'change-content';
  const permitted = await ensurePermitted(ports, caller, synchronizationId, event);
  if (!permitted.ok) return permitted;
  const configuration =
    change.content === undefined ? succeed(null) : await configurationFor(ports, permitted.value, change.content);
  if (!configuration.ok) return configuration;
  return applyChange(ports, permitted.value, {
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.description === undefined ? {} : { description: change.description }),
    ...(configuration.value === null ? {} : { configuration: configuration.value }),
  });
}

/**
 * What was matched stays matched; only a status that was not synchronized before needs a look at both spaces. Before the partner
 * has accepted nothing is matched at all.
 */
async function configurationFor(ports: SetUpPorts, permitted: Permitted, content: ContentChoice): SetUpResult<Configuration> {
  const { state, configuration } = permitted.synchronization;
  const { types } = configuration;
  if (state === 'declined' || state === 'requested') return succeed(unmatchedConfiguration(content));
  if (content.status === null) return succeed({ ...content, types, status: null });
  if (configuration.status !== null) {
    return succeed({ ...content, types, status: { ...content.status, map: configuration.status.map } });
  }
  const shapes = await readShapes(ports, permitted);
  if (!shapes.ok) return shapes;
  const proposal = proposeConfiguration(content, shapes.value);
  return succeed({ ...proposal.configuration, types });
}

/**
 * `leave`: only items that change from now on. `synchronize`: also those that exist. Only the first start asks: later ones go
 * on where the synchronization stopped, so that what changed meanwhile is found.
 */
export async function startSynchronization(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
  existingItems: 'leave' | 'synchronize',
): SetUpResult<Visible> {
  const permitted = await ensurePermitted(ports, caller, synchronizationId, 'start');
  if (!permitted.ok) return permitted;
  const { sides, scannedUntil } = permitted.value.synchronization;
  for (const side of SIDES) {
    const jira = await ports.sites.reach(sides[side].siteTenantId, sides[side].connectionId);
    if (jira === null) return fail({ code: side === permitted.value.side ? 'site-unreachable' : 'partner-unreachable' });
  }
  const now = ports.clock.now();
  // A later start goes on from what was proven seen, so that the scan it begins with finds what changed while it stood still.
  const since = (until: number | null): number => until ?? firstMark(existingItems, now);
  const started = await applyChange(ports, permitted.value, {
    state: 'running',
    scannedUntil: { A: since(scannedUntil.A), B: since(scannedUntil.B) },
  });
  const { tenantId } = permitted.value.synchronization;
  if (started.ok) await ports.lanes.resume(tenantId, synchronizationId);
  return started;
}

/** Nothing is lost by stopping: what waits, waits, and what changes meanwhile is found at the next start. */
export async function stopSynchronization(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
): SetUpResult<Visible> {
  const permitted = await ensurePermitted(ports, caller, synchronizationId, 'stop');
  return permitted.ok ? applyChange(ports, permitted.value, { state: 'stopped' }) : permitted;
}

/** Removes everything we know of it. The items stay in Jira at both sides. */
export async function deleteSynchronization(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
): SetUpResult<null> {
  const permitted = await ensurePermitted(ports, caller, synchronizationId, 'delete');
  if (!permitted.ok) return permitted;
  await ports.synchronizations.remove(permitted.value.synchronization.tenantId, synchronizationId);
  return succeed(null);
}
