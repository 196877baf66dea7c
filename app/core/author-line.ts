import { plainText } from './document.ts';
import type { AdfNode } from './item.ts';

/** The copy of a comment names its author in a first line (SPEC K4). */
export const withAuthorLine = (body: AdfNode, authorName: string): AdfNode => ({
  ...body,
  content: [authorLine(authorName), ...(body.content ?? [])],
});

/** The body without the author line; unchanged when a person removed or reworded that line. */
export const withoutAuthorLine = (body: AdfNode, authorName: string): AdfNode =>
  hasAuthorLine(body, authorName) ? { ...body, content: (body.content ?? []).slice(1) } : body;

/** Whether the body begins with a line that reads like the author line, whoever wrote it. */
export function hasAuthorLine(body: AdfNode, authorName: string): boolean {
  const first = body.content?.[0];
  return first?.type === 'paragraph' && plainText(first).trim() === plainText(authorLine(authorName)).trim();
}

const authorLine = (authorName: string): AdfNode => ({
  type: 'paragraph',
  content: [{ type: 'text', text: `${authorName}:`, marks: [{ type: 'strong' }] }],
});
