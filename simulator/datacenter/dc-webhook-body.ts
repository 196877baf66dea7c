import type { Site, SiteEvent } from '../heart/site.ts';
import { issueFields } from '../shapes/issue.ts';
import { apiUrl, userShape } from '../shapes/people.ts';
import { webhookBody } from '../shapes/webhook-body.ts';
import { sayDataCenter } from './speak.ts';

type Json = Record<string, unknown>;

/** What a comment is called in the issue event that goes along with it. */
const COMMENT_TYPES: Readonly<Record<string, string>> = {
  'comment-created': 'issue_commented',
  'comment-updated': 'issue_comment_edited',
  'comment-deleted': 'issue_comment_deleted',
};

export interface DataCenterBody {
  readonly event: string;
  readonly body: Json;
}

const ownIssue = (site: Site, event: SiteEvent & { issue: unknown }): Json => {
  const { issue } = event as Extract<SiteEvent, { kind: 'issue-updated' }>;
  return {
    id: issue.id,
    self: apiUrl(site, '2', `issue/${issue.id}`),
    key: issue.key,
    fields: issueFields(site, '2', issue, ['*all'], null, 'webhook'),
  };
};

/**
 * What Data Center sends for an event. A comment goes out twice: as comment_* with the comment alone (a deleted one with who
 * deleted it), and as jira:issue_updated with the whole issue. A new issue has no changelog. The comments that go with a deleted
 * issue are told of by nobody.
 */
export function dataCenterBodies(site: Site, event: SiteEvent): readonly DataCenterBody[] {
  if ('secondary' in event && event.secondary) return [];
  const cloud = webhookBody(site, event);
  const name = String(cloud['webhookEvent']);
  const said = (body: Json): Json => sayDataCenter(site, body) as Json;
  const user = userShape(site, '2', event.actor.user);
  const { timestamp } = cloud;
  const commentType = COMMENT_TYPES[event.kind];
  if (commentType !== undefined && 'issue' in event) {
    const deleted = event.kind === 'comment-deleted';
    const comment = cloud['comment'];
    return [
      { event: name, body: said({ timestamp, webhookEvent: name, ...(deleted ? { user } : {}), comment }) },
      {
        event: 'jira:issue_updated',
        body: said({
          timestamp,
          webhookEvent: 'jira:issue_updated',
          issue_event_type_name: commentType,
          user,
          issue: ownIssue(site, event),
          ...(deleted ? {} : { comment }),
        }),
      },
    ];
  }
  const { changelog, ...rest } = cloud;
  const issue = name.startsWith('jira:issue_') && 'issue' in event ? { user, issue: ownIssue(site, event) } : {};
  const changes = event.kind === 'issue-created' || changelog === undefined ? {} : { changelog };
  return [{ event: name, body: said({ ...rest, ...issue, ...changes }) }];
}
