import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildConfiguration, fieldId } from '../../test/factories/core.ts';
import { runs } from '../../test/property-runs.ts';
import type { Configuration } from './configuration.ts';
import type { ProjectId } from './ids.ts';
import type { SpaceShape } from './item.ts';
import { OFFER_ALL, type Offer, offeredShape, withholdUnoffered } from './offer.ts';
import { type Direction, flowsFrom, SIDES, type Side, type Sides } from './side.ts';

const FIELDS = ['summary', 'priority', 'labels'];
const directions = fc.constantFrom<Direction>('both', 'A-to-B', 'B-to-A');
const conflict = fc.constantFrom('newest' as const, 'A' as const, 'B' as const, 'ask' as const);

const configurations: fc.Arbitrary<Configuration> = fc
  .record({
    fields: fc
      .subarray(FIELDS)
      .chain((names) =>
        fc.tuple(...names.map((name) => fc.record({ field: fc.constant(fieldId(name)), direction: directions, conflict }))),
      ),
    status: fc.option(fc.record({ direction: directions, conflict, map: fc.constant([{ A: 'Done', B: 'Closed' }]) })),
    comments: fc.option(fc.record({ direction: directions, authorLine: fc.boolean() })),
    direction: directions,
  })
  .map(({ fields, status, comments, direction }) =>
    buildConfiguration({
      types: [
        { types: { A: { id: '1', name: 'Bug' }, B: { id: '7', name: 'Defect' } }, direction },
        { types: { A: { id: '2', name: 'Task' }, B: { id: '8', name: 'Task' } }, direction },
      ],
      fields,
      status,
      comments,
    }),
  );
const offer: fc.Arbitrary<Offer> = fc.record({
  types: fc.option(fc.subarray(['1', '2', '7', '8'])),
  fields: fc.option(fc.subarray(FIELDS).map((names) => names.map(fieldId))),
  status: fc.boolean(),
  comments: fc.boolean(),
  authors: fc.boolean(),
});
const offers: fc.Arbitrary<Sides<Offer>> = fc.record({ A: offer, B: offer });

/** What flows away from a side: names of parts. */
const leaving = ({ fields, status, comments }: Configuration, side: Side): readonly string[] => [
  ...fields.filter(({ direction }) => flowsFrom(side, direction)).map(({ field }) => String(field)),
  ...(status !== null && flowsFrom(side, status.direction) ? ['status'] : []),
  ...(comments !== null && flowsFrom(side, comments.direction) ? ['comments'] : []),
];

const offered = (side: Offer, part: string): boolean => {
  if (part === 'status') return side.status;
  if (part === 'comments') return side.comments;
  return part === 'summary' || side.fields === null || side.fields.some((field) => field === part);
};

describe('what a side does not offer', () => {
  it('[C2] never leaves it, and all else flows as agreed', () => {
    fc.assert(
      fc.property(configurations, offers, (agreed, both) => {
        const carried = withholdUnoffered(agreed, both);
        for (const side of SIDES)
          expect(leaving(carried, side)).toEqual(leaving(agreed, side).filter((part) => offered(both[side], part)));
      }),
      runs(100),
    );
  });

  it('[C3] keeps items of such a work type out, in both directions', () => {
    fc.assert(
      fc.property(configurations, offers, (agreed, both) => {
        const gives = (side: Side, id: string): boolean => both[side].types?.includes(id) ?? true;
        expect(withholdUnoffered(agreed, both).types).toEqual(
          agreed.types.filter(({ types }) => gives('A', types.A.id) && gives('B', types.B.id)),
        );
      }),
      runs(100),
    );
  });

  it('[C4] leaves the authors of that side unnamed', () => {
    const agreed = buildConfiguration({ comments: { direction: 'both', authorLine: true } });
    const carried = withholdUnoffered(agreed, { A: { ...OFFER_ALL, authors: false }, B: OFFER_ALL });
    expect(carried.comments).toEqual({ direction: 'both', authorLine: true, anonymous: ['A'] });
  });

  it('[C1] is nothing until somebody says so', () => {
    fc.assert(
      fc.property(configurations, (agreed) => {
        expect(withholdUnoffered(agreed, { A: OFFER_ALL, B: OFFER_ALL })).toEqual(agreed);
      }),
      runs(100),
    );
  });
});

it('[C3] shows a partner the offered work types alone', () => {
  const type = (id: string) => ({ id, name: `Type ${id}`, subtask: false, statuses: [] });
  const shape: SpaceShape = {
    projectId: '10000' as ProjectId,
    projectKey: 'SUP',
    projectName: 'Support',
    types: [type('1'), type('2')],
    priorities: [],
  };
  expect(offeredShape(shape, { ...OFFER_ALL, types: ['2'] }).types.map(({ id }) => id)).toEqual(['2']);
  expect(offeredShape(shape, OFFER_ALL)).toEqual(shape);
});
