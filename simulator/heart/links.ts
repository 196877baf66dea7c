import { addComment } from './comments.ts';
import { findIssue, projectOf } from './find-issue.ts';
import type { TextFormat } from './issue-fields.ts';
import type { IssueLink, LinkType, RemoteLink } from './issue-parts.ts';
import type { Outcome } from './outcome.ts';
import { done, refuse, refuseFields } from './outcome.ts';
import { permits } from './permissions.ts';
import { emit, nextId, recordChange } from './record.ts';
import type { Actor, ChangeItem, Issue, Site } from './site.ts';

type Raw = Readonly<Record<string, unknown>>;
const rawOf = (value: unknown): Raw => (typeof value === 'object' && value !== null ? (value as Raw) : {});

/** Jira's limits of one issue. */
const MAX_LINKS = 2000;
const MAX_GLOBAL_ID = 255;

/** `field: Link`, `to` the other issue's key; the words are those read from the issue that changed. */
const linkItem = (other: Issue, words: string, added: boolean): ChangeItem => {
  const [id, text] = [other.key, `This work item ${words} ${other.key}`];
  return {
    field: 'Link',
    fieldtype: 'jira',
    fieldId: 'issuelinks',
    from: added ? null : id,
    fromString: added ? null : text,
    to: added ? id : null,
    toString: added ? text : null,
  };
};

/** Both ends note a link in their changelogs; neither raises jira:issue_updated. */
function noteEnds(
  site: Site,
  actor: Actor,
  type: LinkType,
  from: Issue | undefined,
  to: Issue | undefined,
  added: boolean,
): void {
  const at = site.clock.now();
  if (from === undefined || to === undefined) return;
  recordChange(site, actor, from, [linkItem(to, type.outward, added)], at);
  recordChange(site, actor, to, [linkItem(from, type.inward, added)], at);
}

const findType = (site: Site, raw: unknown): LinkType | undefined => {
  const { id, name } = rawOf(raw);
  return site.linkTypes.get(String(id ?? '')) ?? [...site.linkTypes.values()].find((type) => type.name === name);
};

const findEnd = (site: Site, actor: Actor, raw: unknown): Outcome<Issue> => {
  const { id, key } = rawOf(raw);
  return findIssue(site, actor.user, String(id ?? key ?? ''));
};

/** Links two issues, and comments on the one that links if asked. A link that is there already is silently kept as it is. */
export function linkIssues(site: Site, actor: Actor, raw: Raw, format: TextFormat): Outcome<IssueLink> {
  const type = findType(site, raw['type']);
  if (type === undefined) return refuse(404, `No issue link type with name '${String(rawOf(raw['type'])['name'] ?? '')}' found.`);
  // `inwardIssue` is where the link begins: "inwardIssue blocks outwardIssue".
  const [from, to] = [findEnd(site, actor, raw['inwardIssue']), findEnd(site, actor, raw['outwardIssue'])];
  if (!from.ok) return from;
  if (!to.ok) return to;
  // Jira asks for the right where the outward issue is, and puts the comment there.
  if (!permits(actor.user, projectOf(site, to.value), 'LINK_ISSUES'))
    return refuse(401, `No Link Issue Permission for issue '${to.value.key}'`);
  if (from.value === to.value) return refuse(400, 'Cannot link an issue to itself.');
  const before = [...from.value.linkIds]
    .map((id) => site.issueLinks.get(id))
    .find((link) => link?.typeId === type.id && link.fromId === from.value.id && link.toId === to.value.id);
  if (before !== undefined) return done(before);
  if (from.value.linkIds.size >= MAX_LINKS || to.value.linkIds.size >= MAX_LINKS)
    return refuse(413, `The limit of ${MAX_LINKS} links for the issue has been reached.`);
  const link: IssueLink = { id: nextId(site, 'other'), typeId: type.id, fromId: from.value.id, toId: to.value.id };
  site.issueLinks.set(link.id, link);
  from.value.linkIds.add(link.id);
  to.value.linkIds.add(link.id);
  noteEnds(site, actor, type, from.value, to.value, true);
  if (raw['comment'] !== undefined) {
    const comment = addComment(site, actor, to.value, rawOf(raw['comment']), format);
    if (!comment.ok) return comment;
  }
  emit(site, { kind: 'issuelink-created', actor, at: site.clock.now(), issue: from.value, link, linkType: type });
  return done(link);
}

/** A link by id, if that person sees either end. */
export function findLink(site: Site, actor: Actor, id: string): Outcome<IssueLink> {
  const link = site.issueLinks.get(id);
  const ends = link === undefined ? [] : [link.fromId, link.toId].map((end) => findIssue(site, actor.user, end));
  return link !== undefined && ends.some(({ ok }) => ok) ? done(link) : refuse(404, `No issue link with id '${id}' exists.`);
}

/** Takes a link away. It tells of it, too, when an issue at one end is deleted. */
export function removeLink(site: Site, actor: Actor, link: IssueLink): void {
  const type = site.linkTypes.get(link.typeId);
  const [from, to] = [site.issues.get(link.fromId), site.issues.get(link.toId)];
  site.issueLinks.delete(link.id);
  from?.linkIds.delete(link.id);
  to?.linkIds.delete(link.id);
  const issue = from ?? to;
  if (type === undefined || issue === undefined) return;
  noteEnds(site, actor, type, from, to, false);
  emit(site, { kind: 'issuelink-deleted', actor, at: site.clock.now(), issue, link, linkType: type });
}

export function deleteLink(site: Site, actor: Actor, link: IssueLink): Outcome<null> {
  const from = site.issues.get(link.fromId);
  if (from !== undefined && !permits(actor.user, projectOf(site, from), 'LINK_ISSUES'))
    return refuse(401, `No Link Issue Permission for issue '${from.key}'`);
  removeLink(site, actor, link);
  return done(null);
}

/** What REST sends for a remote link, read; whatever is not sent is as if it had been set to nothing. */
function readRemote(raw: Raw): Outcome<Omit<RemoteLink, 'id'>> {
  const object = rawOf(raw['object']);
  const errors: Record<string, string> = {};
  if (typeof object['title'] !== 'string' || object['title'] === '') errors['title'] = "'title' is required.";
  if (typeof object['url'] !== 'string' || object['url'] === '') errors['url'] = "'url' is required.";
  const globalId = String(raw['globalId'] ?? '');
  if (globalId.length > MAX_GLOBAL_ID) errors['globalId'] = `'globalId' must be at most ${MAX_GLOBAL_ID} characters.`;
  if (Object.keys(errors).length > 0) return refuseFields(400, errors);
  const status = rawOf(object['status']);
  const relationship = raw['relationship'];
  return done({
    globalId,
    application: rawOf(raw['application']),
    relationship: typeof relationship === 'string' ? relationship : null,
    object: { ...object, icon: rawOf(object['icon']), status: { ...status, icon: rawOf(status['icon']) } },
  });
}

const remoteItem = (link: RemoteLink, added: boolean): ChangeItem => {
  const text = `This work item links to "${String(link.object['title'])}${link.application['name'] === undefined ? '' : ` (${String(link.application['name'])})`}"`;
  return {
    field: 'RemoteWorkItemLink',
    fieldtype: 'jira',
    fieldId: 'RemoteWorkItemLink',
    from: added ? null : link.id,
    fromString: added ? null : text,
    to: added ? link.id : null,
    toString: added ? text : null,
  };
};

/** Makes a remote link, or replaces the one with the same global id: then `created` is false. */
export function putRemoteLink(site: Site, actor: Actor, issue: Issue, raw: Raw): Outcome<{ link: RemoteLink; created: boolean }> {
  if (!permits(actor.user, projectOf(site, issue), 'LINK_ISSUES'))
    return refuse(403, 'You do not have permission to link issues in this project.');
  const read = readRemote(raw);
  if (!read.ok) return read;
  const before =
    read.value.globalId === '' ? undefined : issue.remoteLinks.find(({ globalId }) => globalId === read.value.globalId);
  if (before !== undefined) {
    Object.assign(before, read.value);
    return done({ link: before, created: false });
  }
  if (issue.remoteLinks.length >= MAX_LINKS)
    return refuse(413, `The limit of ${MAX_LINKS} remote links for the issue has been reached.`);
  const link = { id: nextId(site, 'other'), ...read.value };
  issue.remoteLinks.push(link);
  recordChange(site, actor, issue, [remoteItem(link, true)], site.clock.now());
  return done({ link, created: true });
}

export function editRemoteLink(site: Site, actor: Actor, issue: Issue, link: RemoteLink, raw: Raw): Outcome<RemoteLink> {
  if (!permits(actor.user, projectOf(site, issue), 'LINK_ISSUES'))
    return refuse(403, 'You do not have permission to link issues in this project.');
  const read = readRemote(raw);
  if (!read.ok) return read;
  Object.assign(link, read.value);
  return done(link);
}

export function deleteRemoteLink(site: Site, actor: Actor, issue: Issue, link: RemoteLink): Outcome<null> {
  if (!permits(actor.user, projectOf(site, issue), 'LINK_ISSUES'))
    return refuse(403, 'You do not have permission to link issues in this project.');
  issue.remoteLinks.splice(issue.remoteLinks.indexOf(link), 1);
  recordChange(site, actor, issue, [remoteItem(link, false)], site.clock.now());
  return done(null);
}
