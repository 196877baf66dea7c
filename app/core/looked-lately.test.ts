import { describe, expect, it } from '@jest/globals';
import type { CommentId, PieceKey } from './ids.ts';
import { LOOKED_LATELY_MS, newLooksFor } from './looked-lately.ts';
import type { Operation } from './plan.ts';

const NOW = 1_800_000_000_000;
const piece = 'comment:A:1' as PieceKey;
const commentId = '1' as CommentId;
const body = { type: 'doc' };

const OPERATIONS: Readonly<Record<Operation['kind'], Operation>> = {
  'write-fields': { kind: 'write-fields', target: 'B', writes: [] },
  transition: { kind: 'transition', target: 'B', piece, toStatus: 'Done' },
  'create-comment': { kind: 'create-comment', target: 'B', piece, body },
  'edit-comment': { kind: 'edit-comment', target: 'B', piece, commentId, since: 0, body },
  'delete-comment': { kind: 'delete-comment', target: 'B', piece, commentId, since: 0 },
};

const looksFor = (kind: Operation['kind'], at: number | null): readonly string[] =>
  newLooksFor({ operations: [OPERATIONS[kind]] }, { A: null, B: at }, NOW);

describe('what was looked at some time ago', () => {
  it.each(['transition', 'edit-comment', 'delete-comment'] as const)('[O12] is looked at again before a %s', (kind) => {
    expect(looksFor(kind, NOW)).toEqual([]);
    expect(looksFor(kind, NOW - LOOKED_LATELY_MS)).toEqual([]);
    expect(looksFor(kind, NOW - LOOKED_LATELY_MS - 1)).toEqual(['B']);
    expect(looksFor(kind, null)).toEqual(['B']);
    expect(looksFor(kind, NOW + 1)).toEqual(['B']);
  });

  it.each(['write-fields', 'create-comment'] as const)(
    '[O12] is not looked at again before a %s: Jira tells what it replaced, or it replaces nothing',
    (kind) => expect(looksFor(kind, null)).toEqual([]),
  );
});
