import { createHmac } from 'node:crypto';
import { attach, deleteAttachment, findAttachment, findMedia } from '../heart/attachments.ts';
import { findIssue } from '../heart/find-issue.ts';
import type { Attachment } from '../heart/issue-parts.ts';
import type { Site } from '../heart/site.ts';
import { attachmentShape } from '../shapes/parts.ts';
import { filesIn } from './multipart.ts';
import type { CloudAnswer, CloudRequest, Route } from './route.ts';
import { answer, say, whenOk } from './route.ts';

/** Addresses of the media service are good for this long. */
const MEDIA_SECONDS = 3600;

/** Signs an address of the media service: whoever has it may read that one file for a while. */
const mediaToken = (site: Site, mediaId: string, expires: number): string =>
  createHmac('sha256', site.cloudId).update(`${mediaId}:${expires}`).digest('base64url');

function mediaUrl(site: Site, attachment: Attachment): string {
  const expires = Math.floor(site.clock.now() / 1000) + MEDIA_SECONDS;
  const token = mediaToken(site, attachment.mediaId, expires);
  const query = new URLSearchParams({ token, expires: String(expires), name: attachment.filename });
  return `${site.baseUrl}/rest/media/file/${attachment.mediaId}/binary?${query}`;
}

function upload(request: CloudRequest): CloudAnswer {
  return whenOk(findIssue(request.site, request.actor.user, request.params['issueIdOrKey'] ?? ''), (issue) => {
    if (request.headers?.['x-atlassian-token'] !== 'no-check' && request.headers?.['x-atlassian-token'] !== 'nocheck')
      return say(403, 'XSRF check failed');
    const files = filesIn(request.headers?.['content-type'], request.body, 'file');
    if (files === null) return say(415, 'The request is not multipart/form-data.');
    if (files.length === 0) return say(400, "No file was found: its part must be named 'file'.");
    return whenOk(attach(request.site, request.actor, issue, files), (made) =>
      answer(
        200,
        made.map((attachment) => attachmentShape(request.site, request.version, attachment)),
        { issueId: issue.id },
      ),
    );
  });
}

const named = (request: CloudRequest) => findAttachment(request.site, request.actor.user, request.params['id'] ?? '');

/** What is in a file, or the part of it that a `Range` header asks for. */
function contentOf(request: CloudRequest, { bytes, filename, mimeType }: Attachment): CloudAnswer {
  const headers = {
    'Content-Type': mimeType,
    'Content-Disposition': `attachment; filename="${filename.replaceAll('"', "'")}"; filename*=UTF-8''${encodeURIComponent(filename)}`,
    'Accept-Ranges': 'bytes',
  };
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers?.['range'] ?? '');
  if (range === null || (range[1] === '' && range[2] === '')) return { status: 200, bytes, headers };
  const suffix = range[1] === '';
  const start = suffix ? Math.max(0, bytes.length - Number(range[2])) : Number(range[1]);
  const end = suffix || range[2] === '' ? bytes.length - 1 : Math.min(Number(range[2]), bytes.length - 1);
  if (start > end) return { status: 416, headers: { 'Content-Range': `bytes */${bytes.length}` } };
  return {
    status: 206,
    bytes: bytes.subarray(start, end + 1),
    headers: { ...headers, 'Content-Range': `bytes ${start}-${end}/${bytes.length}` },
  };
}

/** Jira sends readers on to the media service, unless they ask it not to. */
const content = (request: CloudRequest): CloudAnswer =>
  whenOk(named(request), ({ issue, attachment }) =>
    request.query['redirect'] === 'false'
      ? { ...contentOf(request, attachment), issueId: issue.id, returned: 1 }
      : { status: 303, headers: { Location: mediaUrl(request.site, attachment) }, issueId: issue.id, returned: 1 },
  );

/** The media service asks for no credentials: its addresses are signed. */
function media(request: CloudRequest): CloudAnswer {
  const { mediaId = '' } = request.params;
  const expires = Number(request.query['expires']);
  if (request.query['token'] !== mediaToken(request.site, mediaId, expires) || expires * 1000 < request.site.clock.now())
    return say(403, 'The media token is invalid or expired.');
  const attachment = findMedia(request.site, mediaId);
  return attachment === undefined ? say(404, 'The file does not exist.') : contentOf(request, attachment);
}

const metadata = (request: CloudRequest): CloudAnswer =>
  whenOk(named(request), ({ issue, attachment }) => {
    const shape = attachmentShape(request.site, request.version, attachment);
    return answer(200, { ...shape, id: Number(attachment.id) }, { issueId: issue.id, returned: 1 });
  });

const remove = (request: CloudRequest): CloudAnswer =>
  whenOk(named(request), ({ issue, attachment }) =>
    whenOk(deleteAttachment(request.site, request.actor, issue, attachment), () => answer(204, undefined, { issueId: issue.id })),
  );

export const ATTACHMENT_ROUTES: readonly Route[] = [
  {
    method: 'get',
    path: '/attachment/meta',
    scope: 'READ',
    handle: ({ site }) => answer(200, { enabled: true, uploadLimit: site.limits.uploadBytes }),
  },
  { method: 'get', path: '/attachment/content/{id}', scope: 'READ', handle: content },
  { method: 'get', path: '/attachment/thumbnail/{id}', scope: 'READ', handle: content },
  { method: 'get', path: '/attachment/{id}', scope: 'READ', handle: metadata },
  { method: 'delete', path: '/attachment/{id}', scope: 'DELETE', handle: remove },
  { method: 'post', path: '/issue/{issueIdOrKey}/attachments', scope: 'WRITE', handle: upload },
  { method: 'get', path: '/rest/media/file/{mediaId}/binary', scope: 'NONE', handle: media },
];
