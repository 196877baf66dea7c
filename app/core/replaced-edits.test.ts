import { describe, expect, it } from '@jest/globals';
import { buildComment, commentId, fingerprint } from '../../test/factories/core.ts';
import type { Comment } from './item.ts';
import { normalRich } from './normal-form.ts';
import { commentPiece, synchronizedBase } from './piece.ts';
import { replacedEdits } from './replaced-edits.ts';

const PIECE = commentPiece('A', commentId('7'));
/** Our write, at 50, made the copy in B say what A says. */
const OURS = buildComment({ commentId: '9', body: 'From A', updatedAt: 50 });

interface Sketch {
  readonly words?: string;
  readonly editedAt?: number;
  readonly more?: readonly { readonly words: string; readonly editedAt: number }[];
  readonly seenAt?: number;
  readonly shown?: Comment | null;
  readonly agreed?: Comment;
  readonly id?: string;
  readonly kind?: 'edited' | 'deleted';
}

function replaced({
  words = 'From *B*',
  editedAt = 40,
  more = [],
  seenAt = 30,
  shown = OURS,
  agreed = OURS,
  id = '9',
  kind = 'edited',
}: Sketch) {
  const events = [{ words, editedAt }, ...more].map((edit) => ({ ...edit, kind, commentId: commentId(id) }));
  const fingerprints = { A: 'a', B: fingerprint(normalRich(agreed.body)) };
  const bases = new Map([[PIECE, synchronizedBase(fingerprints, { A: commentId('7'), B: commentId('9') })]]);
  return replacedEdits({ side: 'B', events, seenAt, comments: shown === null ? [] : [shown], bases, fingerprint }).map(
    (one) => one.words,
  );
}

describe('an edit of a comment that nobody had seen when it was written over', () => {
  it('[O11] lost a conflict, and its words are known', () => {
    expect(replaced({})).toEqual(['From *B*']);
  });

  it('[O11] is the last one of its side', () => {
    expect(
      replaced({
        more: [
          { words: 'From B, later', editedAt: 45 },
          { words: 'From B, earlier', editedAt: 35 },
        ],
      }),
    ).toEqual(['From B, later']);
  });

  it.each<[string, Sketch]>([
    ['was seen by the last look', { seenAt: 40 }],
    ['is what stands there', { editedAt: 50, words: 'From B' }],
    [
      'was replaced by a later one on the same side',
      { shown: buildComment({ commentId: '9', body: 'From B, later', updatedAt: 60 }) },
    ],
    ['was taken back on the same side', { more: [{ words: 'From *A*', editedAt: 45 }] }],
    ['says the same', { words: '*From* A' }],
    ['is none, but a deletion', { kind: 'deleted' }],
    ['is about a comment that is gone', { shown: null }],
    ['is about a comment that is not synchronized', { id: '10' }],
  ])('[O11] did not lose when it %s', (_, sketch) => {
    expect(replaced(sketch)).toEqual([]);
  });
});
