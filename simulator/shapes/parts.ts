import { inWords } from '../heart/durations.ts';
import type { Attachment, IssueLink, LinkType, RemoteLink, Worklog } from '../heart/issue-parts.ts';
import type { Issue, Site } from '../heart/site.ts';
import { toWikiText } from '../heart/wiki-text.ts';
import type { ApiVersion } from './people.ts';
import { apiUrl, jiraTime, personShape } from './people.ts';
import { issueTypeShape, priorityShape, statusShape } from './scheme.ts';

type Shape = Record<string, unknown>;

const isImage = (attachment: Attachment): boolean => attachment.mimeType.startsWith('image/');

/** A file as issues and webhooks show it: never its bytes. */
export const attachmentShape = (
  site: Site,
  version: ApiVersion,
  attachment: Attachment,
  audience: 'rest' | 'webhook' = 'rest',
): Shape => ({
  self: apiUrl(site, version, `attachment/${attachment.id}`),
  id: attachment.id,
  filename: attachment.filename,
  author: personShape(site, version, attachment.authorId, audience),
  created: jiraTime(attachment.created),
  size: attachment.bytes.length,
  mimeType: attachment.mimeType,
  content: apiUrl(site, version, `attachment/content/${attachment.id}`),
  ...(isImage(attachment) && audience === 'rest'
    ? { thumbnail: apiUrl(site, version, `attachment/thumbnail/${attachment.id}`) }
    : {}),
});

export const worklogShape = (
  site: Site,
  version: ApiVersion,
  issue: Issue,
  worklog: Worklog,
  audience: 'rest' | 'webhook' = 'rest',
  withProperties = false,
): Shape => ({
  self: apiUrl(site, version, `issue/${issue.id}/worklog/${worklog.id}`),
  author: personShape(site, version, worklog.authorId, audience),
  updateAuthor: personShape(site, version, worklog.updateAuthorId, audience),
  ...(version === '2'
    ? { comment: toWikiText(worklog.comment) ?? '' }
    : worklog.comment === null
      ? {}
      : { comment: worklog.comment }),
  created: jiraTime(worklog.created),
  updated: jiraTime(worklog.updated),
  ...(worklog.visibility === null ? {} : { visibility: worklog.visibility }),
  started: jiraTime(worklog.started),
  timeSpent: inWords(worklog.seconds),
  timeSpentSeconds: worklog.seconds,
  id: worklog.id,
  issueId: issue.id,
  ...(withProperties ? { properties: [...worklog.properties].map(([key, value]) => ({ key, value })) } : {}),
});

export const linkTypeShape = (site: Site, version: ApiVersion, type: LinkType): Shape => ({
  id: type.id,
  name: type.name,
  inward: type.inward,
  outward: type.outward,
  self: apiUrl(site, version, `issueLinkType/${type.id}`),
});

/** An issue as links, parents and sub-tasks name it. */
export function linkedIssueShape(site: Site, version: ApiVersion, issue: Issue): Shape {
  const status = site.statuses.get(issue.statusId);
  const priority = site.priorities.get(issue.priorityId ?? '');
  const type = site.issueTypes.get(issue.typeId);
  return {
    id: issue.id,
    key: issue.key,
    self: apiUrl(site, version, `issue/${issue.id}`),
    fields: {
      summary: issue.summary,
      ...(status === undefined ? {} : { status: statusShape(site, version, status) }),
      ...(priority === undefined ? {} : { priority: priorityShape(site, version, priority) }),
      ...(type === undefined ? {} : { issuetype: issueTypeShape(site, version, type) }),
    },
  };
}

/** A link with both ends, or as one of them sees it: then the other end alone is named. */
export function issueLinkShape(site: Site, version: ApiVersion, link: IssueLink, seenFrom: Issue | null): Shape {
  const type = site.linkTypes.get(link.typeId);
  const end = (id: string): Shape => {
    const issue = site.issues.get(id);
    return issue === undefined ? { id } : linkedIssueShape(site, version, issue);
  };
  return {
    id: link.id,
    self: apiUrl(site, version, `issueLink/${link.id}`),
    ...(type === undefined ? {} : { type: linkTypeShape(site, version, type) }),
    ...(seenFrom?.id === link.fromId ? {} : { inwardIssue: end(link.fromId) }),
    ...(seenFrom?.id === link.toId ? {} : { outwardIssue: end(link.toId) }),
  };
}

export const remoteLinkShape = (site: Site, version: ApiVersion, issue: Issue, link: RemoteLink): Shape => ({
  id: Number(link.id),
  self: apiUrl(site, version, `issue/${issue.key}/remotelink/${link.id}`),
  ...(link.globalId === '' ? {} : { globalId: link.globalId }),
  application: link.application,
  ...(link.relationship === null ? {} : { relationship: link.relationship }),
  object: link.object,
});
