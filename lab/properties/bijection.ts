import type { Issue } from '../../simulator/heart/site.ts';
import type { Evidence } from '../evidence.ts';
import { across, COUPLE_SIDES, type Couple, type CoupleSide, isApp, issuesIn, originIdOf } from '../sites.ts';
import { seeComment } from '../witness.ts';
import type { Property } from './property.ts';
import { madeByApp } from './twins.ts';

/** Twins that the app made of items on that side, by the item's id, those that people deleted since included. */
function twinsMade({ deeds }: Evidence, couple: number, side: CoupleSide): Map<string, number> {
  const made = new Map<string, number>();
  for (const deed of deeds) {
    if (deed.kind !== 'created' || deed.by !== 'app' || deed.couple !== couple || deed.side !== across(side)) continue;
    if (deed.originIssueId !== null) made.set(deed.originIssueId, (made.get(deed.originIssueId) ?? 0) + 1);
  }
  return made;
}

/** A clone of a twin carries along where that one came from, and is taken for an item that came around (SPEC I7). */
const isCloneOfTwin = (issue: Issue): boolean => originIdOf(issue) !== null;

function itemsAmiss(evidence: Evidence, couple: Couple, nth: number, side: CoupleSide): string[] {
  const { site } = couple[side];
  const made = twinsMade(evidence, nth, side);
  const touched = new Set(
    evidence.deeds
      .filter((deed) => deed.by === 'person' && deed.couple === nth && deed.side === side)
      .map(({ issueId }) => issueId),
  );
  const doubled = [...made].filter(([, count]) => count > 1).map(([id, count]) => `the item ${id} of ${side} has ${count} twins`);
  const single = issuesIn(couple[side])
    .filter((issue) => touched.has(issue.id) && !isApp(site, issue.creatorId) && !made.has(issue.id) && !isCloneOfTwin(issue))
    .map(({ key }) => `${key} has no twin`);
  const unmarked = madeByApp(couple, side)
    .filter(({ originId }) => originId === null)
    .map(({ issue }) => `${issue.key} was made by the app and carries no mark`);
  return [...doubled, ...single, ...unmarked];
}

function commentsDoubled(couple: Couple, side: CoupleSide): string[] {
  return issuesIn(couple[side]).flatMap((issue) => {
    const tokens = issue.comments.map((comment) => seeComment(comment).token).filter((token) => /^c\d+$/.test(token));
    return tokens
      .filter((token, place) => tokens.indexOf(token) !== place)
      .map((token) => `${issue.key} has the comment ${token} twice`);
  });
}

export const bijection: Property = {
  name: 'bijection',
  promise: 'Every item has exactly one twin, every comment at most one copy.',
  check: (evidence) =>
    evidence.couples.flatMap((couple, nth) =>
      COUPLE_SIDES.flatMap((side) => [...itemsAmiss(evidence, couple, nth, side), ...commentsDoubled(couple, side)]),
    ),
};
