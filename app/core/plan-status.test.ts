import { describe, expect, it } from '@jest/globals';
import { buildConfiguration, buildItem, buildPlanInput, fingerprint } from '../../test/factories/core.ts';
import type { Configuration } from './configuration.ts';
import { fingerprintStatus } from './normal-form.ts';
import { COUNTS_AS_CHANGED, PARKED_REST_MS, type PieceBase, parkedBase, STATUS_PIECE, synchronizedBase } from './piece.ts';
import type { Plan } from './plan.ts';
import { planPair } from './plan-pair.ts';

const NOW = 1_000_000;
const MAP = [
  { A: 'To Do', B: 'Open' },
  { A: 'In Progress', B: 'In Progress' },
  { A: 'In Review', B: 'In Progress' },
  { A: 'Done', B: 'Closed' },
];

const print = (site: 'A' | 'B', status: string): string => fingerprintStatus(buildItem({ site, status }).status, fingerprint);
const agreedOn = (A: string, B: string): PieceBase => synchronizedBase({ A: print('A', A), B: print('B', B) });

interface Case {
  readonly A: string;
  readonly B: string;
  readonly base?: PieceBase;
  readonly settings?: Partial<NonNullable<Configuration['status']>>;
  readonly changedAt?: { readonly A: number; readonly B: number };
  readonly now?: number;
}

const plan = ({ A, B, base, settings, changedAt = { A: 0, B: 0 }, now = NOW }: Case): Plan =>
  planPair(
    buildPlanInput({
      configuration: buildConfiguration({ status: { direction: 'both', conflict: 'newest', map: MAP, ...settings } }),
      A: buildItem({ site: 'A', status: A, changedAt: { status: changedAt.A } }),
      B: buildItem({ site: 'B', status: B, changedAt: { status: changedAt.B } }),
      bases: base === undefined ? [] : [[STATUS_PIECE, base]],
      now,
    }),
  );

const transition = (target: 'A' | 'B', toStatus: string) => ({ kind: 'transition', target, piece: STATUS_PIECE, toStatus });

describe('status', () => {
  it.each<[string, Case, object[]]>([
    ['a step at A', { A: 'Done', B: 'Open', base: agreedOn('To Do', 'Open') }, [transition('B', 'Closed')]],
    ['a step at B', { A: 'To Do', B: 'Closed', base: agreedOn('To Do', 'Open') }, [transition('A', 'Done')]],
    [
      'several statuses for one',
      { A: 'In Review', B: 'Open', base: agreedOn('To Do', 'Open') },
      [transition('B', 'In Progress')],
    ],
    [
      'the first match on the way back',
      { A: 'To Do', B: 'In Progress', base: agreedOn('To Do', 'Open') },
      [transition('A', 'In Progress')],
    ],
    ['a status that stands for the same', { A: 'In Review', B: 'In Progress', base: agreedOn('In Progress', 'In Progress') }, []],
    ['one direction that fits is enough', { A: 'In Progress', B: 'In Progress', base: agreedOn('In Review', 'In Progress') }, []],
    ['nothing changed', { A: 'Done', B: 'Open', base: agreedOn('Done', 'Open') }, []],
    [
      'a conflict: newest',
      { A: 'Done', B: 'In Progress', base: agreedOn('To Do', 'Open'), changedAt: { A: 1, B: 2 } },
      [transition('A', 'In Progress')],
    ],
    [
      'a conflict: tie',
      { A: 'Done', B: 'In Progress', base: agreedOn('To Do', 'Open'), changedAt: { A: 2, B: 2 } },
      [transition('B', 'Closed')],
    ],
    ['never agreed', { A: 'Done', B: 'Open' }, [transition('B', 'Closed')]],
    ['against the direction', { A: 'Done', B: 'Open', base: agreedOn('To Do', 'Open'), settings: { direction: 'B-to-A' } }, []],
  ])('[T1] %s', (_, given, operations) => {
    expect(plan(given).operations).toEqual(operations);
  });

  it('[T1] a direction that does not flow makes no status right', () => {
    // B's In Progress stands for A's In Progress; from A, In Progress stands for Started.
    const map = [
      { A: 'In Progress', B: 'Started' },
      { A: 'In Progress', B: 'In Progress' },
    ];
    const given: Case = { A: 'In Progress', B: 'In Progress', base: agreedOn('To Do', 'In Progress') };
    expect(plan({ ...given, settings: { map } }).operations).toEqual([]);
    expect(plan({ ...given, settings: { map, direction: 'A-to-B' } }).operations).toEqual([transition('B', 'Started')]);
  });

  it('[T1] [T2] after the transition the status reached is the base, and many to one does not bounce', () => {
    const step = plan({ A: 'In Review', B: 'Open', base: agreedOn('To Do', 'Open') });
    const planned = step.bases.get(STATUS_PIECE);
    // Until the transition is made the target's former status stands; the shell puts in the one reached.
    expect(planned).toMatchObject(agreedOn('In Review', 'Open'));
    const reached = agreedOn('In Review', 'In Progress');
    expect(plan({ A: 'In Review', B: 'In Progress', base: reached })).toMatchObject({ operations: [], notes: [] });
  });

  it('[F2] a transition whose record was lost is seen as agreed', () => {
    expect(plan({ A: 'In Review', B: 'In Progress', base: agreedOn('To Do', 'Open') })).toMatchObject({
      operations: [],
      notes: [{ outcome: 'agreed' }],
    });
  });

  it('[T3] a status that is not mapped parks, rests, and lets go when it is left', () => {
    const before = agreedOn('To Do', 'Open');
    const parked = plan({ A: 'Weird', B: 'Open', base: before });
    expect(parked.operations).toEqual([]);
    expect(parked.notes).toEqual([{ piece: STATUS_PIECE, outcome: 'parked', source: 'A', cause: 'status-not-mapped' }]);
    const base = parked.bases.get(STATUS_PIECE) ?? before;
    expect(base).toMatchObject({
      fingerprints: before.fingerprints,
      state: { kind: 'parked', cause: 'status-not-mapped', since: NOW },
    });
    expect(plan({ A: 'Weird', B: 'Open', base })).toMatchObject({ operations: [], notes: [] });
    expect(plan({ A: 'Done', B: 'Open', base }).operations).toEqual([transition('B', 'Closed')]);
    expect(plan({ A: 'To Do', B: 'Open', base }).bases.get(STATUS_PIECE)).toEqual(before);
    const map = [...MAP, { A: 'Weird', B: 'Odd' }];
    expect(plan({ A: 'Weird', B: 'Open', base, settings: { map }, now: NOW + PARKED_REST_MS }).operations).toEqual([
      transition('B', 'Odd'),
    ]);
  });

  it('[T3] a transition that parked is not tried again with the same content', () => {
    const seen = { A: print('A', 'Done'), B: print('B', 'Open') };
    const base = parkedBase(agreedOn('To Do', 'Open'), 'no-direct-transition', NOW, seen);
    expect(plan({ A: 'Done', B: 'Open', base }).operations).toEqual([]);
    expect(plan({ A: 'Done', B: 'Open', base, now: NOW + PARKED_REST_MS }).operations).toEqual([transition('B', 'Closed')]);
    expect(plan({ A: 'Done', B: 'In Progress', base, changedAt: { A: 2, B: 1 } }).operations).toEqual([
      transition('B', 'Closed'),
    ]);
  });

  it('[T3] nothing else waits for a status that is not mapped', () => {
    const input = buildPlanInput({
      configuration: buildConfiguration({ fields: ['summary'], status: { direction: 'both', conflict: 'newest', map: [] } }),
      A: buildItem({ fields: { summary: 'x' } }),
      B: buildItem({ fields: { summary: null } }),
    });
    expect(planPair(input).operations).toMatchObject([{ kind: 'write-fields', target: 'B' }]);
  });

  it('[I5] a status that counts as changed at the origin walks the twin there, whoever has priority', () => {
    const base = synchronizedBase({ A: COUNTS_AS_CHANGED, B: print('B', 'Open') });
    expect(plan({ A: 'Done', B: 'Open', base, settings: { conflict: 'B' } }).operations).toEqual([transition('B', 'Closed')]);
    expect(plan({ A: 'Done', B: 'Open', base, settings: { direction: 'B-to-A' } }).operations).toEqual([]);
  });
});
