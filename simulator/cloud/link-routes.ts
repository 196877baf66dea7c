import { findIssue } from '../heart/find-issue.ts';
import type { LinkType, RemoteLink } from '../heart/issue-parts.ts';
import { deleteLink, deleteRemoteLink, editRemoteLink, findLink, linkIssues, putRemoteLink } from '../heart/links.ts';
import type { Outcome } from '../heart/outcome.ts';
import { done, refuse, refuseFields } from '../heart/outcome.ts';
import { nextId } from '../heart/record.ts';
import type { Issue } from '../heart/site.ts';
import { issueLinkShape, linkTypeShape, remoteLinkShape } from '../shapes/parts.ts';
import { apiUrl } from '../shapes/people.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, recordOf, say, whenOk } from './route.ts';

const issueNamed = (request: CloudRequest) => findIssue(request.site, request.actor.user, request.params['issueIdOrKey'] ?? '');

const add = (request: CloudRequest): CloudAnswer =>
  whenOk(linkIssues(request.site, request.actor, recordOf(request.body), request.format), (link) =>
    answer(201, undefined, { issueId: link.fromId }),
  );

const read = (request: CloudRequest): CloudAnswer =>
  whenOk(findLink(request.site, request.actor, request.params['linkId'] ?? ''), (link) =>
    answer(200, issueLinkShape(request.site, request.version, link, null), { issueId: link.fromId }),
  );

const remove = (request: CloudRequest): CloudAnswer =>
  whenOk(findLink(request.site, request.actor, request.params['linkId'] ?? ''), (link) =>
    whenOk(deleteLink(request.site, request.actor, link), () => answer(204, undefined, { issueId: link.fromId })),
  );

const shownType = (request: CloudRequest, type: LinkType): Record<string, unknown> =>
  linkTypeShape(request.site, request.version, type);

const types = (request: CloudRequest): CloudAnswer =>
  answer(200, { issueLinkTypes: [...request.site.linkTypes.values()].map((type) => shownType(request, type)) });

const typeNamed = (request: CloudRequest): Outcome<LinkType> => {
  const id = request.params['issueLinkTypeId'] ?? '';
  const type = request.site.linkTypes.get(id);
  return type === undefined ? refuse(404, `No issue link type with id '${id}' found.`) : done(type);
};

const asAdmin = (request: CloudRequest): Outcome<null> =>
  request.actor.user.siteAdmin ? done(null) : refuse(404, 'You do not have permission to administer issue link types.');

function readType(request: CloudRequest, known: LinkType | null): Outcome<Omit<LinkType, 'id'>> {
  const raw = recordOf(request.body);
  const text = (key: 'name' | 'inward' | 'outward'): string => String(raw[key] ?? known?.[key] ?? '').trim();
  const type = { name: text('name'), inward: text('inward'), outward: text('outward') };
  const missing = Object.entries(type).filter(([, value]) => value === '');
  if (missing.length > 0)
    return refuseFields(400, Object.fromEntries(missing.map(([key]) => [key, `The ${key} must be given.`])));
  const same = [...request.site.linkTypes.values()].some((other) => other !== known && other.name === type.name);
  return same ? refuseFields(404, { name: 'Link type with the same name already exists.' }) : done(type);
}

const addType = (request: CloudRequest): CloudAnswer =>
  whenOk(asAdmin(request), () =>
    whenOk(readType(request, null), (read) => {
      const type = { id: nextId(request.site, 'other'), ...read };
      request.site.linkTypes.set(type.id, type);
      return answer(201, shownType(request, type));
    }),
  );

const editType = (request: CloudRequest): CloudAnswer =>
  whenOk(asAdmin(request), () =>
    whenOk(typeNamed(request), (type) =>
      whenOk(readType(request, type), (read) => answer(200, shownType(request, Object.assign(type, read)))),
    ),
  );

const removeType = (request: CloudRequest): CloudAnswer =>
  whenOk(asAdmin(request), () =>
    whenOk(typeNamed(request), (type) => {
      const used = [...request.site.issueLinks.values()].some((link) => link.typeId === type.id);
      if (used) return say(404, 'The link type is used by links and cannot be deleted.');
      request.site.linkTypes.delete(type.id);
      return answer(204);
    }),
  );

const shownRemote = (request: CloudRequest, issue: Issue, link: RemoteLink): Record<string, unknown> =>
  remoteLinkShape(request.site, request.version, issue, link);

const listRemote = (request: CloudRequest): CloudAnswer =>
  whenOk(issueNamed(request), (issue) => {
    const { globalId } = request.query;
    if (globalId === undefined)
      return answer(
        200,
        issue.remoteLinks.map((link) => shownRemote(request, issue, link)),
        { issueId: issue.id },
      );
    const link = issue.remoteLinks.find((candidate) => candidate.globalId === globalId);
    return link === undefined
      ? say(404, `The remote link with global id '${globalId}' does not exist.`)
      : answer(200, shownRemote(request, issue, link), { issueId: issue.id });
  });

const putRemote = (request: CloudRequest): CloudAnswer =>
  whenOk(issueNamed(request), (issue) =>
    whenOk(putRemoteLink(request.site, request.actor, issue, recordOf(request.body)), ({ link, created }) =>
      answer(
        created ? 201 : 200,
        { id: Number(link.id), self: apiUrl(request.site, request.version, `issue/${issue.key}/remotelink/${link.id}`) },
        { issueId: issue.id },
      ),
    ),
  );

const removeRemoteByGlobalId = (request: CloudRequest): CloudAnswer =>
  whenOk(issueNamed(request), (issue) => {
    const link = issue.remoteLinks.find(({ globalId }) => globalId === request.query['globalId']);
    if (link === undefined)
      return say(404, `The remote link with global id '${request.query['globalId'] ?? ''}' does not exist.`);
    return whenOk(deleteRemoteLink(request.site, request.actor, issue, link), () =>
      answer(204, undefined, { issueId: issue.id }),
    );
  });

const onRemote =
  (work: (request: CloudRequest, issue: Issue, link: RemoteLink) => CloudAnswer) =>
  (request: CloudRequest): CloudAnswer =>
    whenOk(issueNamed(request), (issue) => {
      const id = request.params['linkId'] ?? '';
      const link = issue.remoteLinks.find((candidate) => candidate.id === id);
      return link === undefined ? say(404, `The remote link with id '${id}' does not exist.`) : work(request, issue, link);
    });

const readRemote = onRemote((request, issue, link) => answer(200, shownRemote(request, issue, link), { issueId: issue.id }));
const editRemote = onRemote((request, issue, link) =>
  whenOk(editRemoteLink(request.site, request.actor, issue, link, recordOf(request.body)), () =>
    answer(204, undefined, { issueId: issue.id }),
  ),
);
const removeRemote = onRemote((request, issue, link) =>
  whenOk(deleteRemoteLink(request.site, request.actor, issue, link), () => answer(204, undefined, { issueId: issue.id })),
);

export const LINK_ROUTES: readonly Route[] = [
  { method: 'post', path: '/issueLink', scope: 'WRITE', handle: add },
  { method: 'get', path: '/issueLink/{linkId}', scope: 'READ', handle: read },
  { method: 'delete', path: '/issueLink/{linkId}', scope: 'DELETE', handle: remove },
  { method: 'get', path: '/issueLinkType', scope: 'READ', handle: types },
  { method: 'post', path: '/issueLinkType', scope: 'ADMIN', handle: addType },
  {
    method: 'get',
    path: '/issueLinkType/{issueLinkTypeId}',
    scope: 'READ',
    handle: (request) => whenOk(typeNamed(request), (type) => answer(200, shownType(request, type))),
  },
  { method: 'put', path: '/issueLinkType/{issueLinkTypeId}', scope: 'ADMIN', handle: editType },
  { method: 'delete', path: '/issueLinkType/{issueLinkTypeId}', scope: 'ADMIN', handle: removeType },
  { method: 'get', path: '/issue/{issueIdOrKey}/remotelink', scope: 'READ', handle: listRemote },
  { method: 'post', path: '/issue/{issueIdOrKey}/remotelink', scope: 'WRITE', handle: putRemote },
  { method: 'delete', path: '/issue/{issueIdOrKey}/remotelink', scope: 'DELETE', handle: removeRemoteByGlobalId },
  { method: 'get', path: '/issue/{issueIdOrKey}/remotelink/{linkId}', scope: 'READ', handle: readRemote },
  { method: 'put', path: '/issue/{issueIdOrKey}/remotelink/{linkId}', scope: 'WRITE', handle: editRemote },
  { method: 'delete', path: '/issue/{issueIdOrKey}/remotelink/{linkId}', scope: 'DELETE', handle: removeRemote },
];
