import { type Failure, staysRefused } from '../core/failure.ts';
import type { ProjectId } from '../core/ids.ts';
import { judgeListed } from '../core/judge-listed.ts';
import type { Fingerprinter } from '../core/normal-form.ts';
import { OVERLAP_MS, type ScanOutcome, scanFrom } from '../core/plan-scan.ts';
import { SIDES, type Side } from '../core/side.ts';
import { askedFields } from './asked-fields.ts';
import type { Remembered, ScanMemory, SiteScan } from './healing-ports.ts';
import type { Jira, Lanes, ListedItem, Sites, Synchronization, SynchronizationStore } from './ports.ts';

export interface ScanPorts {
  readonly synchronizations: SynchronizationStore;
  readonly scans: ScanMemory;
  readonly lanes: Pick<Lanes, 'wake'>;
  readonly sites: Sites;
  readonly fingerprinter: (tenantId: Synchronization['tenantId']) => Fingerprinter;
  readonly clock: { now(): number };
  /** Whether existing items are listed by a backfill (run-backfills.ts): until it is over, scans leave that side out. */
  readonly backfilled?: boolean;
}

/** How a site is scanned. */
export interface ScanWay {
  /** It has installed the app: Jira says which deliveries to us it gave up. */
  readonly hasApp: boolean;
  /** It tells us nothing, so what is found there is not late. */
  readonly isPolled: boolean;
  /** How far it reaches back behind what is proven seen. */
  readonly overlapMs: number;
}

const BY_THE_APP: ScanWay = { hasApp: true, isPolled: false, overlapMs: OVERLAP_MS };

export interface SiteScanned
  extends Omit<ScanOutcome, 'paceMs' | 'complete' | 'unreadMs' | 'isPolled' | 'isTriedOnce' | 'isFirst'> {
  /** Null: everything was read that can be. Else why not, for now. `taken`: another process has this scan. */
  readonly broken: Failure | 'unreachable' | 'taken' | null;
  /** Spaces that the site does not let us list, though it answers: gone, or hidden from us. */
  readonly hidden: readonly ProjectId[];
  readonly listed: number;
  readonly givenUpUntil: number;
  /** The spaces of all running synchronizations, scanned or not. */
  readonly spaces: readonly ProjectId[];
  /** One of them started since the scan before. */
  readonly isStart: boolean;
}

/** One side of a running synchronization that this scan covers. */
interface Member {
  readonly synchronization: Synchronization;
  readonly side: Side;
  readonly projectId: ProjectId;
  /** Where its part of the scan begins. */
  readonly since: number;
  readonly listeningSince: number;
  readonly itemsSince: number;
  /** Its marks are where they began. */
  readonly isFirst: boolean;
}

/** What is counted while a scan runs. */
interface Tally {
  points: number;
  listed: number;
  foundLate: number;
  found: number;
}

/**
 * Looks on one site for what no event told (SPEC H): all items changed there in the spaces of running synchronizations, whoever owns
 * these. The list is the look: an item that shows what was agreed needs no turn, any other is sent to its lane. Each side's mark
 * moves to what is proven seen, page by page. Null: no running synchronization has this site.
 *
 * @param keep called before each page; false: somebody else has the scan now
 */
export async function scanSite(
  scan: SiteScan,
  ports: ScanPorts,
  keep: () => Promise<boolean>,
  way: ScanWay = BY_THE_APP,
): Promise<SiteScanned | null> {
  const startedAt = ports.clock.now();
  const running = await membersOf(scan, ports, way);
  if (running.length === 0) return null;
  const members = running.filter(({ synchronization, side }) => !ports.backfilled || synchronization.scannedUntil[side] !== 0);
  const about = {
    spaces: [...new Set(running.map(({ projectId }) => projectId))],
    isStart: running.some(({ listeningSince }) => listeningSince >= (scan.lastAt ?? 0)),
  };
  const none = { points: 0, listed: 0, foundLate: 0, found: 0 };
  const nothing = { ...about, ...none, givenUp: 0, spent: 0, hidden: [], givenUpUntil: scan.givenUpUntil };
  // On the account of the site itself: its synchronizations may have many owners.
  const purpose = { payer: scan.siteTenantId, work: 'repair' } as const;
  const jira = await ports.sites.reach(scan.siteTenantId, scan.connectionId, purpose);
  if (jira === null) return { ...nothing, broken: 'unreachable' };
  const tally: Tally = { ...none };
  const news = way.hasApp ? await givenUpNews(jira, scan, tally) : NO_NEWS;
  const { broken, hidden } =
    members.length === 0 ? ALL_READ : await scanMembers(members, { jira, ports, startedAt, tally, keep, way });
  return {
    ...about,
    ...tally,
    broken,
    hidden,
    givenUp: news.count,
    // This scan makes up for whatever was given up before it, listed on that page or not.
    givenUpUntil: news.count === 0 ? scan.givenUpUntil : Math.max(news.newestAt ?? 0, scanFrom(startedAt)),
    spent: await countSpent(members, scan.lastAt ?? startedAt, ports),
  };
}

interface GivenUp {
  readonly count: number;
  readonly newestAt: number | null;
}
const NO_NEWS: GivenUp = { count: 0, newestAt: null };

/** Webhooks of other kinds than the app's are in no such list. */
async function givenUpNews(jira: Jira, scan: SiteScan, tally: Tally): Promise<GivenUp> {
  tally.points += 1;
  const listed = await jira.listGivenUp(scan.givenUpUntil);
  return listed.ok ? listed.value : NO_NEWS;
}

async function membersOf(
  { siteTenantId, connectionId }: SiteScan,
  ports: ScanPorts,
  { overlapMs }: ScanWay,
): Promise<readonly Member[]> {
  const running = (await ports.synchronizations.listOfSite(siteTenantId)).filter(({ state }) => state === 'running');
  const members: Member[] = [];
  for (const synchronization of running) {
    const { tenantId, synchronizationId } = synchronization;
    const since = await ports.scans.runningSince(tenantId, synchronizationId);
    const itemsSince = await ports.scans.itemsSince(tenantId, synchronizationId);
    for (const side of SIDES) {
      const { siteTenantId: of, connectionId: by, projectId } = synchronization.sides[side];
      const mark = synchronization.scannedUntil[side];
      if (of !== siteTenantId || by !== connectionId || mark === null || since === null) continue;
      members.push({
        synchronization,
        side,
        projectId,
        since: scanFrom(mark, overlapMs),
        listeningSince: since,
        itemsSince,
        isFirst: mark === itemsSince,
      });
    }
  }
  return members;
}

interface ScanParts {
  readonly jira: Jira;
  readonly ports: ScanPorts;
  readonly startedAt: number;
  readonly tally: Tally;
  readonly keep: () => Promise<boolean>;
  readonly way: ScanWay;
}

type Listed = { readonly broken: SiteScanned['broken']; readonly hidden: readonly ProjectId[] };

const ALL_READ: Listed = { broken: null, hidden: [] };

/** A search that names a space which is gone is refused as a whole: then each space is asked for alone. */
async function scanMembers(members: readonly Member[], parts: ScanParts): Promise<Listed> {
  const spaces = [...new Set(members.map(({ projectId }) => projectId))];
  const failure = await listAll(members, parts);
  if (failure === null) return { broken: null, hidden: [] };
  if (failure === 'taken' || !staysRefused(failure)) return { broken: failure, hidden: [] };
  if (spaces.length === 1) return { broken: null, hidden: spaces };
  const hidden: ProjectId[] = [];
  for (const space of spaces) {
    const alone = await scanMembers(
      members.filter(({ projectId }) => projectId === space),
      parts,
    );
    if (alone.broken !== null) return { broken: alone.broken, hidden };
    hidden.push(...alone.hidden);
  }
  return { broken: null, hidden };
}

async function listAll(members: readonly Member[], parts: ScanParts): Promise<Failure | 'taken' | null> {
  const { jira, startedAt, tally, keep } = parts;
  const fields = askedFields(...members.map(({ synchronization }) => synchronization.configuration));
  const request = { spaces: spacesOf(members), fields };
  let pageToken: string | null = null;
  do {
    if (!(await keep())) return 'taken';
    const page: Awaited<ReturnType<Jira['listChanged']>> = await jira.listChanged({ ...request, pageToken });
    if (!page.ok) return page.failure;
    const { items } = page.value;
    tally.points += 1 + items.length;
    tally.listed += items.length;
    for (const member of members) await judgePage(member, items, parts);
    pageToken = page.value.nextPageToken;
    // In the order of changes: what comes later changed later, so all before the last one is seen.
    const proven = pageToken === null ? startedAt : Math.min(startedAt, items.at(-1)?.updatedAt ?? 0);
    await raiseMarks(members, proven, parts);
  } while (pageToken !== null);
  return null;
}

const spacesOf = (members: readonly Member[]): { projectId: ProjectId; since: number }[] =>
  [...Map.groupBy(members, ({ projectId }) => projectId)].map(([projectId, of]) => ({
    projectId,
    since: Math.min(...of.map(({ since }) => since)),
  }));

async function raiseMarks(members: readonly Member[], until: number, { ports }: ScanParts): Promise<void> {
  for (const { synchronization, side } of members)
    await ports.scans.raiseMark(synchronization.tenantId, synchronization.synchronizationId, side, until);
}

/** What one page means to one side of one synchronization. */
async function judgePage(member: Member, page: readonly ListedItem[], { ports, tally, way }: ScanParts): Promise<void> {
  const { synchronization, side, projectId, since } = member;
  const { tenantId, synchronizationId, configuration } = synchronization;
  const items = page.filter((item) => item.projectId === projectId && item.updatedAt >= since);
  if (items.length === 0) return;
  const remembered = await ports.scans.recall(
    tenantId,
    synchronizationId,
    side,
    items.map(({ issueId }) => issueId),
  );
  const context = {
    ...member,
    synchronizationId,
    configuration,
    fingerprint: ports.fingerprinter(tenantId),
    now: ports.clock.now(),
  };
  const judged = items.map((item) => {
    const known = remembered.get(item.issueId) ?? UNKNOWN;
    return { ...item, pair: known.pair, verdict: judgeListed(listingOf(item, known, side), context) };
  });
  const looks = judged.filter(({ verdict }) => verdict.kind === 'look');
  const asks = judged.filter(({ verdict }) => verdict.kind === 'ask');
  await wakeLanes(member, [...looks, ...asks], ports);
  // After the wake: should we die in between, they are woken again, and not forgotten.
  await ports.scans.noteLooked(
    tenantId,
    synchronizationId,
    side,
    // The ids alone: a store is never handed what an item shows.
    judged.flatMap(({ issueId, updatedAt, pair, verdict }) =>
      pair === null && verdict.kind !== 'known' ? [{ issueId, updatedAt }] : [],
    ),
  );
  const late = looks.filter(({ verdict }) => verdict.kind === 'look' && verdict.late).length;
  // Where nothing is told, nothing is late.
  if (!way.isPolled) await ports.scans.countFoundLate(tenantId, synchronizationId, ports.clock.now(), late);
  tally.foundLate += late;
  // What our own transition replaced is asked for, and nobody's change: it says nothing of events that stay away, nor of people at work.
  tally.found += looks.length;
}

/** What had no twin before the synchronization began to listen is a backfill; everything else is a repair. */
async function wakeLanes(
  { synchronization: { tenantId, synchronizationId }, side, listeningSince }: Member,
  looks: readonly Pick<ListedItem & Remembered, 'issueId' | 'updatedAt' | 'pair'>[],
  { lanes }: ScanPorts,
): Promise<void> {
  const isOld = ({ pair, updatedAt }: (typeof looks)[number]): boolean => pair === null && updatedAt <= listeningSince;
  const subjects = (some: typeof looks) => some.map(({ issueId }) => ({ synchronizationId, side, issueId }));
  await lanes.wake(tenantId, subjects(looks.filter(isOld)), 'backfill');
  await lanes.wake(tenantId, subjects(looks.filter((one) => !isOld(one))), 'repair');
}

const UNKNOWN: Remembered = { pair: null, pieces: new Map(), lookedAt: null, lane: 'none' };

const listingOf = ({ item, updatedAt }: ListedItem, { pair, pieces, lookedAt, lane }: Remembered, side: Side) => ({
  side,
  updatedAt,
  item,
  pair: pair === null ? null : { seenAt: pair.seenAt[side], toldAt: pair.toldAt[side], transitioned: pair.transitioned[side] },
  bases: pieces,
  lookedAt,
  lane,
});

/** Points that carrying changes to this site cost since then; a change that was carried cost at least one. */
async function countSpent(members: readonly Member[], since: number, { scans }: ScanPorts): Promise<number> {
  let spent = 0;
  for (const { synchronization, side } of members)
    spent += await scans.countCarried(synchronization.tenantId, synchronization.synchronizationId, side, since);
  return spent;
}
