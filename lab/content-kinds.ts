import { addComment, deleteComment, editComment } from '../simulator/heart/comments.ts';
import { createIssue } from '../simulator/heart/create-issue.ts';
import { availableTransitions, deleteIssue, editIssue, transitionIssue } from '../simulator/heart/edit-issue.ts';
import type { Random } from '../simulator/heart/random.ts';
import type { Actor, Issue } from '../simulator/heart/site.ts';
import { NAMED_BY_LINK, namedByLink } from './named-by-link.ts';
import { adminOf, type Couple, type CoupleSide, isForEverybody, issuesIn, type Place } from './sites.ts';

/** Where a person acts, and by what the traces of this act are known again. */
export interface Scene {
  readonly place: Place;
  readonly actor: Actor;
  /** To be put into every text. */
  readonly canary: string;
  /** No other act has this number. */
  readonly nth: number;
}

/**
 * One thing that people do. To add one: a line here, and if it changes something that is not shown yet, a line in `showFields`
 * (witness.ts), by which the properties judge it. An act that the site refuses, or that finds nothing to act on, does nothing.
 */
export interface ContentKind {
  readonly name: string;
  /** How often, compared with the others. */
  readonly weight: number;
  act(scene: Scene, random: Random): void;
}

const drawn = <T>(random: Random, all: readonly T[]): T | undefined => all[Math.floor(random.next() * all.length)];

/** People work on what somebody has just worked on: only so do two meet in one item. */
const HOT = 0.6;

function pickIssue({ place }: Scene, random: Random): Issue | undefined {
  const issues = issuesIn(place).toSorted((left, right) => right.updated - left.updated || Number(right.id) - Number(left.id));
  return random.chance(HOT) ? drawn(random, issues.slice(0, 2)) : drawn(random, issues.slice(0, 8));
}

const withIssue =
  (act: (scene: Scene, random: Random, issue: Issue) => void): ContentKind['act'] =>
  (scene, random) => {
    const issue = pickIssue(scene, random);
    if (issue !== undefined) act(scene, random, issue);
  };

/** Some comments have the same words as others of their item: who tells one from another by its words must not be sure of it. */
const ALIKE = 0.2;
/** Where one stands already. */
const ALIKE_AGAIN = 0.6;

const NOTHING = { update: {}, properties: [] };

const edit = ({ place, actor }: Scene, issue: Issue, fields: Readonly<Record<string, unknown>>): void =>
  void editIssue(place.site.heart, actor, issue, { fields, ...NOTHING }, 'adf');

const paragraph = (...content: object[]): object => ({ type: 'paragraph', content });
const words = (text: string, strong = false): object => ({
  type: 'text',
  text,
  ...(strong ? { marks: [{ type: 'strong' }] } : {}),
});
const doc = (...content: object[]): object => ({ version: 1, type: 'doc', content });

const description = ({ canary, nth }: Scene, random: Random): object =>
  random.chance(0.5)
    ? doc(paragraph(words(`d${nth} ${canary}`)))
    : doc(paragraph(words(`d${nth} `), words(canary, true)), {
        type: 'bulletList',
        content: [{ type: 'listItem', content: [paragraph(words(`point ${nth}`))] }],
      });

const DAY_MS = 86_400_000;
/** Each act has a day of its own. */
const dayOf = (nth: number): string => new Date(Date.UTC(2027, 0, 1) + nth * DAY_MS).toISOString().slice(0, 10);

/** The statuses that both sides have. */
const STATUSES = ['To Do', 'In Progress', 'Done'];

const create =
  (properties: (issue: Issue | undefined) => { key: string; value: unknown }[]): ContentKind['act'] =>
  (scene, random) => {
    const { place, actor, canary, nth } = scene;
    const fields: Record<string, unknown> = {
      project: { key: place.project.key },
      issuetype: { name: drawn(random, ['Task', 'Bug', 'Story']) },
      summary: `s${nth} ${canary}`,
      ...(random.chance(0.5) ? { description: description(scene, random) } : {}),
      ...(random.chance(0.5) ? { labels: [`l${nth}`] } : {}),
      ...(random.chance(0.3) ? { duedate: dayOf(nth) } : {}),
      ...(random.chance(0.3) ? { priority: { id: drawn(random, ['1', '2', '4', '5']) } } : {}),
    };
    const like = pickIssue(scene, random);
    createIssue(place.site.heart, actor, { fields, update: {}, properties: properties(like) }, 'adf');
  };

export const CONTENT_KINDS: readonly ContentKind[] = [
  { name: 'create-item', weight: 5, act: create(() => []) },
  {
    // A clone takes the properties of the item along, our mark among them.
    name: 'clone-item',
    weight: 1,
    act: create((like) => [...(like?.properties ?? [])].map(([key, value]) => ({ key, value }))),
  },
  {
    name: 'summary',
    weight: 6,
    act: withIssue((scene, _, issue) => edit(scene, issue, { summary: `s${scene.nth} ${scene.canary}` })),
  },
  {
    name: 'description',
    weight: 4,
    act: withIssue((scene, random, issue) =>
      edit(scene, issue, { description: random.chance(0.1) ? null : description(scene, random) }),
    ),
  },
  {
    name: 'add-label',
    weight: 3,
    act: withIssue((scene, _, issue) => edit(scene, issue, { labels: [...issue.labels, `l${scene.nth}`] })),
  },
  {
    name: 'remove-label',
    weight: 2,
    act: withIssue((scene, random, issue) => {
      const gone = drawn(random, issue.labels);
      edit(scene, issue, { labels: issue.labels.filter((label) => label !== gone) });
    }),
  },
  {
    name: 'priority',
    weight: 3,
    act: withIssue((scene, random, issue) => edit(scene, issue, { priority: { id: drawn(random, ['1', '2', '3', '4', '5']) } })),
  },
  {
    name: 'due-date',
    weight: 3,
    act: withIssue((scene, random, issue) => edit(scene, issue, { duedate: random.chance(0.2) ? null : dayOf(scene.nth) })),
  },
  {
    name: 'several-fields',
    weight: 3,
    act: withIssue((scene, _, issue) =>
      edit(scene, issue, {
        summary: `s${scene.nth} ${scene.canary}`,
        duedate: dayOf(scene.nth),
        labels: [...issue.labels, `l${scene.nth}`],
      }),
    ),
  },
  {
    name: 'status',
    weight: 4,
    act: withIssue(({ place, actor }, random, issue) => {
      const { heart } = place.site;
      const wanted = drawn(random, STATUSES);
      const way = availableTransitions(heart, issue).find(({ to }) => heart.statuses.get(to)?.name === wanted);
      if (way !== undefined) transitionIssue(heart, actor, issue, way.id, { fields: {}, update: {} }, 'adf');
    }),
  },
  {
    name: 'comment',
    weight: 5,
    act: withIssue(({ place, actor, canary, nth }, random, issue) => {
      const visibility = random.chance(0.1) ? { visibility: { type: 'role', value: 'Administrators' } } : {};
      const stands = issue.comments.some(({ body }) => namedByLink(JSON.stringify(body)) !== null);
      const said = random.chance(stands ? ALIKE_AGAIN : ALIKE)
        ? { ...words(`Done ${canary}`), marks: [{ type: 'link', attrs: { href: `${NAMED_BY_LINK}c${nth}` } }] }
        : words(`c${nth} ${canary}`);
      addComment(place.site.heart, actor, issue, { body: doc(paragraph(said)), ...visibility }, 'adf');
    }),
  },
  {
    name: 'edit-comment',
    weight: 4,
    act: withIssue(({ place, actor, canary, nth }, random, issue) => {
      const comment = drawn(random, issue.comments.filter(isForEverybody));
      const token = comment === undefined ? null : tokenOf(comment.body);
      if (comment === undefined || token === null) return;
      editComment(
        place.site.heart,
        actor,
        issue,
        comment,
        { body: doc(paragraph(words(`${token} edited ${nth} ${canary}`))) },
        'adf',
      );
    }),
  },
  {
    name: 'delete-comment',
    weight: 2,
    act: withIssue(({ place, actor }, random, issue) => {
      const comment = drawn(random, issue.comments.filter(isForEverybody));
      if (comment !== undefined && tokenOf(comment.body) !== null) deleteComment(place.site.heart, actor, issue, comment);
    }),
  },
  {
    name: 'delete-item',
    weight: 0.3,
    act: withIssue(({ place, actor }, _, issue) => void deleteIssue(place.site.heart, actor, issue)),
  },
];

/** The word by which a comment of this laboratory is known in all its copies; null for comments that were there before. */
function tokenOf(body: unknown): string | null {
  const json = JSON.stringify(body);
  return /"text":"(c\d+) /.exec(json)?.[1] ?? namedByLink(json);
}

export const sceneOf = (couple: Couple, side: CoupleSide, nth: number): Scene => ({
  place: couple[side],
  actor: { user: adminOf(couple[side]), through: { kind: 'person' }, trace: null },
  canary: couple.canary,
  nth,
});
