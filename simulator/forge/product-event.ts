import type { Issue, Site, SiteEvent } from '../heart/site.ts';
import { changeItems, commentShape } from '../shapes/issue.ts';
import { jiraTime } from '../shapes/people.ts';
import { issueTypeShape, projectShape, statusShape } from '../shapes/scheme.ts';

/** An event in the shape in which Forge hands it to apps: poorer than a webhook, people by account id alone. */
export interface ProductEvent {
  readonly eventType: string;
  readonly selfGenerated: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Atlassian describes no event of its own for an edited comment; `commented` is sent for both.
 * Source: developer.atlassian.com/platform/forge/events-reference/jira.
 */
const NAMES: Readonly<Record<string, string | undefined>> = {
  'issue-created': 'avi:jira:created:issue',
  'issue-updated': 'avi:jira:updated:issue',
  'issue-deleted': 'avi:jira:deleted:issue',
  'comment-created': 'avi:jira:commented:issue',
  'comment-updated': 'avi:jira:commented:issue',
  'comment-deleted': 'avi:jira:deleted:comment',
};

const user = (accountId: string | null): { accountId: string } | null => (accountId === null ? null : { accountId });

function issueShape(site: Site, issue: Issue): Record<string, unknown> {
  const type = site.issueTypes.get(issue.typeId);
  const status = site.statuses.get(issue.statusId);
  const project = site.projects.get(issue.projectId);
  return {
    id: issue.id,
    key: issue.key,
    fields: {
      summary: issue.summary,
      issuetype: type === undefined ? null : issueTypeShape(site, '2', type),
      creator: user(issue.creatorId),
      created: jiraTime(issue.created),
      project: project === undefined ? null : projectShape(site, '2', project),
      reporter: user(issue.reporterId),
      assignee: user(issue.assigneeId),
      updated: jiraTime(issue.updated),
      status: status === undefined ? null : statusShape(site, '2', status),
    },
  };
}

/**
 * What one thing that happened on a site is called and looks like for a Forge app; an assignment is told twice. Of what the app
 * itself did it says so, and brings back the trace that the app sent along.
 */
export function productEvents(site: Site, event: SiteEvent, appId: string): ProductEvent[] {
  const eventType = NAMES[event.kind];
  if (eventType === undefined || !('issue' in event)) return [];
  const { actor } = event;
  const selfGenerated = actor.through.kind === 'app' && actor.through.appKey === appId;
  const body = {
    timestamp: String(event.at),
    selfGenerated,
    issue: issueShape(site, event.issue),
    atlassianId: actor.user.accountId,
    associatedUsers: [{ accountId: actor.user.accountId }],
    ...(selfGenerated && actor.trace !== null ? { webhookTraceValue: actor.trace } : {}),
    ...('comment' in event ? { comment: commentShape(site, '3', event.issue, event.comment, 'webhook') } : {}),
    ...(event.kind === 'issue-updated'
      ? { jiraEventTypeName: event.typeName, changelog: { id: event.change.id, items: changeItems(event.change) } }
      : {}),
  };
  const assigned = event.kind === 'issue-updated' && event.change.items.some((item) => item.fieldId === 'assignee');
  return [eventType, ...(assigned ? ['avi:jira:assigned:issue'] : [])].map((name) => ({
    eventType: name,
    selfGenerated,
    body: { eventType: name, ...body },
  }));
}
