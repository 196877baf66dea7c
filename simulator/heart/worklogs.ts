import { readVisibility } from './comments.ts';
import { readMoment } from './days.ts';
import { readDuration } from './durations.ts';
import { projectOf } from './find-issue.ts';
import type { TextFormat } from './issue-fields.ts';
import { parseRichText } from './issue-fields.ts';
import type { Worklog } from './issue-parts.ts';
import { passesVisibility } from './issue-security.ts';
import type { Outcome } from './outcome.ts';
import { done, refuse, refuseFields } from './outcome.ts';
import { permits } from './permissions.ts';
import { emit, nextId, recordChange } from './record.ts';
import type { Actor, ChangeItem, Issue, ProjectPermission, Site, User } from './site.ts';

type Raw = Readonly<Record<string, unknown>>;

/** What logging work does to the remaining estimate. */
export interface Adjustment {
  readonly how: 'auto' | 'leave' | 'manual' | 'new';
  /** For `new`: the new remaining estimate. */
  readonly newEstimate?: string | undefined;
  /** For `manual`: by how much it goes down when logging, up when deleting. */
  readonly by?: string | undefined;
}

const MAX_WORKLOGS = 10_000;

const spent = (issue: Issue): number => issue.worklogs.reduce((sum, { seconds }) => sum + seconds, 0);

/** The remaining estimate after work of `seconds` more (or, negative, less) was logged. */
function adjusted(issue: Issue, adjustment: Adjustment, seconds: number): Outcome<number | null> {
  const remaining = issue.remainingEstimate;
  if (adjustment.how === 'leave') return done(remaining);
  if (adjustment.how === 'auto') return done(remaining === null ? null : Math.max(0, remaining - seconds));
  const text = adjustment.how === 'new' ? adjustment.newEstimate : adjustment.by;
  const span = text === undefined ? null : readDuration(text);
  if (span === null)
    return refuse(
      400,
      adjustment.how === 'new'
        ? 'You must supply a valid new estimate.'
        : 'You must supply a valid value to adjust the estimate by.',
    );
  if (adjustment.how === 'new') return done(span);
  return done(Math.max(0, (remaining ?? 0) + (seconds < 0 ? span : -span)));
}

/** `timespent` and `timeestimate`, and which worklog: what Jira writes into the changelog. */
function note(site: Site, actor: Actor, issue: Issue, worklogId: string, before: number | null, estimate: number | null): void {
  const item = (field: string, from: number | null, to: number | null): ChangeItem => {
    const [was, is] = [from === null ? null : String(from), to === null ? null : String(to)];
    return { field, fieldtype: 'jira', fieldId: field, from: was, fromString: was, to: is, toString: is };
  };
  const after = issue.worklogs.length === 0 ? null : spent(issue);
  const items = [
    ...(estimate === issue.remainingEstimate ? [] : [item('timeestimate', issue.remainingEstimate, estimate)]),
    ...(before === after ? [] : [item('timespent', before, after)]),
    {
      field: 'WorklogId',
      fieldtype: 'jira' as const,
      fieldId: 'WorklogId',
      from: worklogId,
      fromString: worklogId,
      to: null,
      toString: null,
    },
  ];
  issue.remainingEstimate = estimate;
  const at = site.clock.now();
  const change = recordChange(site, actor, issue, items, at);
  emit(site, { kind: 'issue-updated', actor, at, issue, change, typeName: 'issue_updated' });
}

const spentBefore = (issue: Issue): number | null => (issue.worklogs.length === 0 ? null : spent(issue));

/** The span of work in a request: seconds, or words; undefined: not named. */
function readSpan(raw: Raw): Outcome<number | undefined> {
  const { timeSpentSeconds: seconds, timeSpent: words } = raw;
  if (seconds === undefined && words === undefined) return done(undefined);
  const span = typeof seconds === 'number' ? seconds : readDuration(String(words ?? ''));
  return span === null || span <= 0 ? refuseFields(400, { timeLogged: 'Invalid time duration entered.' }) : done(span);
}

function readStarted(raw: Raw): Outcome<number | undefined> {
  if (raw['started'] === undefined) return done(undefined);
  const at = readMoment(String(raw['started']));
  return at === null
    ? refuse(400, `Can not deserialize value of type java.util.Date from String "${String(raw['started'])}"`)
    : done(at);
}

interface Read {
  readonly seconds: number | undefined;
  readonly started: number | undefined;
  readonly comment: Worklog['comment'] | undefined;
  readonly visibility: Worklog['visibility'] | undefined;
}

function readWorklog(raw: Raw, format: TextFormat): Outcome<Read> {
  const [seconds, started] = [readSpan(raw), readStarted(raw)];
  if (!seconds.ok) return seconds;
  if (!started.ok) return started;
  const comment = raw['comment'] === undefined ? { value: undefined } : parseRichText(raw['comment'], format);
  if ('error' in comment) return refuseFields(400, { comment: comment.error });
  const visibility = raw['visibility'] === undefined ? done(undefined) : readVisibility(raw['visibility']);
  if (!visibility.ok) return visibility;
  return done({ seconds: seconds.value, started: started.value, comment: comment.value, visibility: visibility.value });
}

function setProperties(worklog: Worklog, raw: Raw): void {
  if (!Array.isArray(raw['properties'])) return;
  for (const { key, value } of raw['properties'] as { key: string; value: unknown }[]) worklog.properties.set(key, value);
}

export function addWorklog(
  site: Site,
  actor: Actor,
  issue: Issue,
  raw: Raw,
  format: TextFormat,
  adjustment: Adjustment,
): Outcome<Worklog> {
  if (!permits(actor.user, projectOf(site, issue), 'WORK_ON_ISSUES'))
    return refuse(403, 'You do not have the permission to associate a worklog to this issue.');
  const read = readWorklog(raw, format);
  if (!read.ok) return read;
  const { seconds } = read.value;
  if (seconds === undefined) return refuseFields(400, { timeLogged: 'You must indicate the time spent working.' });
  if (issue.worklogs.length >= MAX_WORKLOGS)
    return refuse(413, `The limit of ${MAX_WORKLOGS} worklogs for the issue has been reached.`);
  const estimate = adjusted(issue, adjustment, seconds);
  if (!estimate.ok) return estimate;
  const at = site.clock.now();
  const before = spentBefore(issue);
  const worklog: Worklog = {
    id: nextId(site, 'other'),
    authorId: actor.user.accountId,
    updateAuthorId: actor.user.accountId,
    comment: read.value.comment ?? null,
    started: read.value.started ?? at,
    seconds,
    created: at,
    updated: at,
    visibility: read.value.visibility ?? null,
    properties: new Map(),
  };
  setProperties(worklog, raw);
  issue.worklogs.push(worklog);
  note(site, actor, issue, worklog.id, before, estimate.value);
  emit(site, { kind: 'worklog-created', actor, at, issue, worklog });
  return done(worklog);
}

export function findWorklog(site: Site, user: User, issue: Issue, id: string): Outcome<Worklog> {
  const worklog = issue.worklogs.find((candidate) => candidate.id === id);
  return worklog !== undefined && passesVisibility(site, projectOf(site, issue), user, worklog)
    ? done(worklog)
    : refuse(404, `Cannot find worklog with id: '${id}'.`);
}

const may = (site: Site, actor: Actor, issue: Issue, worklog: Worklog, what: 'EDIT' | 'DELETE'): boolean => {
  const all: ProjectPermission = `${what}_ALL_WORKLOGS`;
  const own: ProjectPermission = `${what}_OWN_WORKLOGS`;
  const project = projectOf(site, issue);
  return permits(actor.user, project, all) || (worklog.authorId === actor.user.accountId && permits(actor.user, project, own));
};

export function editWorklog(
  site: Site,
  actor: Actor,
  place: { readonly issue: Issue; readonly worklog: Worklog },
  raw: Raw,
  format: TextFormat,
  adjustment: Adjustment,
): Outcome<Worklog> {
  const { issue, worklog } = place;
  if (!may(site, actor, issue, worklog, 'EDIT'))
    return refuse(400, `You do not have permission to edit worklog with id: ${worklog.id}.`);
  const read = readWorklog(raw, format);
  if (!read.ok) return read;
  const { seconds = worklog.seconds, started, comment, visibility } = read.value;
  const estimate = adjusted(issue, adjustment, seconds - worklog.seconds);
  if (!estimate.ok) return estimate;
  const before = spentBefore(issue);
  const at = site.clock.now();
  worklog.seconds = seconds;
  if (started !== undefined) worklog.started = started;
  if (comment !== undefined) worklog.comment = comment;
  if (visibility !== undefined) worklog.visibility = visibility;
  worklog.updateAuthorId = actor.user.accountId;
  worklog.updated = Math.max(worklog.updated, at);
  setProperties(worklog, raw);
  note(site, actor, issue, worklog.id, before, estimate.value);
  emit(site, { kind: 'worklog-updated', actor, at, issue, worklog });
  return done(worklog);
}

export function deleteWorklog(
  site: Site,
  actor: Actor,
  place: { readonly issue: Issue; readonly worklog: Worklog },
  adjustment: Adjustment,
): Outcome<null> {
  const { issue, worklog } = place;
  if (!may(site, actor, issue, worklog, 'DELETE'))
    return refuse(400, `You do not have permission to delete worklog with id: ${worklog.id}.`);
  const estimate = adjusted(issue, adjustment, -worklog.seconds);
  if (!estimate.ok) return estimate;
  const before = spentBefore(issue);
  const at = site.clock.now();
  issue.worklogs.splice(issue.worklogs.indexOf(worklog), 1);
  site.deletedWorklogs.set(worklog.id, at);
  note(site, actor, issue, worklog.id, before, estimate.value);
  emit(site, { kind: 'worklog-deleted', actor, at, issue, worklog });
  return done(null);
}

/** A worklog that changed, or that is gone, and when: what the feeds list. */
export interface FeedEntry {
  readonly id: string;
  readonly at: number;
}
/** The feeds hear of changes this much later. */
const FEED_LAG = 60_000;

/** Worklogs that changed since a moment, oldest first; the last minute is not in it yet. */
export function worklogFeed(site: Site, what: 'updated' | 'deleted', since: number): FeedEntry[] {
  const until = site.clock.now() - FEED_LAG;
  const all: FeedEntry[] =
    what === 'deleted'
      ? [...site.deletedWorklogs].map(([id, at]) => ({ id, at }))
      : [...site.issues.values()].flatMap(({ worklogs }) => worklogs.map(({ id, updated }) => ({ id, at: updated })));
  return all.filter(({ at }) => at >= since && at <= until).sort((left, right) => left.at - right.at);
}
