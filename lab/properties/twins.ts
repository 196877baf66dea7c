import type { Issue } from '../../simulator/heart/site.ts';
import type { Evidence } from '../evidence.ts';
import { across, COUPLE_SIDES, type Couple, type CoupleSide, isApp, issuesIn, originIdOf } from '../sites.ts';

/** An item and its twin, as the sites show them; both are still in their places. */
export interface TwinPair {
  readonly couple: number;
  readonly A: Issue;
  readonly B: Issue;
  readonly originSide: CoupleSide;
}

const inPlace = (couple: Couple, side: CoupleSide, issueId: string): Issue | undefined => {
  const { site, project } = couple[side];
  const issue = site.heart.issues.get(issueId);
  return issue?.projectId === project.id ? issue : undefined;
};

/** The items of that side which the app has made, with the id of the item from which each was made. */
export const madeByApp = (couple: Couple, side: CoupleSide): { readonly issue: Issue; readonly originId: string | null }[] =>
  issuesIn(couple[side])
    .filter((issue) => isApp(couple[side].site, issue.creatorId))
    .map((issue) => ({ issue, originId: originIdOf(issue) }));

/** Every pair of which both items are there. */
export const livingPairs = ({ couples }: Evidence): TwinPair[] =>
  couples.flatMap((couple, nth) =>
    COUPLE_SIDES.flatMap((side) =>
      madeByApp(couple, side).flatMap(({ issue, originId }) => {
        const origin = originId === null ? undefined : inPlace(couple, across(side), originId);
        if (origin === undefined) return [];
        const items = side === 'B' ? { A: origin, B: issue } : { A: issue, B: origin };
        return [{ couple: nth, ...items, originSide: across(side) }];
      }),
    ),
  );

export const nameOf = ({ A, B }: TwinPair): string => `${A.key} ↔ ${B.key}`;

/**
 * A priority that was off the screens when its item was made, or the site's default that had another name then, is empty there, and the
 * twin keeps its site's own default (SPEC I4).
 */
export const keepsDefault = ({ plan }: Evidence, field: string, ...values: readonly (string | undefined)[]): boolean =>
  field === 'priority' &&
  values.includes('') &&
  plan.faults.some(({ fault }) => fault === 'field-removed' || fault === 'priority-renamed');
