import type { Configuration, ConflictPolicy, FieldMapping, TypeMapping } from './configuration.ts';
import type { SpaceShape } from './item.ts';
import type { Direction, Side, Sides } from './side.ts';
import { sameName } from './translate.ts';

/** What a person chose; which types and statuses that means depends on both spaces. */
export interface ContentChoice {
  readonly fields: readonly FieldMapping[];
  readonly status: { readonly direction: Direction; readonly conflict: ConflictPolicy } | null;
  readonly comments: { readonly direction: Direction; readonly authorLine: boolean } | null;
  readonly strict: boolean;
}

export interface Proposal {
  readonly configuration: Configuration;
  /** Names that only one side has; they are not synchronized, and a person should know. */
  readonly alone: { readonly types: Sides<readonly string[]>; readonly statuses: Sides<readonly string[]> };
}

/** The configuration for a choice before the partner has accepted: nothing is known about types and statuses yet. */
export const unmatchedConfiguration = (choice: ContentChoice): Configuration => ({
  types: [],
  fields: choice.fields,
  status: choice.status === null ? null : { ...choice.status, map: [] },
  comments: choice.comments,
  strict: choice.strict,
});

/** What a configuration says, without what was matched: the choice it came from. */
export const choiceOf = ({ fields, status, comments, strict }: Configuration): ContentChoice => ({
  fields,
  status: status === null ? null : { direction: status.direction, conflict: status.conflict },
  comments,
  strict,
});

/** Matches types and statuses of both spaces by name (SPEC S1–S3). Pure. */
export function proposeConfiguration(choice: ContentChoice, shapes: Sides<SpaceShape>): Proposal {
  const types = matchByName(shapes.A.types.filter(isCreatable), shapes.B.types.filter(isCreatable));
  const statuses = matchByName(statusesOf(shapes.A, types.pairs, 'A'), statusesOf(shapes.B, types.pairs, 'B'));
  return {
    configuration: {
      types: types.pairs.map(
        (pair): TypeMapping => ({ types: { A: idAndName(pair.A), B: idAndName(pair.B) }, direction: 'both' }),
      ),
      fields: choice.fields,
      status:
        choice.status === null ? null : { ...choice.status, map: statuses.pairs.map(({ A, B }) => ({ A: A.name, B: B.name })) },
      comments: choice.comments,
      strict: choice.strict,
    },
    alone: { types: types.alone, statuses: statuses.alone },
  };
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** A sub-task cannot be made without its parent, which this version does not carry (SPEC S2). */
const isCreatable = (type: { readonly subtask: boolean }): boolean => !type.subtask;

const idAndName = ({ id, name }: Named): Named => ({ id, name });

/** Each name is used once: where a side has one twice, the first in its order stands. */
function matchByName<T extends Named>(
  listA: readonly T[],
  listB: readonly T[],
): { pairs: readonly Sides<T>[]; alone: Sides<readonly string[]> } {
  const pairs: Sides<T>[] = [];
  for (const A of listA) {
    const B = listB.find((candidate) => sameName(candidate.name, A.name));
    if (B !== undefined && !pairs.some((pair) => sameName(pair.A.name, A.name))) pairs.push({ A, B });
  }
  const isAlone = ({ name }: Named): boolean => !pairs.some((pair) => sameName(pair.A.name, name));
  return {
    pairs,
    alone: { A: listA.filter(isAlone).map(({ name }) => name), B: listB.filter(isAlone).map(({ name }) => name) },
  };
}

/** The statuses that items of the matched types can have, each name once, in the order the space lists them. */
function statusesOf(shape: SpaceShape, pairs: readonly Sides<Named>[], side: Side): readonly Named[] {
  const matched = new Set(pairs.map((pair) => pair[side].id));
  const found: Named[] = [];
  for (const status of shape.types.filter(({ id }) => matched.has(id)).flatMap(({ statuses }) => statuses)) {
    if (!found.some(({ name }) => sameName(name, status.name))) found.push(status);
  }
  return found;
}
