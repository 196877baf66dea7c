/**
 * Up to where what happened to an item is known (SPEC O13): the number of the newest entry of its changelog, null where that is not known, and
 * its `updated` then, epoch milliseconds and never later than that moment by our own clock. Also where a change itself stands.
 */
export interface ChangeMark {
  readonly id: number | null;
  readonly at: number;
}

/** Whether a change came after that: Jira's numbers tell, and times only where one of the two has no number. */
export const isAfter = (change: ChangeMark, mark: ChangeMark): boolean =>
  change.id !== null && mark.id !== null ? change.id > mark.id : change.at > mark.at;

/** The one that is further on. */
export const laterOf = (one: ChangeMark, other: ChangeMark): ChangeMark => {
  const [earlier, later] = isAfter(one, other) ? [other, one] : [one, other];
  return { id: later.id, at: Math.max(earlier.at, later.at) };
};

/** The highest number of these changes; null when none has one. */
export function newestId(changes: readonly Pick<ChangeMark, 'id'>[]): number | null {
  const ids = changes.flatMap(({ id }) => id ?? []);
  return ids.length === 0 ? null : Math.max(...ids);
}
