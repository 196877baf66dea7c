import { describe, expect, it } from '@jest/globals';
import { commentId, fingerprint } from '../../test/factories/core.ts';
import { wordsPrint } from './loose-print.ts';
import type { CommentEvent } from './observation.ts';
import { isOwnEdit, isRemembered, type OwnEdit, replacedEdits, withOwnEdit } from './own-edits.ts';
import { commentPiece } from './piece.ts';

const PIECE = commentPiece('A', commentId('7'));
/** Ours, at 50 s, made the copy in B say what A says; it was known as it was at 30 s. */
const ours = (since = 30_000, at = 50_000, words = 'From A'): OwnEdit => ({
  piece: PIECE,
  commentId: commentId('9'),
  since,
  written: { at, told: wordsPrint(words, fingerprint) },
});
const edited = (editedAt: number, words = 'From *B*', id = '9'): CommentEvent => ({
  kind: 'edited',
  commentId: commentId(id),
  editedAt,
  words,
  writer: null,
});
const lost = (edits: readonly OwnEdit[], ...events: readonly CommentEvent[]) =>
  replacedEdits(edits, events).replaced.map(({ words }) => words);

describe('an edit of a comment that nobody had seen when ours replaced it', () => {
  it('[O11] lost a conflict, and its words are known', () => {
    expect(replacedEdits([ours()], [edited(40_000)]).replaced).toEqual([{ piece: PIECE, words: 'From *B*' }]);
  });

  it('[O11] is told when its event is late, and ours were made after it', () => {
    expect(lost([ours(), ours(50_000, 70_000, 'From A again')], edited(40_000))).toEqual(['From *B*']);
    expect(lost([ours(), ours(50_000, 70_000, 'From A again')], edited(60_000))).toEqual(['From *B*']);
  });

  it('[O11] is the last one before ours', () => {
    expect(lost([ours()], edited(45_000, 'Later'), edited(40_000), edited(35_000, 'Earlier'))).toEqual(['Later']);
  });

  it('[O11] is told when ours deleted the comment', () => {
    expect(lost([{ ...ours(), written: null }], edited(1_000_000))).toEqual(['From *B*']);
  });

  it('[O11] is told although it has the letters of ours: +1 is not -1', () => {
    expect(lost([ours(30_000, 50_000, '-1')], edited(40_000, '+1'))).toEqual(['+1']);
  });

  it('[O11] is told but once', () => {
    const { edits } = replacedEdits([ours()], [edited(40_000)]);
    expect(lost(edits, edited(40_000), edited(35_000, 'Earlier'))).toEqual([]);
    expect(lost(edits, edited(45_000, 'Later'))).toEqual(['Later']);
  });

  it.each<[string, readonly CommentEvent[]]>([
    ['was known before ours', [edited(30_000)]],
    ['came after ours', [edited(51_000)]],
    ['is none, but a deletion', [{ ...edited(40_000), kind: 'deleted' }]],
    ['is one of another comment', [edited(40_000, 'From B', '10')]],
  ])('[O11] did not lose when it %s', (_, events) => {
    expect(lost([ours()], ...events)).toEqual([]);
  });
});

describe('the event of an edit of ours', () => {
  it.each<[string, boolean, CommentEvent]>([
    ['is known by its words and its time', true, edited(50_000, 'From _A_')],
    ['is not that of somebody who wrote the same letters a moment later', false, edited(50_001, 'From A!')],
    ['has the words of ours', false, edited(50_000)],
    ['is about that comment', false, edited(50_000, 'From A', '10')],
    ['tells of an edit', false, { ...edited(50_000, 'From A'), kind: 'deleted' }],
  ])('[O11] %s', (_, expected, event) => {
    expect(isOwnEdit([ours()], event, fingerprint)).toBe(expected);
  });
});

describe('an edit that is ours by its trace', () => {
  it.each<[string, boolean, CommentEvent]>([
    ['is one that is remembered', true, edited(50_000)],
    ['may be dated a little later by its event', true, edited(50_900)],
    ['is older than one that is remembered', true, edited(20_000)],
    ['had been given up, when it is later than all that are', false, edited(52_000)],
    ['is not known when none of that comment is', false, edited(50_000, 'From A', '10')],
  ])('[O11] %s', (_, expected, event) => {
    expect(isRemembered([ours()], event)).toBe(expected);
  });

  it('[O11] is of no matter once the comment is deleted', () => {
    expect(isRemembered([{ ...ours(), written: null }], edited(99_000))).toBe(true);
  });
});

describe('what is remembered of our edits', () => {
  const many = (length: number, id: (n: number) => string) =>
    Array.from({ length }, (_, n) => ({ ...ours(n, n + 1), commentId: commentId(id(n)) })).reduce(
      withOwnEdit,
      [] as readonly OwnEdit[],
    );

  it('[O11] are the last few of each comment', () => {
    expect(many(20, (n) => String(n % 2)).map(({ since }) => since)).toEqual([12, 13, 14, 15, 16, 17, 18, 19]);
  });

  it('[O11] are those of the comments that were edited last, if there are very many', () => {
    const kept = many(100, String);
    expect([kept.length, kept[0]?.since]).toEqual([64, 36]);
  });
});
