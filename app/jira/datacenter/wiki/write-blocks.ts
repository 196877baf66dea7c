import { plainText } from '../../../core/document.ts';
import type { AdfNode } from '../../../core/item.ts';
import { dataCenterLanguage } from './code-languages.ts';
import { writeInline } from './write-inline.ts';

/** Blocks that hold no other blocks, or, in cells, hardly any. */

const HEADING = { inCell: false, oneLine: true };
const CELL = { inCell: true, oneLine: true };
const DEEPEST_HEADING = 6;

export function writeHeading({ attrs, content = [] }: AdfNode): string {
  const level = Math.min(Math.max(Number(attrs?.['level']) || 1, 1), DEEPEST_HEADING);
  const text = writeInline(content, HEADING);
  return text === '' ? '' : `h${level}. ${text}`;
}

/** Null where the code holds the ends of both macros: nothing but its words can be written then. */
export function writeCode(block: AdfNode): string | null {
  const code = plainText(block);
  const language = dataCenterLanguage(block.attrs?.['language']);
  if (language !== null && !code.includes('{code')) return `{code:${language}}\n${code}\n{code}`;
  if (!code.includes('{noformat')) return `{noformat}\n${code}\n{noformat}`;
  return code.includes('{code') ? null : `{code:none}\n${code}\n{code}`;
}

/** A cell is one line: its blocks are parted by forced breaks. Merged cells come apart. */
export function writeTable({ content = [] }: AdfNode, paragraphsIn: (node: AdfNode) => readonly AdfNode[]): string {
  return content
    .map(({ content: cells = [] }) => {
      const written = cells.map((cell) => {
        const bar = cell.type === 'tableHeader' ? '||' : '|';
        const text = paragraphsIn(cell)
          .map((paragraph) => writeInline(paragraph.content ?? [], CELL))
          .filter((line) => line !== '')
          .join('\\\\ ');
        return `${bar}${text === '' ? ' ' : text}`;
      });
      return written.length === 0 ? '' : `${written.join('')}${cells.at(-1)?.type === 'tableHeader' ? '||' : '|'}`;
    })
    .filter((row) => row !== '')
    .join('\n');
}
