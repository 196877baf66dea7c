import { describe, expect, it } from '@jest/globals';
import { buildComment, commentId } from '../../test/factories/core.ts';
import { type DeletedCopyQuestion, findDeletedCopy, GONE_COPY } from './deleted-copy.ts';
import type { FieldChange } from './item.ts';
import type { CommentEvent } from './observation.ts';

const ORIGINAL = buildComment({ commentId: '7', authorName: 'Mia Lindqvist', body: 'It burns' });
const COPIED = '*Mia Lindqvist:*\n\nIt *burns*';

const event = (of: Partial<CommentEvent>): readonly CommentEvent[] => [
  { kind: 'deleted', commentId: commentId('9'), editedAt: 1, words: COPIED, ...of },
];
const line = (fromText: string, field = 'comment'): FieldChange => ({
  at: 1,
  field,
  from: null,
  to: null,
  fromText,
  toText: null,
});
const find = (told: Partial<DeletedCopyQuestion>) =>
  findDeletedCopy({ original: ORIGINAL, events: [], known: new Set(), changes: [], gone: [], ...told });

describe('a copy that is not there', () => {
  it.each([COPIED, 'It burns'])('[K9] was deleted if the event of a deletion tells its words: %j', (words) => {
    expect(find({ events: event({ words }) })).toEqual({ commentId: '9', line: null });
  });

  it.each([COPIED, 'It burns'])('[K9] was deleted if the changelog tells its words: %j', (words) => {
    const told = line(words);
    expect(find({ changes: [line('Another'), told] })).toEqual({ commentId: GONE_COPY, line: told });
  });

  it('[K9] was deleted if more such words were than known copies of them are gone', () => {
    const [first, second] = [line('It burns'), line('It burns')];
    const gone = [buildComment({ commentId: '5', body: 'It burns' }), buildComment({ commentId: '6', body: 'Another' })];
    expect(find({ changes: [first], gone })).toBeNull();
    expect(find({ changes: [first, second], gone })).toEqual({ commentId: GONE_COPY, line: second });
  });

  it.each<[string, ReturnType<typeof find>]>([
    ['what was deleted says something else', find({ events: event({ words: 'Somebody says: It burns' }) })],
    ['it was edited only', find({ events: event({ kind: 'edited' }) })],
    ['what was deleted is known', find({ events: event({}), known: new Set([commentId('9')]) })],
    ['it was another field that lost these words', find({ changes: [line('It burns', 'description')] })],
    [
      'the original has other words by now',
      find({
        events: event({}),
        changes: [line(COPIED)],
        original: { ...ORIGINAL, body: buildComment({ body: 'It burnt' }).body },
      }),
    ],
    [
      'there are no words to know it by',
      find({ events: event({ words: '' }), changes: [line('')], original: buildComment({ authorName: '', body: '' }) }),
    ],
  ])('[K9] was never made if %s', (_, found) => {
    expect(found).toBeNull();
  });
});
