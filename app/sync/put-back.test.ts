import { beforeEach, describe, expect, it } from '@jest/globals';
import { buildComment, buildConfiguration, doc, paragraph } from '../../test/factories/core.ts';
import { buildLost, type ConflictWorld, createConflictWorld } from '../../test/fakes/conflict-world.ts';
import type { Failure } from '../core/failure.ts';
import type { CommentId, KeptId } from '../core/ids.ts';
import type { FieldValue } from '../core/item.ts';
import { commentPiece, STATUS_PIECE, synchronizedBase } from '../core/piece.ts';
import { putBack } from './put-back.ts';
import type { Caller } from './set-up-ports.ts';
import { listConflicts, showKeptValue } from './show-conflicts.ts';

const LOST: FieldValue = { kind: 'text', text: 'What Jonas wrote' };
const COMMENT = commentPiece('A', '500' as CommentId);

let world: ConflictWorld;
beforeEach(async () => {
  world = await createConflictWorld();
});

const lose = async (value: FieldValue = LOST, overrides: Parameters<typeof buildLost>[2] = {}): Promise<KeptId> => {
  const [keptId] = await world.record({ kept: [buildLost(world, value, overrides)] });
  if (keptId === undefined) throw new Error('Nothing was kept.');
  return keptId;
};
const putBackBy = async (caller: Caller, keptId: KeptId): Promise<string> => {
  const done = await putBack(world.ports, caller, world.synchronizationId, keptId);
  return done.ok ? 'done' : done.failure.code;
};
const passDays = (days: number): void => {
  world.setUp.time.now += days * 86_400_000;
};
const stillKept = async (): Promise<number> => {
  const listed = await listConflicts(world.ports, world.ann, world.synchronizationId);
  return listed.ok ? listed.value.kept.length : -1;
};
const history = async (): Promise<string[]> => {
  const lines = await world.ledger.turns.listHistory(world.ann.siteTenantId, world.synchronizationId, 10);
  return lines.map(({ outcome, piece, source }) => `${outcome} ${piece} ${source}`);
};

describe('putting back a value that lost', () => {
  it.each(['ann', 'ben'] as const)('is for the administrators of both spaces: %s', async (who) => {
    const keptId = await lose();
    expect(await putBackBy(world[who], keptId)).toBe('done');
    expect(world.sites.B.item?.fields.get('summary' as never)).toEqual(LOST);
    expect([world.sites.A.writes, world.sites.B.writes]).toEqual([[], ['summary traced tandem/put-back']]);
    expect(await stillKept()).toBe(0);
    expect(await history()).toContain('put-back field:summary B');
    expect(await putBackBy(world[who], keptId)).toBe('kept-value-not-found');
  });

  it('sets a status by the transition that leads to it', async () => {
    const keptId = await lose({ kind: 'option', id: '7', name: 'Blocked' }, { piece: STATUS_PIECE });
    expect(await putBackBy(world.ann, keptId)).toBe('put-back-refused');
    world.sites.B.transitions = [
      { id: '31', to: { id: '6', name: 'Done' } },
      { id: '41', to: { id: '7', name: 'Blocked' } },
    ];
    expect(await putBackBy(world.ann, keptId)).toBe('done');
    expect(world.sites.B.writes).toEqual(['transition 41 traced tandem/put-back']);
  });

  it('edits a comment under the id that it has on the side that lost', async () => {
    const value: FieldValue = { kind: 'rich', document: doc(paragraph('As Jonas put it')) };
    const { item } = world.sites.B;
    if (item === null) throw new Error('There is no item.');
    world.sites.B.item = { ...item, comments: [buildComment({ commentId: '900' })] };
    const base = { ...synchronizedBase({ A: 'x', B: 'y' }), comments: { A: '500' as CommentId, B: '900' as CommentId } };
    const [keptId] = await world.record({
      pieces: new Map([[COMMENT, base]]),
      kept: [buildLost(world, value, { piece: COMMENT })],
    });
    expect(await putBackBy(world.ann, keptId ?? ('' as KeptId))).toBe('done');
    expect(world.sites.B.writes).toEqual(['comment 900 traced tandem/put-back']);
  });

  it('is no write where the value stands there already', async () => {
    const keptId = await lose({ kind: 'text', text: 'Summary of B' });
    expect(await putBackBy(world.ann, keptId)).toBe('done');
    expect(world.sites.B.writes).toEqual([]);
    expect(await stillKept()).toBe(0);
  });
});

describe('putting back happens once', () => {
  it('when two do it at the same time', async () => {
    const keptId = await lose();
    const reaching = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const { sites } = world.ports;
    const reach: typeof sites.reach = async (...of) => {
      const jira = await sites.reach(...of);
      if (jira === null) return null;
      const writeFields: typeof jira.writeFields = async (...write) => {
        reaching.resolve();
        await answered.promise;
        return jira.writeFields(...write);
      };
      return { ...jira, writeFields };
    };
    const first = putBack({ ...world.ports, sites: { ...sites, reach } }, world.ann, world.synchronizationId, keptId);
    await reaching.promise;
    expect(await putBackBy(world.ben, keptId)).toBe('put-back-under-way');
    answered.resolve();
    expect((await first).ok).toBe(true);
    expect(world.sites.B.writes).toHaveLength(1);
  });

  it('when the answer to the write is lost and it is tried again', async () => {
    const keptId = await lose();
    world.sites.B.lostAnswer = true;
    expect(await putBackBy(world.ann, keptId)).toBe('put-back-uncertain');
    world.sites.B.lostAnswer = false;
    expect(await putBackBy(world.ann, keptId)).toBe('done');
    expect(world.sites.B.writes).toHaveLength(1);
  });

  it('when we died after the write: two minutes later another finds it done', async () => {
    const keptId = await lose();
    const { kept } = world.ports;
    const dying = { ...world.ports, kept: { ...kept, finish: () => Promise.reject(new Error('died')) } };
    await expect(putBack(dying, world.ann, world.synchronizationId, keptId)).rejects.toThrow('died');
    expect(await putBackBy(world.ann, keptId)).toBe('put-back-under-way');
    world.setUp.time.now += 2 * 60_000;
    expect(await putBackBy(world.ann, keptId)).toBe('done');
    expect(world.sites.B.writes).toHaveLength(1);
    expect(await history()).toContain('put-back field:summary B');
  });
});

describe('putting back is refused', () => {
  const refusals: [why: string, code: string, prepare: () => void | Promise<void>][] = [
    ['while the synchronization is stopped', 'state-forbids', () => world.change({ state: 'stopped' })],
    ['when the value has expired', 'kept-value-not-found', () => passDays(31)],
    ['when the item is gone', 'item-not-reachable', () => void Object.assign(world.sites.B, { item: null })],
    [
      'when the app left the other site',
      'partner-unreachable',
      () => void Object.assign(world.setUp.globex, { installed: false }),
    ],
    [
      'when the item moved to another space',
      'item-not-reachable',
      () => {
        const { item } = world.sites.B;
        if (item !== null) world.sites.B.item = { ...item, projectId: '99999' as never };
      },
    ],
    [
      'when the field is not offered any more',
      'put-back-refused',
      () => {
        const { item } = world.sites.B;
        if (item !== null) world.sites.B.item = { ...item, fields: new Map() };
      },
    ],
  ];

  it.each(refusals)('%s: %s', async (_why, code, prepare) => {
    const keptId = await lose();
    await prepare();
    expect(await putBackBy(world.ann, keptId)).toBe(code);
    expect(world.sites.B.writes).toEqual([]);
  });

  const answers: [failure: Failure, code: string][] = [
    [{ kind: 'rejected', fields: [], detail: '' }, 'put-back-refused'],
    [{ kind: 'forbidden' }, 'put-back-refused'],
    [{ kind: 'unavailable', detail: '' }, 'partner-unreachable'],
    [{ kind: 'rate-limited', scope: 'site', retryAt: 1 }, 'site-busy'],
  ];
  it.each(answers)('when Jira answers %j, and it can be tried again', async (failure, code) => {
    const keptId = await lose();
    world.sites.B.refusal = failure;
    expect(await putBackBy(world.ann, keptId)).toBe(code);
    world.sites.B.refusal = null;
    expect(await putBackBy(world.ann, keptId)).toBe('done');
  });

  it('to a space that takes no part, and to one who is no administrator', async () => {
    const keptId = await lose();
    expect(await putBackBy(world.stranger, keptId)).toBe('synchronization-not-found');
    expect(await putBackBy(world.setUp.caller(world.setUp.globex, 'ENG', 'carl'), keptId)).toBe('not-space-admin');
  });
});

describe('a kept value is shown', () => {
  const showTo = async (caller: Caller, keptId: KeptId): Promise<string> => {
    const shown = await showKeptValue(world.ports, caller, world.synchronizationId, keptId);
    return shown.ok ? `value: ${shown.value}` : shown.failure.code;
  };

  it.each([
    [{ kind: 'empty' }, ''],
    [{ kind: 'rich', document: doc(paragraph('One'), paragraph('Two')) }, 'One\nTwo'],
    [{ kind: 'set', members: ['red', 'blue'] }, 'red, blue'],
    [{ kind: 'option', id: '3', name: 'High' }, 'High'],
    [{ kind: 'date', date: '2026-11-22' }, '2026-11-22'],
  ] as [FieldValue, string][])('in words: %j', async (value, words) => {
    expect(await showTo(world.ann, await lose(value))).toBe(`value: ${words}`);
  });

  it('to administrators of both spaces where the field flows that way, and to nobody else', async () => {
    const keptId = await lose();
    expect([await showTo(world.ann, keptId), await showTo(world.ben, keptId)]).toEqual(Array(2).fill('value: What Jonas wrote'));
    expect(await showTo(world.stranger, keptId)).toBe('synchronization-not-found');
    expect(await showTo(world.setUp.caller(world.setUp.acme, 'SUP', 'carl'), keptId)).toBe('not-space-admin');
  });

  it.each([
    ['flows the other way only', [{ field: 'summary' as never, direction: 'A-to-B', conflict: 'newest' }]],
    ['is not synchronized any more', []],
  ] as const)('on its own side only where the field %s', async (_why, fields) => {
    const keptId = await lose();
    await world.change({ configuration: { ...buildConfiguration(), fields } });
    expect([await showTo(world.ann, keptId), await showTo(world.ben, keptId)]).toEqual([
      'value-not-shared',
      'value: What Jonas wrote',
    ]);
  });

  it('on its own side only when it is a comment, which may have been for some people there', async () => {
    const keptId = await lose({ kind: 'rich', document: doc(paragraph('For the team alone')) }, { piece: COMMENT });
    const listedFor = async (caller: Caller) => {
      const listed = await listConflicts(world.ports, caller, world.synchronizationId);
      return listed.ok ? listed.value.kept.map(({ isShared }) => isShared) : [];
    };
    expect([await listedFor(world.ann), await listedFor(world.ben)]).toEqual([[false], [true]]);
    expect([await showTo(world.ann, keptId), await showTo(world.ben, keptId)]).toEqual([
      'value-not-shared',
      'value: For the team alone',
    ]);
  });

  it('only while its key is known', async () => {
    const keptId = await lose(LOST, { sealed: 'by another key' });
    expect(await showTo(world.ann, keptId)).toBe('kept-value-unreadable');
    expect(await putBackBy(world.ann, keptId)).toBe('kept-value-unreadable');
  });
});
