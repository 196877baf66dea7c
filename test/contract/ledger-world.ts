import type {
  ConnectionId,
  EffectId,
  FieldId,
  IssueId,
  IssueKey,
  PairId,
  ProjectId,
  SynchronizationId,
  TenantId,
} from '../../app/core/ids.ts';
import { fieldPiece, synchronizedBase } from '../../app/core/piece.ts';
import type { Side } from '../../app/core/side.ts';
import type { Brakes } from '../../app/sync/brake-ports.ts';
import type { KeptValues, OpenConflicts } from '../../app/sync/conflict-ports.ts';
import type {
  Claim,
  Delivery,
  Effect,
  HistoryLine,
  Inbox,
  KeptValue,
  LaneSubject,
  Lanes,
  Pair,
  Synchronization,
  SynchronizationStore,
  TurnRecord,
  TurnStore,
} from '../../app/sync/ports.ts';
import type { QuotaStore } from '../../app/sync/quota-ports.ts';

/** The stores that work on the same rows, empty, and what a test may do to them behind their back. */
export interface LedgerWorld {
  readonly synchronizations: SynchronizationStore;
  readonly turns: TurnStore;
  readonly inbox: Inbox;
  readonly lanes: Lanes;
  readonly kept: KeptValues;
  readonly conflicts: OpenConflicts;
  readonly brakes: Brakes;
  readonly quotas: QuotaStore;
  /** A tenant that may own synchronizations. */
  addTenant(tenantId: TenantId): Promise<void>;
  /** Lets the lease of a lane run out now, as time would. */
  expireLease(claim: Pick<Claim, 'tenantId' | 'laneKey'>): Promise<void>;
}

const uuid = (family: number, n: number): string =>
  `00000000-0000-4000-8${String(family).padStart(3, '0')}-${String(n).padStart(12, '0')}`;

export const tenant = (n: number): TenantId => uuid(1, n) as TenantId;
export const connection = (n: number): ConnectionId => uuid(2, n) as ConnectionId;
export const synchronizationId = (n: number): SynchronizationId => uuid(3, n) as SynchronizationId;
export const pairId = (n: number): PairId => uuid(4, n) as PairId;
export const effectId = (n: number): EffectId => uuid(5, n) as EffectId;
export const issue = (n: number): IssueId => String(10_000 + n) as IssueId;
export const issueKey = (key: string): IssueKey => key as IssueKey;
export const project = (n: number): ProjectId => String(20_000 + n) as ProjectId;
export const SUMMARY = fieldPiece('summary' as FieldId);

export const NOON = 1_800_000_000_000;

/** Between project 1 (SUP) of tenant 1's site and project 2 (ENG) of tenant 2's site, owned by tenant 1. */
export const buildSynchronization = (overrides: Partial<Synchronization> = {}): Synchronization => ({
  tenantId: tenant(1),
  synchronizationId: synchronizationId(1),
  name: 'Support and Engineering',
  description: '',
  state: 'running',
  mode: 'immediate',
  request: null,
  sides: {
    A: { siteTenantId: tenant(1), connectionId: connection(1), projectId: project(1), projectKey: 'SUP' },
    B: { siteTenantId: tenant(2), connectionId: connection(2), projectId: project(2), projectKey: 'ENG' },
  },
  configuration: {
    types: [{ types: { A: { id: '1', name: 'Task' }, B: { id: '7', name: 'Task' } }, direction: 'both' }],
    fields: [{ field: 'summary' as FieldId, direction: 'both', conflict: 'newest' }],
    status: { direction: 'A-to-B', conflict: 'A', map: [{ A: 'Done', B: 'Closed' }] },
    comments: { direction: 'both', authorLine: true },
    strict: false,
  },
  configurationVersion: 1,
  scannedUntil: { A: null, B: NOON },
  createdAt: NOON,
  ...overrides,
});

/** Issue 1 of A (SUP-1) and its twin, issue 101 of B (ENG-1). */
export const buildPair = (overrides: Partial<Pair> = {}): Pair => ({
  tenantId: tenant(1),
  pairId: pairId(1),
  synchronizationId: synchronizationId(1),
  originSide: 'A',
  issueIds: { A: issue(1), B: issue(101) },
  issueKeys: { A: issueKey('SUP-1'), B: issueKey('ENG-1') },
  seenAt: { A: NOON + 1, B: NOON + 2 },
  toldAt: { A: NOON + 3, B: NOON + 4 },
  seenChange: { A: 10_001, B: null },
  toldChange: { A: null, B: 10_002 },
  transitioned: { A: null, B: null },
  ownEdits: { A: [], B: [] },
  ...overrides,
});

/** An update of issue 1 (SUP-1) at side A's site. */
export const buildDelivery = (overrides: Partial<Delivery> = {}): Delivery => ({
  siteTenantId: tenant(1),
  connectionId: connection(1),
  deliveryId: 'delivery-1',
  event: 'jira:issue_updated',
  issueId: issue(1),
  projectId: project(1),
  issueKey: issueKey('SUP-1'),
  echoOf: null,
  tellsWriter: false,
  madeBy: null,
  sealedObservation: null,
  ...overrides,
});

/** What the twin's site sends. */
export const fromB = (overrides: Partial<Delivery> = {}): Delivery =>
  buildDelivery({
    siteTenantId: tenant(2),
    connectionId: connection(2),
    projectId: project(2),
    issueId: issue(101),
    issueKey: issueKey('ENG-1'),
    ...overrides,
  });

export const buildEffect = (overrides: Partial<Effect> = {}): Effect => ({
  effectId: effectId(1),
  kind: 'write-fields',
  target: 'B',
  pieces: [SUMMARY],
  agreed: new Map(),
  state: 'intended',
  remoteId: null,
  afterNumber: null,
  intendedAt: NOON,
  ...overrides,
});

export const buildHistoryLine = (overrides: Partial<HistoryLine> = {}): HistoryLine => ({
  at: NOON,
  pairId: pairId(1),
  issueKeys: { A: issueKey('SUP-1'), B: issueKey('ENG-1') },
  piece: SUMMARY,
  outcome: 'applied',
  source: 'A',
  cause: null,
  ...overrides,
});

/** What B showed of the summary when it lost; kept for an hour. */
export const buildKept = (overrides: Partial<KeptValue> = {}): KeptValue => ({
  piece: SUMMARY,
  side: 'B',
  fingerprint: 'lost',
  sealed: 'v1.sealed',
  keptAt: NOON,
  until: NOON + 3_600_000,
  ...overrides,
});

export const buildRecord = (overrides: Partial<TurnRecord> = {}): TurnRecord => ({
  pair: null,
  pieces: new Map(),
  effects: [],
  history: [],
  kept: [],
  wake: [],
  end: { kind: 'done' },
  ...overrides,
});

export const baseOf = (fingerprint: string) => synchronizedBase({ A: fingerprint, B: `${fingerprint}'` });

export const subject = (side: Side, n: number, of: SynchronizationId = synchronizationId(1)): LaneSubject => ({
  synchronizationId: of,
  side,
  issueId: issue(n),
});

/** Long enough never to run out by itself while a test runs. */
export const LONG_LEASE_MS = 10 * 60_000;

/** The lane of issue 1, made dirty and taken. */
export const claimFirst = async (world: LedgerWorld, deliveryId = 'delivery-1'): Promise<Claim> => {
  await world.inbox.receive(buildDelivery({ deliveryId }));
  const [claim] = await world.lanes.claim(1, LONG_LEASE_MS);
  if (claim === undefined) throw new Error('No lane was due.');
  return claim;
};
