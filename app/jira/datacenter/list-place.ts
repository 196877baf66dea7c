import { z } from 'zod';

/**
 * Where a list stands. Data Center pages by position, and positions shift: an item that changes goes to the end, and every one behind it
 * moves up, past the reader. So a page begins at the time of the last item of the page before; only within one second, where a script can
 * change thousands, positions count, and a few items are listed twice: while one of these is met again, none was passed over.
 */
export interface ListPlace {
  /** Items of before this second (epoch ms) are listed. */
  readonly from: number;
  /** How many of that second are behind us, all but the overlap. */
  readonly startAt: number;
  /** The last items listed, of which one has to be met again; empty at the beginning of a second. */
  readonly anchors: readonly string[];
}

const place = z.object({
  from: z.number().int().nonnegative(),
  startAt: z.number().int().nonnegative(),
  anchors: z.array(z.string()).max(100),
});

const SECOND_MS = 1000;
/** Items that are listed again. All of them have to be changed at once between two pages to make us begin the second anew. */
const OVERLAP = 10;

export const secondOf = (time: number): number => Math.floor(time / SECOND_MS) * SECOND_MS;

export const firstPlace = (from: number): ListPlace => ({ from: secondOf(from), startAt: 0, anchors: [] });

/** Null: it names no place. */
export function readPlace(token: string): ListPlace | null {
  try {
    return place.safeParse(JSON.parse(token)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export const writePlace = (at: ListPlace): string => JSON.stringify(at);

export interface PagedItem {
  readonly id: string;
  /** The time by which the list is ordered. */
  readonly time: number;
}

/**
 * Where the list goes on after a page; null: it is through. When all of the last page's end has moved away, something may have been passed
 * over, and its second is begun anew.
 *
 * @param total how many items there are from `at.from` on
 */
export function nextPlace(at: ListPlace, page: readonly PagedItem[], total: number): ListPlace | null {
  // Met at a later time it proves nothing: it moved away, and others moved up past us.
  const isFound = at.anchors.length === 0 || page.some(({ id, time }) => at.anchors.includes(id) && secondOf(time) === at.from);
  if (!isFound) return firstPlace(at.from);
  const last = page.at(-1);
  if (last === undefined || at.startAt + page.length >= total) return null;
  const second = secondOf(last.time);
  if (second > at.from) return firstPlace(second);
  const anchors = page.slice(-OVERLAP).map(({ id }) => id);
  // A page as short as the overlap would not get us any further with it.
  const overlap = Math.min(anchors.length, page.length - 1);
  return { from: at.from, startAt: at.startAt + page.length - overlap, anchors };
}
