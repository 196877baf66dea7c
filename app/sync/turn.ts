import type { CauseCode } from '../core/causes.ts';
import { decideOnFailure, type FailureDecision } from '../core/decide-on-failure.ts';
import type { Failure } from '../core/failure.ts';
import type { EffectId, FieldId, PieceKey, SynchronizationId, TenantId } from '../core/ids.ts';
import type { Item } from '../core/item.ts';
import type { Fingerprinter } from '../core/normal-form.ts';
import type { CommentEvent, Observation } from '../core/observation.ts';
import { AWAY_PIECE } from '../core/piece.ts';
import type { Side, Sides } from '../core/side.ts';
import type { Brakes } from './brake-ports.ts';
import type {
  Claim,
  Effect,
  HistoryLine,
  Jira,
  LaneEnd,
  LaneMemory,
  Pair,
  Sites,
  Trace,
  TurnRecord,
  TurnStore,
} from './ports.ts';

/** What a turn needs from the shell. */
export interface TurnPorts {
  readonly turns: TurnStore;
  readonly brakes: Brakes;
  readonly sites: Sites;
  readonly clock: { now(): number };
  readonly makeId: () => string;
  /** 0 (included) to 1 (excluded). */
  readonly random: () => number;
  readonly fingerprinter: (tenantId: TenantId) => Fingerprinter;
  /** Seals content for the tenant that owns it. */
  readonly seal: (tenantId: TenantId, text: string) => string;
  /** How long a value that lost is kept. */
  readonly keepValuesMs: number;
  /** What an event told, sealed for the site that sent it; null when it cannot be opened: then the item is looked at. */
  readonly openObservation: (siteTenantId: TenantId, sealed: string) => Observation | null;
  /** An item as a list showed it, sealed in the same place; null when it is something else. */
  readonly openListed: (siteTenantId: TenantId, sealed: string) => Item | null;
  /** What an event told of a comment's edit or deletion, sealed in the same place; null when it is something else. */
  readonly openCommentEvent: (siteTenantId: TenantId, sealed: string) => CommentEvent | null;
  readonly makeTrace: (
    siteTenantId: TenantId,
    synchronizationId: SynchronizationId,
    effectId: EffectId,
    pieces: readonly PieceKey[],
  ) => Trace;
}

/** What the steps of one turn share. */
export interface Turn {
  readonly claim: Claim;
  readonly ports: TurnPorts;
  readonly memory: LaneMemory;
  readonly jiras: Sides<Jira>;
  /** The fields that looks ask Jira for. */
  readonly asked: readonly FieldId[];
}

/** A fresh effect, not yet carried out. */
export const intendEffect = (
  turn: Turn,
  kind: Effect['kind'],
  target: Side,
  pieces: readonly PieceKey[],
  agreed: Effect['agreed'],
  afterNumber: number | null = null,
): Effect => ({
  effectId: turn.ports.makeId() as EffectId,
  kind,
  target,
  pieces,
  agreed,
  state: 'intended',
  remoteId: null,
  afterNumber,
  intendedAt: turn.ports.clock.now(),
});

/** The trace that Jira repeats on the webhooks which this effect's write causes. */
export const traceOf = (turn: Turn, effect: Effect): Trace =>
  turn.ports.makeTrace(
    turn.memory.synchronization.sides[effect.target].siteTenantId,
    turn.claim.subject.synchronizationId,
    effect.effectId,
    effect.pieces,
  );

/** The core's decision about a failure, with this turn's count of attempts, time and chance. */
export const decideInTurn = (turn: Turn, failure: Failure, doing: 'read' | 'write'): FailureDecision =>
  decideOnFailure(failure, doing, turn.claim.attempts, turn.ports.clock.now(), turn.ports.random());

/** A turn that leaves nothing behind but how its lane ends. */
export const emptyRecord = (pair: Pair | null, end: LaneEnd): TurnRecord => ({
  pair,
  pieces: new Map(),
  effects: [],
  history: [],
  kept: [],
  wake: [],
  end,
});

export interface Line {
  readonly outcome: HistoryLine['outcome'];
  readonly source: Side | null;
  readonly cause: CauseCode | null;
  readonly piece?: PieceKey | null;
}

/** A history line about the pair, or about an item that has no twin. */
export function historyLine(turn: Pick<Turn, 'claim' | 'ports'>, about: Pair | Item | null, line: Line): HistoryLine {
  const { side } = turn.claim.subject;
  const isPair = about !== null && 'pairId' in about;
  const key = about === null || isPair ? null : about.issueKey;
  const issueKeys = isPair ? about.issueKeys : { A: side === 'A' ? key : null, B: side === 'B' ? key : null };
  return {
    at: turn.ports.clock.now(),
    pairId: isPair ? about.pairId : null,
    issueKeys,
    piece: line.piece ?? null,
    outcome: line.outcome,
    source: line.source,
    cause: line.cause,
  };
}

/** Nothing is done about the item, for this reason. */
export const declinedRecord = (turn: Turn, item: Item, cause: CauseCode, pair: Pair | null = null): TurnRecord => ({
  ...emptyRecord(pair, { kind: 'done' }),
  history: [historyLine(turn, pair ?? item, { outcome: 'declined', source: turn.claim.subject.side, cause })],
});

/** The lane comes back later. That is said at the first such turn, not at each. */
export function waitingRecord(
  turn: Pick<Turn, 'claim' | 'ports'>,
  decision: FailureDecision & { kind: 'again' },
  about: Pair | Item | null,
): TurnRecord {
  const pair = about !== null && 'pairId' in about ? about : null;
  const line = historyLine(turn, about, { outcome: 'waiting', source: turn.claim.subject.side, cause: decision.cause });
  return {
    ...emptyRecord(pair, { kind: 'again', at: decision.at, attempt: decision.counts, yields: decision.yields }),
    history: turn.claim.attempts === 0 ? [line] : [],
  };
}

/** One of the items was not there before, and it is only tried again: nothing that was not said (SPEC R9, R14). */
export const isKnownAbsence = ({ claim, memory }: Turn): boolean => claim.work !== 'edit' && memory.pieces.has(AWAY_PIECE);

/** The turn could not do its work because of `failure` at that side. */
export function failedRecord(turn: Turn, failure: Failure, doing: 'read' | 'write', at: Side, pair: Pair | null): TurnRecord {
  const decision = decideInTurn(turn, failure, doing);
  switch (decision.kind) {
    case 'again':
      return waitingRecord(turn, decision, pair);
    case 'gone':
      return {
        ...emptyRecord(pair, { kind: 'done' }),
        history: isKnownAbsence(turn)
          ? []
          : [historyLine(turn, pair, { outcome: 'item-gone', source: at, cause: 'item-missing' })],
      };
    case 'park':
      return {
        ...emptyRecord(pair, { kind: 'parked', cause: decision.cause }),
        history: [historyLine(turn, pair, { outcome: 'parked', source: at, cause: decision.cause })],
      };
  }
}
