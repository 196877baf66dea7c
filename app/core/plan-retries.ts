import { type CauseCode, isCauseCode } from './causes.ts';

/**
 * What has to change before a parked piece can go on. `site`: something at the other site that many pieces can share (rights, fields
 * and screens, workflow, options), so that one that gets through says that others will. `piece`: the piece itself or its item.
 * `person`: an answer that only a person gives. `item`: one of the two items, which its lane looks for by itself (SPEC R14).
 */
export type RetryClass = 'site' | 'piece' | 'person' | 'item';

const CLASSES: Partial<Record<CauseCode, RetryClass>> = {
  'status-not-mapped': 'site',
  'field-not-offered': 'site',
  'field-refused': 'site',
  'no-direct-transition': 'site',
  'transition-refused': 'site',
  'required-field-missing': 'site',
  'request-rejected': 'site',
  forbidden: 'site',
  unauthorized: 'site',
  'item-missing': 'item',
  'conflict-undecided': 'person',
  'mass-deletion': 'person',
  'mass-clear': 'person',
  'mass-overwrite': 'person',
};

/** A cause that is not listed, or that another version wrote, is the piece's own: tried now and then. */
export const retryClassOf = (cause: string): RetryClass => (isCauseCode(cause) ? (CLASSES[cause] ?? 'piece') : 'piece');

/** Pieces, or whole items, that are parked for one cause in one way: whatever frees one of them probably frees all. */
export interface ParkedGroup {
  readonly cause: string;
  /** What is parked: a field by its name, `status`, `comment`, or `item` for an item that has no twin yet. */
  readonly kind: string;
  /** Epoch milliseconds at which the one that waits longest was last tried. */
  readonly oldestSince: number;
}

/** What has to change for a group: an item without a pair has no lane that looks for it once it is parked, so of those one is tried (SPEC R14). */
export const retryClassOfGroup = ({ cause, kind }: Pick<ParkedGroup, 'cause' | 'kind'>): RetryClass =>
  kind === 'item' && retryClassOf(cause) === 'item' ? 'site' : retryClassOf(cause);

/** A group of which one was tried to see whether its cause is still there. */
export interface Probe {
  readonly cause: string;
  readonly kind: string;
  /** `waiting`: not tried yet. `parked`: it is parked again for the same cause. `free`: that cause does not hold it any more. */
  readonly outcome: 'waiting' | 'parked' | 'free';
}

export interface RetryPlan {
  /** Groups of which all are tried now: their cause is gone. */
  readonly all: readonly ParkedGroup[];
  /** Groups of which the one that waits longest is tried, to see. */
  readonly one: readonly ParkedGroup[];
  /** When to look again, ms from now. */
  readonly afterMs: number;
}

const MINUTE_MS = 60_000;
/** Settings of a site change by people, in minutes. */
export const QUICKEST_RETRY_MS = 5 * MINUTE_MS;
const SLOWEST_RETRY_MS = 60 * MINUTE_MS;
/** Whatever the cause is, it may have gone without our seeing how. */
export const DAILY_MS = 24 * 60 * MINUTE_MS;

/**
 * Which parked pieces are tried without an event (SPEC R9–R11). Of each group whose cause others can share one is tried; once that one
 * gets through, all are; one whose turn decided nothing within an hour is tried anew. Looking is by trying, because nothing else proves that a screen, a condition, a right or an option is as
 * it should be; and trying one costs less points than reading what the space offers.
 *
 * @param paceMs the time between the last two looks
 */
export function planRetries(groups: readonly ParkedGroup[], probes: readonly Probe[], paceMs: number): RetryPlan {
  const probeOf = (group: ParkedGroup): Probe | undefined =>
    probes.find(({ cause, kind }) => cause === group.cause && kind === group.kind);
  const shared = groups.filter((group) => retryClassOfGroup(group) === 'site');
  const all = shared.filter((group) => probeOf(group)?.outcome === 'free');
  const isOverdue = paceMs >= SLOWEST_RETRY_MS;
  const one = shared.filter((group) => {
    const outcome = probeOf(group)?.outcome;
    return outcome === 'waiting' ? isOverdue : outcome !== 'free';
  });
  const news = all.length > 0 || shared.some((group) => probeOf(group) === undefined);
  const pace = news ? QUICKEST_RETRY_MS : Math.min(SLOWEST_RETRY_MS, Math.max(QUICKEST_RETRY_MS, paceMs * 2));
  return { all, one, afterMs: shared.length === 0 ? QUICKEST_RETRY_MS : pace };
}
