import { describe, expect, it } from '@jest/globals';
import { buildConfiguration, buildValue, fieldId, fingerprint, type ValueSketch } from '../../test/factories/core.ts';
import { foldTold, type ToldQuestion } from './fold-told.ts';
import type { IssueId, IssueKey, PieceKey, ProjectId } from './ids.ts';
import type { FieldChange, FieldValue } from './item.ts';
import { fingerprintStatus, fingerprintValue } from './normal-form.ts';
import type { Observation, Told } from './observation.ts';
import { fieldPiece, type PieceBase, parkedBase, STATUS_PIECE, synchronizedBase } from './piece.ts';

const PROJECT = '10000' as ProjectId;
const print = (value: ValueSketch): string => fingerprintValue(buildValue(value), fingerprint);
const option = (name: string): FieldValue => ({ kind: 'option', id: name.toLowerCase(), name });
const status = (name: string) => ({ id: name.toLowerCase(), name });

const configuration = buildConfiguration({
  fields: ['summary', 'labels', 'priority', 'description'],
  status: { direction: 'both', conflict: 'newest', map: [] },
});

const change = (field: string, from: FieldValue | null, to: FieldValue | null, at: number): FieldChange => ({
  id: null,
  at,
  field,
  from,
  to,
  fromText: null,
  toText: null,
});
const text = (words: string): FieldValue => ({ kind: 'text', text: words });

interface Sketch {
  readonly at: number;
  readonly id?: number;
  readonly summary?: string;
  readonly labels?: readonly string[];
  readonly status?: string;
  readonly changes?: readonly FieldChange[];
  readonly projectId?: ProjectId;
}

const told = (sketch: Sketch): Told => {
  const observation: Observation = {
    event: 'updated',
    issueId: '10001' as IssueId,
    issueKey: 'SUP-1' as IssueKey,
    projectId: sketch.projectId ?? PROJECT,
    type: { id: '1', name: 'Task' },
    status: status(sketch.status ?? 'To Do'),
    createdAt: 1,
    updatedAt: sketch.at,
    fields: new Map([
      [fieldId('summary'), text(sketch.summary ?? 'old')],
      [fieldId('labels'), buildValue(sketch.labels ?? ['a'])],
      [fieldId('priority'), option('High')],
    ]),
    richFilled: [fieldId('description')],
    changes: sketch.changes ?? [],
    changeId: sketch.id ?? null,
  };
  return { kind: 'observation', observation };
};

const BASES = new Map<PieceKey, PieceBase>([
  [fieldPiece(fieldId('summary')), synchronizedBase({ A: print('old'), B: print('old') })],
  [fieldPiece(fieldId('labels')), synchronizedBase({ A: print(['a']), B: print(['a']) })],
  [fieldPiece(fieldId('priority')), synchronizedBase({ A: print(option('High')), B: 'whatever' })],
  [fieldPiece(fieldId('description')), synchronizedBase({ A: 'some text', B: 'some text' })],
  [STATUS_PIECE, synchronizedBase({ A: fingerprintStatus(status('To Do'), fingerprint), B: 'whatever' })],
]);

/** Up to when, and to which number where one is given. */
const known = (seen = 100, told = 100, ids: { seen?: number; told?: number } = {}): ToldQuestion['known'] => ({
  seen: { id: ids.seen ?? null, at: seen },
  told: { id: ids.told ?? null, at: told },
});

const fold = (entries: readonly Told[], question: Partial<ToldQuestion> = {}) =>
  foldTold({
    side: 'A',
    told: entries,
    configuration,
    bases: BASES,
    projectId: PROJECT,
    known: known(),
    transitioned: null,
    fingerprint,
    ...question,
  });

const NEW = told({ at: 200, summary: 'new', changes: [change('summary', text('old'), text('new'), 200)] });
const NEWER = told({ at: 300, summary: 'newer', changes: [change('summary', text('new'), text('newer'), 300)] });

describe('foldTold', () => {
  it('[O1] nothing told: the side is as it was', () => {
    expect(fold([])).toMatchObject({
      kind: 'view',
      view: { whole: false, status: null, comments: null },
      told: { id: null, at: 100 },
    });
  });

  it('[O2] a change that begins with what we know is taken, with what the field held before', () => {
    const folded = fold([NEW]);
    expect(folded).toMatchObject({ kind: 'view', told: { at: 200 }, view: { status: status('To Do') } });
    if (folded.kind !== 'view') throw new Error('looked');
    expect(folded.view.fields.get(fieldId('summary'))).toEqual(text('new'));
    expect(folded.view.former.get('summary')).toEqual(text('old'));
    expect(folded.view.changedAt.get('summary')).toBe(200);
  });

  it.each([
    ['in order', [NEW, NEWER]],
    ['out of order', [NEWER, NEW]],
  ])('[O2] several changes are followed %s', (_, entries) => {
    const folded = fold(entries);
    if (folded.kind !== 'view') throw new Error('looked');
    expect(folded.view.fields.get(fieldId('summary'))).toEqual(text('newer'));
    expect(folded.view.former.get('summary')).toEqual(text('old'));
  });

  it('[O2] a status and a set are followed like any field', () => {
    const moved = change('status', option('To Do'), option('Done'), 200);
    const labelled = change('labels', buildValue(['a']), buildValue(['b']), 200);
    const entry = told({
      at: 200,
      status: 'Done',
      labels: ['b'],
      changes: [{ ...moved, from: { kind: 'option', id: 'to do', name: 'To Do' } }, labelled],
    });
    expect(fold([entry])).toMatchObject({ kind: 'view', view: { status: status('Done') } });
  });

  const began = status('Done');
  const move = (from: string, to: string, at = 200): FieldChange =>
    change('status', { kind: 'option', ...status(from) }, { kind: 'option', ...status(to) }, at);
  /** We brought it from Done to To Do. */
  const transitioned = {
    from: fingerprintStatus(began, fingerprint),
    to: fingerprintStatus(status('To Do'), fingerprint),
    since: { id: null, at: 100 },
    at: 200,
  };

  it('[O11] the event of our own transition tells that it replaced what was seen, and nothing new', () => {
    const folded = fold([told({ at: 200, changes: [move('Done', 'To Do')] })], { transitioned });
    expect(folded).toMatchObject({ kind: 'view', transitioned: null, view: { changedAt: new Map() } });
    const late = fold([told({ at: 200, changes: [move('Done', 'To Do')] })], { transitioned, known: known(100, 250) });
    expect(late).toMatchObject({ kind: 'view', transitioned: null });
    expect(fold([NEW], { transitioned })).toMatchObject({ kind: 'view', transitioned });
  });

  it('[O11] what somebody chose after it is followed', () => {
    const since = told({ at: 300, status: 'In Review', changes: [move('To Do', 'In Review', 300)] });
    const folded = fold([told({ at: 200, changes: [move('Done', 'To Do')] }), since], { transitioned });
    expect(folded).toMatchObject({ kind: 'view', transitioned: null, view: { status: status('In Review') } });
  });

  it('[O11] an event of it that replaced something else has to be read', () => {
    expect(fold([told({ at: 200, changes: [move('In Review', 'To Do')] })], { transitioned })).toEqual({ kind: 'look' });
  });

  it('[O11] what somebody did like it much later is no event of it', () => {
    const later = told({ at: 60_201, changes: [move('Done', 'To Do', 60_201)] });
    expect(fold([later], { transitioned })).toEqual({ kind: 'look' });
  });

  it.each<[string, readonly Told[]]>([
    ['a change that begins with something else: one was missed', [NEWER]],
    ['a field that shows something else without having changed', [told({ at: 200, summary: 'else' })]],
    ['a status that was not told of', [told({ at: 200, status: 'Done' })]],
    ['a look', [NEW, { kind: 'look' }]],
  ])('[O2] %s has to be read', (_, entries) => {
    expect(fold(entries)).toEqual({ kind: 'look' });
  });

  it.each<[string, Partial<ToldQuestion>]>([
    ['what was read since', { known: known(200) }],
    ['what was told since', { known: known(100, 201) }],
  ])('[O3] an observation older than %s is dropped', (_, question) => {
    expect(fold([NEW], question)).toMatchObject({ kind: 'view', view: { status: null } });
  });

  const numbered = (id: number, at: number, from: string, to: string): Told =>
    told({ id, at, summary: to, changes: [{ ...change('summary', text(from), text(to), at), id }] });

  it.each<[string, ToldQuestion['known']]>([
    ['was seen', known(100, 100, { seen: 7 })],
    ['was told', known(100, 100, { told: 8 })],
  ])('[O13] by its number an observation is dropped that %s already, though its site’s clock is ahead', (_, until) => {
    expect(fold([numbered(7, 600_000, 'old', 'new')], { known: until })).toMatchObject({ view: { status: null } });
  });

  it('[O13] what is new by its number counts, though the site’s clock was put back, and in the order of the numbers', () => {
    const until = known(400, 500, { seen: 6, told: 6 });
    const folded = fold([numbered(8, 50, 'new', 'newer'), numbered(7, 60, 'old', 'new')], { known: until });
    expect(folded).toMatchObject({ kind: 'view', told: { id: 8, at: 500 } });
    expect(folded.kind === 'view' && folded.view.fields.get(fieldId('summary'))).toEqual(text('newer'));
  });

  it('[O3] late news of a value that has come and gone is not taken for new', () => {
    // old → new → old again, then a label: the first two events are late.
    const label = told({
      at: 400,
      labels: ['a', 'b'],
      changes: [change('labels', buildValue(['a']), buildValue(['a', 'b']), 400)],
    });
    const folded = fold([label]);
    if (folded.kind !== 'view') throw new Error('looked');
    expect(fold([NEW], { known: known(100, folded.told.at) })).toMatchObject({ kind: 'view', view: { status: null } });
  });

  it('[O4] late news that a text changed are looked at, since no later event shows it', () => {
    const reworded = told({ at: 200, changes: [change('description', null, null, 200)] });
    expect(fold([reworded], { known: known(100, 201) })).toEqual({ kind: 'look' });
    expect(fold([reworded], { known: known(200, 201) })).toMatchObject({ kind: 'view', view: { status: null } });
  });

  it('[O3] an item of another space is looked at', () => {
    expect(fold([told({ at: 200, projectId: '2' as ProjectId })])).toEqual({ kind: 'look' });
  });

  it('[O4] a change of a rich text is looked at, one of a field that is not synchronized is not', () => {
    expect(fold([told({ at: 200, changes: [change('description', null, null, 200)] })])).toEqual({ kind: 'look' });
    expect(fold([told({ at: 200, changes: [change('environment', null, null, 200)] })])).toMatchObject({ kind: 'view' });
  });

  it('[O2] a parked piece is followed from what it showed when it was refused', () => {
    const base = synchronizedBase({ A: print('older'), B: print('older') });
    const parked = parkedBase(base, 'field-refused', 1, { A: print('old'), B: print('older') });
    expect(fold([NEW], { bases: new Map([...BASES, [fieldPiece(fieldId('summary')), parked]]) })).toMatchObject({ kind: 'view' });
  });

  it('[O2] a field that was never compared proves nothing and hinders nothing', () => {
    const bases = new Map([...BASES].filter(([piece]) => piece !== fieldPiece(fieldId('summary'))));
    expect(fold([told({ at: 200, summary: 'anything' })], { bases })).toMatchObject({ kind: 'view' });
  });
});
