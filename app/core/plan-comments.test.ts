import { describe, expect, it } from '@jest/globals';
import {
  buildComment,
  buildConfiguration,
  buildItem,
  buildPlanInput,
  type CommentSketch,
  commentId,
  doc,
  fingerprint,
  media,
  mention,
  paragraph,
  text,
} from '../../test/factories/core.ts';
import type { Configuration } from './configuration.ts';
import type { AdfNode, Comment } from './item.ts';
import { normalRich } from './normal-form.ts';
import { commentPiece, PARKED_REST_MS, type PieceBase, parkedBase, synchronizedBase } from './piece.ts';
import type { Plan } from './plan.ts';
import { planPair } from './plan-pair.ts';
import type { Side } from './side.ts';

const NOW = 1_000_000;
const PIECE = commentPiece('A', commentId('1'));
const AUTHOR = paragraph(text('Maria:', 'strong'));

const body = (words: string): AdfNode => doc(paragraph(words));
const print = (words: string | AdfNode): string => fingerprint(normalRich(typeof words === 'string' ? body(words) : words));
/** A's comment 1 was copied to B as 101, with these bodies. */
const copied = (a: string | AdfNode, b: string | AdfNode = a): PieceBase =>
  synchronizedBase({ A: print(a), B: print(b) }, { A: commentId('1'), B: commentId('101') });
const original = (sketch: CommentSketch | string): Comment =>
  buildComment({ commentId: '1', ...(typeof sketch === 'string' ? { body: sketch } : sketch) });
const copy = (sketch: CommentSketch | string): Comment =>
  buildComment({ commentId: '101', authorName: 'Tandem', ...(typeof sketch === 'string' ? { body: sketch } : sketch) });

interface Case {
  readonly A?: readonly Comment[];
  readonly B?: readonly Comment[];
  readonly base?: PieceBase;
  readonly settings?: Partial<NonNullable<Configuration['comments']>> | null;
  readonly now?: number;
}

const plan = ({ A = [], B = [], base, settings = {}, now = NOW }: Case): Plan =>
  planPair(
    buildPlanInput({
      configuration: buildConfiguration({
        comments: settings === null ? null : { direction: 'both', authorLine: false, ...settings },
      }),
      A: buildItem({ comments: A }),
      B: buildItem({ comments: B }),
      bases: base === undefined ? [] : [[PIECE, base]],
      now,
    }),
  );

const nothing = { operations: [], notes: [], bases: new Map() };
/** As the factory dates comments. */
const SINCE = 1000;
const edit = (target: Side, words: string | AdfNode, since = SINCE) => ({
  kind: 'edit-comment',
  target,
  piece: PIECE,
  commentId: target === 'A' ? '1' : '101',
  since,
  body: typeof words === 'string' ? body(words) : words,
});
const create = (target: Side, words: string | AdfNode) => ({
  kind: 'create-comment',
  target,
  piece: PIECE,
  body: typeof words === 'string' ? body(words) : words,
});
const remove = (target: Side) => ({
  kind: 'delete-comment',
  target,
  piece: PIECE,
  commentId: target === 'A' ? '1' : '101',
  since: SINCE,
});

describe('new comments', () => {
  it('[K1] are copied in the order they were made, whichever side they are of', () => {
    const A = [
      buildComment({ commentId: '9', createdAt: 30 }),
      buildComment({ commentId: '10', createdAt: 30 }),
      buildComment({ commentId: '7', createdAt: 10 }),
    ];
    const B = [buildComment({ commentId: '5', createdAt: 20 })];
    expect(plan({ A, B }).operations).toMatchObject([
      { target: 'B', piece: 'comment:A:7' },
      { target: 'A', piece: 'comment:B:5' },
      { target: 'B', piece: 'comment:A:9' },
      { target: 'B', piece: 'comment:A:10' },
    ]);
  });

  it('[K1] what is on a list is not new, on neither side', () => {
    expect(plan({ A: [original('x')], B: [copy('x')], base: copied('x') })).toMatchObject(nothing);
  });

  it.each<[string, Case]>([
    ['comments are not synchronized', { settings: null }],
    ['they flow the other way only', { settings: { direction: 'B-to-A' } }],
  ])('[K1] nothing is copied when %s', (_, given) => {
    expect(plan({ A: [original('x')], ...given })).toMatchObject(nothing);
  });

  it('[K1] those made while comments were switched off are copied afterwards', () => {
    const A = [original('x'), buildComment({ commentId: '2', body: 'meanwhile' })];
    expect(plan({ A, B: [copy('x')], base: copied('x'), settings: null })).toMatchObject(nothing);
    expect(plan({ A, B: [copy('x')], base: copied('x') }).operations).toMatchObject([
      { kind: 'create-comment', body: body('meanwhile') },
    ]);
  });

  it('[D2] mentions and files are carried in plain words', () => {
    const A = [original({ body: doc(paragraph(mention('Ann')), media('a.png')) })];
    expect(plan({ A }).operations).toEqual([create('B', doc(paragraph('@Ann'), paragraph(text('[file: a.png]', 'em'))))]);
  });
});

describe('known comments', () => {
  it.each<[string, string, string, object[]]>([
    ['an edit of the original', 'y', 'x', [edit('B', 'y')]],
    ['an edit of the copy', 'x', 'y', [edit('A', 'y')]],
  ])('[K2] %s is carried', (_, a, b, operations) => {
    expect(plan({ A: [original(a)], B: [copy(b)], base: copied('x') }).operations).toEqual(operations);
  });

  it.each<[number, number, object]>([
    [1, 2, edit('A', 'b', 1)],
    [2, 1, edit('B', 'a', 1)],
    [2, 2, edit('B', 'a', 2)],
  ])('[K2] both edited, at %i and %i: the newer wins and the other is said to be overwritten', (a, b, operation) => {
    const A = [original({ body: 'a', updatedAt: a })];
    const B = [copy({ body: 'b', updatedAt: b })];
    expect(plan({ A, B, base: copied('x') })).toMatchObject({ operations: [operation], notes: [{ outcome: 'overwritten' }] });
  });

  it('[K2] [F6] an edit against the direction is declined and never comes back', () => {
    const declined = plan({ A: [original('x')], B: [copy('y')], base: copied('x'), settings: { direction: 'A-to-B' } });
    expect(declined).toMatchObject({ operations: [], notes: [{ outcome: 'declined', source: 'B', cause: 'direction' }] });
    const base = declined.bases.get(PIECE) ?? copied('x');
    expect(plan({ A: [original('x')], B: [copy('y')], base })).toMatchObject(nothing);
  });

  it.each<[string, string, string]>([
    ['nobody edited', 'x', 'x'],
    ['both came to the same', 'y', 'y'],
  ])('[K3] nothing is written when %s', (_, a, b) => {
    const left = plan({ A: [original(a)], B: [copy(b)], base: copied('x') });
    expect(left.operations).toEqual([]);
    expect(left.bases.get(PIECE) ?? copied(a)).toEqual(copied(a));
  });

  it('[K3] a copy that was found after a lost answer is taken as it is', () => {
    const base = synchronizedBase({ A: null, B: print('x') }, { A: commentId('1'), B: commentId('101') });
    expect(plan({ A: [original('x')], B: [copy('x')], base }).operations).toEqual([]);
    expect(plan({ A: [original('y')], B: [copy('x')], base }).operations).toEqual([edit('B', 'y')]);
  });
});

describe('the author line', () => {
  const lined = { authorLine: true };
  const base = copied('x', doc(AUTHOR, paragraph('x')));

  it('[K4] begins the copy and is taken off on the way back', () => {
    expect(plan({ A: [original('x')], settings: lined }).operations).toEqual([create('B', doc(AUTHOR, paragraph('x')))]);
    const B = [copy({ body: doc(AUTHOR, paragraph('y')) })];
    expect(plan({ A: [original('x')], B, base, settings: lined }).operations).toEqual([edit('A', 'y')]);
    expect(
      plan({ A: [original('y')], B: [copy({ body: doc(AUTHOR, paragraph('x')) })], base, settings: lined }).operations,
    ).toEqual([edit('B', doc(AUTHOR, paragraph('y')))]);
  });

  it('[C4] is left out where the side of the original offers no authors, and only there', () => {
    const anonymous = { ...lined, anonymous: ['A'] as const };
    expect(plan({ A: [original('x')], settings: anonymous }).operations).toEqual([create('B', 'x')]);
    const others = { ...lined, anonymous: ['B'] as const };
    expect(plan({ A: [original('x')], settings: others }).operations).toEqual([create('B', doc(AUTHOR, paragraph('x')))]);
  });

  it('[K4] a copy whose line was removed shows the same, so nothing is written', () => {
    expect(plan({ A: [original('x')], B: [copy('x')], base, settings: lined }).operations).toEqual([]);
  });

  it('[K4] an author who begins with the own name keeps that paragraph', () => {
    const own = doc(paragraph('Maria:'), paragraph('x'));
    const both = copied(own, doc(AUTHOR, ...(own.content ?? [])));
    const B = [copy({ body: doc(AUTHOR, paragraph('Maria:'), paragraph('y')) })];
    expect(plan({ A: [original({ body: own })], B, base: both, settings: lined }).operations).toEqual([
      edit('A', doc(paragraph('Maria:'), paragraph('y'))),
    ]);
    // With author lines off, the paragraph is the author's and stays, too.
    const plain = [copy({ body: doc(paragraph('Maria:'), paragraph('y')) })];
    expect(plan({ A: [original({ body: own })], B: plain, base: copied(own) }).operations).toEqual([
      edit('A', doc(paragraph('Maria:'), paragraph('y'))),
    ]);
  });

  it('[K4] a line from before author lines were switched off does not reach the original', () => {
    const B = [copy({ body: doc(AUTHOR, paragraph('y')) })];
    expect(plan({ A: [original('x')], B, base }).operations).toEqual([edit('A', 'y')]);
  });
});

describe('restricted comments', () => {
  const restricted = original({ body: 'secret', restricted: true });

  it.each<[string, Case]>([
    ['a new one', { A: [restricted] }],
    ['one that was restricted after it was copied, then edited', { A: [restricted], B: [copy('x')], base: copied('x') }],
    [
      'one that parked before it was restricted',
      { A: [restricted], base: parkedBase(null, 'too-large', 0, { A: print('x'), B: null }) },
    ],
  ])('[K5] %s never leaves its site', (_, given) => {
    expect(plan(given)).toMatchObject({ operations: [], notes: [] });
  });

  it('[K5] not even when its copy was deleted and it was edited since', () => {
    const kept = plan({ A: [restricted], base: copied('x') });
    expect(kept).toMatchObject({ operations: [], notes: [{ outcome: 'declined', source: 'B', cause: 'restricted-comment' }] });
    const base = kept.bases.get(PIECE) ?? copied('x');
    expect(plan({ A: [restricted], base })).toMatchObject(nothing);
  });

  it('[K5] a copy that was restricted keeps its words to itself, and still takes those of the original', () => {
    expect(plan({ A: [original('x')], B: [copy({ body: 'secret', restricted: true })], base: copied('x') }).operations).toEqual(
      [],
    );
    expect(plan({ A: [original('y')], B: [copy({ body: 'x', restricted: true })], base: copied('x') }).operations).toEqual([
      edit('B', 'y'),
    ]);
  });

  it('[K5] once the restriction is lifted, what was written meanwhile is carried', () => {
    const A = [original('no longer secret')];
    expect(plan({ A, B: [copy('x')], base: copied('x') }).operations).toEqual([edit('B', 'no longer secret')]);
    expect(plan({ A }).operations).toEqual([create('B', 'no longer secret')]);
  });
});

describe('deleted comments', () => {
  it.each<[string, Case, object[]]>([
    ['the original', { B: [copy('x')] }, [remove('B')]],
    ['the copy', { A: [original('x')] }, [remove('A')]],
  ])('[K6] %s was deleted: the other goes, too', (_, given, operations) => {
    const deleted = plan({ ...given, base: copied('x') });
    expect(deleted.operations).toEqual(operations);
    expect(deleted.bases.get(PIECE)).toBeNull();
  });

  it('[K6] against the direction the other stays, and that is said once', () => {
    const settings = { direction: 'A-to-B' } as const;
    const kept = plan({ A: [original('x')], base: copied('x'), settings });
    expect(kept).toMatchObject({ operations: [], notes: [{ outcome: 'declined', source: 'B', cause: 'direction' }] });
    const base = kept.bases.get(PIECE) ?? copied('x');
    expect(plan({ A: [original('x')], base, settings })).toMatchObject(nothing);
    expect(plan({ A: [original('y')], base, settings }).operations).toEqual([create('B', 'y')]);
  });

  it('[K6] an edited copy whose original was deleted stays where edits do not flow back, and that is said', () => {
    const kept = plan({ B: [copy('y')], base: copied('x'), settings: { direction: 'A-to-B' } });
    expect(kept).toMatchObject({ operations: [], notes: [{ outcome: 'declined', source: 'A', cause: 'direction' }] });
    const base = kept.bases.get(PIECE) ?? copied('x');
    expect(plan({ B: [copy('y')], base, settings: { direction: 'A-to-B' } })).toMatchObject(nothing);
  });

  it.each<[string, Case, object[]]>([
    ['the original', { A: [original('y')] }, [create('B', 'y')]],
    ['the copy', { B: [copy('y')] }, [create('A', 'y')]],
  ])('[K7] %s was edited after the other was deleted: it is copied again', (_, given, operations) => {
    expect(plan({ ...given, base: copied('x') }).operations).toEqual(operations);
  });

  it('[K7] a comment made anew at its origin goes on as one piece, its author line now plain words', () => {
    const settings = { authorLine: true };
    const B = [copy({ body: doc(AUTHOR, paragraph('y')) })];
    const again = plan({ B, base: copied('x', doc(AUTHOR, paragraph('x'))), settings });
    expect(again.operations).toEqual([create('A', doc(AUTHOR, paragraph('y')))]);
    const A = [buildComment({ commentId: '2', authorName: 'Tandem', body: doc(AUTHOR, paragraph('y')) })];
    const planned = again.bases.get(PIECE);
    if (planned == null) throw new Error('The piece must be kept');
    const base = { ...planned, comments: { A: commentId('2'), B: commentId('101') } };
    expect(plan({ A, B, base, settings })).toMatchObject(nothing);
  });

  it('[K8] one that is gone on both sides is forgotten', () => {
    const forgotten = plan({ base: copied('x') });
    expect(forgotten.operations).toEqual([]);
    expect(forgotten.bases).toEqual(new Map([[PIECE, null]]));
    expect(plan({ base: parkedBase(null, 'too-large', 0, { A: 'seen', B: null }) }).bases).toEqual(new Map([[PIECE, null]]));
  });
});

describe('parked comments', () => {
  it.each<[string, PieceBase, readonly Comment[], readonly Comment[], object]>([
    ['a new one', parkedBase(null, 'too-large', NOW, { A: print('y'), B: null }), [original('y')], [], create('B', 'y')],
    [
      'an edit',
      parkedBase(copied('x'), 'too-large', NOW, { A: print('y'), B: print('x') }),
      [original('y')],
      [copy('x')],
      edit('B', 'y'),
    ],
    ['a deletion', parkedBase(copied('x'), 'forbidden', NOW, { A: null, B: print('x') }), [], [copy('x')], remove('B')],
    [
      'one copied again',
      parkedBase(copied('x'), 'too-large', NOW, { A: print('y'), B: null }),
      [original('y')],
      [],
      create('B', 'y'),
    ],
  ])('[R3] %s rests with the same content, and only for ten minutes', (_, base, A, B, operation) => {
    expect(plan({ A, B, base }).operations).toEqual([]);
    expect(plan({ A, B, base, now: NOW + PARKED_REST_MS - 1 }).operations).toEqual([]);
    expect(plan({ A, B, base, now: NOW + PARKED_REST_MS }).operations).toEqual([operation]);
  });

  it('[R3] changed content is tried at once', () => {
    const base = parkedBase(null, 'too-large', NOW, { A: print('y'), B: null });
    expect(plan({ A: [original('short')], base }).operations).toEqual([create('B', 'short')]);
  });

  it('[R3] an edit that was taken back is released', () => {
    const base = parkedBase(copied('x'), 'too-large', NOW, { A: print('y'), B: print('x') });
    expect(plan({ A: [original('x')], B: [copy('x')], base }).bases.get(PIECE)).toEqual(copied('x'));
  });

  it('[R3] what an attempt looked at is what the next turn compares with', () => {
    expect(plan({ A: [original('x')] }).seen.get(PIECE)).toEqual({ A: print('x'), B: null });
    expect(plan({ B: [copy('x')], base: copied('x') }).seen.get(PIECE)).toEqual({ A: null, B: print('x') });
  });
});
