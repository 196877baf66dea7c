import type { Configuration } from './configuration.ts';
import type { PieceKey, SynchronizationId } from './ids.ts';
import type { Item } from './item.ts';
import type { Fingerprinter } from './normal-form.ts';
import { AWAY_PIECE, type PieceBase } from './piece.ts';
import { planCreation } from './plan-creation.ts';
import { GRACE_MS, SHORT_OVERLAP_MS } from './plan-scan.ts';
import type { Transitioned } from './replaced-status.ts';
import { showsAgreed } from './shows-agreed.ts';
import type { Side } from './side.ts';

/** An item that a scan listed on one side of a synchronization, and what is remembered of it. Epoch milliseconds throughout. */
export interface Listing {
  readonly side: Side;
  readonly updatedAt: number;
  /** Null: the list did not show it whole. */
  readonly item: Item | null;
  /**
   * When it has a pair: its `updated` when it was last seen whole, and in the newest event worked off; and our last transition there, if it
   * is not known yet what it replaced.
   */
  readonly pair: { readonly seenAt: number; readonly toldAt: number; readonly transitioned: Transitioned | null } | null;
  readonly bases: ReadonlyMap<PieceKey, PieceBase>;
  /** When it has none: its `updated` when a scan last sent somebody to look; null: never. */
  readonly lookedAt: number | null;
  /** `busy`: what an event told is being worked off, or waits. */
  readonly lane: 'none' | 'idle' | 'busy';
}

export interface ListingContext {
  readonly synchronizationId: SynchronizationId;
  readonly configuration: Configuration;
  readonly fingerprint: Fingerprinter;
  readonly now: number;
  /** Since when events of the space are listened to. */
  readonly listeningSince: number;
  /** Items that did not change since then get no twin: the first start left them alone. */
  readonly itemsSince: number;
  /** It is the first scan since then, so what it lists of before is what was there. */
  readonly isFirst: boolean;
}

export type ListingVerdict =
  /** Nothing that was not known, or nothing to do about: it shows what was agreed. */
  | { readonly kind: 'known' }
  /** It was there before the first start, and is left alone as it is. */
  | { readonly kind: 'left' }
  /** A turn has to look at it. `late`: no event told of it, and none will. */
  | { readonly kind: 'look'; readonly late: boolean }
  /** It shows what was agreed, and a turn has to look what our own transition replaced: nothing that somebody did was found. */
  | { readonly kind: 'ask' };

/** What a scan does about an item that it listed (SPEC H3, H4). */
export function judgeListed(listing: Listing, context: ListingContext): ListingVerdict {
  return listing.pair === null ? judgeUnpaired(listing, context) : judgePaired(listing, listing.pair, context);
}

function judgePaired(listing: Listing, pair: NonNullable<Listing['pair']>, context: ListingContext): ListingVerdict {
  const { item, side, bases, updatedAt, lane } = listing;
  // No newer than what is known: the index lags, or the clock of the site was put back. Its content tells, if it is there.
  const isNews = updatedAt > Math.max(pair.seenAt, pair.toldAt);
  if (item === null && updatedAt <= pair.seenAt) return { kind: 'known' };
  // While one of the two was missing nothing was worked off: a turn has to see what happened in between (F10, I6).
  const waits = bases.has(AWAY_PIECE) && updatedAt > pair.seenAt;
  // Not noted as seen: a look later on has to tell what was changed and changed back in between (F10, O10).
  if (item !== null && !waits && showsAgreed({ item, side, bases, ...context }))
    return isUntold(listing, pair, context) ? { kind: 'ask' } : { kind: 'known' };
  return { kind: 'look', late: lane !== 'busy' && isNews && isLate(updatedAt, context) };
}

/** The event of our own transition did not come, and is on its way no more: a look has to tell what it replaced (O11). */
function isUntold(
  { updatedAt, lane }: Listing,
  { transitioned }: NonNullable<Listing['pair']>,
  { now }: ListingContext,
): boolean {
  if (transitioned === null || updatedAt <= transitioned.since.at) return false;
  // No longer than the next scan is certain to list it again.
  return updatedAt <= now - (lane === 'busy' ? SHORT_OVERLAP_MS : GRACE_MS);
}

function judgeUnpaired({ item, side, updatedAt, lookedAt, lane }: Listing, context: ListingContext): ListingVerdict {
  const { configuration, itemsSince, isFirst } = context;
  // By its time alone it could also be a new item of a site whose clock was put back.
  if (isFirst && updatedAt < itemsSince) return { kind: 'left' };
  if (lookedAt !== null && lookedAt >= updatedAt) return { kind: 'known' };
  if (item !== null && isBeingMade(item, side, context)) return { kind: 'known' };
  if (item !== null && planCreation(configuration, item, side).kind === 'decline') return { kind: 'known' };
  return { kind: 'look', late: lane === 'none' && isLate(updatedAt, context) };
}

/** Its mark says that we made it, and it is so young that the turn which did may not have recorded the pair yet. That one sees to it. */
const isBeingMade = ({ twinMarks, createdAt }: Item, side: Side, { synchronizationId, now }: ListingContext): boolean =>
  Math.abs(now - createdAt) <= GRACE_MS &&
  twinMarks.some((mark) => mark.synchronizationId === synchronizationId && mark.originSide !== side);

const isLate = (updatedAt: number, { now, listeningSince }: ListingContext): boolean =>
  updatedAt < now - GRACE_MS && updatedAt > listeningSince;
