import type { Comment, Issue, Project, User } from '../simulator/heart/site.ts';
import type { SimulatedSite } from '../simulator/simulated-site.ts';

/** One side of a synchronization, as a place in the simulated world. */
export interface Place {
  readonly site: SimulatedSite;
  readonly project: Project;
}

/** Two places that one synchronization keeps in step, and what marks everything written there. */
export interface Couple {
  readonly A: Place;
  readonly B: Place;
  readonly synchronizationId: string;
  /** In every text of these two, and of no others. */
  readonly canary: string;
}

export type CoupleSide = 'A' | 'B';
export const COUPLE_SIDES: readonly CoupleSide[] = ['A', 'B'];
export const across = (side: CoupleSide): CoupleSide => (side === 'A' ? 'B' : 'A');

export function placeOf(site: SimulatedSite, projectKey: string): Place {
  const project = [...site.heart.projects.values()].find(({ key }) => key === projectKey);
  if (project === undefined) throw new Error(`${site.heart.name} has no project ${projectKey}`);
  return { site, project };
}

export const issuesIn = ({ site, project }: Place): Issue[] =>
  [...site.heart.issues.values()].filter((issue) => issue.projectId === project.id);

export function adminOf({ site }: Place): User {
  const admin = [...site.heart.users.values()].find(({ siteAdmin }) => siteAdmin);
  if (admin === undefined) throw new Error(`${site.heart.name} has no administrator`);
  return admin;
}

export const isApp = (site: SimulatedSite, accountId: string): boolean => site.heart.users.get(accountId)?.accountType === 'app';

/** The mark of the item from which a twin was made. */
export function originIdOf(issue: Issue): string | null {
  const mark = issue.properties.get('tandem.twin');
  const first: unknown = Array.isArray(mark) ? mark[0] : mark;
  if (typeof first !== 'object' || first === null || !('originIssueId' in first)) return null;
  return typeof first.originIssueId === 'string' ? first.originIssueId : null;
}

/** Only what no role or group keeps for itself goes over. */
export const isForEverybody = (comment: Comment): boolean => comment.visibility === null;
