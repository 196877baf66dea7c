import type { Configuration } from '../core/configuration.ts';
import { fail, succeed } from '../core/failure.ts';
import type { SynchronizationId } from '../core/ids.ts';
import { firstMark } from '../core/plan-scan.ts';
import { type ContentChoice, proposeConfiguration, unmatchedConfiguration } from '../core/propose-configuration.ts';
import { SIDES } from '../core/side.ts';
import { readShapes } from './answer-request.ts';
import { changeTerms, type OpenTerms, openTerms, type TermsChanged } from './change-terms.ts';
import { refusalOfSilence } from './find-space.ts';
import { applyChange, applyRemoval, ensurePermitted, type Permitted, type Visible } from './find-visible.ts';
import { noteChange } from './note-change.ts';
import type { Synchronization } from './ports.ts';
import type { Caller, SetUpPorts, SetUpResult } from './set-up-ports.ts';
import type { SetUpRefusal } from './set-up-refusal.ts';

export interface SynchronizationChange {
  readonly name?: string;
  readonly description?: string;
  readonly content?: ContentChoice;
}

/** Another name, description or content. Other content of what both sides agreed on is a change of terms, which may have to wait. */
export async function changeSynchronization(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
  change: SynchronizationChange,
): SetUpResult<Visible> {
  const event = change.content === undefined ? 'rename' : 'change-content';
  const permitted = await ensurePermitted(ports, caller, synchronizationId, event);
  if (!permitted.ok) return permitted;
  const { state } = permitted.value.synchronization;
  const isAgreed = state === 'stopped' || state === 'running';
  if (isAgreed && change.content !== undefined) {
    const terms = await changeContent(ports, caller, synchronizationId, change.content);
    if (!terms.ok) return terms;
  }
  const changed = await applyChange(ports, permitted.value, {
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.description === undefined ? {} : { description: change.description }),
    // Before the partner has accepted nothing is matched at all.
    ...(isAgreed || change.content === undefined ? {} : { configuration: unmatchedConfiguration(change.content) }),
  });
  // Other content of what was agreed has its own line, since it may wait.
  const words = wordsOf(change, !isAgreed);
  if (changed.ok && words !== '')
    await noteChange(ports, caller, changed.value.synchronization, 'synchronization.changed', words);
  return changed;
}

/** What was changed, without what it became. */
const wordsOf = ({ name, description, content }: SynchronizationChange, withContent: boolean): string =>
  [
    name === undefined ? [] : ['name'],
    description === undefined ? [] : ['description'],
    content === undefined || !withContent ? [] : ['content'],
  ]
    .flat()
    .join(', ');

async function changeContent(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
  content: ContentChoice,
): SetUpResult<TermsChanged> {
  const open = await openTerms(ports, caller, synchronizationId);
  if (!open.ok) return open;
  const agreed = await configurationFor(ports, open.value, content);
  return agreed.ok ? changeTerms(ports, caller, open.value, { agreed: agreed.value }) : agreed;
}

/** What was matched stays matched; only a status that was not synchronized before needs a look at both spaces. */
async function configurationFor(ports: SetUpPorts, open: OpenTerms, content: ContentChoice): SetUpResult<Configuration> {
  const { agreed: configuration } = open.standing;
  const { types } = configuration;
  if (content.status === null) return succeed({ ...content, types, status: null });
  if (configuration.status !== null) {
    return succeed({ ...content, types, status: { ...content.status, map: configuration.status.map } });
  }
  const shapes = await readShapes(ports, open);
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
  const refusal = await refusalOfWays(ports, permitted.value);
  if (refusal !== null) return fail(refusal);
  const endpoints = await ports.takeEndpoints(permitted.value.synchronization);
  if (!endpoints.ok) return fail({ code: endpoints.failure });
  const { scannedUntil } = permitted.value.synchronization;
  const now = ports.clock.now();
  // A later start goes on from what was proven seen, so that the scan it begins with finds what changed while it stood still.
  const since = (until: number | null): number => until ?? firstMark(existingItems, now);
  const started = await applyChange(ports, permitted.value, {
    state: 'running',
    scannedUntil: { A: since(scannedUntil.A), B: since(scannedUntil.B) },
  });
  await endpoints.value.letGo();
  const { tenantId } = permitted.value.synchronization;
  if (!started.ok) return started;
  await ports.lanes.resume(tenantId, synchronizationId);
  await noteChange(ports, caller, started.value.synchronization, 'synchronization.started', existingItems);
  return started;
}

/** Why a site cannot be reached now; null: both can. Nothing starts that could not go on (SPEC S14). */
async function refusalOfWays(
  ports: Pick<SetUpPorts, 'sites' | 'connections'>,
  { synchronization, side }: Permitted,
): Promise<SetUpRefusal | null> {
  for (const each of SIDES) {
    const { siteTenantId, connectionId } = synchronization.sides[each];
    const jira = await ports.sites.reach(siteTenantId, connectionId);
    if (jira === null) return refusalOfSilence(ports, synchronization.sides[each], each === side ? 'own' : 'partner');
  }
  return null;
}

/** Nothing is lost by stopping: what waits, waits, and what changes meanwhile is found at the next start. */
export async function stopSynchronization(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
): SetUpResult<Visible> {
  const permitted = await ensurePermitted(ports, caller, synchronizationId, 'stop');
  if (!permitted.ok) return permitted;
  const stopped = await applyChange(ports, permitted.value, { state: 'stopped' });
  if (!stopped.ok) return stopped;
  const { synchronization } = stopped.value;
  // Where nothing runs any more the webhook goes now: until then its events come for nothing. Of a connection of the other tenant, which
  // is none of the caller's, with the next scan (SPEC H8).
  for (const side of SIDES) {
    const { siteTenantId, connectionId } = synchronization.sides[side];
    await ports.connections.endLook(siteTenantId, connectionId, 0);
  }
  await noteChange(ports, caller, synchronization, 'synchronization.stopped');
  return stopped;
}

/** Removes everything we know of it. The items stay in Jira at both sides. */
export async function deleteSynchronization(
  ports: SetUpPorts,
  caller: Caller,
  synchronizationId: SynchronizationId,
): SetUpResult<null> {
  const permitted = await ensurePermitted(ports, caller, synchronizationId, 'delete');
  if (!permitted.ok) return permitted;
  const { synchronization } = permitted.value;
  const removed = await applyRemoval(ports, permitted.value);
  if (removed.ok) await noteChange(ports, caller, synchronization, wordOfDeletion(synchronization));
  return removed;
}

/** A request that is deleted before it was answered is withdrawn. */
const wordOfDeletion = ({ state }: Pick<Synchronization, 'state'>): string =>
  state === 'requested' ? 'synchronization.withdrawn' : 'synchronization.deleted';
