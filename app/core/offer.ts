import type { Configuration, TypeMapping } from './configuration.ts';
import type { FieldId } from './ids.ts';
import type { SpaceShape } from './item.ts';
import { type Direction, flowsFrom, type Side, type Sides } from './side.ts';

/** What one side lets the other have, whatever the configuration maps (SPEC C). Its own admins alone change it. */
export interface Offer {
  /** Ids of its work types; null: all. */
  readonly types: readonly string[] | null;
  /** Null: all. The summary goes along in any case: no item can be made without one. */
  readonly fields: readonly FieldId[] | null;
  readonly status: boolean;
  readonly comments: boolean;
  /** Whether copies of its comments name who wrote them. */
  readonly authors: boolean;
}

/** What holds for a side that has chosen nothing. */
export const OFFER_ALL: Offer = { types: null, fields: null, status: true, comments: true, authors: true };

const SUMMARY = 'summary' as FieldId;

/** The direction without what a side does not give away; null when nothing is left to flow. */
const narrowed = (direction: Direction, gives: Sides<boolean>): Direction | null => {
  const fromA = gives.A && flowsFrom('A', direction);
  const fromB = gives.B && flowsFrom('B', direction);
  if (fromA && fromB) return 'both';
  if (fromA) return 'A-to-B';
  return fromB ? 'B-to-A' : null;
};

const givesField = ({ fields }: Offer, field: FieldId): boolean => fields === null || field === SUMMARY || fields.includes(field);

const givesType = ({ types }: Offer, typeId: string): boolean => types === null || types.includes(typeId);

/**
 * What is carried out of what was agreed (SPEC C1–C4): a field, the status or comments that a side does not offer do not flow away from it, and
 * items of a work type that a side does not offer are not synchronized at all.
 */
export function withholdUnoffered(agreed: Configuration, offers: Sides<Offer>): Configuration {
  const narrow = <T extends { readonly direction: Direction }>(part: T, gives: Sides<boolean>): T | null => {
    const direction = narrowed(part.direction, gives);
    return direction === null ? null : { ...part, direction };
  };
  const { types, fields, status, comments } = agreed;
  const given = (give: (offer: Offer) => boolean): Sides<boolean> => ({ A: give(offers.A), B: give(offers.B) });
  const anonymous = (['A', 'B'] as const satisfies readonly Side[]).filter((side) => !offers[side].authors);
  const shared =
    comments === null
      ? null
      : narrow(
          comments,
          given((offer) => offer.comments),
        );
  return {
    ...agreed,
    types: types.filter((row: TypeMapping) => givesType(offers.A, row.types.A.id) && givesType(offers.B, row.types.B.id)),
    fields: fields.flatMap(
      (mapping) =>
        narrow(
          mapping,
          given((offer) => givesField(offer, mapping.field)),
        ) ?? [],
    ),
    status:
      status === null
        ? null
        : narrow(
            status,
            given((offer) => offer.status),
          ),
    comments: shared === null || anonymous.length === 0 ? shared : { ...shared, anonymous },
  };
}

/** A space as its partner may know it: without the work types that it does not offer. */
export const offeredShape = (shape: SpaceShape, offer: Offer): SpaceShape => ({
  ...shape,
  types: shape.types.filter(({ id }) => givesType(offer, id)),
});
