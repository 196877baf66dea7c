import { isItemEvent } from '../heart/record.ts';
import type { Issue, ItemEvent, PartEvent, Site, SiteEvent, SpaceEvent } from '../heart/site.ts';
import { changeItems, commentShape, issueFields } from './issue.ts';
import { attachmentShape, linkTypeShape, worklogShape } from './parts.ts';
import { apiUrl, userShape } from './people.ts';
import { sprintShape, versionShape } from './planning.ts';

/** What the event is called in a descriptor and in `webhookEvent`. */
export const EVENT_NAMES: Readonly<Record<SiteEvent['kind'], string>> = {
  'issue-created': 'jira:issue_created',
  'issue-updated': 'jira:issue_updated',
  'issue-deleted': 'jira:issue_deleted',
  'comment-created': 'comment_created',
  'comment-updated': 'comment_updated',
  'comment-deleted': 'comment_deleted',
  'attachment-created': 'attachment_created',
  'attachment-deleted': 'attachment_deleted',
  'worklog-created': 'worklog_created',
  'worklog-updated': 'worklog_updated',
  'worklog-deleted': 'worklog_deleted',
  'issuelink-created': 'issuelink_created',
  'issuelink-deleted': 'issuelink_deleted',
  'property-set': 'issue_property_set',
  'property-deleted': 'issue_property_deleted',
  'version-created': 'jira:version_created',
  'version-updated': 'jira:version_updated',
  'version-released': 'jira:version_released',
  'version-unreleased': 'jira:version_unreleased',
  'version-moved': 'jira:version_moved',
  'version-deleted': 'jira:version_deleted',
  'sprint-created': 'sprint_created',
  'sprint-updated': 'sprint_updated',
  'sprint-started': 'sprint_started',
  'sprint-closed': 'sprint_closed',
  'sprint-deleted': 'sprint_deleted',
};

/** Events about comments name their issue by these fields alone. */
const TRIMMED = ['summary', 'issuetype', 'project', 'assignee', 'priority', 'status'];

const issueOf = (site: Site, issue: Issue, fields: readonly string[]): Record<string, unknown> => ({
  id: issue.id,
  self: apiUrl(site, '2', `issue/${issue.id}`),
  key: issue.key,
  fields: issueFields(site, '2', issue, fields, null, 'webhook'),
});

type Body = Record<string, unknown>;

function partBody(site: Site, event: PartEvent): Body {
  switch (event.kind) {
    case 'attachment-created':
    case 'attachment-deleted':
      return {
        attachment: attachmentShape(site, '2', event.attachment, 'webhook'),
        issue: issueOf(site, event.issue, ['summary']),
      };
    // Neither the issue nor who did it: so it was recorded in September 2026.
    case 'worklog-created':
    case 'worklog-updated':
    case 'worklog-deleted':
      return { worklog: worklogShape(site, '2', event.issue, event.worklog, 'webhook'), isFromIssueLimitTransformation: false };
    case 'issuelink-created':
    case 'issuelink-deleted': {
      const { link, linkType } = event;
      const { name, outward, inward } = linkTypeShape(site, '2', linkType);
      const flags = { isSubTaskLinkType: false, isSystemLinkType: false };
      const type = { id: Number(linkType.id), name, outwardName: outward, inwardName: inward, ...flags };
      const [sourceIssueId, destinationIssueId] = [Number(link.fromId), Number(link.toId)];
      return { issueLink: { id: Number(link.id), sourceIssueId, destinationIssueId, issueLinkType: type, systemLink: false } };
    }
    case 'property-set':
    case 'property-deleted': {
      const user = userShape(site, '2', event.actor.user, 'webhook');
      const value = event.kind === 'property-set' ? { value: event.value } : {};
      const self = apiUrl(site, '2', `issue/${event.issue.id}/properties/${event.key}`);
      return { user, issue: issueOf(site, event.issue, TRIMMED), property: { self, key: event.key, ...value } };
    }
  }
}

function spaceBody(site: Site, event: SpaceEvent): Body {
  if ('sprint' in event) {
    const oldValue = event.before === null ? {} : { oldValue: sprintShape(site, event.before) };
    return { sprint: sprintShape(site, event.sprint), ...oldValue };
  }
  const mergedTo = event.mergedTo === null ? {} : { mergedTo: versionShape(site, '2', event.mergedTo) };
  return { version: versionShape(site, '2', event.version), ...mergedTo };
}

/**
 * The body of a webhook, in the shape that Cloud sends: REST v2 throughout, no user for comments.
 * @param propertyKeys the properties of the issue that a Connect module asked for
 */
export function webhookBody(site: Site, event: SiteEvent, propertyKeys: readonly string[] = []): Record<string, unknown> {
  const head = { timestamp: event.at, webhookEvent: EVENT_NAMES[event.kind] };
  if (isItemEvent(event)) {
    const body = itemBody(site, event, head);
    return propertyKeys.length === 0 ? body : withProperties(body, event, propertyKeys);
  }
  return { ...head, ...('issue' in event ? partBody(site, event) : spaceBody(site, event)) };
}

/** Of a deleted issue there are none any more. Where in the body they stand Atlassian does not say; here as a read shows them. */
function withProperties(body: Body, { kind, issue }: ItemEvent, propertyKeys: readonly string[]): Body {
  if (kind === 'issue-deleted' || !isRecord(body['issue'])) return body;
  const properties = Object.fromEntries([...issue.properties].filter(([key]) => propertyKeys.includes(key)));
  return { ...body, issue: { ...body['issue'], properties } };
}

const isRecord = (value: unknown): value is Body => typeof value === 'object' && value !== null;

function itemBody(site: Site, event: ItemEvent, head: Body): Body {
  const user = userShape(site, '2', event.actor.user, 'webhook');
  switch (event.kind) {
    case 'issue-created':
    case 'issue-updated':
      return {
        ...head,
        issue_event_type_name: event.kind === 'issue-created' ? 'issue_created' : event.typeName,
        user,
        issue: issueOf(site, event.issue, ['*all', '-comment', '-worklog']),
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
