import { fail, succeed } from '../core/failure.ts';
import type { ConnectionId, ProjectId } from '../core/ids.ts';
import { isHeard } from '../core/plan-scan.ts';
import type { Instructions } from './connection-instructions.ts';
import type { RemoteConnection, RemoteWebhook } from './connection-ports.ts';
import type { ConnectionResult, ConnectionSetUpPorts } from './connection-set-up-ports.ts';
import { findConnection, findForChange } from './find-connection.ts';
import type { ScanSchedule } from './healing-ports.ts';
import { noteConnectionChange } from './note-change.ts';
import { registeredBy } from './registered-webhook.ts';
import type { Caller } from './set-up-ports.ts';
import { listUsesOfConnection, spacesReachedBy } from './uses-of-connection.ts';
import type { WebhookCause } from './webhook-causes.ts';
import { webhookInstructions } from './webhook-instructions.ts';
import type { WebhookAddresses } from './webhook-ports.ts';

export interface WebhookChoicePorts
  extends Pick<ConnectionSetUpPorts, 'connections' | 'cares' | 'sites' | 'settings' | 'synchronizations' | 'audit' | 'clock'> {
  readonly addresses: WebhookAddresses;
  readonly schedule: Pick<ScanSchedule, 'hasten'>;
}

/** `automatic`: Tandem registers, and falls back by itself. `manual`: a person does. `polling`: nobody does. */
export type WebhookWay = 'automatic' | 'manual' | 'polling';

export interface WebhookStanding {
  readonly connection: RemoteConnection;
  readonly way: WebhookWay;
  /** Changes of the site are found by asking it, for now. */
  readonly isPolled: boolean;
  /** What there is to say of it; null: events come, or polling was chosen. */
  readonly cause: WebhookCause | null;
  /** What a person has to do at the site, without its secrets; null: nothing. */
  readonly instructions: Instructions | null;
}

const wayOf = (webhook: RemoteWebhook): WebhookWay =>
  (webhook.kind === 'manual' || webhook.kind === 'polling') && webhook.because === 'chosen' ? webhook.kind : 'automatic';

/** Automatic again where a person was asked to: it is tried again. */
const isChosen = (webhook: RemoteWebhook, way: WebhookWay): boolean =>
  wayOf(webhook) === way && !(way === 'automatic' && webhook.kind === 'manual');

const causeOf = ({ webhook, lastEventAt }: RemoteConnection): WebhookCause | null => {
  if (webhook.kind === 'polling') return webhook.because === 'silent' ? 'webhook-silent' : null;
  if (lastEventAt !== null && webhook.kind !== 'none') return null;
  if (webhook.kind !== 'manual' || webhook.because === 'chosen') return 'webhook-awaited';
  return webhook.because === 'forbidden' ? 'webhook-forbidden' : 'webhook-not-taken';
};

async function spacesOf(
  ports: Pick<WebhookChoicePorts, 'synchronizations'>,
  { tenantId, connectionId }: RemoteConnection,
): Promise<readonly ProjectId[]> {
  const uses = await listUsesOfConnection(ports, tenantId, connectionId);
  return [...new Set(spacesReachedBy(uses, connectionId).map(({ projectId }) => projectId))].sort();
}

async function standingOf(ports: WebhookChoicePorts, connection: RemoteConnection): Promise<WebhookStanding> {
  const { webhook, lastEventAt } = connection;
  const instructions =
    webhook.kind === 'manual' ? webhookInstructions(connection, await spacesOf(ports, connection), null) : null;
  const isPolled = !isHeard({ webhook: webhook.kind, lastEventAt, lastScanAt: null, foundLate: 0 });
  return { connection, way: wayOf(webhook), isPolled, cause: causeOf(connection), instructions };
}

/** How the site of a connection tells of its changes. */
export async function readWebhookStanding(
  ports: WebhookChoicePorts,
  caller: Caller,
  connectionId: ConnectionId,
): ConnectionResult<WebhookStanding> {
  const found = await findConnection(ports, caller, connectionId);
  return found.ok ? succeed(await standingOf(ports, found.value)) : found;
}

/** The steps with the address and the secret in them, for who has to paste these. Noted each time. */
export async function showWebhookSecrets(
  ports: WebhookChoicePorts,
  caller: Caller,
  connectionId: ConnectionId,
): ConnectionResult<Instructions> {
  const found = await findForChange(ports, caller, connectionId);
  if (!found.ok) return found;
  const { addresses } = ports;
  const secrets = { address: addresses.addressOf(found.value), secret: addresses.secretOf(found.value) };
  await noteConnectionChange(ports, caller, found.value, 'webhook.secret-shown');
  return succeed(webhookInstructions(found.value, await spacesOf(ports, found.value), secrets));
}

/** Chooses how the site is to tell of its changes. What was there of ours is taken away where nobody is to rely on it. */
export async function chooseWebhook(
  ports: WebhookChoicePorts,
  caller: Caller,
  connectionId: ConnectionId,
  way: WebhookWay,
): ConnectionResult<WebhookStanding> {
  const found = await findForChange(ports, caller, connectionId);
  if (!found.ok) return found;
  const { webhook, tenantId } = found.value;
  if (isChosen(webhook, way)) return succeed(await standingOf(ports, found.value));
  if (way !== 'automatic' && !(await isTakenAway(ports, found.value))) return fail({ code: 'remote-site-unreachable' });
  const chosen = chosenBy(way);
  const changed = await ports.connections.change(tenantId, connectionId, { webhook: chosen });
  if (!changed) return fail({ code: 'connection-not-found' });
  await noteConnectionChange(ports, caller, found.value, 'webhook.chosen', way);
  if (way === 'automatic') await ports.connections.endLook(tenantId, connectionId, 0);
  // Its scans may have been as rare as those of a site that tells everything.
  else await ports.schedule.hasten(tenantId, connectionId);
  return succeed(await standingOf(ports, { ...found.value, webhook: chosen }));
}

const chosenBy = (way: WebhookWay): RemoteWebhook => {
  switch (way) {
    case 'automatic':
      return { kind: 'none' };
    case 'manual':
      return { kind: 'manual', because: 'chosen' };
    case 'polling':
      return { kind: 'polling', because: 'chosen', registered: null };
  }
};

/** False: the site did not answer, so that it would go on for ever. A site that does not let us is left to its administrators. */
async function isTakenAway({ cares }: WebhookChoicePorts, connection: RemoteConnection): Promise<boolean> {
  const ours = registeredBy(connection);
  const care = ours === null ? null : await cares.reach(connection.tenantId, connection.connectionId);
  if (ours === null || care === null) return true;
  const removed = await care.removeWebhook(ours);
  return removed.ok || removed.failure.kind === 'forbidden' || removed.failure.kind === 'unauthorized';
}
