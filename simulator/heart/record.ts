import type { IndexedIssue } from './search-index.ts';
import type { Actor, Change, ChangeItem, Issue, ItemEvent, Site, SiteEvent } from './site.ts';

/** A new id from one of a site's counters; ids only go up. */
export function nextId(site: Site, counter: keyof Site['counters']): string {
  site.counters[counter] += 1;
  return String(site.counters[counter]);
}

const ITEM_EVENTS = new Set<SiteEvent['kind']>([
  'issue-created',
  'issue-updated',
  'issue-deleted',
  'comment-created',
  'comment-updated',
  'comment-deleted',
]);
/** Whether an event is about an issue itself or a comment. */
export const isItemEvent = (event: SiteEvent): event is ItemEvent => ITEM_EVENTS.has(event.kind);

export function emit(site: Site, event: SiteEvent): void {
  for (const listener of site.listeners) listener(event);
}

/** What the search index is told about an issue. */
export const indexed = (issue: Issue): IndexedIssue => ({
  id: issue.id,
  key: issue.key,
  number: issue.number,
  projectId: issue.projectId,
  typeId: issue.typeId,
  statusId: issue.statusId,
  priorityId: issue.priorityId,
  assigneeId: issue.assigneeId,
  reporterId: issue.reporterId,
  resolutionId: issue.resolutionId,
  labels: issue.labels,
  summary: issue.summary,
  dueDate: issue.dueDate,
  created: issue.created,
  updated: issue.updated,
  ...termsOf(issue),
});

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === 'object' ? [] : [String(value)];
const oneOf = (value: string | number | null): string[] => (value === null ? [] : [String(value)]);

/** The terms of the fields that most issues do not use; nothing at all where none is used. */
function termsOf(issue: Issue): Pick<IndexedIssue, 'terms'> {
  const spent = issue.worklogs.reduce((sum, { seconds }) => sum + seconds, 0);
  const all: Record<string, readonly string[]> = {
    fixVersion: issue.fixVersionIds,
    version: issue.versionIds,
    component: issue.componentIds,
    sprint: issue.sprintIds,
    level: oneOf(issue.securityId),
    parent: oneOf(issue.parentId),
    watcher: [...issue.watcherIds],
    voter: [...issue.voterIds],
    attachment: issue.attachments.map(({ id }) => id),
    votes: issue.voterIds.size === 0 ? [] : [String(issue.voterIds.size)],
    watchers: issue.watcherIds.size === 0 ? [] : [String(issue.watcherIds.size)],
    originalEstimate: oneOf(issue.originalEstimate),
    remainingEstimate: oneOf(issue.remainingEstimate),
    timeSpent: spent === 0 ? [] : [String(spent)],
    ...Object.fromEntries([...issue.custom].map(([id, value]) => [id, texts(value)])),
  };
  const used = Object.entries(all).filter(([, values]) => values.length > 0);
  return used.length === 0 ? {} : { terms: Object.fromEntries(used) };
}

/** Marks an issue as changed now and tells the index. */
export function touch(site: Site, issue: Issue, at: number): void {
  issue.updated = Math.max(issue.updated, at);
  site.searchIndex.note(site.clock.now(), indexed(issue));
}

/** Writes a changelog entry for what was just changed on an issue. */
export function recordChange(site: Site, actor: Actor, issue: Issue, items: readonly ChangeItem[], at: number): Change {
  const change: Change = { id: nextId(site, 'change'), authorId: actor.user.accountId, at, items };
  issue.changes.push(change);
  touch(site, issue, at);
  return change;
}
