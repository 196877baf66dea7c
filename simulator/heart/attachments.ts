import { findIssue, projectOf } from './find-issue.ts';
import type { Attachment } from './issue-parts.ts';
import type { Outcome } from './outcome.ts';
import { done, refuse } from './outcome.ts';
import { permits } from './permissions.ts';
import { emit, nextId, recordChange } from './record.ts';
import type { Actor, ChangeItem, Issue, Site, User } from './site.ts';

/** Jira's limit of one issue. */
const MAX_ATTACHMENTS = 2000;

export interface NewFile {
  readonly filename: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

const attachmentItem = (attachment: Attachment, added: boolean): ChangeItem => ({
  field: 'Attachment',
  fieldtype: 'jira',
  fieldId: 'attachment',
  from: added ? null : attachment.id,
  fromString: added ? null : attachment.filename,
  to: added ? attachment.id : null,
  toString: added ? attachment.filename : null,
});

/** Puts files on an issue: one entry in the changelog and one jira:issue_updated each, and attachment_created. */
export function attach(site: Site, actor: Actor, issue: Issue, files: readonly NewFile[]): Outcome<Attachment[]> {
  if (!permits(actor.user, projectOf(site, issue), 'CREATE_ATTACHMENTS'))
    return refuse(403, 'You do not have permission to create attachments for this issue.');
  const tooLarge = files.find(({ bytes }) => bytes.length > site.limits.uploadBytes);
  if (tooLarge !== undefined)
    return refuse(
      413,
      `The file ${tooLarge.filename} is larger than the maximum size of ${site.limits.uploadBytes} bytes that can be attached.`,
    );
  if (issue.attachments.length + files.length > MAX_ATTACHMENTS)
    return refuse(413, `The limit of ${MAX_ATTACHMENTS} attachments for the issue has been reached.`);
  const at = site.clock.now();
  return done(
    files.map((file) => {
      const attachment = {
        id: nextId(site, 'other'),
        ...file,
        authorId: actor.user.accountId,
        created: at,
        mediaId: site.random.uuid(),
      };
      issue.attachments.push(attachment);
      site.issueIdsByFile.set(attachment.id, issue.id).set(attachment.mediaId, issue.id);
      const change = recordChange(site, actor, issue, [attachmentItem(attachment, true)], at);
      emit(site, { kind: 'issue-updated', actor, at, issue, change, typeName: 'issue_updated' });
      emit(site, { kind: 'attachment-created', actor, at, issue, attachment });
      return attachment;
    }),
  );
}

/** An attachment by its id alone, on an issue that the person sees. */
export function findAttachment(site: Site, user: User | null, id: string): Outcome<{ issue: Issue; attachment: Attachment }> {
  const issue = findIssue(site, user, site.issueIdsByFile.get(id) ?? '');
  const attachment = issue.ok ? issue.value.attachments.find((candidate) => candidate.id === id) : undefined;
  return issue.ok && attachment !== undefined
    ? done({ issue: issue.value, attachment })
    : refuse(404, `The attachment with id '${id}' does not exist`);
}

/** A file as the media service knows it: whoever has its signed address may read it. */
export const findMedia = (site: Site, mediaId: string): Attachment | undefined =>
  site.issues.get(site.issueIdsByFile.get(mediaId) ?? '')?.attachments.find((candidate) => candidate.mediaId === mediaId);

export function deleteAttachment(site: Site, actor: Actor, issue: Issue, attachment: Attachment): Outcome<null> {
  const project = projectOf(site, issue);
  const own = attachment.authorId === actor.user.accountId && permits(actor.user, project, 'DELETE_OWN_ATTACHMENTS');
  if (!own && !permits(actor.user, project, 'DELETE_ALL_ATTACHMENTS'))
    return refuse(403, `You do not have permission to delete attachment with id: ${attachment.id}`);
  const at = site.clock.now();
  issue.attachments.splice(issue.attachments.indexOf(attachment), 1);
  site.issueIdsByFile.delete(attachment.id);
  site.issueIdsByFile.delete(attachment.mediaId);
  const change = recordChange(site, actor, issue, [attachmentItem(attachment, false)], at);
  emit(site, { kind: 'issue-updated', actor, at, issue, change, typeName: 'issue_updated' });
  emit(site, { kind: 'attachment-deleted', actor, at, issue, attachment });
  return done(null);
}
