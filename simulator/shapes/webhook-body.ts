import type { Issue, Site, SiteEvent } from '../heart/site.ts';
import { changeItems, commentShape, issueFields } from './issue.ts';
import { apiUrl, userShape } from './people.ts';

/** What the event is called in a descriptor and in `webhookEvent`. */
export const EVENT_NAMES: Readonly<Record<SiteEvent['kind'], string>> = {
  'issue-created': 'jira:issue_created',
  'issue-updated': 'jira:issue_updated',
  'issue-deleted': 'jira:issue_deleted',
  'comment-created': 'comment_created',
  'comment-updated': 'comment_updated',
  'comment-deleted': 'comment_deleted',
};

/** Events about comments name their issue by these fields alone. */
const TRIMMED = ['summary', 'issuetype', 'project', 'assignee', 'priority', 'status'];

const issueOf = (site: Site, issue: Issue, fields: readonly string[]): Record<string, unknown> => ({
  id: issue.id,
  self: apiUrl(site, '2', `issue/${issue.id}`),
  key: issue.key,
  fields: issueFields(site, '2', issue, fields, null, 'webhook'),
});

/** The body of a webhook, in the shape that Cloud sends: REST v2 throughout, no user for comments. */
export function webhookBody(site: Site, event: SiteEvent): Record<string, unknown> {
  const head = { timestamp: event.at, webhookEvent: EVENT_NAMES[event.kind] };
  const user = userShape(site, '2', event.actor.user, 'webhook');
  switch (event.kind) {
    case 'issue-created':
    case 'issue-updated':
      return {
        ...head,
        issue_event_type_name: event.kind === 'issue-created' ? 'issue_created' : event.typeName,
        user,
        issue: issueOf(site, event.issue, ['*all', '-comment']),
        changelog: { id: event.change.id, items: changeItems(event.change) },
      };
    case 'issue-deleted':
      return { ...head, user, issue: issueOf(site, event.issue, ['*all']) };
    case 'comment-created':
    case 'comment-updated':
    case 'comment-deleted':
      return {
        ...head,
        comment: commentShape(site, '2', event.issue, event.comment, 'webhook'),
        issue: issueOf(site, event.issue, TRIMMED),
      };
  }
}
