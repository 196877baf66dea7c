import type { AdfNode } from '../heart/adf.ts';
import { textOf } from './adf-html.ts';

const isPlainInline = (node: AdfNode): boolean => node.type === 'text' || node.type === 'hardBreak';

const isPlainParagraph = (node: AdfNode): boolean => node.type === 'paragraph' && (node.content ?? []).every(isPlainInline);

const isPlainBullets = (node: AdfNode): boolean =>
  node.type === 'bulletList' &&
  (node.content ?? []).every(
    (item) =>
      item.content?.length === 1 && item.content.every((child) => isPlainParagraph(child) && !textOf(child).includes('\n')),
  );

/** One block as editable text, or as a line that stands for a block which this editor keeps but cannot edit. */
const blockText = (block: AdfNode, index: number): string => {
  if (isPlainParagraph(block)) return textOf(block);
  if (isPlainBullets(block)) return (block.content ?? []).map((item) => `- ${textOf(item)}`).join('\n');
  return `[[${block.type} ${index + 1}]]`;
};

/**
 * A document as text to edit: blocks parted by an empty line, bullets as lines with `- `, every other kind of block as a
 * line like `[[table 2]]` that can be moved or deleted as a whole.
 */
export const adfToText = (document: AdfNode | null): string => (document?.content ?? []).map(blockText).join('\n\n');

const paragraph = (lines: readonly string[]): AdfNode => ({
  type: 'paragraph',
  content: lines.flatMap((line, index) => [
    ...(index > 0 ? [{ type: 'hardBreak' }] : []),
    ...(line === '' ? [] : [{ type: 'text', text: line }]),
  ]),
});

const isBullet = (line: string): boolean => /^[-*] /.test(line);

const bullets = (lines: readonly string[]): AdfNode => ({
  type: 'bulletList',
  content: lines.map((line) => ({ type: 'listItem', content: [paragraph([line.slice(2)])] })),
});

/** Lines of one chunk, cut where bullets begin or end. */
const runs = (lines: readonly string[]): string[][] =>
  lines.reduce<string[][]>((all, line) => {
    const last = all.at(-1);
    if (last?.[0] !== undefined && isBullet(last[0]) === isBullet(line)) last.push(line);
    else all.push([line]);
    return all;
  }, []);

/**
 * The edited text as a document. A block whose text was not touched is taken over from `before` as it is, with the bold
 * words, links and unknown attributes that the text does not show. `null` when nothing is left.
 */
export const textToAdf = (text: string, before: AdfNode | null): AdfNode | null => {
  const written = text.replace(/\r\n?/g, '\n');
  if (before !== null && written === adfToText(before)) return before;
  const known = new Map((before?.content ?? []).map((block, index) => [blockText(block, index).trim(), block]));
  const chunks = written
    .split(/\n{2,}/)
    .map((chunk) => chunk.trim())
    .filter((chunk) => chunk !== '');
  const content = chunks.flatMap((chunk) => {
    const kept = known.get(chunk);
    if (kept !== undefined) return [kept];
    return runs(chunk.split('\n')).map((run) => (isBullet(run[0] ?? '') ? bullets(run) : paragraph(run)));
  });
  return content.length === 0 ? null : { type: 'doc', version: 1, content };
};
