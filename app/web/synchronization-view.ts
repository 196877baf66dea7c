import type {
  ConnectionStanding,
  ContentChoice,
  HistoryLine as HistoryLineView,
  SynchronizationDetail,
  SynchronizationRequest,
  SynchronizationRow,
} from '../contract/synchronizations.ts';
import { fieldIds } from '../contract/synchronizations.ts';
import { describeCause } from '../core/causes.ts';
import type { ContentChoice as Chosen } from '../core/propose-configuration.ts';
import { otherSide, type Side } from '../core/side.ts';
import { REQUEST_LASTS_MS, type SynchronizationState } from '../core/synchronization-states.ts';
import type { Brakes } from '../sync/brake-ports.ts';
import { CONNECTION_CAUSES } from '../sync/connection-causes.ts';
import type { ConnectionStore, RemoteConnection } from '../sync/connection-ports.ts';
import type { Visible } from '../sync/find-visible.ts';
import type { HistoryLine, PartnerRequest, SideAddress, SiteDirectory, Synchronization, TurnStore } from '../sync/ports.ts';
import { SET_UP_REFUSALS } from '../sync/set-up-refusal.ts';
import type { SpaceNames } from '../sync/space-names.ts';
import type { TermsStore } from '../sync/terms-ports.ts';

export interface ViewPorts {
  readonly directory: SiteDirectory;
  readonly connections: Pick<ConnectionStore, 'read'>;
  readonly names: SpaceNames;
  readonly turns: Pick<TurnStore, 'readStanding'>;
  readonly brakes: Pick<Brakes, 'list'>;
  readonly terms: Pick<TermsStore, 'read'>;
}

/** The same state, as each side sees it. */
const STATUS: Readonly<Record<SynchronizationState, Readonly<Record<Side, SynchronizationRow['status']>>>> = {
  requested: { A: 'request-sent', B: 'incoming-request' },
  declined: { A: 'declined', B: 'declined' },
  expired: { A: 'expired', B: 'expired' },
  stopped: { A: 'stopped', B: 'stopped' },
  running: { A: 'running', B: 'running' },
};

const isoTime = (at: number): string => new Date(at).toISOString();

/** A synchronization as the overview of one of its sides shows it. */
export async function viewRow(ports: ViewPorts, { synchronization, side }: Visible): Promise<SynchronizationRow> {
  const { tenantId, synchronizationId, name, description, state, mode, request } = synchronization;
  const { parked, lastActivityAt } = await ports.turns.readStanding(tenantId, synchronizationId);
  return {
    synchronizationId,
    name,
    description,
    status: STATUS[state][side],
    side,
    partner: await viewPartner(ports, synchronization, otherSide(side)),
    mode,
    draft: await viewDraftStanding(ports, synchronization, side),
    request: request === null ? null : viewRequest(request),
    connections: {
      A: await viewConnectionStanding(ports, synchronization.sides.A),
      B: await viewConnectionStanding(ports, synchronization.sides.B),
    },
    lastActivityAt: lastActivityAt === null ? null : isoTime(lastActivityAt),
    errors: parked,
    brakes: (await ports.brakes.list(tenantId, synchronizationId)).map(({ since, ...brake }) => ({
      ...brake,
      since: isoTime(since),
    })),
  };
}

const viewRequest = ({ askedBy, askedAt, declineReason }: PartnerRequest): SynchronizationRequest => ({
  askedBy,
  askedAt: isoTime(askedAt),
  expiresAt: isoTime(askedAt + REQUEST_LASTS_MS),
  declineReason,
});

/** How the site behind an address is reached if it does not have the app, and what to do where that does not work. */
export async function viewConnectionStanding(
  { connections }: Pick<ViewPorts, 'connections'>,
  { siteTenantId, connectionId }: Pick<SideAddress, 'siteTenantId' | 'connectionId'>,
): Promise<ConnectionStanding | null> {
  const connection = await connections.read(siteTenantId, connectionId);
  if (connection === null) return null;
  const { state } = connection;
  return { connectionId, state, problem: state === 'working' ? null : problemOf(connection) };
}

const problemOf = ({ cause }: RemoteConnection): NonNullable<ConnectionStanding['problem']> =>
  cause === null
    ? { code: 'authentication-needed', ...SET_UP_REFUSALS['authentication-needed'] }
    : { code: cause, ...CONNECTION_CAUSES[cause] };

/** Side A shows its name by asking; B's name is B's to show, by accepting. */
async function viewPartner(
  ports: ViewPorts,
  { sides, state }: Synchronization,
  partner: Side,
): Promise<SynchronizationRow['partner']> {
  const address = sides[partner];
  const site = await ports.directory.read(address.siteTenantId, address.connectionId);
  const mayBeNamed = partner === 'A' || state === 'stopped' || state === 'running';
  return {
    siteUrl: site?.siteUrl ?? '',
    projectKey: address.projectKey,
    projectName: mayBeNamed ? await ports.names.read(address) : address.projectKey,
  };
}

/** Whether terms wait for an answer, and whose. */
async function viewDraftStanding(
  { terms }: ViewPorts,
  { tenantId, synchronizationId, mode }: Synchronization,
  side: Side,
): Promise<SynchronizationRow['draft']> {
  if (mode === 'immediate') return null;
  const draft = (await terms.read(tenantId, synchronizationId))?.draft ?? null;
  if (draft === null) return null;
  return draft.by.side === side ? 'sent' : 'received';
}

/** With its content and types, as the request and the content dialog show it. */
export async function viewDetail(ports: ViewPorts, visible: Visible): Promise<SynchronizationDetail> {
  const { tenantId, synchronizationId, configuration, configurationVersion } = visible.synchronization;
  const standing = await ports.terms.read(tenantId, synchronizationId);
  return {
    ...(await viewRow(ports, visible)),
    // What was agreed: what a side does not offer of it at the moment is still part of the agreement.
    content: viewContent(standing?.agreed ?? configuration),
    types: configuration.types.map(({ types, direction }) => ({ A: types.A.name, B: types.B.name, direction })),
    statuses: (configuration.status?.map ?? []).map(({ A, B }) => ({ A, B })),
    version: configurationVersion,
  };
}

/** Fields that this version does not offer (a later one may have stored them) are left out. */
export const viewContent = ({ fields, status, comments, strict }: Chosen): ContentChoice => ({
  fields: fields.flatMap(({ field, direction, conflict }) => {
    const offered = fieldIds.find((id) => id === field);
    return offered === undefined ? [] : [{ field: offered, direction, conflict }];
  }),
  status: status === null ? null : { direction: status.direction, conflict: status.conflict },
  comments: comments === null ? null : { direction: comments.direction, authorLine: comments.authorLine },
  strict,
});

/** A history line with its cause in words. */
export const viewHistoryLine = ({ at, issueKeys, piece, outcome, source, cause }: HistoryLine): HistoryLineView => ({
  at: isoTime(at),
  issueKeys: { A: issueKeys.A, B: issueKeys.B },
  piece,
  outcome,
  source,
  cause: cause === null ? null : { code: cause, message: describeCause(cause).message, remedy: describeCause(cause).remedy },
});
