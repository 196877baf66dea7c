import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  buildConfiguration,
  buildItem,
  buildMapping,
  buildValue,
  commentId,
  doc,
  fieldId,
  mention,
  paragraph,
} from '../../test/factories/core.ts';
import { arbitraryValue, FIELDS, STATUS_MAP, STATUSES } from '../../test/factories/pair-states.ts';
import { adfDocument, storedByEditor } from '../../test/factories/rich-text.ts';
import { SimulatedPair } from '../../test/factories/simulated-pair.ts';
import { runs } from '../../test/property-runs.ts';
import { plainText, toPortable } from './document.ts';
import type { AdfNode, FieldValue } from './item.ts';
import { STATUS_PIECE } from './piece.ts';
import type { Direction, Side } from './side.ts';
import { SIDES } from './side.ts';
import { sameAcross, translateStatus } from './translate.ts';

/**
 * Random histories: people edit both sides at any moment, turns come in between. When the people are done, one turn and a look
 * must be enough to come to rest, with both sides equal wherever content flows both ways.
 */

type Step =
  | { readonly kind: 'turn' }
  | { readonly kind: 'field'; readonly side: Side; readonly field: string; readonly value: FieldValue }
  | { readonly kind: 'text'; readonly side: Side; readonly edit: (document: AdfNode) => AdfNode }
  | { readonly kind: 'status'; readonly side: Side; readonly name: string }
  | { readonly kind: 'comment'; readonly side: Side; readonly words: string }
  | { readonly kind: 'edit'; readonly side: Side; readonly which: number; readonly words: string; readonly keepFirst: boolean }
  | { readonly kind: 'restrict'; readonly side: Side; readonly which: number }
  | { readonly kind: 'delete'; readonly side: Side; readonly which: number };

const DESCRIPTION = fieldId('description');
const side = fc.constantFrom<Side>('A', 'B');
const turn: fc.Arbitrary<Step> = fc.constant({ kind: 'turn' });
const words = fc.constantFrom('one', 'two', 'three');
const which = fc.nat(5);

const setField: fc.Arbitrary<Step> = fc
  .tuple(side, fc.constantFrom(...FIELDS))
  .chain(([at, field]) => arbitraryValue(field, at).map((value) => ({ kind: 'field', side: at, field, value })));

/** What people do to a text: write it anew, add in front or behind, cut the first part, mention somebody. */
const editText: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('text' as const),
  side,
  edit: fc.oneof(
    adfDocument.map((document) => () => document),
    words.map((more) => (document: AdfNode) => doc(paragraph(more), ...(document.content ?? []))),
    words.map((more) => (document: AdfNode) => doc(...(document.content ?? []), paragraph(more, ' ', mention('Ann', more)))),
    fc.constant((document: AdfNode) => doc(...(document.content ?? []).slice(1))),
  ),
});
const setStatus: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('status' as const),
  side,
  name: fc.constantFrom(...STATUSES),
});
const commentSteps: readonly fc.Arbitrary<Step>[] = [
  fc.record({ kind: fc.constant('comment' as const), side, words }),
  fc.record({ kind: fc.constant('edit' as const), side, which, words, keepFirst: fc.boolean() }),
  fc.record({ kind: fc.constant('delete' as const), side, which }),
];
const history = (...steps: readonly fc.Arbitrary<Step>[]) => fc.array(fc.oneof(turn, ...steps), { maxLength: 14 });

function perform(pair: SimulatedPair, step: Step): void {
  switch (step.kind) {
    case 'turn':
      pair.turn();
      return;
    case 'field':
      pair.setField(step.side, fieldId(step.field), step.value);
      return;
    case 'text': {
      const present = fieldOf(pair, step.side, 'description');
      pair.setField(step.side, DESCRIPTION, {
        kind: 'rich',
        document: step.edit(present.kind === 'rich' ? present.document : doc()),
      });
      return;
    }
    case 'status':
      pair.setStatus(step.side, step.name);
      return;
    case 'comment':
      pair.addComment(step.side, doc(paragraph(step.words)), step.side === 'A' ? 'Maria' : 'Jonas');
      return;
    case 'edit':
    case 'restrict':
    case 'delete':
      changeComment(pair, step);
  }
}

function changeComment(pair: SimulatedPair, step: Step & { readonly kind: 'edit' | 'restrict' | 'delete' }): void {
  const { comments } = pair.items[step.side];
  const comment = comments[step.which % Math.max(comments.length, 1)];
  if (comment === undefined) return;
  if (step.kind === 'delete') pair.deleteComment(step.side, comment.commentId);
  else if (step.kind === 'restrict') {
    pair.changeComment(step.side, comment.commentId, { restricted: true, body: doc(paragraph('secret')) });
  } else {
    const first = step.keepFirst ? (comment.body.content ?? []).slice(0, 1) : [];
    pair.changeComment(step.side, comment.commentId, { body: doc(...first, paragraph(step.words)) });
  }
}

/** Without what each side shows in its own way. */
const shownWords = (document: AdfNode): string => plainText(toPortable(document)).replaceAll(/\s/g, '');
const commentsOf = (pair: SimulatedPair, at: Side): readonly string[] =>
  pair.items[at].comments.map(({ body }) => shownWords(body).replace(/^(Maria|Jonas):/, '')).sort();
const fieldOf = (pair: SimulatedPair, at: Side, field: string): FieldValue =>
  pair.items[at].fields.get(fieldId(field)) ?? { kind: 'empty' };

const noFields = Object.fromEntries(FIELDS.map((field) => [field, field === 'labels' ? [] : null]));
const freshItems = () => ({ A: buildItem({ site: 'A-', fields: noFields }), B: buildItem({ site: 'B-', fields: noFields }) });

describe('random histories', () => {
  it('[P1] [F4] [G2] fields come to rest in one turn, equal on both sides', () => {
    fc.assert(
      fc.property(history(setField, setField), (steps) => {
        const pair = new SimulatedPair(buildConfiguration({ fields: FIELDS }), freshItems());
        for (const step of steps) perform(pair, step);
        expect(pair.settle()).toBeLessThanOrEqual(1);
        for (const field of FIELDS)
          expect([field, sameAcross(fieldOf(pair, 'A', field), fieldOf(pair, 'B', field))]).toEqual([field, true]);
      }),
      runs(500),
    );
  });

  it('[P1] [D3] rich text comes to rest in one turn with the same words, however Jira stores it', () => {
    fc.assert(
      fc.property(history(editText, editText), fc.boolean(), (steps, asEditor) => {
        const habits = { reshape: (document: AdfNode) => (asEditor ? storedByEditor(document) : document) };
        const pair = new SimulatedPair(buildConfiguration({ fields: ['description'] }), freshItems(), new Map(), habits);
        for (const step of steps) perform(pair, step);
        expect(pair.settle()).toBeLessThanOrEqual(1);
        const [a, b] = SIDES.map((at) => fieldOf(pair, at, 'description'));
        expect(a?.kind === 'rich' ? shownWords(a.document) : '').toBe(b?.kind === 'rich' ? shownWords(b.document) : '');
      }),
      runs(500),
    );
  });

  it('[P1] [T1] [T2] the status comes to rest in one turn, where the map says, or parks', () => {
    fc.assert(
      fc.property(
        history(setStatus, setStatus),
        fc.constantFrom('newest' as const, 'A' as const, 'B' as const),
        (steps, conflict) => {
          const configuration = buildConfiguration({ status: { direction: 'both', conflict, map: STATUS_MAP } });
          const pair = new SimulatedPair(configuration, freshItems());
          for (const step of steps) perform(pair, step);
          expect(pair.settle()).toBeLessThanOrEqual(1);
          const { A, B } = pair.items;
          const fits =
            translateStatus(configuration, A.status.name, 'A') === B.status.name ||
            translateStatus(configuration, B.status.name, 'B') === A.status.name;
          const parked = pair.bases.get(STATUS_PIECE)?.state.kind === 'parked';
          expect(fits || parked).toBe(true);
          if (parked) expect(SIDES.some((at) => pair.items[at].status.name === 'Weird')).toBe(true);
        },
      ),
      runs(500),
    );
  });

  it('[P1] [K1] [K2] [K6] [K7] [K8] comments come to rest in one turn, each one on both sides', () => {
    fc.assert(
      fc.property(history(...commentSteps), fc.boolean(), (steps, authorLine) => {
        const pair = new SimulatedPair(buildConfiguration({ comments: { direction: 'both', authorLine } }), freshItems());
        for (const step of steps) perform(pair, step);
        expect(pair.settle()).toBeLessThanOrEqual(1);
        expect(commentsOf(pair, 'A')).toEqual(commentsOf(pair, 'B'));
        expect([...pair.bases.keys()]).toHaveLength(pair.items.A.comments.length);
      }),
      runs(1000),
    );
  });

  it('[K5] what is written in restricted comments is never read on the other side', () => {
    const restrict: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('restrict' as const), side, which });
    fc.assert(
      fc.property(history(...commentSteps, restrict), (steps) => {
        const pair = new SimulatedPair(buildConfiguration({ comments: { direction: 'both', authorLine: true } }), freshItems());
        for (const step of steps) {
          perform(pair, step);
          for (const at of SIDES) {
            const open = pair.items[at].comments.filter((comment) => !comment.restricted);
            expect(open.filter(({ body, authorId }) => authorId === 'Tandem' && shownWords(body).includes('secret'))).toEqual([]);
          }
        }
        expect(pair.settle()).toBeLessThanOrEqual(1);
      }),
      runs(500),
    );
  });

  it.each<[Direction, Side]>([
    ['A-to-B', 'B'],
    ['B-to-A', 'A'],
  ])('[F6] [G3] [K6] %s: no history ever writes to any side but %s', (direction, target) => {
    const configuration = buildConfiguration({
      fields: FIELDS.map((field) => buildMapping(field, { direction })),
      status: { direction, conflict: 'newest', map: STATUS_MAP },
      comments: { direction, authorLine: true },
    });
    fc.assert(
      fc.property(history(setField, setStatus, ...commentSteps), (steps) => {
        const pair = new SimulatedPair(configuration, freshItems());
        for (const step of steps) {
          for (const operation of pair.plan().operations) expect(operation.target).toBe(target);
          perform(pair, step);
        }
        expect(pair.settle()).toBeLessThanOrEqual(1);
      }),
      runs(300),
    );
  });

  it('[F1] rapid edits of one field on both sides end in one value, and echoes never write', () => {
    const pair = new SimulatedPair(buildConfiguration({ fields: ['summary'] }), freshItems());
    for (let round = 0; round < 10; round++) {
      pair.setField('A', fieldId('summary'), buildValue(`a${round}`));
      pair.setField('B', fieldId('summary'), buildValue(`b${round}`));
      expect(pair.turn().operations).toHaveLength(1);
      expect(pair.turn().operations).toEqual([]);
      expect(fieldOf(pair, 'A', 'summary')).toEqual(buildValue(`b${round}`));
    }
  });

  it('[K7] a comment copied anew goes on being edited and deleted on both sides', () => {
    const pair = new SimulatedPair(buildConfiguration({ comments: { direction: 'both', authorLine: true } }), freshItems());
    const id = pair.addComment('A', doc(paragraph('one')), 'Maria');
    pair.turn();
    pair.deleteComment('A', id);
    const copyId = pair.items.B.comments[0]?.commentId ?? commentId('');
    pair.changeComment('B', copyId, { body: doc(paragraph('two')) });
    pair.turn();
    expect(commentsOf(pair, 'A')).toEqual(['two']);
    const newId = pair.items.A.comments[0]?.commentId ?? commentId('');
    pair.changeComment('A', newId, { body: doc(paragraph('three')) });
    pair.turn();
    expect(commentsOf(pair, 'B')).toEqual(['three']);
    pair.deleteComment('B', copyId);
    pair.settle();
    expect([pair.items.A.comments, pair.items.B.comments, pair.bases.size]).toEqual([[], [], 0]);
  });
});
