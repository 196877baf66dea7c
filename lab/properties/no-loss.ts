import type { Evidence } from '../evidence.ts';
import { COUPLE_SIDES, type CoupleSide } from '../sites.ts';
import { type Deed, seeComment, showFields } from '../witness.ts';
import { type Given, judgeValue } from './heads.ts';
import type { Property } from './property.ts';
import { keepsDefault, livingPairs, nameOf, type TwinPair } from './twins.ts';

const SCALARS = ['summary', 'description', 'priority', 'duedate', 'status'];

const deedsOf = ({ deeds }: Evidence, pair: TwinPair): Deed[] =>
  deeds.filter((deed) => deed.couple === pair.couple && deed.issueId === pair[deed.side].id);

/** Whether the history tells of an overwritten value of that piece. */
const isTold = ({ couples, tables }: Evidence, pair: TwinPair, piece: (piece: string) => boolean): boolean =>
  [...tables.history.values()].some(
    ({ line, synchronizationId }) =>
      synchronizationId === couples[pair.couple]?.synchronizationId &&
      line.outcome === 'overwritten' &&
      line.piece !== null &&
      piece(line.piece) &&
      (line.issueKeys.A === pair.A.key || line.issueKeys.B === pair.B.key),
  );

/** What an item that was there before the run held: somebody gave it, too, and an edit of its new twin can lose against it. */
const givenAtFirst = (deeds: readonly Deed[], field: string, pair: TwinPair, { couples }: Evidence): readonly Given[] =>
  COUPLE_SIDES.flatMap((side): Given[] => {
    const own = deeds.filter((deed) => deed.side === side);
    const heart = couples[pair.couple]?.[side].site.heart;
    if (heart === undefined || own.some(({ kind }) => kind === 'created')) return [];
    const value = own.find((deed) => deed.was[field] !== undefined)?.was[field] ?? showFields(heart, pair[side])[field];
    return value === undefined ? [] : [{ nth: -1, side, by: 'person', value }];
  });

function scalarLosses(evidence: Evidence, pair: TwinPair, deeds: readonly Deed[]): string[] {
  const heart = evidence.couples[pair.couple]?.A.site.heart;
  if (heart === undefined) return [];
  const shown = showFields(heart, pair.A);
  return SCALARS.flatMap((field) => {
    const given = deeds.flatMap(({ nth, side, by, fields }): Given[] => {
      const value = fields[field];
      return value === undefined ? [] : [{ nth, side, by, value }];
    });
    const wasEdited = given.some(({ by }) => by === 'person');
    const verdict = judgeValue([...(wasEdited ? givenAtFirst(deeds, field, pair, evidence) : []), ...given], shown[field] ?? '');
    if (verdict.kind !== 'untouched' && verdict.kind !== 'last' && keepsDefault(evidence, field, verdict.lost)) return [];
    const told = isTold(evidence, pair, (piece) => piece === field || piece === `field:${field}`);
    if (verdict.kind === 'lost' || (verdict.kind === 'conflict' && !told))
      return [
        `${nameOf(pair)}: ${field} “${verdict.lost}” was lost, both show “${shown[field]}”${verdict.kind === 'conflict' ? ' and the history does not tell' : ''}`,
      ];
    return [];
  });
}

const labelsIn = (text: string | undefined): string[] => (text ?? '').split(' ').filter((label) => label !== '');

/** A label stays unless a person removed it. Where the field was off a side's screens, the union of both is the rule (SPEC G4). */
function labelLosses(evidence: Evidence, pair: TwinPair, deeds: readonly Deed[]): string[] {
  const byPeople = deeds.filter(({ by }) => by === 'person');
  const added = byPeople.flatMap(({ fields, was }) =>
    labelsIn(fields['labels']).filter((label) => !labelsIn(was['labels']).includes(label)),
  );
  const removed = new Set(
    byPeople.flatMap(({ fields, was }) =>
      fields['labels'] === undefined
        ? []
        : labelsIn(was['labels']).filter((label) => !labelsIn(fields['labels']).includes(label)),
    ),
  );
  const wasOffScreens = evidence.plan.faults.some(({ fault }) => fault === 'field-removed');
  const missing = added.filter((label) => !removed.has(label) && !pair.A.labels.includes(label));
  const back = wasOffScreens ? [] : [...removed].filter((label) => pair.A.labels.includes(label));
  return [
    ...missing.map((label) => `${nameOf(pair)}: the label ${label} was lost`),
    ...back.map((label) => `${nameOf(pair)}: the removed label ${label} came back`),
  ];
}

interface CommentStory {
  /** What the history may call it: it is named after the one that it began with, and was copied anew where an edit beat a deletion. */
  readonly pieces: ReadonlySet<string>;
  readonly given: readonly Given[];
  readonly deletions: readonly { readonly nth: number; readonly side: CoupleSide }[];
}

function storiesOf(deeds: readonly Deed[]): Map<string, CommentStory> {
  const tokens = new Set(
    deeds.flatMap(({ comment }) => (comment?.isForEverybody === true && /^c\d+$/.test(comment.token) ? [comment.token] : [])),
  );
  return new Map(
    [...tokens].map((token) => {
      const own = deeds.filter(({ comment }) => comment?.token === token);
      return [
        token,
        {
          pieces: new Set(own.flatMap(({ side, comment }) => (comment === null ? [] : [`comment:${side}:${comment.id}`]))),
          given: own.flatMap(({ nth, side, by, kind, comment }) =>
            comment === null || kind === 'comment-deleted' ? [] : [{ nth, side, by, value: comment.text }],
          ),
          deletions: own.filter(({ kind, by }) => kind === 'comment-deleted' && by === 'person'),
        },
      ];
    }),
  );
}

/** Whether somebody's words had not been seen by whoever deleted the comment: they must not go with it (SPEC K7). */
const hasUnseenWords = ({ given, deletions }: CommentStory): boolean =>
  given.some((words) => {
    if (words.by !== 'person') return false;
    return deletions.every(
      ({ nth, side }) =>
        words.nth > nth ||
        (words.side !== side &&
          !given.some(
            (one) => one.side === side && one.by === 'app' && one.value === words.value && one.nth > words.nth && one.nth < nth,
          )),
    );
  });

/** Words that a later edit on the same side replaced do not count, nor those that other words of ours replaced there, if that is `told`. */
const newestWords = (story: CommentStory, told: boolean): CommentStory => ({
  ...story,
  given: story.given.filter(
    (one) =>
      one.by === 'app' ||
      !story.given.some(
        (later) =>
          later.side === one.side && later.nth > one.nth && (later.by === 'person' || (told && later.value !== one.value)),
      ),
  ),
});

/** Whoever deletes a comment takes back what was written on that side before: it is not lost where the other side's words bring it back (K7). */
const withoutTakenBack = ({ given, deletions }: CommentStory): readonly Given[] =>
  given.filter((one) => one.by === 'app' || !deletions.some(({ nth, side }) => side === one.side && nth > one.nth));

function commentLosses(evidence: Evidence, pair: TwinPair, deeds: readonly Deed[]): string[] {
  const shown = new Map(pair.A.comments.map(seeComment).map(({ token, text }) => [token, text]));
  return [...storiesOf(deeds)].flatMap(([token, story]) => {
    const text = shown.get(token);
    const told = isTold(evidence, pair, (piece) => story.pieces.has(piece));
    const mustStay = story.deletions.length === 0 || hasUnseenWords(newestWords(story, told));
    if (text === undefined) return mustStay ? [`${nameOf(pair)}: the comment ${token} was lost`] : [];
    if (story.deletions.length > 0 && !hasUnseenWords(story)) return [`${nameOf(pair)}: the deleted comment ${token} came back`];
    const verdict = judgeValue(withoutTakenBack(story), text);
    if (verdict.kind !== 'lost' && (verdict.kind !== 'conflict' || told)) return [];
    return [`${nameOf(pair)}: the comment “${verdict.lost}” was lost, both show “${text}”`];
  });
}

export const noLoss: Property = {
  name: 'no-loss',
  promise: 'Every edit is on the other side, was replaced by a later one, or lost a conflict that the history tells of.',
  check: (evidence) =>
    livingPairs(evidence).flatMap((pair) => {
      const deeds = deedsOf(evidence, pair);
      return [
        ...scalarLosses(evidence, pair, deeds),
        ...labelLosses(evidence, pair, deeds),
        ...commentLosses(evidence, pair, deeds),
      ];
    }),
};
