import { projectOf } from './find-issue.ts';
import type { Outcome } from './outcome.ts';
import { done, refuse, refuseFields } from './outcome.ts';
import { permits } from './permissions.ts';
import type { Board, Sprint } from './planning.ts';
import { emit, nextId, recordChange } from './record.ts';
import type { Actor, ChangeItem, Issue, Site } from './site.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Jira moves no more than this in one call. */
const MAX_MOVED = 50;

export const boardOf = (site: Site, id: string): Outcome<Board> => {
  const board = site.boards.get(id);
  return board === undefined
    ? refuse(
        404,
        'The requested board cannot be viewed because it either does not exist or you do not have permission to view it.',
      )
    : done(board);
};

/** The boards of projects that a person sees. */
export const boardsFor = (site: Site, actor: Actor): Board[] =>
  [...site.boards.values()].filter((board) => {
    const project = site.projects.get(board.projectId);
    return project !== undefined && permits(actor.user, project, 'BROWSE_PROJECTS');
  });

export function createBoard(site: Site, board: Pick<Board, 'name' | 'type' | 'projectId'>): Board {
  const made = { ...board, id: nextId(site, 'other'), properties: new Map() };
  site.boards.set(made.id, made);
  return made;
}

export function findSprint(site: Site, actor: Actor, id: string): Outcome<Sprint> {
  const sprint = site.sprints.get(id);
  const project = site.projects.get(site.boards.get(sprint?.boardId ?? '')?.projectId ?? '');
  return sprint === undefined || project === undefined || !permits(actor.user, project, 'BROWSE_PROJECTS')
    ? refuse(404, 'The sprint does not exist or you do not have permission to view it.')
    : done(sprint);
}

const manages = (site: Site, actor: Actor, boardId: string): boolean => {
  const project = site.projects.get(site.boards.get(boardId)?.projectId ?? '');
  return project !== undefined && permits(actor.user, project, 'MANAGE_SPRINTS_PERMISSION');
};
const NO_RIGHT = 'You do not have permission to manage sprints on this board.';

/** Epoch milliseconds of a moment in a request; undefined: not named, null: named and empty or wrong. */
function momentOf(raw: unknown): number | null | undefined {
  if (raw === undefined) return undefined;
  const at = typeof raw === 'string' ? Date.parse(raw) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

const MAX_NAME = 30;
const nameError = (name: string): string | null => {
  if (name.trim() === '') return 'Sprint name cannot be empty.';
  return name.length > MAX_NAME ? `Sprint name must be shorter than ${MAX_NAME} characters.` : null;
};

export function createSprint(site: Site, actor: Actor, raw: Raw): Outcome<Sprint> {
  const board = boardOf(site, String(raw['originBoardId'] ?? ''));
  if (!board.ok) return board;
  if (board.value.type !== 'scrum') return refuse(400, 'The board does not support sprints.');
  if (!manages(site, actor, board.value.id)) return refuse(403, NO_RIGHT);
  const name = String(raw['name'] ?? '');
  const wrong = nameError(name);
  if (wrong !== null) return refuseFields(400, { name: wrong });
  const sprint: Sprint = {
    id: nextId(site, 'other'),
    boardId: board.value.id,
    name,
    goal: String(raw['goal'] ?? ''),
    state: 'future',
    startDate: momentOf(raw['startDate']) ?? null,
    endDate: momentOf(raw['endDate']) ?? null,
    completeDate: null,
    createdDate: site.clock.now(),
    properties: new Map(),
  };
  site.sprints.set(sprint.id, sprint);
  emit(site, { kind: 'sprint-created', actor, at: site.clock.now(), sprint: { ...sprint }, before: null });
  return done(sprint);
}

/** What is wrong with a sprint as it would become, in Jira's words. */
function sprintError(site: Site, before: Sprint, next: Sprint): Outcome<never> | null {
  const wrong = nameError(next.name);
  if (wrong !== null) return refuseFields(400, { name: wrong });
  const changed = (keys: readonly (keyof Sprint)[]): boolean => keys.some((key) => before[key] !== next[key]);
  if (before.state === 'closed' && changed(['state', 'startDate', 'endDate', 'completeDate']))
    return refuse(400, 'Only the name and goal of a closed sprint can be changed.');
  if (next.startDate !== null && next.endDate !== null && next.endDate <= next.startDate)
    return refuseFields(400, { endDate: 'End date must be after start date.' });
  if (before.state === next.state) return null;
  if (next.state === 'active' && before.state === 'future') {
    if (next.startDate === null || next.endDate === null)
      return refuseFields(400, { dates: 'A sprint must have a start and an end date to be started.' });
    const other = [...site.sprints.values()].some(
      ({ boardId, state, id }) => boardId === next.boardId && state === 'active' && id !== next.id,
    );
    return other ? refuse(400, 'Another sprint of this board is active.') : null;
  }
  if (next.state === 'closed' && before.state === 'active') return null;
  return refuse(400, `A sprint cannot go from ${before.state} to ${next.state}.`);
}

const STATES = ['future', 'active', 'closed'] as const;
const stateOf = (raw: unknown): Sprint['state'] | undefined => STATES.find((state) => state === String(raw).toLowerCase());

/** Changes a sprint: in part, what is not named stays; in full, what is not named is emptied, and name and state must be there. */
export function updateSprint(site: Site, actor: Actor, sprint: Sprint, raw: Raw, how: 'part' | 'full'): Outcome<Sprint> {
  if (!manages(site, actor, sprint.boardId)) return refuse(403, NO_RIGHT);
  if (how === 'full' && (raw['name'] === undefined || stateOf(raw['state']) === undefined))
    return refuse(400, 'A full update of a sprint needs its name and state.');
  const keep = <T>(named: T | undefined, old: T, empty: T): T => (named === undefined ? (how === 'part' ? old : empty) : named);
  const state = stateOf(raw['state']) ?? sprint.state;
  const closedDates = sprint.state === 'closed' && how === 'full';
  const next: Sprint = {
    ...sprint,
    name: raw['name'] === undefined ? sprint.name : String(raw['name']),
    goal: keep(raw['goal'] === undefined ? undefined : String(raw['goal']), sprint.goal, ''),
    state,
    startDate: closedDates ? sprint.startDate : keep(momentOf(raw['startDate']), sprint.startDate, null),
    endDate: closedDates ? sprint.endDate : keep(momentOf(raw['endDate']), sprint.endDate, null),
  };
  const error = sprintError(site, sprint, next);
  if (error !== null) return error;
  const before = { ...sprint };
  if (state === 'closed' && before.state !== 'closed') next.completeDate = site.clock.now();
  Object.assign(sprint, next);
  const kind = before.state === state ? 'sprint-updated' : state === 'active' ? 'sprint-started' : 'sprint-closed';
  const isUpdate = kind === 'sprint-updated';
  emit(site, { kind, actor, at: site.clock.now(), sprint: { ...sprint }, before: isUpdate ? before : null });
  return done(sprint);
}

export function deleteSprint(site: Site, actor: Actor, sprint: Sprint): Outcome<null> {
  if (!manages(site, actor, sprint.boardId)) return refuse(403, NO_RIGHT);
  for (const issue of site.issues.values()) if (issue.sprintIds.includes(sprint.id)) place(site, actor, issue, null, sprint.id);
  site.sprints.delete(sprint.id);
  emit(site, { kind: 'sprint-deleted', actor, at: site.clock.now(), sprint, before: null });
  return done(null);
}

/** The custom field that shows sprints, for the changelog. */
const sprintField = (site: Site): { readonly id: string; readonly name: string } => {
  const field = [...site.customFields.values()].find(({ kind }) => kind === 'gh-sprint');
  return field === undefined ? { id: 'customfield_10020', name: 'Sprint' } : { id: field.id, name: field.name };
};

/** Puts an issue into a sprint, or into none; closed sprints stay with it. */
function place(site: Site, actor: Actor, issue: Issue, sprintId: string | null, gone: string | null = null): void {
  const closed = issue.sprintIds.filter((id) => id !== gone && site.sprints.get(id)?.state === 'closed');
  const next = sprintId === null ? closed : [...closed, sprintId];
  if (JSON.stringify(next) === JSON.stringify(issue.sprintIds)) return;
  const text = (ids: readonly string[]): string => ids.join(', ');
  const names = (ids: readonly string[]): string => ids.map((id) => site.sprints.get(id)?.name ?? id).join(', ');
  const field = sprintField(site);
  const item: ChangeItem = {
    field: field.name,
    fieldtype: 'custom',
    fieldId: field.id,
    from: text(issue.sprintIds),
    fromString: names(issue.sprintIds),
    to: text(next),
    toString: names(next),
  };
  issue.sprintIds = next;
  const at = site.clock.now();
  const change = recordChange(site, actor, issue, [item], at);
  emit(site, { kind: 'issue-updated', actor, at, issue, change, typeName: 'issue_updated' });
}

/** The issues that a move names; all must be there and editable. */
export function issuesToMove(site: Site, actor: Actor, raw: unknown): Outcome<Issue[]> {
  if (!Array.isArray(raw) || raw.length === 0) return refuse(400, 'No issues were given.');
  if (raw.length > MAX_MOVED) return refuse(400, `The number of issues must not exceed ${MAX_MOVED}.`);
  const issues: Issue[] = [];
  for (const idOrKey of raw.map(String)) {
    const issue = site.issues.get(idOrKey) ?? site.issues.get(site.issueIdsByKey.get(idOrKey.toUpperCase()) ?? '');
    if (issue === undefined) return refuse(400, `Issue ${idOrKey} does not exist or you do not have permission to see it.`);
    if (
      !permits(actor.user, projectOf(site, issue), 'SCHEDULE_ISSUES') ||
      !permits(actor.user, projectOf(site, issue), 'EDIT_ISSUES')
    )
      return refuse(403, `You do not have permission to schedule issue ${issue.key}.`);
    issues.push(issue);
  }
  return done(issues);
}

/** Moves issues into a sprint that is not closed, or to the backlog. */
export function moveToSprint(site: Site, actor: Actor, issues: readonly Issue[], sprint: Sprint | null): Outcome<null> {
  if (sprint?.state === 'closed') return refuse(400, 'Issues cannot be moved into a closed sprint.');
  for (const issue of issues) place(site, actor, issue, sprint?.id ?? null);
  return done(null);
}
