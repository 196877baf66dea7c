import type { HistoryLine } from '../app/contract/synchronizations.ts';
import type { LedgerEntry } from '../simulator/heart/ledger.ts';
import type { Issue } from '../simulator/heart/site.ts';
import type { SimulatedSite } from '../simulator/simulated-site.ts';
import { type TwoSites, until } from './two-sites.ts';

/** POSTs that only read. */
const READING = /\/(search\/jql|bulkfetch|comment\/list|permissions\/check|approximate-count)$/;

const isReading = ({ method, path }: LedgerEntry): boolean => method.toUpperCase() === 'GET' || READING.test(path);

export const isWrite = (entry: LedgerEntry): boolean => entry.who === 'app' && !isReading(entry);

/** How often somebody wrote to an item of that site over REST, whoever it was there: at a site without the app, Tandem is a user. */
export const countItemWrites = ({ heart }: Pick<SimulatedSite, 'heart'>): number =>
  heart.ledger.entries.filter((entry) => !isReading(entry) && /\/(issue|comment)/.test(entry.path)).length;

/** The app's writes to a site, as `METHOD path`, without the ones that Jira refused. */
export const writesTo = (site: SimulatedSite): readonly string[] =>
  site.heart.ledger.entries
    .filter((entry) => isWrite(entry) && entry.status < 400)
    .map(({ method, path }) => `${method.toUpperCase()} ${path.replace(/^.*\/issue/, '/issue')}`);

export interface Spent {
  readonly acme: readonly string[];
  readonly globex: readonly string[];
  /** Jira's points, both sites together, the app alone. */
  readonly points: number;
}

/** A scan is paid for as well, and none of what is counted: it comes after minutes, in the middle of what takes long on a busy machine. */
const NO_SCAN_NOW = "UPDATE site_scan SET due_at = now() + interval '1 day' WHERE lease_until IS NULL";

/** What the app spends on both sites while `doing` happens and everything settles. */
export async function spentOn(two: TwoSites, doing: () => unknown): Promise<Spent> {
  const { acme, globex } = two.world.sites;
  await two.database.execute(NO_SCAN_NOW, []);
  for (const site of [acme, globex]) site.heart.ledger.reset();
  await doing();
  await two.settle();
  return {
    acme: writesTo(acme),
    globex: writesTo(globex),
    points: acme.heart.ledger.points() + globex.heart.ledger.points(),
  };
}

/** What the history of the synchronization says about an item, oldest first, as `outcome piece source cause`. */
export async function historyOf(two: TwoSites, issue: Issue, synchronizationId = two.synchronizationId): Promise<string[]> {
  const { history } = await two.support<{ history: HistoryLine[] }>(
    'GET',
    `/synchronizations/${synchronizationId}/history?limit=200`,
  );
  return history
    .filter(({ issueKeys }) => issueKeys.A === issue.key || issueKeys.B === issue.key)
    .map(({ outcome, piece, source, cause }) => [outcome, piece, source, cause?.code].filter((part) => part != null).join(' '))
    .reverse();
}

/** Times are in milliseconds: waits until an edit made now is later than all edits made so far. */
export const aMomentLater = (site: SimulatedSite): Promise<void> => {
  const now = site.heart.clock.now();
  return until(() => site.heart.clock.now() > now);
};
