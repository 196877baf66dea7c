import type { Failure, Result } from '../core/failure.ts';
import type { ProjectId } from '../core/ids.ts';
import type { Audit } from './audit-ports.ts';
import type {
  ConnectionStore,
  RegisteredWebhook,
  RemoteConnection,
  RemoteWebhook,
  SiteCare,
  SiteCares,
} from './connection-ports.ts';
import type { ScanSchedule } from './healing-ports.ts';
import type { SynchronizationStore } from './ports.ts';
import { registeredBy } from './registered-webhook.ts';
import { listUsesOfConnection, spacesReachedBy } from './uses-of-connection.ts';
import type { WebhookAddresses } from './webhook-ports.ts';

/** How often this process asks whether a connection is due to be looked after. */
const LOOK_EVERY_MS = 2_000;
const LOOKS_AT_ONCE = 4;
/** A look is a few calls, each of a minute at most. */
const LOOK_LEASE_MS = 5 * 60_000;
const MINUTE_MS = 60_000;
/** What a site has lost is noticed within this time, and what ends in thirty days is renewed seven hundred times before. */
const REST_MS = 60 * MINUTE_MS;
/** Nothing runs: often enough to keep a consent alive that ends when it is not used for 90 days. */
const IDLE_REST_MS = 12 * REST_MS;
const A_DAY_MS = 24 * REST_MS;
/** The site did not answer, or not as it should. */
const RETRY_MS = 2 * MINUTE_MS;

export interface CarePorts {
  readonly connections: Pick<ConnectionStore, 'claimDue' | 'endLook' | 'change' | 'read'>;
  readonly synchronizations: Pick<SynchronizationStore, 'listOfSite'>;
  readonly cares: SiteCares;
  readonly addresses: WebhookAddresses;
  readonly schedule: Pick<ScanSchedule, 'hasten'>;
  readonly audit: Pick<Audit, 'note'>;
  readonly clock: { now(): number; sleepUntil(at: number, signal?: AbortSignal): Promise<void> };
  readonly logger: { info(fields: object, message: string): void; error(fields: object, message: string): void };
}

type LookPorts = Omit<CarePorts, 'clock'> & { readonly clock: { now(): number } };

/** Looks after connections as they fall due, until `signal` aborts. Any number of processes may run it: each look is taken by one. */
export async function careForConnections(ports: CarePorts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await lookAfterDue(ports);
    } catch (error) {
      ports.logger.error({ error: error instanceof Error ? error.name : 'unknown' }, 'Connections could not be looked after');
    }
    await ports.clock.sleepUntil(ports.clock.now() + LOOK_EVERY_MS, signal);
  }
}

/** One round: how many were due. */
export async function lookAfterDue(ports: LookPorts): Promise<number> {
  const due = await ports.connections.claimDue(LOOKS_AT_ONCE, LOOK_LEASE_MS);
  await Promise.all(
    due.map(async (connection) => {
      const afterMs = await lookAfter(connection, ports);
      await ports.connections.endLook(connection.tenantId, connection.connectionId, afterMs);
    }),
  );
  return due.length;
}

/**
 * One look at one connection: whether its site still knows us, what it calls itself now, and that it tells us of exactly the spaces of
 * running synchronizations (SPEC H8).
 *
 * @returns when to look again, ms from now
 */
export async function lookAfter(connection: RemoteConnection, ports: LookPorts): Promise<number> {
  const { tenantId, connectionId } = connection;
  const care = await ports.cares.reach(tenantId, connectionId);
  // Nobody can be asked; an authentication makes it due at once.
  if (care === null) return REST_MS;
  const known = await checkHealth(care, connection, ports);
  if (!known.ok) return known.failure.kind === 'unauthorized' ? REST_MS : waitAfter(known.failure, ports);
  // It was let in anew: what changed meanwhile is not to wait for the next scan.
  if (connection.since > (connection.lastCallAt ?? 0)) await ports.schedule.hasten(tenantId, connectionId);
  const spaces = await runningSpaces(connection, ports);
  // What the server calls itself decides how it is spoken to.
  const speaking = known.value.version === connection.version ? care : await ports.cares.reach(tenantId, connectionId);
  if (speaking === null) return REST_MS;
  return spaces.length === 0 ? leave(speaking, known.value, ports) : ensureHeard(speaking, known.value, spaces, ports);
}

/** The spaces there of synchronizations that run, in order. */
async function runningSpaces({ tenantId, connectionId }: RemoteConnection, ports: LookPorts): Promise<readonly ProjectId[]> {
  const running = (await listUsesOfConnection(ports, tenantId, connectionId)).filter(({ state }) => state === 'running');
  return [...new Set(spacesReachedBy(running, connectionId).map(({ projectId }) => projectId))].sort();
}

/** Asks the site who we are there, and writes down what is new. A site that does not accept us has its connection marked by the transport. */
async function checkHealth(care: SiteCare, connection: RemoteConnection, ports: LookPorts): Promise<Result<RemoteConnection>> {
  const { tenantId, connectionId, syncUser, version } = connection;
  const who = await care.whoAmI();
  if (!who.ok) return who;
  const server = connection.product === 'data-center' ? await care.readServer() : null;
  if (server?.ok === false) return server;
  const isOther = who.value.accountId !== syncUser?.accountId || who.value.name !== syncUser.name;
  const news = {
    ...(isOther ? { syncUser: who.value } : {}),
    ...(server === null || server.value.version === version ? {} : { version: server.value.version }),
    lastCallAt: Math.floor(ports.clock.now() / MINUTE_MS) * MINUTE_MS,
  };
  await ports.connections.change(tenantId, connectionId, news);
  return { ok: true, value: { ...connection, ...news } };
}

const waitAfter = (failure: Failure, { clock }: LookPorts): number =>
  failure.kind === 'rate-limited' ? Math.max(RETRY_MS, failure.retryAt - clock.now()) : RETRY_MS;

/** Nothing runs there any more: the site is to tell us nothing. What a person registered is that person's to remove. */
async function leave(care: SiteCare, connection: RemoteConnection, ports: LookPorts): Promise<number> {
  const ours = registeredBy(connection);
  if (ours === null) return IDLE_REST_MS;
  const removed = await care.removeWebhook(ours);
  if (!removed.ok && !isFinal(removed.failure)) return waitAfter(removed.failure, ports);
  await setWebhook(connection, { kind: 'none' }, 'webhook.removed', ports);
  return IDLE_REST_MS;
}

const wantedOf = (connection: RemoteConnection, projectIds: readonly ProjectId[], { addresses }: LookPorts) => ({
  address: addresses.addressOf(connection),
  secret: addresses.secretOf(connection),
  projectIds,
});

/** The site will say the same until somebody changes something there. */
const isFinal = ({ kind }: Failure): boolean =>
  kind === 'forbidden' || kind === 'unauthorized' || kind === 'rejected' || kind === 'missing';

/** A person who was asked may have done it, and then it stays as they made it; else the right may have been given meanwhile. */
const isOurs = ({ webhook, lastEventAt }: RemoteConnection, now: number): boolean => {
  if (webhook.kind !== 'manual' && webhook.kind !== 'polling') return true;
  return webhook.because !== 'chosen' && (webhook.kind === 'polling' || lastEventAt === null || now - lastEventAt > A_DAY_MS);
};

/** Sees to it that events come: registered, covering these spaces, renewed; or left to a person, or to polling. */
async function ensureHeard(
  care: SiteCare,
  connection: RemoteConnection,
  spaces: readonly ProjectId[],
  ports: LookPorts,
): Promise<number> {
  if (!isOurs(connection, ports.clock.now())) return REST_MS;
  const wanted = wantedOf(connection, spaces, ports);
  const ours = registeredBy(connection);
  const registered = ours === null ? await care.registerWebhook(wanted) : await care.renewWebhook(ours, wanted);
  if (registered.ok) return keep(connection, registered.value, ports);
  const { failure } = registered;
  if (!isFinal(failure)) return waitAfter(failure, ports);
  // A scope that the consent did not ask for is answered like a right that is missing; that the site knows us was just seen.
  const because = failure.kind === 'forbidden' || failure.kind === 'unauthorized' ? 'forbidden' : 'refused';
  await setWebhook(connection, { kind: 'manual', because }, 'webhook.left-to-a-person', ports);
  return REST_MS;
}

/** A webhook that was silent while scans found changes is kept up all the same, and relied on again once something came. */
async function keep(connection: RemoteConnection, registered: RegisteredWebhook, ports: LookPorts): Promise<number> {
  const { webhook, lastEventAt } = connection;
  if (webhook.kind === 'polling' && lastEventAt === null) {
    await setWebhook(connection, { ...webhook, registered }, null, ports);
    return REST_MS;
  }
  await setWebhook(connection, registered, webhook.kind === 'registered' ? null : 'webhook.registered', ports);
  return REST_MS;
}

/** Writes down how the site tells of changes, unless it is so already or a person has chosen otherwise in the meantime. */
async function setWebhook(
  before: RemoteConnection,
  webhook: RemoteWebhook,
  action: string | null,
  { connections, audit, clock }: LookPorts,
): Promise<void> {
  const { tenantId, connectionId } = before;
  const now = await connections.read(tenantId, connectionId);
  if (now === null || JSON.stringify(now.webhook) !== JSON.stringify(before.webhook)) return;
  if (JSON.stringify(webhook) === JSON.stringify(now.webhook)) return;
  await connections.change(tenantId, connectionId, { webhook });
  if (action === null) return;
  const detail = 'because' in webhook ? webhook.because : null;
  await audit.note(tenantId, {
    at: clock.now(),
    actor: { kind: 'tandem' },
    action,
    subject: connectionId,
    detail,
    outcome: 'done',
  });
}
