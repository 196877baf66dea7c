import { describe, expect, it } from '@jest/globals';
import { doc, node, paragraph, text } from '../../test/factories/core.ts';
import { hasAuthorLine, withAuthorLine, withoutAuthorLine } from './author-line.ts';
import type { AdfNode } from './item.ts';

const line = paragraph(text('Maria:', 'strong'));

describe('the author line', () => {
  it('[K4] stands first and is taken off again', () => {
    expect(withAuthorLine(doc(paragraph('Hello')), 'Maria')).toEqual(doc(line, paragraph('Hello')));
    expect(withoutAuthorLine(doc(line, paragraph('Hello')), 'Maria')).toEqual(doc(paragraph('Hello')));
    expect(withAuthorLine({ type: 'doc' }, 'Maria')).toEqual({ type: 'doc', content: [line] });
  });

  it('[K4] is taken off once, when the author begins with the own name', () => {
    const body = doc(paragraph('Maria:'), paragraph('Hello'));
    expect(withoutAuthorLine(withAuthorLine(body, 'Maria'), 'Maria')).toEqual(body);
  });

  it.each<[string, AdfNode, boolean]>([
    ['as it was sent', line, true],
    ['in plain letters', paragraph('Maria:'), true],
    ['in pieces, with blanks behind', paragraph('Mar', 'ia: '), true],
    ['another name', paragraph('Jonas:'), false],
    ['words behind the name', paragraph('Maria: Hello'), false],
    ['the name as a heading', node('heading', text('Maria:')), false],
  ])('[K4] %s', (_, first, is) => {
    expect(hasAuthorLine(doc(first, paragraph('Hello')), 'Maria')).toBe(is);
  });

  it('[K4] nothing is taken off an empty body', () => {
    expect(withoutAuthorLine(doc(), 'Maria')).toEqual(doc());
  });
});
