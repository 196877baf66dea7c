import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  buildConfiguration,
  buildItem,
  buildMapping,
  buildPlanInput,
  buildValue,
  fieldId,
  fingerprint,
} from '../../test/factories/core.ts';
import { STATUS_MAP, STATUSES } from '../../test/factories/pair-states.ts';
import { SimulatedPair } from '../../test/factories/simulated-pair.ts';
import { runs } from '../../test/property-runs.ts';
import type { Configuration, ConflictPolicy } from './configuration.ts';
import type { Item } from './item.ts';
import { fingerprintStatus, fingerprintValue } from './normal-form.ts';
import { fieldPiece, PARKED_REST_MS, type PieceBase, parkedBase, STATUS_PIECE, synchronizedBase } from './piece.ts';
import type { Plan, PlanInput } from './plan.ts';
import { planPair } from './plan-pair.ts';
import { otherSide, SIDES, type Side } from './side.ts';
import { translateStatus } from './translate.ts';
import { UNREAD, wholeView } from './view.ts';

const SUMMARY = fieldPiece(fieldId('summary'));
const NOW = 1_000_000;
const CONFIGURATION = buildConfiguration({ fields: [buildMapping('summary', { conflict: 'ask' }), 'duedate'] });

const print = (words: string): string => fingerprintValue(buildValue(words), fingerprint);
const prints = (a: string, b: string) => ({ A: print(a), B: print(b) });
const statusPrint = (name: string): string => fingerprintStatus({ id: name }, fingerprint);
const AGREED = synchronizedBase(prints('old', 'old'));
const undecided = (a: string, b: string, since = NOW - 1): PieceBase =>
  parkedBase(AGREED, 'conflict-undecided', since, prints(a, b));
const decided = (base: PieceBase, winner: Side): PieceBase =>
  base.state.kind === 'parked' ? { ...base, state: { ...base.state, decided: winner } } : base;
const item = (words: string): Item => buildItem({ fields: { summary: words, duedate: null } });

interface Case {
  readonly a?: string;
  readonly b?: string;
  readonly base?: PieceBase | null;
  readonly conflict?: ConflictPolicy;
}

/** `null` or absent words: that side was not looked at. */
function planSummary({ a, b, base = AGREED, conflict = 'ask' }: Case): Plan {
  const view = (words: string | undefined) => (words === undefined ? UNREAD : wholeView(item(words)));
  const input: PlanInput = {
    ...buildPlanInput({
      configuration: buildConfiguration({ fields: [buildMapping('summary', { conflict })] }),
      bases: base === null ? [] : [[SUMMARY, base]],
      now: NOW,
    }),
    views: { A: view(a), B: view(b) },
  };
  return planPair(input);
}
const written = ({ operations }: Plan) =>
  operations.flatMap((one) => (one.kind === 'write-fields' ? one.writes.map(({ value }) => [one.target, value]) : []));

describe('a field whose conflicts a person decides', () => {
  it('[F8] both changed: nothing is written, and the question is said once', () => {
    const plan = planSummary({ a: 'Maria', b: 'Jonas' });
    expect(plan.operations).toEqual([]);
    expect(plan.bases.get(SUMMARY)).toEqual(parkedBase(AGREED, 'conflict-undecided', NOW, prints('Maria', 'Jonas')));
    expect(plan.notes).toEqual([{ piece: SUMMARY, outcome: 'parked', source: null, cause: 'conflict-undecided' }]);
  });

  it('[F8] [F5] two filled values that never agreed are a question; an empty one is not', () => {
    const asked = planSummary({ a: 'Maria', b: 'Jonas', base: null });
    expect(asked.bases.get(SUMMARY)).toEqual(parkedBase(null, 'conflict-undecided', NOW, prints('Maria', 'Jonas')));
    expect(planSummary({ a: 'Maria', b: 'Jonas', base: asked.bases.get(SUMMARY) ?? null }).bases.size).toBe(0);
    expect(written(planSummary({ a: '', b: 'Jonas', base: null }))).toEqual([['A', buildValue('Jonas')]]);
  });

  it('[F8] one changed: carried as ever', () => {
    expect(written(planSummary({ a: 'Maria', b: 'old' }))).toEqual([['B', buildValue('Maria')]]);
  });

  it('[F8] asked already: nothing to do, now and when the rest of other parked pieces is over', () => {
    for (const since of [NOW - 1, NOW - PARKED_REST_MS - 1]) {
      const plan = planSummary({ a: 'Maria', b: 'Jonas', base: undecided('Maria', 'Jonas', since) });
      expect([plan.operations, plan.bases.size, plan.notes, plan.looks]).toEqual([[], 0, [], []]);
    }
  });

  it.each([
    ['Maria again', 'Jonas'],
    ['Maria', 'Jonas again'],
  ])('[F8] a later edit (%s, %s) makes it another question, without saying so again', (a, b) => {
    const plan = planSummary({ a, b, base: decided(undecided('Maria', 'Jonas'), 'A') });
    expect(plan.operations).toEqual([]);
    expect(plan.bases.get(SUMMARY)).toEqual(parkedBase(AGREED, 'conflict-undecided', NOW, prints(a, b)));
    expect(plan.notes).toEqual([]);
  });

  it('[F8] both came to the same: no question any more', () => {
    const plan = planSummary({ a: 'Same', b: 'Same', base: undecided('Maria', 'Jonas') });
    expect(plan.operations).toEqual([]);
    expect(plan.bases.get(SUMMARY)).toEqual(synchronizedBase(prints('Same', 'Same')));
  });

  it.each<[string, string, Side]>([
    ['old', 'Jonas', 'A'],
    ['Maria', 'old', 'B'],
  ])('[F8] one took its edit back (%s, %s): the other’s is carried to %s', (a, b, target) => {
    const plan = planSummary({ a, b, base: undecided('Maria', 'Jonas') });
    expect(written(plan)).toEqual([[target, buildValue(target === 'A' ? b : a)]]);
    expect(plan.losing).toEqual([]);
  });

  it.each<Side>(['A', 'B'])('[F8] [F9] decided for %s: carried, said as decided, and the other value is kept', (winner) => {
    const plan = planSummary({ a: 'Maria', b: 'Jonas', base: decided(undecided('Maria', 'Jonas'), winner) });
    const [won, lost] = winner === 'A' ? ['Maria', 'Jonas'] : ['Jonas', 'Maria'];
    expect(written(plan)).toEqual([[otherSide(winner), buildValue(won)]]);
    expect(plan.losing).toEqual([{ piece: SUMMARY, side: otherSide(winner), value: buildValue(lost) }]);
    expect(plan.notes).toEqual([{ piece: SUMMARY, outcome: 'overwritten', source: winner, cause: 'conflict-decided' }]);
    expect(plan.bases.get(SUMMARY)).toMatchObject(synchronizedBase(prints(won, won)));
  });

  it('[F8] [R3] what was decided and then refused rests, and is asked about again after that', () => {
    const refused = (since: number) => parkedBase(AGREED, 'field-refused', since, prints('Maria', 'Jonas'));
    const resting = planSummary({ a: 'Maria', b: 'Jonas', base: refused(NOW - 1) });
    expect([resting.operations, resting.bases.size, resting.notes]).toEqual([[], 0, []]);
    expect(planSummary({ a: 'Maria', base: refused(NOW - 1) }).looks).toEqual([]);
    const rested = planSummary({ a: 'Maria', b: 'Jonas', base: refused(NOW - PARKED_REST_MS) });
    expect(rested.bases.get(SUMMARY)?.state).toMatchObject({ cause: 'conflict-undecided' });
  });

  it('[F8] another policy decides at once what was a question', () => {
    const plan = planSummary({ a: 'Maria', b: 'Jonas', base: undecided('Maria', 'Jonas'), conflict: 'B' });
    expect(written(plan)).toEqual([['A', buildValue('Jonas')]]);
  });
});

describe('what was not looked at', () => {
  it.each<[string, Case, Side[]]>([
    ['a question that stands', { a: 'Maria', base: undecided('Maria', 'Jonas') }, []],
    ['a question that stands, seen from nowhere', { base: undecided('Maria', 'Jonas') }, []],
    ['another edit beside a question', { a: 'Maria again', base: undecided('Maria', 'Jonas') }, ['B']],
    ['an answer, seen from one side', { a: 'Maria', base: decided(undecided('Maria', 'Jonas'), 'A') }, ['B']],
    ['an answer, seen from nowhere', { base: decided(undecided('Maria', 'Jonas'), 'A') }, ['A', 'B']],
    ['one edit alone', { a: 'Maria' }, []],
  ])('[F8] [O1] %s', (_, known, looks) => {
    expect(planSummary(known).looks).toEqual(looks);
  });

  it('[F8] the target of a status is', () => {
    const status = { direction: 'both' as const, conflict: 'ask' as const, map: STATUS_MAP };
    const input = buildPlanInput({
      configuration: buildConfiguration({ status }),
      bases: [[STATUS_PIECE, synchronizedBase({ A: statusPrint('To Do'), B: statusPrint('To Do') })]],
      now: NOW,
    });
    const plan = planPair({ ...input, views: { A: wholeView(buildItem({ status: 'Done' })), B: UNREAD } });
    expect([plan.looks, plan.operations]).toEqual([['B'], []]);
  });

  it('[F9] a value that is about to lose is looked at, whatever the policy', () => {
    const refused = parkedBase(AGREED, 'field-refused', NOW - 1, prints('old', 'Jonas'));
    expect(planSummary({ a: 'Maria', base: refused, conflict: 'A' })).toMatchObject({ operations: [], looks: ['B'] });
  });
});

type Step =
  | { readonly kind: 'edit'; readonly what: 'summary' | 'status'; readonly side: Side; readonly to: number }
  | { readonly kind: 'decide'; readonly winner: Side }
  | { readonly kind: 'turn' };

const side = fc.constantFrom<Side>('A', 'B');
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('edit' as const),
      what: fc.constantFrom('summary' as const, 'status' as const),
      side,
      to: fc.nat(STATUSES.length - 2),
    }),
    fc.record({ kind: fc.constant('decide' as const), winner: side }),
    fc.record({ kind: fc.constant('turn' as const) }),
  ),
  { maxLength: 20 },
);

const ASKING: Configuration = {
  ...CONFIGURATION,
  status: { direction: 'both', conflict: 'ask', map: STATUS_MAP },
};

function perform(pair: SimulatedPair, step: Step): void {
  if (step.kind === 'turn') expectAsked(pair.turn());
  else if (step.kind === 'decide') {
    for (const [piece, base] of pair.bases) if (isQuestion(base)) pair.bases.set(piece, decided(base, step.winner));
  } else if (step.what === 'status') pair.setStatus(step.side, STATUSES[step.to] ?? 'To Do');
  else pair.setField(step.side, fieldId('summary'), buildValue(`words ${step.to}`));
}

const isQuestion = (base: PieceBase | undefined): boolean =>
  base?.state.kind === 'parked' && base.state.cause === 'conflict-undecided';

/** What two people changed is overwritten by a third one's word alone. */
const expectAsked = (plan: Plan): void => {
  for (const { outcome, cause } of plan.notes) if (outcome === 'overwritten') expect(cause).toBe('conflict-decided');
};

describe('[F8] [P1] in any history of edits, turns and decisions', () => {
  it('nothing is overwritten unasked, and it rests equal or as a question', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const pair = new SimulatedPair(ASKING, { A: item('old'), B: item('old') });
        pair.settle();
        for (const step of history) perform(pair, step);
        const before = pair.plan();
        expectAsked(before);
        expect(pair.settle()).toBeLessThanOrEqual(1);
        expect(pair.plan()).toMatchObject({ operations: [], notes: [], bases: new Map() });
        const [a, b] = SIDES.map((at) => pair.items[at].fields.get(fieldId('summary')));
        if (!isQuestion(pair.bases.get(SUMMARY))) expect(a).toEqual(b);
        const { A, B } = pair.items;
        const fits = (from: Side): boolean =>
          translateStatus(ASKING, pair.items[from].status.name, from) === pair.items[otherSide(from)].status.name;
        if (!isQuestion(pair.bases.get(STATUS_PIECE)))
          expect([A.status.name, B.status.name, fits('A') || fits('B')]).toContain(true);
      }),
      runs(500),
    );
  });
});
