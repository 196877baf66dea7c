import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildComment, buildConfiguration, buildItem, buildPlanInput, fingerprint } from '../../test/factories/core.ts';
import { arbitraryPairState, type PairState } from '../../test/factories/pair-states.ts';
import { storedByEditor } from '../../test/factories/rich-text.ts';
import { plainHabits, SimulatedPair } from '../../test/factories/simulated-pair.ts';
import { runs } from '../../test/property-runs.ts';
import type { Configuration } from './configuration.ts';
import type { PieceKey } from './ids.ts';
import { fingerprintMembers, fingerprintValue, normalForm, normalRich } from './normal-form.ts';
import { originOfComment, type PieceBase, synchronizedBase } from './piece.ts';
import type { PingPong } from './ping-pong.ts';
import type { Operation, Plan } from './plan.ts';
import { planPair } from './plan-pair.ts';
import { otherSide, type Side, type Sides } from './side.ts';
import { wholeView } from './view.ts';

const NOW = 10_000;
const planOf = (state: PairState): Plan =>
  planPair({
    configuration: state.configuration,
    views: { A: wholeView(state.items.A), B: wholeView(state.items.B) },
    bases: state.bases,
    fingerprint,
    now: NOW,
  });

describe('planPair', () => {
  it('[P2] one write per item, fields first, then status, then comments', () => {
    const plan = planPair(
      buildPlanInput({
        configuration: buildConfiguration({
          fields: ['summary', 'duedate', 'labels'],
          status: { direction: 'both', conflict: 'newest', map: [{ A: 'Done', B: 'Closed' }] },
          comments: { direction: 'both', authorLine: false },
        }),
        A: buildItem({ status: 'Done', fields: { summary: 'x', duedate: null, labels: ['a'] }, comments: [buildComment()] }),
        B: buildItem({ status: 'Open', fields: { summary: null, duedate: 'd', labels: ['b'] } }),
      }),
    );
    expect(plan.operations.map(({ kind, target }) => `${kind} ${target}`)).toEqual([
      'write-fields A',
      'write-fields B',
      'transition B',
      'create-comment B',
    ]);
    expect(plan.operations).toMatchObject([
      { writes: [{ field: 'duedate' }, { field: 'labels' }] },
      { writes: [{ field: 'summary' }, { field: 'labels' }] },
      {},
      {},
    ]);
  });

  it('[B3] forgets fields and a status that are not synchronized any more, and no comment', () => {
    const base = synchronizedBase({ A: 'a', B: 'b' });
    const pieces = ['field:summary', 'field:description', 'status', 'comment:A:10012'] as PieceKey[];
    const bases = new Map(pieces.map((piece) => [piece, base] as const));
    const configuration = buildConfiguration({ fields: ['summary'], status: null, comments: null });
    const forgotten = [...planPair({ ...buildPlanInput({ configuration }), bases }).bases].filter(([, now]) => now === null);
    expect(forgotten.map(([piece]) => piece)).toEqual(['field:description', 'status']);
  });

  it('[P1] from any state, planning again after the plan was carried out gives nothing', () => {
    fc.assert(
      fc.property(arbitraryPairState, fc.boolean(), ({ configuration, items, bases }, asEditor) => {
        const habits = asEditor ? { reshape: storedByEditor } : plainHabits;
        const pair = new SimulatedPair(configuration, items, bases, habits);
        pair.turn();
        expect(pair.plan()).toEqual({
          operations: [],
          bases: new Map(),
          agreed: new Map(),
          seen: new Map(),
          notes: [],
          losing: [],
          looks: [],
        });
      }),
      runs(1500),
    );
  });

  it('[P3] swapping the sides swaps the plan', () => {
    fc.assert(
      fc.property(arbitraryPairState, (state) => {
        expect(canonical(planOf(swapState(state)))).toEqual(canonical(swapPlan(planOf(state))));
      }),
      runs(1000),
    );
  });

  it('[F4] [F8] [K2] [K7] no value that a person changed is written over or deleted without being said', () => {
    fc.assert(
      fc.property(arbitraryPairState, (state) => {
        const plan = planOf(state);
        for (const operation of plan.operations)
          for (const piece of lostPieces(state, operation)) {
            expect(plan.notes).toContainEqual({
              piece,
              outcome: 'overwritten',
              source: otherSide(operation.target),
              cause: expect.stringMatching(/^conflict-(lost|decided)$/),
            });
          }
      }),
      runs(1000),
    );
  });

  it('[K5] no restricted comment is ever the source of anything but its deletion', () => {
    fc.assert(
      fc.property(arbitraryPairState, (state) => {
        for (const operation of planOf(state).operations) {
          if (operation.kind !== 'create-comment' && operation.kind !== 'edit-comment') continue;
          const source = otherSide(operation.target);
          const id = state.bases.get(operation.piece)?.comments?.[source] ?? originOfComment(operation.piece).commentId;
          expect(state.items[source].comments.find((comment) => comment.commentId === id)?.restricted).toBe(false);
        }
      }),
      runs(1000),
    );
  });

  it('[P1] a plan has one base at most for each piece with writes, and knows what it looked at', () => {
    fc.assert(
      fc.property(arbitraryPairState, (state) => {
        const plan = planOf(state);
        const written = plan.operations.flatMap((operation) =>
          operation.kind === 'write-fields' ? operation.writes.map(({ piece }) => piece) : [operation.piece],
        );
        for (const piece of written) {
          expect(plan.bases.has(piece)).toBe(true);
          expect(plan.seen.has(piece)).toBe(true);
        }
      }),
      runs(100),
    );
  });
});

/** The pieces whose content at the target differs from what was last agreed and is lost by this operation. */
function lostPieces({ items, bases }: PairState, operation: Operation): readonly PieceKey[] {
  const { target } = operation;
  const remembered = (piece: PieceKey): string | null => bases.get(piece)?.fingerprints[target] ?? null;
  switch (operation.kind) {
    case 'write-fields':
      return operation.writes.flatMap(({ piece, field, value }) => {
        const before = items[target].fields.get(field) ?? { kind: 'empty' };
        if (value.kind === 'set-change') {
          // A member may go only when the other side once had it and has it no more.
          const there = items[otherSide(target)].fields.get(field);
          const once = bases.get(piece)?.fingerprints[otherSide(target)]?.split(',') ?? [];
          const gone = value.remove;
          const taken = (member: string): boolean =>
            once.includes(fingerprintMembers([member], fingerprint)) && there?.kind === 'set' && !there.members.includes(member);
          return gone.every(taken) ? [] : [piece];
        }
        return normalForm(before) === 'empty' || fingerprintValue(before, fingerprint) === remembered(piece) ? [] : [piece];
      });
    case 'edit-comment':
    case 'delete-comment': {
      const comment = items[target].comments.find(({ commentId }) => commentId === operation.commentId);
      return comment === undefined || fingerprint(normalRich(comment.body)) === remembered(operation.piece)
        ? []
        : [operation.piece];
    }
    case 'transition':
    case 'create-comment':
      return [];
  }
}

const swap = <T>({ A, B }: Sides<T>): Sides<T> => ({ A: B, B: A });
const swapPiece = (piece: PieceKey): PieceKey =>
  piece.replace(/^comment:([AB]):/, (_, side: Side) => `comment:${otherSide(side)}:`) as PieceKey;
const swapParked = (state: PieceBase['state']): PieceBase['state'] =>
  state.kind === 'parked'
    ? { ...state, seen: swap(state.seen), ...(state.decided === undefined ? {} : { decided: otherSide(state.decided) }) }
    : state;
const swapBase = (base: PieceBase): PieceBase => ({
  fingerprints: swap(base.fingerprints),
  comments: base.comments === null ? null : swap(base.comments),
  state: swapParked(base.state),
  ...(base.pingPong === undefined ? {} : { pingPong: swapPingPong(base.pingPong) }),
});
/** What crosses at the same moment is remembered A first. */
const swapPingPong = ({ crossings, frozen }: PingPong): PingPong => ({
  crossings: crossings
    .map((crossing) => ({ ...crossing, to: otherSide(crossing.to) }))
    .sort((a, b) => a.at - b.at || a.to.localeCompare(b.to)),
  frozen,
});
const MIRRORED = { both: 'both', 'A-to-B': 'B-to-A', 'B-to-A': 'A-to-B' } as const;
const RIVAL = { newest: 'newest', A: 'B', B: 'A', ask: 'ask' } as const;

const swapConfiguration = (configuration: Configuration): Configuration => ({
  ...configuration,
  fields: configuration.fields.map((mapping) => ({
    ...mapping,
    direction: MIRRORED[mapping.direction],
    conflict: RIVAL[mapping.conflict],
  })),
  status:
    configuration.status === null
      ? null
      : {
          direction: MIRRORED[configuration.status.direction],
          conflict: RIVAL[configuration.status.conflict],
          map: configuration.status.map.map(swap),
        },
  comments:
    configuration.comments === null ? null : { ...configuration.comments, direction: MIRRORED[configuration.comments.direction] },
});

const swapState = ({ configuration, items, bases }: PairState): PairState => ({
  configuration: swapConfiguration(configuration),
  items: swap(items),
  bases: new Map([...bases].map(([piece, base]) => [swapPiece(piece), swapBase(base)])),
});

const swapOperation = (operation: Operation): Operation => {
  const target = otherSide(operation.target);
  return operation.kind === 'write-fields'
    ? { ...operation, target }
    : { ...operation, target, piece: swapPiece(operation.piece) };
};

const swapPlan = (plan: Plan): Plan => ({
  operations: plan.operations.map(swapOperation),
  bases: new Map([...plan.bases].map(([piece, base]) => [swapPiece(piece), base === null ? null : swapBase(base)])),
  agreed: new Map([...plan.agreed].map(([piece, base]) => [swapPiece(piece), swapBase(base)])),
  seen: new Map([...plan.seen].map(([piece, seen]) => [swapPiece(piece), swap(seen)])),
  notes: plan.notes.map((note) => ({
    ...note,
    piece: note.piece === null ? null : swapPiece(note.piece),
    source: note.source === null ? null : otherSide(note.source),
  })),
  losing: plan.losing.map((losing) => ({ ...losing, piece: swapPiece(losing.piece), side: otherSide(losing.side) })),
  looks: plan.looks.map(otherSide),
});

/** Without the order in which the two sides are dealt with. */
const canonical = (plan: Plan) => ({
  operations: plan.operations.map((operation) => JSON.stringify(operation)).sort(),
  bases: plan.bases,
  agreed: plan.agreed,
  seen: plan.seen,
  notes: plan.notes.map((note) => JSON.stringify(note)).sort(),
});
