import { describe, expect, it } from '@jest/globals';
import {
  buildComment,
  buildConfiguration,
  buildItem,
  buildMapping,
  commentId,
  fieldId,
  fingerprint,
  type ValueSketch,
} from '../../test/factories/core.ts';
import type { PieceKey } from './ids.ts';
import type { Item } from './item.ts';
import { sentPrint } from './loose-print.ts';
import { fingerprintStatus, fingerprintValue, normalRich } from './normal-form.ts';
import { commentPiece, fieldPiece, type PieceBase, parkedBase, STATUS_PIECE, synchronizedBase } from './piece.ts';
import { showsAgreed } from './shows-agreed.ts';
import type { Side } from './side.ts';

const SUMMARY = fieldPiece(fieldId('summary'));
const LABELS = fieldPiece(fieldId('labels'));
const DUE = fieldPiece(fieldId('duedate'));
const COMMENT = commentPiece('A', commentId('1'));

const agreedItem = buildItem({ fields: { summary: 'As it was', labels: ['one', 'two'] }, comments: [buildComment()] });
const configuration = buildConfiguration({
  fields: ['summary', 'labels', 'duedate'],
  status: { direction: 'both', conflict: 'newest', map: [] },
  comments: { direction: 'A-to-B', authorLine: true },
});

const printOf = (item: Item, field: string): string | null => {
  const value = item.fields.get(fieldId(field));
  return value === undefined ? null : fingerprintValue(value, fingerprint);
};

/** The bases of a pair whose side A shows `agreedItem`. */
const bases = (changes: readonly (readonly [PieceKey, PieceBase | null])[] = []): ReadonlyMap<PieceKey, PieceBase> => {
  const entries: [PieceKey, PieceBase | null][] = [
    [SUMMARY, synchronizedBase({ A: printOf(agreedItem, 'summary'), B: 'b' })],
    [LABELS, synchronizedBase({ A: printOf(agreedItem, 'labels'), B: 'b' })],
    [STATUS_PIECE, synchronizedBase({ A: fingerprintStatus(agreedItem.status, fingerprint), B: 'b' })],
    [
      COMMENT,
      synchronizedBase({ A: fingerprint(normalRich(buildComment().body)), B: 'b' }, { A: commentId('1'), B: commentId('9') }),
    ],
    ...changes.map(([piece, base]): [PieceKey, PieceBase | null] => [piece, base]),
  ];
  return new Map([...new Map(entries)].flatMap(([piece, base]) => (base === null ? [] : [[piece, base] as const])));
};

const ask = (item: Item, known = bases(), given: Partial<{ side: Side; configuration: typeof configuration }> = {}): boolean =>
  showsAgreed({ item, side: 'A', bases: known, configuration, fingerprint, ...given });

const withComments = (...comments: Parameters<typeof buildComment>[0][]): Item => ({
  ...agreedItem,
  comments: comments.map(buildComment),
});
const withFields = (fields: Readonly<Record<string, ValueSketch>>): Item =>
  buildItem({ fields: { summary: 'As it was', labels: ['one', 'two'], ...fields }, comments: [buildComment()] });

describe('[H3] an item shows what was agreed', () => {
  const parkedAt = (piece: PieceKey, before: string | null, seen: string | null): readonly [PieceKey, PieceBase] => [
    piece,
    parkedBase(synchronizedBase({ A: before, B: 'b' }), 'field-refused', 1, { A: seen, B: 'b' }),
  ];
  const edited = withFields({ summary: 'Edited' });

  it.each<{ title: string; item: Item; known?: ReadonlyMap<PieceKey, PieceBase>; agreed: boolean }>([
    { title: 'when nothing changed', item: agreedItem, agreed: true },
    { title: 'not when a field changed', item: edited, agreed: false },
    { title: 'not when a label came', item: withFields({ labels: ['one', 'two', 'three'] }), agreed: false },
    { title: 'when the order of labels changed', item: withFields({ labels: ['two', 'one'] }), agreed: true },
    { title: 'not when a field is offered that was not', item: withFields({ duedate: null }), agreed: false },
    {
      title: 'when an offered field is as empty as it was',
      item: withFields({ duedate: null }),
      known: bases([[DUE, synchronizedBase({ A: fingerprint('empty'), B: 'b' })]]),
      agreed: true,
    },
    {
      title: 'not when a field is not offered any more',
      item: buildItem({ fields: { summary: 'As it was' }, comments: [buildComment()] }),
      agreed: false,
    },
    { title: 'not when the status changed', item: { ...agreedItem, status: { id: 'Done', name: 'Done' } }, agreed: false },
    { title: 'not when a piece was never agreed on', item: agreedItem, known: bases([[SUMMARY, null]]), agreed: false },
    { title: 'not when the status was never agreed on', item: agreedItem, known: bases([[STATUS_PIECE, null]]), agreed: false },
    {
      title: 'when a parked piece shows what its attempt saw',
      item: edited,
      known: bases([parkedAt(SUMMARY, 'other', printOf(edited, 'summary'))]),
      agreed: true,
    },
    {
      title: 'not when a parked piece shows again what was agreed',
      item: agreedItem,
      known: bases([parkedAt(SUMMARY, printOf(agreedItem, 'summary'), 'other')]),
      agreed: false,
    },
    {
      title: 'when it shows what was sent and not seen since',
      item: agreedItem,
      known: bases([[SUMMARY, synchronizedBase({ A: sentPrint({ kind: 'text', text: 'As it was' }, fingerprint), B: 'b' })]]),
      agreed: true,
    },
    { title: 'not when a comment changed', item: withComments({ body: 'Edited' }), agreed: false },
    { title: 'not when a comment is gone', item: withComments(), agreed: false },
    { title: 'not when a comment came', item: withComments({}, { commentId: '2' }), agreed: false },
    { title: 'when a restricted comment came', item: withComments({}, { commentId: '2', restricted: true }), agreed: true },
    {
      title: 'when a known comment is restricted, whatever it says',
      item: withComments({ body: 'Edited', restricted: true }),
      agreed: true,
    },
    {
      title: 'when a comment parked before it was copied is as it was then',
      item: agreedItem,
      known: bases([[COMMENT, parkedBase(null, 'too-large', 1, { A: fingerprint(normalRich(buildComment().body)), B: null })]]),
      agreed: true,
    },
    {
      title: 'when a comment is gone whose deletion could not be carried',
      item: withComments(),
      known: bases([
        [
          COMMENT,
          parkedBase(synchronizedBase({ A: 'a', B: 'b' }, { A: commentId('1'), B: commentId('9') }), 'forbidden', 1, {
            A: null,
            B: 'b',
          }),
        ],
      ]),
      agreed: true,
    },
  ])('$title', ({ item, known, agreed }) => {
    expect(ask(item, known)).toBe(agreed);
  });

  it('looks at each side’s own fingerprints', () => {
    const known = bases([[SUMMARY, synchronizedBase({ A: 'a', B: printOf(agreedItem, 'summary') })]]);
    const onB = { ...configuration, fields: [buildMapping('summary')], status: null, comments: null };
    expect([ask(agreedItem, known, { side: 'B', configuration: onB }), ask(agreedItem, known, { configuration: onB })]).toEqual([
      true,
      false,
    ]);
  });

  it('does not miss new comments on a side from which none flow', () => {
    const onB = buildItem({ comments: [buildComment({ commentId: '77' })] });
    const commentsOnly = { ...configuration, fields: [], status: null };
    expect(ask(onB, new Map(), { side: 'B', configuration: commentsOnly })).toBe(true);
    expect(ask(onB, new Map(), { side: 'A', configuration: commentsOnly })).toBe(false);
  });

  it('asks for nothing that is not synchronized', () => {
    const nothing = { ...configuration, fields: [], status: null, comments: null };
    expect(ask(buildItem({ fields: { summary: 'Other' } }), new Map(), { configuration: nothing })).toBe(true);
  });
});
