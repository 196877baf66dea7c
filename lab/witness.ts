import type { AdfNode } from '../simulator/heart/adf.ts';
import type { Clock } from '../simulator/heart/clock.ts';
import type { Comment, Issue, Site, SiteEvent } from '../simulator/heart/site.ts';
import { namedByLink } from './named-by-link.ts';
import { COUPLE_SIDES, type Couple, type CoupleSide, isForEverybody, originIdOf, type Place } from './sites.ts';

/** The parts of an item that hold one value, in words that are the same on both sites. */
export type Shown = Readonly<Record<string, string>>;

/** Something that somebody did, as the sites themselves saw it. */
export interface Deed {
  /** The place among all deeds of the world. */
  readonly nth: number;
  /** By the world's own clock. */
  readonly at: number;
  readonly couple: number;
  readonly side: CoupleSide;
  readonly issueId: string;
  readonly by: 'person' | 'app';
  readonly kind: 'created' | 'changed' | 'deleted' | 'comment-created' | 'comment-edited' | 'comment-deleted';
  /** Fields that show something else now; of a new item all of them. */
  readonly fields: Shown;
  /** What those fields showed before; empty for a new item. */
  readonly was: Shown;
  /** Of a new item: the item whose twin it is. */
  readonly originIssueId: string | null;
  readonly comment: SeenComment | null;
}

export interface SeenComment {
  readonly id: string;
  /** Names the comment, whichever copy and however often edited: its first word. */
  readonly token: string;
  readonly text: string;
  readonly isForEverybody: boolean;
}

/** Remembers everything that happened in the places of a laboratory. */
export interface Witness {
  readonly deeds: readonly Deed[];
}

export const textOf = (node: AdfNode | null): string => {
  if (node === null) return '';
  const inner = (node.content ?? []).map(textOf).join(node.type === 'doc' ? '\n' : '');
  return `${typeof node.text === 'string' ? node.text : ''}${inner}`;
};

export const showFields = (site: Site, issue: Issue): Shown => ({
  summary: issue.summary,
  description: textOf(issue.description),
  labels: issue.labels.toSorted().join(' '),
  // Renamed priorities keep their ids, which are the same on all sites of the small world.
  priority: issue.priorityId ?? '',
  duedate: issue.dueDate ?? '',
  status: site.statuses.get(issue.statusId)?.name ?? '',
});

/** A copy begins with a line that names the author. */
export const seeComment = (comment: Comment): SeenComment => {
  const link = namedByLink(JSON.stringify(comment.body));
  const words = textOf(comment.body).split('\n').at(-1) ?? '';
  const text = link === null ? words : `${link} ${words}`;
  return { id: comment.id, token: text.split(' ')[0] ?? '', text, isForEverybody: isForEverybody(comment) };
};

const KINDS = {
  'issue-created': 'created',
  'issue-updated': 'changed',
  'issue-deleted': 'deleted',
  'comment-created': 'comment-created',
  'comment-updated': 'comment-edited',
  'comment-deleted': 'comment-deleted',
} as const;

type Told = Extract<SiteEvent, { kind: keyof typeof KINDS }>;

const isTold = (event: SiteEvent): event is Told => event.kind in KINDS;

/** The fields of `one` that `other` shows otherwise. */
const differing = (one: Shown, other: Shown | undefined): Shown =>
  Object.fromEntries(Object.entries(one).filter(([field, value]) => other?.[field] !== value));

interface Watched {
  readonly couple: number;
  readonly side: CoupleSide;
  readonly place: Place;
  readonly clock: Clock;
}

/** Turns what a site tells of one place into deeds. */
function readEvents({ couple, side, place, clock }: Watched): (event: SiteEvent, nth: number) => Deed | null {
  const { site, project } = place;
  const shown = new Map([...site.heart.issues.values()].map((issue) => [issue.id, showFields(site.heart, issue)]));
  return (event, nth) => {
    if (!isTold(event) || event.issue.projectId !== project.id) return null;
    if ('secondary' in event && event.secondary) return null;
    const before = shown.get(event.issue.id);
    const now = showFields(site.heart, event.issue);
    shown.set(event.issue.id, now);
    return {
      nth,
      at: clock.now(),
      couple,
      side,
      issueId: event.issue.id,
      by: event.actor.user.accountType === 'app' ? 'app' : 'person',
      kind: KINDS[event.kind],
      fields: differing(now, before),
      was: before === undefined ? {} : differing(before, now),
      originIssueId: event.kind === 'issue-created' ? originIdOf(event.issue) : null,
      comment: 'comment' in event ? seeComment(event.comment) : null,
    };
  };
}

/** Begins to watch the places of these couples. */
export function watchSites(couples: readonly Couple[], clock: Clock): Witness {
  const deeds: Deed[] = [];
  for (const [couple, places] of couples.entries()) {
    for (const side of COUPLE_SIDES) {
      const read = readEvents({ couple, side, place: places[side], clock });
      places[side].site.heart.listeners.add((event) => {
        const deed = read(event, deeds.length);
        if (deed !== null) deeds.push(deed);
      });
    }
  }
  return { deeds };
}
