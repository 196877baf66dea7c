import { describe, expect, it } from '@jest/globals';
import { buildComment, commentId } from '../../test/factories/core.ts';
import { findDeletedCopy } from './deleted-copy.ts';
import type { CommentEvent } from './observation.ts';

const ORIGINAL = buildComment({ commentId: '7', authorName: 'Mia Lindqvist', body: 'It burns' });

const find = (event: Partial<CommentEvent>, original = ORIGINAL, known: readonly string[] = []) =>
  findDeletedCopy(
    [{ kind: 'deleted', commentId: commentId('9'), editedAt: 1, words: '*Mia Lindqvist:*\n\nIt *burns*', ...event }],
    new Set(known.map(commentId)),
    original,
  );

describe('a copy that is not there', () => {
  it.each(['*Mia Lindqvist:*\n\nIt *burns*', 'It burns'])('[K9] was deleted if a deletion tells its words: %j', (words) => {
    expect(find({ words })).toBe('9');
  });

  it.each<[string, ReturnType<typeof find>]>([
    ['what was deleted says something else', find({ words: 'Somebody says: It burns' })],
    ['it was edited only', find({ kind: 'edited' })],
    ['what was deleted is known', find({}, ORIGINAL, ['9'])],
    ['the original has other words by now', find({}, { ...ORIGINAL, body: buildComment({ body: 'It burnt' }).body })],
    ['there are no words to know it by', find({ words: '' }, buildComment({ authorName: '', body: '' }))],
  ])('[K9] was never made if %s', (_, found) => {
    expect(found).toBeNull();
  });
});
