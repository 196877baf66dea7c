import { describe, expect, it } from '@jest/globals';
import {
  buildConfiguration,
  buildItem,
  buildMapping,
  buildPlanInput,
  buildValue,
  doc,
  fieldId,
  fingerprint,
  mention,
  paragraph,
  type ValueSketch,
} from '../../test/factories/core.ts';
import type { TypeMapping } from './configuration.ts';
import { confirmTwin, firstSightOf } from './confirm-twin.ts';
import type { Item } from './item.ts';
import { fingerprintStatus, fingerprintValue } from './normal-form.ts';
import { COUNTS_AS_CHANGED, fieldPiece, PARKED_REST_MS, STATUS_PIECE } from './piece.ts';
import { creationBases, planCreation } from './plan-creation.ts';
import { planPair } from './plan-pair.ts';
import { type Direction, otherSide, type Side } from './side.ts';

const NOW = 1_000_000;
const print = (value: ValueSketch): string => fingerprintValue(buildValue(value), fingerprint);
const type = (id: string) => ({ id, name: `Type ${id}` });
const row = (a: string, b: string, direction: Direction = 'both'): TypeMapping => ({
  types: { A: type(a), B: type(b) },
  direction,
});
const begin = (
  configuration: Parameters<typeof creationBases>[0],
  A: Item,
  B: Item,
  refused: readonly string[] = [],
  origin: Side = 'A',
) => {
  const items = { A, B };
  const creation = { refused: new Set(refused.map(fieldId)), fingerprint, now: NOW };
  const bases = new Map(creationBases(configuration, items[origin], origin, creation));
  const sight = firstSightOf(items[otherSide(origin)]);
  for (const [piece, base] of confirmTwin({ configuration, bases, origin, sight, fingerprint, now: NOW }).bases) {
    if (base === null) bases.delete(piece);
    else bases.set(piece, base);
  }
  return bases;
};

describe('planCreation', () => {
  it.each<[string, readonly TypeMapping[], Side, object]>([
    ['its type has a row', [row('1', '7')], 'A', { kind: 'create', target: 'B', typeId: '7' }],
    ['from the other side', [row('7', '1')], 'B', { kind: 'create', target: 'A', typeId: '7' }],
    ['first match wins', [row('1', '7'), row('1', '8')], 'A', { kind: 'create', typeId: '7' }],
    ['the first that flows', [row('1', '7', 'B-to-A'), row('1', '8')], 'A', { kind: 'create', typeId: '8' }],
    ['no row', [row('2', '1')], 'A', { kind: 'decline', cause: 'type-not-mapped' }],
    ['no rows at all', [], 'A', { kind: 'decline', cause: 'type-not-mapped' }],
    ['no row that flows', [row('1', '7', 'B-to-A')], 'A', { kind: 'decline', cause: 'direction' }],
  ])('[I1] %s', (_, types, origin, expected) => {
    expect(planCreation(buildConfiguration({ types }), buildItem({ type: type('1') }), origin)).toMatchObject(expected);
  });

  it('[I2] carries the filled fields that flow, and always the summary', () => {
    const configuration = buildConfiguration({
      fields: ['description', 'labels', 'duedate', 'priority', buildMapping('environment', { direction: 'B-to-A' })],
    });
    const fields = { summary: 'x', description: doc(paragraph(mention('Ann'))), labels: [], duedate: null, environment: 'e' };
    expect(planCreation(configuration, buildItem({ fields }), 'A')).toMatchObject({
      kind: 'create',
      writes: [
        { field: 'summary', value: buildValue('x') },
        { field: 'description', value: buildValue(doc(paragraph('@Ann'))) },
      ],
    });
  });

  it('[I2] a summary that does not flow is carried all the same', () => {
    const configuration = buildConfiguration({ fields: [buildMapping('summary', { direction: 'B-to-A' })] });
    expect(planCreation(configuration, buildItem({ fields: { summary: 'x' } }), 'A')).toMatchObject({
      writes: [{ field: 'summary' }],
    });
  });
});

describe('creationBases and confirmTwin', () => {
  it('[I4] what came out as carried leaves nothing to do, and a default of the twin is kept', () => {
    const configuration = buildConfiguration({ fields: ['summary', 'priority', 'labels'] });
    const high = (id: string): ValueSketch => ({ kind: 'option', id, name: 'High' });
    const A = buildItem({ fields: { summary: 'x ', priority: high('1'), labels: [] } });
    const B = buildItem({ fields: { summary: 'x', priority: high('7'), labels: ['default'] } });
    const bases = begin(configuration, A, B);
    expect(bases.get(fieldPiece(fieldId('priority')))?.fingerprints).toEqual({ A: print(high('1')), B: print(high('7')) });
    expect(planPair(buildPlanInput({ configuration, A, B, bases }))).toMatchObject({ operations: [], notes: [] });
  });

  it('[I4] [B1] what came out differently counts as a change of the twin', () => {
    const configuration = buildConfiguration({ fields: ['summary'] });
    const A = buildItem({ fields: { summary: 'x' } });
    const B = buildItem({ fields: { summary: 'x (by an automation)' } });
    const plan = planPair(buildPlanInput({ configuration, A, B, bases: begin(configuration, A, B) }));
    expect(plan.operations).toMatchObject([{ kind: 'write-fields', target: 'A' }]);
  });

  it.each<[string, ValueSketch, readonly string[]]>([
    ['refused', 'default', ['summary']],
    ['dropped without a word', null, []],
  ])('[I4] [B2] a field that was %s begins parked, and later flows from the origin whoever has priority', (_, there, refused) => {
    const configuration = buildConfiguration({ fields: [buildMapping('summary', { conflict: 'B' })] });
    const A = buildItem({ fields: { summary: 'x' } });
    const B = buildItem({ fields: { summary: there }, changedAt: { summary: 9 } });
    const bases = begin(configuration, A, B, refused);
    expect(bases.get(fieldPiece(fieldId('summary')))?.state).toMatchObject({
      kind: 'parked',
      cause: 'field-refused',
      since: NOW,
    });
    expect(planPair(buildPlanInput({ configuration, A, B, bases, now: NOW }))).toMatchObject({ operations: [], notes: [] });
    const later = planPair(buildPlanInput({ configuration, A, B, bases, now: NOW + PARKED_REST_MS }));
    expect(later.operations).toMatchObject([{ target: 'B', writes: [{ value: buildValue('x') }] }]);
  });

  it('[I4] a field that the twin lacks is declined when it is looked at, once', () => {
    const configuration = buildConfiguration({ fields: ['duedate'] });
    const A = buildItem({ fields: { duedate: 'd' } });
    const bases = begin(configuration, A, buildItem());
    const plan = planPair(buildPlanInput({ configuration, A, B: buildItem(), bases }));
    expect(plan).toMatchObject({ operations: [], notes: [{ outcome: 'declined', cause: 'field-not-offered' }] });
    expect(planPair(buildPlanInput({ configuration, A, B: buildItem(), bases: plan.bases as typeof bases }))).toMatchObject({
      notes: [],
    });
  });

  it.each<[Side, Direction]>([
    ['A', 'both'],
    ['B', 'both'],
  ])('[I5] a status that the map does not name counts as changed at the origin (%s, %s)', (origin, direction) => {
    const configuration = buildConfiguration({ status: { direction, conflict: 'newest', map: [] } });
    const items = { A: buildItem({ site: 'A' }), B: buildItem({ site: 'B' }) };
    const target = origin === 'A' ? 'B' : 'A';
    const base = begin(configuration, items.A, items.B, [], origin).get(STATUS_PIECE);
    expect(base?.fingerprints[origin]).toBe(COUNTS_AS_CHANGED);
    expect(base?.fingerprints[target]).toBe(fingerprintStatus(items[target].status, fingerprint));
  });

  it('[I5] a status that flows the other way only does not flow back from a fresh twin', () => {
    const status = {
      direction: 'B-to-A',
      conflict: 'newest',
      map: [
        { A: 'Done', B: 'Closed' },
        { A: 'To Do', B: 'Open' },
      ],
    } as const;
    const configuration = buildConfiguration({ status });
    const A = buildItem({ site: 'A', status: 'Done' });
    const B = buildItem({ site: 'B', status: 'Open' });
    expect(planPair(buildPlanInput({ configuration, A, B, bases: begin(configuration, A, B) })).operations).toEqual([]);
  });
});
