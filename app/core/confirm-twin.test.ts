import { describe, expect, it } from '@jest/globals';
import {
  buildConfiguration,
  buildItem,
  buildValue,
  doc,
  fieldId,
  fingerprint,
  paragraph,
  type ValueSketch,
} from '../../test/factories/core.ts';
import { type Confirmation, confirmTwin, type FirstSight, firstSightIn, firstSightOf, isUnconfirmed } from './confirm-twin.ts';
import type { FieldChange, FieldValue, Item } from './item.ts';
import { fingerprintStatus, fingerprintValue } from './normal-form.ts';
import type { Observation } from './observation.ts';
import { COUNTS_AS_CHANGED, fieldPiece, ITEM_PIECE, STATUS_PIECE } from './piece.ts';
import { creationBases } from './plan-creation.ts';

const NOW = 1_000;
const configuration = buildConfiguration({
  fields: ['summary', 'priority', 'labels', 'duedate', 'description'],
  status: {
    direction: 'both',
    conflict: 'newest',
    map: [
      { A: 'To Do', B: 'Open' },
      { A: 'Done', B: 'Closed' },
    ],
  },
});
const option = (id: string, name: string): ValueSketch => ({ kind: 'option', id, name });
const print = (value: ValueSketch): string => fingerprintValue(buildValue(value), fingerprint);

const origin = (status = 'To Do'): Item =>
  buildItem({
    site: 'A',
    status,
    fields: { summary: 'x', priority: option('1', 'High'), labels: [], duedate: null, description: doc(paragraph('Hello')) },
  });
const twin = (fields: Readonly<Record<string, ValueSketch>> = {}, status = 'Open'): Item =>
  buildItem({
    site: 'B',
    status,
    fields: { summary: 'x', priority: option('9', 'High'), labels: ['default'], duedate: null, ...fields },
  });

const made = (item = origin(), refused: readonly string[] = []) =>
  creationBases(configuration, item, 'A', { refused: new Set(refused.map(fieldId)), fingerprint, now: NOW });
const confirm = (sight: FirstSight, bases = made()): Confirmation =>
  confirmTwin({ configuration, bases, origin: 'A', sight, fingerprint, now: NOW });
const prints = (confirmation: Confirmation, field: string) => confirmation.bases.get(fieldPiece(fieldId(field)))?.fingerprints;
const since = (field: string, from: FieldValue): FieldChange => ({
  id: null,
  at: 2,
  field,
  from,
  to: null,
  fromText: null,
  toText: null,
});

describe('a twin that nobody has seen', () => {
  it('[O6] is unconfirmed until it is seen', () => {
    expect(isUnconfirmed(made())).toBe(true);
    expect(confirm(firstSightOf(twin())).bases.get(ITEM_PIECE)).toBeNull();
  });

  it('[O6] what was sent is known exactly once it is seen, and what was not sent begins as it is', () => {
    const confirmation = confirm(firstSightOf(twin()));
    expect(prints(confirmation, 'priority')).toEqual({ A: print(option('1', 'High')), B: print(option('9', 'High')) });
    expect(prints(confirmation, 'labels')?.B).toBe(print(['default']));
    expect(confirmation.notes).toEqual([]);
  });

  it('[O6] a text is known by its words until it is shown, in whatever shape Jira gave it', () => {
    const reshaped = doc({ ...paragraph('Hello'), attrs: { align: 'start' } });
    const before = made().get(fieldPiece(fieldId('description')))?.fingerprints.B;
    const shown = prints(confirm(firstSightOf(twin({ description: reshaped }))), 'description');
    expect([before === print(reshaped), shown?.B]).toEqual([false, print(reshaped)]);
    expect(prints(confirm(firstSightOf(twin())), 'description')).toBeUndefined();
  });

  it('[O6] [B1] a value other than the sent one counts as changed there', () => {
    const shown = prints(confirm(firstSightOf(twin({ summary: 'y' }))), 'summary');
    expect(shown ?? made().get(fieldPiece(fieldId('summary')))?.fingerprints).toEqual({ A: print('x'), B: print('x') });
  });

  it('[B2] what Jira dropped without a word parks; what a person cleared since does not', () => {
    const dropped = confirm(firstSightOf(twin({ summary: null })));
    expect(dropped.notes).toMatchObject([{ outcome: 'parked', cause: 'field-refused' }]);
    expect(prints(dropped, 'summary')?.A).toBe(COUNTS_AS_CHANGED);
    const cleared = { ...firstSightOf(twin({ summary: null })), changes: [since('summary', { kind: 'text', text: 'x' })] };
    expect(confirm(cleared).notes).toEqual([]);
  });

  it('[O6] a default that a person changed before it was seen counts as changed', () => {
    const sight = {
      ...firstSightOf(twin({ labels: ['own'] })),
      changes: [since('labels', { kind: 'set', members: ['default'] })],
    };
    expect(prints(confirm(sight), 'labels')?.B).toBe(print(['default']));
  });

  it.each<[string, string, string, string]>([
    ['the one that stands for the origin’s', 'To Do', 'Open', 'agreed'],
    ['another: the origin’s flows', 'Done', 'Open', 'flows'],
  ])('[I5] the status is %s', (_, at, begunIn, expected) => {
    const base = confirm(firstSightOf(twin({}, begunIn)), made(origin(at))).bases.get(STATUS_PIECE);
    const shown = fingerprintStatus(twin({}, begunIn).status, fingerprint);
    const there = fingerprintStatus(origin(at).status, fingerprint);
    expect(base?.fingerprints).toEqual({ A: expected === 'agreed' ? there : COUNTS_AS_CHANGED, B: shown });
  });

  it('[O6] [I5] a status to which somebody moved it before it was seen is not the one it began with', () => {
    const begun = twin({}, 'Open').status;
    const sight = {
      ...firstSightOf(twin({}, 'Closed')),
      changes: [since('status', { kind: 'option', ...begun })],
    };
    const base = confirm(sight, made(origin('Done'))).bases.get(STATUS_PIECE);
    expect(base?.fingerprints).toEqual({ A: COUNTS_AS_CHANGED, B: fingerprintStatus(begun, fingerprint) });
  });

  it('[O6] only an event sent before anybody could touch the twin tells how it began', () => {
    const told = (event: Observation['event'], updatedAt: number): Observation => ({
      event,
      issueId: twin().issueId,
      issueKey: twin().issueKey,
      projectId: twin().projectId,
      type: twin().type,
      status: twin().status,
      createdAt: 5,
      updatedAt,
      fields: twin().fields,
      richFilled: [],
      changes: [],
      changeId: null,
    });
    expect(firstSightIn([told('updated', 5), told('created', 6)])).toBeNull();
    expect(firstSightIn([told('updated', 9), told('created', 5)])).toMatchObject({ event: 'created' });
  });
});
