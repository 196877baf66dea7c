/**
 * The ports of the use cases: what the shell must bring. Adapters (jira, store, lanes) implement these; use cases and
 * tests only know them. Every method on stored state takes the tenant first. Types alone, and long because a reader wants them in
 * one place: they speak of each other.
 */
import type { Agreement } from '../core/agreement.ts';
import type { Configuration, ConfigurationMode } from '../core/configuration.ts';
import type { Result } from '../core/failure.ts';
import type {
  AccountId,
  CommentId,
  ConnectionId,
  EffectId,
  FieldId,
  IssueId,
  IssueKey,
  LaneKey,
  PairId,
  PieceKey,
  ProjectId,
  SynchronizationId,
  TenantId,
} from '../core/ids.ts';
import type { AdfNode, Comment, FieldValue, Item, SpaceShape, Transition, TwinMark } from '../core/item.ts';
import type { OwnEdit } from '../core/own-edits.ts';
import type { PieceBase } from '../core/piece.ts';
import type { SetChange } from '../core/plan.ts';
import type { Transitioned } from '../core/replaced-status.ts';
import type { Side, Sides } from '../core/side.ts';
import type { Work } from '../core/spend-points.ts';
import type { SynchronizationState } from '../core/synchronization-states.ts';

// ---------------------------------------------------------------- reaching a Jira site

/** One side of a synchronization as an address: whose connection, which space. */
export interface SideAddress {
  /** Whose connection reaches that site: the tenant that installed the app there, or that made the connection to it; for side A the synchronization's. */
  readonly siteTenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly projectId: ProjectId;
  readonly projectKey: string;
}

export interface FieldWrite {
  readonly field: FieldId;
  readonly value: FieldValue | SetChange;
}

/** Opaque text put in `X-Atlassian-Webhook-Trace` on a write; the webhooks it causes carry it back. Printable ASCII, ≤ 1024. */
export type Trace = string;

/**
 * Goes along with a write, as a signal does that aborts: whether the lane that it is for is still ours, asked right before it is sent.
 * Once it is not, nothing is sent, and the answer is `unavailable`. Left out: it is.
 */
export type IsOurs = () => boolean;

/** An item as a search listed it. */
export interface ListedItem {
  readonly issueId: IssueId;
  readonly issueKey: IssueKey;
  readonly projectId: ProjectId;
  readonly updatedAt: number;
  /** Null: the search did not show it whole, or showed something that cannot be read. */
  readonly item: Item | null;
}

export interface ListedPage {
  readonly items: readonly ListedItem[];
  /** Null: this was the last one. */
  readonly nextPageToken: string | null;
}

/** An item to be made. */
export interface CreationRequest {
  readonly projectId: ProjectId;
  readonly typeId: string;
  readonly fields: readonly FieldWrite[];
  readonly mark: TwinMark;
  readonly trace: Trace;
  readonly isOurs?: IsOurs | undefined;
}

export type MadeItem = Pick<Item, 'issueId' | 'issueKey'>;

/** Who administers the site may configure each of its spaces. */
export interface AdminRights {
  readonly site: boolean;
  readonly space: boolean;
}

/** A group of people of a site. Its name can change, its id stays. */
export interface SiteGroup {
  readonly groupId: string;
  readonly name: string;
}

/** A Jira site reached through one connection. All methods resolve; failures are values. */
export interface Jira {
  /** One GET (2 points): fields, comments, the newest changes, what may be done with the status, and twin marks in one answer. */
  readItem(issueId: IssueId, fields: readonly FieldId[]): Promise<Result<Item>>;
  /** Up to 100 items in one call (1 point, and 1 an item): for each one what `readItem` would answer. */
  readItems(issueIds: readonly IssueId[], fields: readonly FieldId[]): Promise<Result<ReadonlyMap<IssueId, Result<Item>>>>;
  /** POST /issue with the twin mark in the same call. */
  createItem(request: CreationRequest): Promise<Result<MadeItem>>;
  /**
   * Up to 50 items in one call (1 point an item): for each one, in their order, what `createItem` would answer. All their webhooks
   * carry `trace`; which item was made by which effect its mark tells.
   */
  createItems(requests: readonly CreationRequest[], trace: Trace): Promise<readonly Result<MadeItem>[]>;
  /** All fields of an item in one PUT. The answer is the item as Jira shows it after the write. */
  writeFields(
    issueId: IssueId,
    writes: readonly FieldWrite[],
    asked: readonly FieldId[],
    trace: Trace,
    isOurs?: IsOurs,
  ): Promise<Result<Item>>;
  readTransitions(issueId: IssueId): Promise<Result<readonly Transition[]>>;
  applyTransition(issueId: IssueId, transitionId: string, trace: Trace, isOurs?: IsOurs): Promise<Result<null>>;
  createComment(issueId: IssueId, body: AdfNode, effectId: EffectId, trace: Trace, isOurs?: IsOurs): Promise<Result<Comment>>;
  editComment(issueId: IssueId, commentId: CommentId, body: AdfNode, trace: Trace, isOurs?: IsOurs): Promise<Result<Comment>>;
  deleteComment(issueId: IssueId, commentId: CommentId, trace: Trace, isOurs?: IsOurs): Promise<Result<null>>;
  /**
   * The item that carries `effectId` in its twin mark, found by direct reads of the items numbered after `afterNumber` in the
   * space (never by the search index alone, which lags), or null when none does.
   */
  findTwin(request: {
    projectKey: string;
    afterNumber: number;
    effectId: EffectId;
  }): Promise<Result<{ issueId: IssueId; issueKey: IssueKey } | null>>;
  /**
   * The highest item number of the space that the search index knows; 0 when it knows none. It lags, so the true one is that or
   * higher: good as a place to begin looking after.
   */
  newestNumber(projectKey: string): Promise<Result<number>>;
  /** The comment of that item that carries `effectId` in its property `tandem.comment`, by direct read; null when none does. */
  findComment(issueId: IssueId, effectId: EffectId): Promise<Result<Comment | null>>;
  /**
   * The items of those spaces changed at or after each one's `since`, in the order of their changes, a page at a time (1 point, and 1 an
   * item): what the search index knows, which lags.
   */
  listChanged(request: {
    spaces: readonly { projectId: ProjectId; since: number }[];
    fields: readonly FieldId[];
    pageToken: string | null;
  }): Promise<Result<ListedPage>>;
  /** The items of that space made up to `until`, in the order they were made, a page at a time (1 point, and 1 an item). */
  listMade(request: {
    projectId: ProjectId;
    until: number;
    fields: readonly FieldId[];
    pageToken: string | null;
  }): Promise<Result<ListedPage>>;
  /** Deliveries to us that Jira gave up after its last retry, later than `after` (epoch ms): how many, and when the newest was (1 point). */
  listGivenUp(after: number): Promise<Result<{ count: number; newestAt: number | null }>>;
  /** The live spaces of the site by key; with `visibleTo`, only those that person may browse. */
  listSpaces(visibleTo?: AccountId): Promise<Result<readonly { projectId: ProjectId; projectKey: string; name: string }[]>>;
  readSpaceShape(projectIdOrKey: string): Promise<Result<SpaceShape>>;
  /** What the site makes of a document that is written to it, where that is less than what was written; else absent. */
  readonly shows?: (document: AdfNode) => AdfNode;
  /** What that person administers, asked from Jira now. Asked of sites that have the app, since only those send us people. */
  readAdminRights(accountId: AccountId, projectId: ProjectId): Promise<Result<AdminRights>>;
  /** The groups that person is in, asked from Jira now (of sites that have the app, like `readAdminRights`). */
  listGroupsOf(accountId: AccountId): Promise<Result<readonly SiteGroup[]>>;
  /** The group of exactly that name; null when the site has none. */
  findGroup(name: string): Promise<Result<SiteGroup | null>>;
}

/** What calls to Jira are made for, and on whose account: that of the synchronization's owner. */
export interface Purpose {
  readonly payer: TenantId;
  readonly work: Work;
}

/** Finds the way to a site. Null when the connection is gone, disabled, or needs authentication. */
export interface Sites {
  /** Without a purpose: for a person of that site who waits for the answer. */
  reach(siteTenantId: TenantId, connectionId: ConnectionId, purpose?: Purpose): Promise<Jira | null>;
}

/** One site that has the app, as an address. */
export interface SiteAddress {
  readonly siteTenantId: TenantId;
  readonly connectionId: ConnectionId;
  /** What people see in their address bar, without a slash at the end. */
  readonly siteUrl: string;
}

export interface SiteDirectory {
  /** The site that has the app enabled at that address, as a person typed it; null when there is none. */
  findByUrl(siteUrl: string): Promise<SiteAddress | null>;
  /** The site behind a connection, whatever the state of the app or of the consent there; null when it was erased or removed. */
  read(siteTenantId: TenantId, connectionId: ConnectionId): Promise<SiteAddress | null>;
  /** The tenant's own site, whatever the state of the app there; null when it was erased. */
  readOwn(tenantId: TenantId): Promise<SiteAddress | null>;
}

// ---------------------------------------------------------------- synchronizations

export type { ConfigurationMode, SynchronizationState };

/** What was asked of the partner's admins. */
export interface PartnerRequest {
  /** An account of A's site; null: an API token of A's tenant. */
  readonly askedBy: AccountId | null;
  /** When it was sent, or sent again (epoch ms). */
  readonly askedAt: number;
  /** What the partner said to it when declining; null: nothing. */
  readonly declineReason: string | null;
}

export interface Synchronization {
  readonly tenantId: TenantId;
  readonly synchronizationId: SynchronizationId;
  readonly name: string;
  readonly description: string;
  readonly state: SynchronizationState;
  readonly mode: ConfigurationMode;
  /** Null: nobody had to be asked, since the partner's site does not have the app. */
  readonly request: PartnerRequest | null;
  readonly sides: Sides<SideAddress>;
  readonly configuration: Configuration;
  readonly configurationVersion: number;
  /** The mark of each side: up to this moment everything is proven seen (SPEC H2). Null: never started; 0: its backfill is not listed through. */
  readonly scannedUntil: Sides<number | null>;
  readonly createdAt: number;
}

export interface SynchronizationStore {
  read(tenantId: TenantId, synchronizationId: SynchronizationId): Promise<Synchronization | null>;
  /** All synchronizations in which that site takes part, as side A or B, whoever owns them. */
  listOfSite(siteTenantId: TenantId): Promise<readonly Synchronization[]>;
  insert(synchronization: Synchronization): Promise<void>;
  /**
   * Inserts it, unless one of its id is there, or its two spaces were tied to each other within the minute before it was asked for: by
   * somebody who asked at the same moment. What is older was seen by whoever asks (SPEC S10). False: nothing was inserted.
   */
  insertUnlessTied(synchronization: Synchronization): Promise<boolean>;
  /**
   * Changes what is given, leaves the rest. False when it is gone, in none of the states `from`, or has other content or was sent again
   * since it was read as `readAs`; and when it is asked for again, as `insertUnlessTied` is.
   */
  update(
    tenantId: TenantId,
    synchronizationId: SynchronizationId,
    change: Partial<
      Pick<Synchronization, 'name' | 'description' | 'state' | 'mode' | 'request' | 'configuration' | 'sides' | 'scannedUntil'>
    >,
    from?: readonly Synchronization['state'][],
    readAs?: Pick<Synchronization, 'configurationVersion' | 'request'>,
  ): Promise<boolean>;
  /** Writes down which requests of that tenant expired, having been sent at or before that moment (SPEC S9), and says which. */
  expireRequests(tenantId: TenantId, sentUntil: number): Promise<readonly Synchronization[]>;
  /**
   * Removes it with its pairs, pieces, effects, lanes, inbox rows and history. False: it stays, since it is not what was read, as
   * `update` says it. What is gone already is removed.
   */
  remove(
    tenantId: TenantId,
    synchronizationId: SynchronizationId,
    from?: readonly Synchronization['state'][],
    readAs?: Pick<Synchronization, 'configurationVersion' | 'request'>,
  ): Promise<boolean>;
}

// ---------------------------------------------------------------- pairs, pieces, effects, history

export interface Pair {
  readonly tenantId: TenantId;
  readonly pairId: PairId;
  readonly synchronizationId: SynchronizationId;
  /** The side on which the item was made by a person. */
  readonly originSide: Side;
  readonly issueIds: Sides<IssueId>;
  /** For showing only. */
  readonly issueKeys: Sides<IssueKey>;
  /**
   * Each side's `updated` when the whole item was last seen (read, or answered by our own write); what the overlap scan compares.
   * Never raised by what a webhook told: that leaves out rich text and comments, and would hide a lost event.
   */
  readonly seenAt: Sides<number>;
  /** Each side's `updated` in the newest observation that was worked off; older ones come late and are dropped. */
  readonly toldAt: Sides<number>;
  /** The newest number in each side's changelog at these two moments, which decides what is older (SPEC O13); null: not known. */
  readonly seenChange: Sides<number | null>;
  readonly toldChange: Sides<number | null>;
  /** Per side our last transition, until its own event or a look at the item tells what it replaced (SPEC O11). */
  readonly transitioned: Sides<Transitioned | null>;
  /** Per side our last edits and deletions of comments, for what events may still tell of them (SPEC O11). */
  readonly ownEdits: Sides<readonly OwnEdit[]>;
}

export type EffectKind = 'create-item' | 'write-fields' | 'transition' | 'create-comment' | 'edit-comment' | 'delete-comment';

/**
 * One remote write. `intended` is recorded before the call, the rest after. An `intended` effect found on the next turn of
 * its lane means that we died or lost the answer in between: creations are looked up by their marks; what became of any other write is
 * found by the target's changelog, or by what it shows, once both sides were looked at (SPEC O10).
 */
export interface Effect {
  readonly effectId: EffectId;
  readonly kind: EffectKind;
  readonly target: Side;
  /** The pieces it writes; for a comment exactly one. */
  readonly pieces: readonly PieceKey[];
  /** What it makes both sides agree on, by piece; kept as long as it is `intended`, for whoever finds out what became of it (SPEC O10). */
  readonly agreed: ReadonlyMap<PieceKey, Agreement>;
  readonly state: 'intended' | 'confirmed' | 'refused' | 'abandoned';
  /** What the write made: issue id or comment id. */
  readonly remoteId: string | null;
  /** For create-item: the highest item number known in the target space before the call; the look-up starts after it. */
  readonly afterNumber: number | null;
  readonly intendedAt: number;
}

export type HistoryOutcome =
  | 'applied'
  | 'echo'
  | 'agreed'
  | 'overwritten'
  | 'declined'
  | 'parked'
  | 'created'
  | 'item-gone'
  | 'put-back'
  /** A kind of change was stopped for the whole synchronization, and what a person answered. */
  | 'braked'
  | 'released'
  | 'taken-back'
  | 'waiting';

/** One line of what happened to a piece. No content, ever. */
export interface HistoryLine {
  readonly at: number;
  readonly pairId: PairId | null;
  readonly issueKeys: { readonly A: IssueKey | null; readonly B: IssueKey | null };
  readonly piece: PieceKey | null;
  readonly outcome: HistoryOutcome;
  /** The side the change came from, if it came from one. */
  readonly source: Side | null;
  /** A code of core/causes.ts, when the outcome needs a reason. */
  readonly cause: string | null;
}

/** What a lane's worker needs to begin. */
export interface LaneMemory {
  readonly synchronization: Synchronization;
  readonly pair: Pair | null;
  readonly pieces: ReadonlyMap<PieceKey, PieceBase>;
  readonly openEffects: readonly Effect[];
}

/** The item that a lane is about: the pair's item of origin, or a not yet paired one. */
export interface LaneSubject {
  readonly synchronizationId: SynchronizationId;
  readonly side: Side;
  readonly issueId: IssueId;
}

/** An item whose lane is woken. */
export interface WokenSubject extends LaneSubject {
  /** What a list showed of it, sealed for its site; null or left out: it is to be looked at. */
  readonly sealed?: string | null;
}

/** A lane held by this worker until `leaseUntil`. `token` fences every write: a later claim makes it void. */
export interface Claim {
  readonly tenantId: TenantId;
  readonly laneKey: LaneKey;
  readonly subject: LaneSubject;
  /** The lane's generation at the claim; if events came in meanwhile the lane stays dirty after completion. */
  readonly generation: number;
  readonly token: number;
  /** The most urgent of what made the lane dirty. */
  readonly work: Work;
  /** Failed turns in a row. */
  readonly attempts: number;
  readonly leaseUntil: number;
  /**
   * What made the lane dirty since it was last worked off, oldest first. Empty: it fell due by its own time. A claim takes them out;
   * should its turn die, the next claim is told to look at both sides.
   */
  readonly told: readonly SealedTold[];
}

/** Which side an event told of, and what, sealed for that side's site; null: look there. */
export interface SealedTold {
  readonly side: Side;
  readonly sealed: string | null;
}

export type LaneEnd =
  /** Clean, unless dirtied meanwhile. */
  | { kind: 'done' }
  /** Clean, and to be looked at again at this time or at the next event, whichever comes first. */
  | { kind: 'watch'; at: number }
  /**
   * Come back at this time. `attempt`: whether it counts as a failed turn. `yields`: more urgent work does not wait so long. What the claim was
   * told is told again.
   */
  | { kind: 'again'; at: number; attempt: boolean; yields?: boolean | undefined }
  /** Needs a person or a changed cause; a new event or a wake-up wakes it. */
  | { kind: 'parked'; cause: string }
  /** Not the end: record what was reached so far; the lane stays claimed. */
  | { kind: 'continue' };

/** Everything a turn leaves behind, written in one transaction with the lane's completion. */
export interface TurnRecord {
  /** Insert or update. */
  readonly pair: Pair | null;
  /** Upserts; null removes the piece. */
  readonly pieces: ReadonlyMap<PieceKey, PieceBase | null>;
  readonly effects: readonly Effect[];
  readonly history: readonly HistoryLine[];
  /** Values that lost in this turn. */
  readonly kept: readonly KeptValue[];
  /** Other lanes to make dirty (an event landed on a twin before the pair was known). */
  readonly wake: readonly LaneSubject[];
  readonly end: LaneEnd;
}

/** `fenced`: the claim was void (its lease ran out and another worker took the lane): nothing was written. */
export type Fenced = 'written' | 'fenced';

/** A value that lost a conflict, sealed for its tenant: a person can put it back until it expires. */
export interface KeptValue {
  readonly piece: PieceKey;
  /** The side that showed it. */
  readonly side: Side;
  /** Of the value, so that one that loses twice (a turn begun again, a tug of war) is kept once. */
  readonly fingerprint: string;
  readonly sealed: string;
  readonly keptAt: number;
  readonly until: number;
}

/** What an overview shows of a synchronization. */
export interface Standing {
  /** Pieces and items that are parked. */
  readonly parked: number;
  /** When something last crossed; null when nothing has yet. */
  readonly lastActivityAt: number | null;
}

export interface TurnStore {
  /** Null when the synchronization is gone. The pair is looked up by the subject on either side. */
  read(claim: Claim): Promise<LaneMemory | null>;
  /** Records intents durably before the calls are made. */
  intend(claim: Claim, effects: readonly Effect[]): Promise<Fenced>;
  /** The highest item number of a space seen so far on that side (from keys we met); 0 when none. */
  highestNumber(tenantId: TenantId, synchronizationId: SynchronizationId, side: Side): Promise<number>;
  /** Whether the creation of an item on that side is intended and not yet known to have ended: such an item may be out there unrecorded. */
  isMakingItems(tenantId: TenantId, synchronizationId: SynchronizationId, side: Side): Promise<boolean>;
  /** The effect a twin mark names, whatever lane it is of; null when not ours. */
  readEffect(tenantId: TenantId, effectId: EffectId): Promise<Effect | null>;
  /** One transaction: pair, pieces, effects, history, woken lanes, the lane itself. */
  complete(claim: Claim, record: TurnRecord): Promise<Fenced>;
  listHistory(tenantId: TenantId, synchronizationId: SynchronizationId, limit: number): Promise<readonly HistoryLine[]>;
  readStanding(tenantId: TenantId, synchronizationId: SynchronizationId): Promise<Standing>;
}

// ---------------------------------------------------------------- the inbox and the lanes

/** A verified webhook, reduced to what routing needs; what it shows of its item is content and comes sealed. */
export interface Delivery {
  /** The site that sent it. */
  readonly siteTenantId: TenantId;
  readonly connectionId: ConnectionId;
  /** Jira's X-Atlassian-Webhook-Identifier, or a hash of the body where there is none. */
  readonly deliveryId: string;
  readonly event: string;
  readonly issueId: IssueId;
  /** Null when the payload does not say (worklogs): then only already paired items are found. */
  readonly projectId: ProjectId | null;
  readonly issueKey: IssueKey | null;
  /**
   * The synchronization whose own write caused this event, when an authenticated trace proves that it says nothing else: stored,
   * but that synchronization is not woken by it. Others are (chained synchronizations A–B–C): for them it is a change like any.
   */
  readonly echoOf: SynchronizationId | null;
  /** `echoOf` is told of it all the same, as a repair: only the event of a transition, or of a comment's edit, tells of it (SPEC O10, O11). */
  readonly tellsWriter: boolean;
  /** When `echoOf` made the item: the effect that did, so that the event is told to the lane of the item it was made from. */
  readonly madeBy: EffectId | null;
  /** What the event told of the item, sealed for the sending site (Observation); null: the item has to be looked at. */
  readonly sealedObservation: string | null;
}

export type Receipt =
  /** Lanes made dirty, one per synchronization concerned. */
  | { kind: 'accepted'; lanes: number }
  | { kind: 'duplicate' }
  /** Only the synchronization that wrote it is concerned. */
  | { kind: 'echo' }
  /** No running synchronization has that space or item. */
  | { kind: 'unconcerned' };

export interface Inbox {
  /** Stores the delivery and makes its lanes dirty, in one transaction. Calls at the same moment share a commit. */
  receive(delivery: Delivery): Promise<Receipt>;
}

/** Hands of a worker that are kept for tenants which have few lanes in hand there (rule L19 of app/lanes/README.md). */
export interface KeptHands {
  readonly hands: number;
  /** Hands of the worker in all. */
  readonly all: number;
  readonly inHand: ReadonlyMap<TenantId, number>;
}

export interface Lanes {
  /** Claims up to `limit` due lanes, fairly between tenants, each for `leaseMs`. `kept`: those of the `limit` that not everybody gets. */
  claim(limit: number, leaseMs: number, kept?: KeptHands): Promise<readonly Claim[]>;
  /** Extends the leases still ours, and says which those are. */
  renew(claims: readonly Claim[], leaseMs: number): Promise<readonly Claim[]>;
  /** How long a turn of that tenant kept a worker: by such times hands are shared out, not by the number of turns. */
  turnTook(tenantId: TenantId, ms: number): void;
  /** Makes lanes dirty outside of a delivery: by a scan, for a repair if nothing else is said. */
  wake(tenantId: TenantId, subjects: readonly WokenSubject[], work?: Exclude<Work, 'edit'>): Promise<void>;
  /** A synchronization starts again: its lanes that were put off, or parked for a cause that may be over, become due. */
  resume(tenantId: TenantId, synchronizationId: SynchronizationId): Promise<void>;
  /** When the next lane falls due (epoch ms); null when none. */
  nextDueAt(): Promise<number | null>;
  /** How many lanes are in which state. `watched` ones are clean and fall due later all the same; `waiting` ones have work left. */
  count(): Promise<{ due: number; waiting: number; leased: number; parked: number; watched: number }>;
}
