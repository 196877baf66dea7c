import fc from 'fast-check';
import type { Configuration, FieldMapping } from '../../app/core/configuration.ts';
import type { PieceKey } from '../../app/core/ids.ts';
import type { AdfNode, Comment, FieldValue, Item } from '../../app/core/item.ts';
import { fingerprintStatus, fingerprintValue, normalRich } from '../../app/core/normal-form.ts';
import {
  commentPiece,
  fieldPiece,
  originOfComment,
  type PieceBase,
  parkedBase,
  STATUS_PIECE,
  synchronizedBase,
} from '../../app/core/piece.ts';
import type { Direction, Side, Sides } from '../../app/core/side.ts';
import { buildComment, buildItem, commentId, doc, fieldId, fingerprint, media, mention, paragraph, text } from './core.ts';

/** Arbitrary states of a pair: any contents, any memory of them, any configuration, whether they fit together or not. */

const direction = fc.constantFrom<Direction>('both', 'both', 'A-to-B', 'B-to-A');
const conflict = fc.constantFrom('newest' as const, 'A' as const, 'B' as const, 'ask' as const);

const documents: readonly AdfNode[] = [
  doc(),
  doc(paragraph('x')),
  doc(paragraph('Hi @Ann'), paragraph(text('[file: a.png]', 'em'))),
  doc(paragraph('Hi ', mention('Ann')), media('a.png')),
  doc(paragraph('Bye ', mention('Ann'))),
];
const LABELS = ['a', 'A', 'b', 'c'];

const values: Readonly<Record<string, (site: Side) => fc.Arbitrary<FieldValue>>> = {
  summary: () =>
    fc.constantFrom('', 'x', 'y', 'y ').map((words) => (words === '' ? { kind: 'empty' } : { kind: 'text', text: words })),
  description: () =>
    fc.oneof(
      fc.constant<FieldValue>({ kind: 'empty' }),
      fc.constantFrom(...documents).map((document): FieldValue => ({ kind: 'rich', document })),
    ),
  labels: () => fc.subarray(LABELS).map((members) => ({ kind: 'set', members })),
  priority: (site) => fc.constantFrom('High', 'Low').map((name) => ({ kind: 'option', id: `${site}-${name}`, name })),
};
export const FIELDS = Object.keys(values);
export const arbitraryValue = (field: string, site: Side): fc.Arbitrary<FieldValue> =>
  values[field]?.(site) ?? fc.constant({ kind: 'empty' });

export const STATUSES = ['To Do', 'In Progress', 'In Review', 'Done', 'Weird'];
export const STATUS_MAP = [
  { A: 'To Do', B: 'To Do' },
  { A: 'In Progress', B: 'In Progress' },
  { A: 'In Review', B: 'In Progress' },
  { A: 'Done', B: 'Done' },
  { A: 'Done', B: 'In Review' },
];

const arbitraryConfiguration: fc.Arbitrary<Configuration> = fc.record({
  types: fc.constant([]),
  fields: fc.tuple(
    ...FIELDS.map((field): fc.Arbitrary<FieldMapping> => fc.record({ field: fc.constant(fieldId(field)), direction, conflict })),
  ),
  status: fc.option(fc.record({ direction, conflict, map: fc.constant(STATUS_MAP) })),
  comments: fc.option(fc.record({ direction, authorLine: fc.boolean() })),
  strict: fc.constant(false),
});

/** Times are odd at A and even at B, so that there are no ties. */
const timeAt = (site: Side) => fc.nat(20).map((time) => 2 * time + (site === 'A' ? 1 : 2));
const numbers = [1, 2, 3];
const idAt = (site: Side, number: number): string => String(site === 'A' ? number : 100 + number);

const arbitraryComments = (site: Side): fc.Arbitrary<readonly Comment[]> =>
  fc
    .tuple(
      ...numbers.map((number) =>
        fc.option(
          fc.record({ body: fc.constantFrom(...documents), updatedAt: timeAt(site), restricted: fc.boolean() }).map((sketch) =>
            // No two comments were made at one moment: their order would be a tie.
            buildComment({
              commentId: idAt(site, number),
              createdAt: 10 * number + (site === 'A' ? 1 : 2),
              authorName: 'Maria',
              ...sketch,
            }),
          ),
        ),
      ),
    )
    .map((comments) => comments.filter((comment) => comment !== null));

const arbitraryItem = (site: Side): fc.Arbitrary<Item> =>
  fc
    .record({
      status: fc.constantFrom(...STATUSES),
      fields: fc.tuple(...FIELDS.map((field) => fc.option(arbitraryValue(field, site), { freq: 9 }))),
      times: fc.tuple(...[...FIELDS, 'status'].map(() => timeAt(site))),
      comments: arbitraryComments(site),
    })
    .map(({ status, fields, times, comments }) =>
      buildItem({
        site: `${site}-`,
        status,
        fields: Object.fromEntries(FIELDS.flatMap((field, at) => (fields[at] == null ? [] : [[field, fields[at]]]))),
        changedAt: Object.fromEntries([...FIELDS, 'status'].map((field, at) => [field, times[at] ?? 0])),
        comments,
      }),
    );

const parkedOrNot = (base: PieceBase): fc.Arbitrary<PieceBase> =>
  fc.constantFrom(
    base,
    base,
    parkedBase(base, 'field-refused', 9_999, base.fingerprints),
    parkedBase(null, 'field-refused', 0, base.fingerprints),
    ...askedAbout(base),
  );

/** Questions to a person, answered or not. */
const askedAbout = (base: PieceBase): readonly PieceBase[] =>
  [undefined, 'A' as const, 'B' as const].map((decided) => ({
    ...parkedBase(null, 'conflict-undecided', 9_999, base.fingerprints),
    state: {
      kind: 'parked',
      cause: 'conflict-undecided',
      since: 9_999,
      seen: base.fingerprints,
      ...(decided === undefined ? {} : { decided }),
    },
  }));

const arbitraryFieldBase = (field: string): fc.Arbitrary<PieceBase> =>
  fc
    .tuple(fc.option(arbitraryValue(field, 'A'), { freq: 9 }), fc.option(arbitraryValue(field, 'B'), { freq: 9 }))
    .map(([A, B]) => synchronizedBase({ A: A && fingerprintValue(A, fingerprint), B: B && fingerprintValue(B, fingerprint) }));

const arbitraryStatusBase = fc.tuple(fc.constantFrom(...STATUSES), fc.constantFrom(...STATUSES)).map(([A, B]) =>
  synchronizedBase({
    A: fingerprintStatus({ id: `A-${A}` }, fingerprint),
    B: fingerprintStatus({ id: `B-${B}` }, fingerprint),
  }),
);

const print = (document: AdfNode | null): string | null => (document === null ? null : fingerprint(normalRich(document)));
const arbitraryCommentBase = (number: number): fc.Arbitrary<PieceBase> => {
  const body = fc.option(fc.constantFrom(...documents), { freq: 9 });
  const known = (site: Side) => fc.option(fc.constant(commentId(idAt(site, number))), { freq: 5 });
  return fc
    .tuple(body, body, known('A'), known('B'))
    .map(([a, b, A, B]) => synchronizedBase({ A: print(a), B: print(b) }, { A, B }));
};

const arbitraryBases: fc.Arbitrary<ReadonlyMap<PieceKey, PieceBase>> = fc
  .tuple(
    ...[
      ...FIELDS.map((field) => [fieldPiece(fieldId(field)), arbitraryFieldBase(field)] as const),
      [STATUS_PIECE, arbitraryStatusBase] as const,
      ...numbers.map((number) => [commentPiece('A', commentId(idAt('A', number))), arbitraryCommentBase(number)] as const),
    ].map(([piece, base]) =>
      fc.option(
        base.chain(parkedOrNot).map((made) => [piece, made] as const),
        { freq: 3 },
      ),
    ),
  )
  .map((entries) => new Map(entries.filter((entry) => entry !== null)));

export interface PairState {
  readonly configuration: Configuration;
  readonly items: Sides<Item>;
  readonly bases: ReadonlyMap<PieceKey, PieceBase>;
}

export const arbitraryPairState: fc.Arbitrary<PairState> = fc
  .record({
    configuration: arbitraryConfiguration,
    items: fc.record({ A: arbitraryItem('A'), B: arbitraryItem('B') }),
    bases: arbitraryBases,
  })
  .map((state) => ({ ...state, bases: withoutOrphans(state) }));

/** A piece may have lost sight of the comment that it is named after only when that comment is no more. */
const withoutOrphans = ({ items, bases }: PairState): PairState['bases'] =>
  new Map(
    [...bases].filter(([piece, base]) => {
      if (base.comments == null || base.comments.A !== null) return true;
      return !items.A.comments.some((comment) => comment.commentId === originOfComment(piece).commentId);
    }),
  );
