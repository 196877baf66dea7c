import { dayForPeople, momentText } from '../heart/days.ts';
import { statusSince } from '../heart/request-types.ts';
import type { RequestType, ServiceDesk } from '../heart/service-desk.ts';
import type { Comment, Issue, Site, StatusCategory } from '../heart/site.ts';
import { toWikiText } from '../heart/wiki-text.ts';
import { personShape } from './people.ts';

type Shape = Record<string, unknown>;

export const serviceUrl = (site: Site, path: string): string => `${site.baseUrl}/rest/servicedeskapi/${path}`;

/** A moment in the four ways of the service desk API. */
function dateShape(at: number): Shape {
  const moment = momentText(at);
  return {
    iso8601: moment.replace(/\.\d{3}/, ''),
    jira: moment,
    friendly: `${dayForPeople(moment.slice(0, 10))} ${moment.slice(11, 16)}`,
    epochMillis: at,
  };
}

const CATEGORIES: Readonly<Record<StatusCategory['key'], string>> = { new: 'NEW', indeterminate: 'INDETERMINATE', done: 'DONE' };

function currentStatus(site: Site, issue: Issue): Shape | null {
  const status = site.statuses.get(issue.statusId);
  return status === undefined
    ? null
    : { status: status.name, statusCategory: CATEGORIES[status.category.key], statusDate: dateShape(statusSince(issue)) };
}

/** The addresses of a request: for customers, for agents, for programs. */
const linksOf = (site: Site, issue: Issue, portalId: string): Shape => ({
  jiraRest: `${site.baseUrl}/rest/api/2/issue/${issue.id}`,
  web: `${site.baseUrl}/servicedesk/customer/portal/${portalId}/${issue.key}`,
  agent: `${site.baseUrl}/browse/${issue.key}`,
  self: serviceUrl(site, `request/${issue.id}`),
});

const portalOf = (site: Site, type: RequestType): string => site.serviceDesks.get(type.serviceDeskId)?.portalId ?? '';

export function serviceDeskShape(site: Site, desk: ServiceDesk): Shape {
  const project = site.projects.get(desk.projectId);
  return {
    id: desk.id,
    projectId: desk.projectId,
    projectName: project?.name ?? '',
    projectKey: project?.key ?? '',
    _links: { self: serviceUrl(site, `servicedesk/${desk.id}`) },
  };
}

export const requestTypeShape = (site: Site, type: RequestType): Shape => ({
  _expands: ['field'],
  id: type.id,
  _links: { self: serviceUrl(site, `servicedesk/${type.serviceDeskId}/requesttype/${type.id}`) },
  name: type.name,
  description: type.description,
  helpText: type.helpText,
  issueTypeId: type.issueTypeId,
  serviceDeskId: type.serviceDeskId,
  portalId: portalOf(site, type),
  groupIds: [],
});

/** The field Customer Request Type of an item; null: its request type is gone. */
export function requestFieldShape(site: Site, issue: Issue, typeId: string): Shape | null {
  const type = site.requestTypes.get(typeId);
  return type === undefined
    ? null
    : {
        _links: linksOf(site, issue, portalOf(site, type)),
        requestType: requestTypeShape(site, type),
        currentStatus: currentStatus(site, issue),
      };
}

/** People without the addresses of pictures. */
function personOf(site: Site, accountId: string | null): Shape | null {
  const person = personShape(site, '2', accountId);
  if (person === null) return null;
  const { self, avatarUrls, accountType: _type, ...rest } = person;
  return { ...rest, _links: { self, jiraRest: self, avatarUrls } };
}

export const requestShape = (site: Site, issue: Issue, type: RequestType): Shape => ({
  _expands: ['participant', 'status', 'sla', 'requestType', 'serviceDesk', 'attachment', 'action', 'comment'],
  issueId: issue.id,
  issueKey: issue.key,
  summary: issue.summary,
  requestTypeId: type.id,
  serviceDeskId: type.serviceDeskId,
  createdDate: dateShape(issue.created),
  reporter: personOf(site, issue.reporterId),
  requestFieldValues: [
    { fieldId: 'summary', label: 'Summary', value: issue.summary },
    { fieldId: 'description', label: 'Description', value: toWikiText(issue.description) },
  ],
  currentStatus: currentStatus(site, issue),
  _links: linksOf(site, issue, portalOf(site, type)),
});

export const requestCommentShape = (site: Site, issue: Issue, comment: Comment): Shape => ({
  _expands: ['attachment', 'renderedBody'],
  id: comment.id,
  body: toWikiText(comment.body),
  public: comment.jsdPublic,
  author: personOf(site, comment.authorId),
  created: dateShape(comment.created),
  _links: { self: serviceUrl(site, `request/${issue.id}/comment/${comment.id}`) },
});
