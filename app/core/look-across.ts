import type { Verdict } from './decide-scalar.ts';
import type { Look } from './plan.ts';
import type { Direction, Side, Sides } from './side.ts';
import type { View } from './view.ts';

/**
 * Somebody changed one side and changed it back: as if nothing had happened, but for an edit of the other side in between of which nothing
 * was told yet. Once that crossed nobody would know any more that it was not the last word, so that side is looked at now (SPEC F10).
 * @param blind the sides that were not looked at
 */
export const lookAcross = (
  verdict: Verdict,
  { field, direction }: { readonly field: string; readonly direction: Direction },
  views: Sides<View>,
  blind: readonly Side[],
): Look | null =>
  verdict.kind === 'unchanged' &&
  direction === 'both' &&
  blind.length === 1 &&
  (views.A.changedBackAt.has(field) || views.B.changedBackAt.has(field))
    ? { look: blind }
    : null;
