import type { NewFile } from '../heart/attachments.ts';

/** The files in a `multipart/form-data` body, of the parts with that name; null: the body is not of that kind. */
export function filesIn(contentType: string | undefined, body: unknown, part: string): NewFile[] | null {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType ?? '')?.[1];
  if (boundary === undefined || !Buffer.isBuffer(body)) return null;
  const files: NewFile[] = [];
  const mark = Buffer.from(`--${boundary}`);
  for (let start = body.indexOf(mark); start >= 0; ) {
    const next = body.indexOf(mark, start + mark.length);
    if (next < 0) break;
    // Between the marks: a line break, the headers, an empty line, the content, a line break.
    const file = readPart(body.subarray(start + mark.length + 2, next - 2), part);
    if (file !== null) files.push(file);
    start = next;
  }
  return files;
}

function readPart(bytes: Buffer, part: string): NewFile | null {
  const gap = bytes.indexOf('\r\n\r\n');
  if (gap < 0) return null;
  const head = bytes.subarray(0, gap).toString('utf8');
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? '';
  const name = /[; ]name="([^"]*)"/i.exec(disposition)?.[1];
  const filename = /filename="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1];
  if (name !== part || filename === undefined) return null;
  return {
    filename: filename.replaceAll(/%22|\\"/g, '"'),
    mimeType: /^content-type:\s*([^\r\n;]+)/im.exec(head)?.[1]?.trim() ?? 'application/octet-stream',
    bytes: Uint8Array.from(bytes.subarray(gap + 4)),
  };
}
