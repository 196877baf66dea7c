import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import type { FieldId, IssueId, IssueKey, ProjectId, TenantId } from '../core/ids.ts';
import type { FieldValue } from '../core/item.ts';
import type { Observation } from '../core/observation.ts';
import { createObservationBox } from './observation-box.ts';
import { createSecretBox } from './secret-box.ts';

const ACME = 'tenant-acme' as TenantId;
const GLOBEX = 'tenant-globex' as TenantId;
const secretBox = createSecretBox({ current: Buffer.alloc(32, 1), older: [] });
const box = createObservationBox(secretBox);

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const value: fc.Arbitrary<FieldValue> = fc.oneof(
  fc.constant<FieldValue>({ kind: 'empty' }),
  text.map((shown): FieldValue => ({ kind: 'text', text: shown })),
  fc.array(text, { maxLength: 5 }).map((members): FieldValue => ({ kind: 'set', members })),
  fc.tuple(text, text).map(([id, name]): FieldValue => ({ kind: 'option', id, name })),
  fc.constant<FieldValue>({ kind: 'date', date: '2027-02-28' }),
);
const field = fc.constantFrom('summary', 'labels', 'duedate', '__proto__').map((id) => id as FieldId);
const named = fc.record({ id: text, name: text });
const time = fc.nat();
const observations: fc.Arbitrary<Observation> = fc.record({
  event: fc.constantFrom('created' as const, 'updated' as const),
  issueId: text.map((id) => id as IssueId),
  issueKey: text.map((key) => key as IssueKey),
  projectId: text.map((id) => id as ProjectId),
  type: named,
  status: named,
  createdAt: time,
  updatedAt: time,
  fields: fc.array(fc.tuple(field, value), { maxLength: 4 }).map((entries) => new Map(entries)),
  richFilled: fc.array(field, { maxLength: 2 }),
  changes: fc.array(
    fc.record({
      id: fc.option(fc.nat()),
      at: time,
      field,
      from: fc.option(value),
      to: fc.option(value),
      fromText: fc.option(text),
      toText: fc.option(text),
    }),
    {
      maxLength: 4,
    },
  ),
  changeId: fc.option(fc.nat()),
});
const [example] = fc.sample(observations, { numRuns: 1, seed: 1 });
if (example === undefined) throw new Error('No observation was made.');

describe('ObservationBox', () => {
  it('opens what it sealed', () => {
    fc.assert(
      fc.property(observations, (observation) => {
        expect(box.open(ACME, box.seal(ACME, observation) ?? '')).toEqual(observation);
      }),
      runs(100),
    );
  });

  it('shows nothing of it, and opens it for no other site', () => {
    const sealed = box.seal(ACME, { ...example, issueKey: 'CANARY-1' as IssueKey }) ?? '';
    expect(sealed).not.toBe('');
    expect(`${sealed}${Buffer.from(sealed, 'base64url').toString('latin1')}`).not.toContain('CANARY');
    expect(box.open(GLOBEX, sealed)).toBeNull();
  });

  it.each([
    ['another form', '{"form":2}'],
    ['a part that is missing', '{"form":1,"event":"updated"}'],
    ['no observation', '"the secret of an installation"'],
    ['no JSON', 'the-secret-of-an-installation'],
  ])('opens as nothing what holds %s', (_name, held) => {
    expect(box.open(ACME, secretBox.seal(ACME, held))).toBeNull();
  });

  it('opens as nothing what it did not seal', () => {
    const other = createObservationBox(createSecretBox({ current: Buffer.alloc(32, 2), older: [] }));
    expect(box.open(ACME, other.seal(ACME, example) ?? '')).toBeNull();
    expect(box.open(ACME, 'look')).toBeNull();
  });

  it('seals none that is very large', () => {
    const change = { id: null, at: 1, field: 'description', from: null, to: null, toText: null, fromText: 'x'.repeat(16 * 1024) };
    expect(box.seal(ACME, { ...example, changes: [change] })).toBeNull();
  });
});
