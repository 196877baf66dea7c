import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import { type ContentChoice, contentChoice, fieldIds } from '../contract/synchronizations.ts';
import { choiceOf, defaultContent, entryOf, isEmpty } from './content-entry.ts';

const direction = fc.constantFrom('both' as const, 'A-to-B' as const, 'B-to-A' as const);
const conflict = fc.constantFrom('newest' as const, 'A' as const, 'B' as const, 'ask' as const);
const choice: fc.Arbitrary<ContentChoice> = fc.record({
  fields: fc
    .subarray([...fieldIds])
    .chain((fields) => fc.tuple(...fields.map((field) => fc.record({ field: fc.constant(field), direction, conflict })))),
  status: fc.option(fc.record({ direction, conflict })),
  comments: fc.option(fc.record({ direction, authorLine: fc.boolean() })),
  strict: fc.boolean(),
});

describe('content entry', () => {
  it('gives back what it was opened with, in the order fields are offered', () => {
    fc.assert(
      fc.property(choice, (configured) => {
        expect(choiceOf(entryOf(configured))).toEqual(configured);
      }),
      runs(100),
    );
  });

  it('is empty exactly when nothing would be sent', () => {
    fc.assert(
      fc.property(choice, (configured) => {
        const nothing = configured.fields.length === 0 && configured.status === null && configured.comments === null;
        expect(isEmpty(entryOf(configured))).toBe(nothing);
      }),
      runs(100),
    );
  });

  it('keeps the settings of what is unticked, so that ticking it again brings them back', () => {
    const entry = entryOf({ fields: [], status: { direction: 'B-to-A', conflict: 'A' }, comments: null, strict: false });
    const unticked = { ...entry, status: { ...entry.status, on: false } };
    expect(choiceOf(unticked).status).toBeNull();
    expect(choiceOf({ ...unticked, status: { ...unticked.status, on: true } }).status).toEqual({
      direction: 'B-to-A',
      conflict: 'A',
    });
  });

  it('starts with everything, as the contract takes it', () => {
    const proposed = choiceOf(defaultContent());
    expect(contentChoice.parse(proposed)).toEqual(proposed);
    expect(proposed.fields.map(({ field }) => field)).toEqual([...fieldIds]);
    expect(proposed.status).not.toBeNull();
    expect(proposed.comments).not.toBeNull();
  });
});
