import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Express } from 'express';
import request from 'supertest';
import { SUMMARY } from '../../../test/contract/ledger-world.ts';
import { buildLost, type ConflictWorld, createConflictWorld } from '../../../test/fakes/conflict-world.ts';
import { createReadableApi } from '../../../test/fakes/readable-api.ts';
import { apiError, type ConflictList, conflictList, conflictValues, keptContent } from '../../contract/synchronizations.ts';
import { parkedBase, synchronizedBase } from '../../core/piece.ts';
import { createSpaceNames } from '../../sync/space-names.ts';

const ANN = 'JWT acme SUP ann';
const BEN = 'JWT globex ENG ben';
const LAB = 'JWT acme LAB ann';
const ASKED = '2027-01-15T08:00:00.000Z';
const SECRET = 'What Jonas wrote';

let world: ConflictWorld;
let app: Express;
beforeEach(async () => {
  world = await createConflictWorld();
  const { ports } = world.setUp;
  const synchronizations = world.ledger.synchronizations;
  app = createReadableApi(world.setUp, {
    setUp: { ...ports, synchronizations },
    turns: world.ledger.turns,
    names: createSpaceNames(ports),
    conflicts: world.ports,
    brakes: world.ledger.brakes,
    healing: { ...world.ledger, clock: ports.clock },
  });
  const seen = { A: 'a', B: 'b' };
  const undecided = parkedBase(synchronizedBase({ A: 'x', B: 'y' }), 'conflict-undecided', Date.parse(ASKED), seen);
  await world.record({
    pieces: new Map([[SUMMARY, undecided]]),
    kept: [buildLost(world, { kind: 'text', text: SECRET })],
  });
});

const call = (method: 'get' | 'post', path: string, who: string, body?: object) => {
  const sent = request(app)[method](`/api/v1/synchronizations/${world.synchronizationId}${path}`).set('Authorization', who);
  return body === undefined ? sent : sent.send(body);
};
const listAs = async (who: string): Promise<ConflictList> =>
  conflictList.parse((await call('get', '/conflicts', who).expect(200)).body);
const codeOf = (body: unknown): string => apiError.parse(body).error.code;
const pathOfOpen = async (): Promise<string> => `/conflicts/${encodeURIComponent((await listAs(ANN)).open[0]?.id ?? '')}`;
const pathOfKept = async (): Promise<string> => `/kept/${(await listAs(ANN)).kept[0]?.id ?? ''}`;

describe('conflicts over HTTP', () => {
  it.each([ANN, BEN])('are listed for both sides alike, without any content: %s', async (who) => {
    const answer = await call('get', '/conflicts', who).expect(200);
    const issueKeys = { A: 'SUP-1', B: 'ENG-1' };
    expect(conflictList.parse(answer.body)).toMatchObject({
      open: [{ issueKeys, piece: 'field:summary', since: ASKED, decided: null }],
      kept: [{ issueKeys, piece: 'field:summary', side: 'B', keptAt: ASKED, until: '2027-02-14T08:00:00.000Z', isShared: true }],
    });
    expect(answer.text).not.toContain(SECRET);
  });

  it.each([ANN, BEN])('tell their values one by one, and no cache keeps them: %s', async (who) => {
    const kept = await call('get', await pathOfKept(), who)
      .expect(200)
      .expect('Cache-Control', 'no-store');
    expect(keptContent.parse(kept.body)).toEqual({ value: SECRET });
    const open = await call('get', await pathOfOpen(), who)
      .expect(200)
      .expect('Cache-Control', 'no-store');
    expect(conflictValues.parse(open.body)).toEqual({ A: 'Summary of A', B: 'Summary of B' });
  });

  it('are decided', async () => {
    await call('post', `${await pathOfOpen()}/decide`, BEN, { winner: 'B', since: ASKED }).expect(204);
    expect((await listAs(ANN)).open[0]?.decided).toBe('B');
    const late = { winner: 'A', since: '2027-01-15T08:00:00.001Z' };
    expect(codeOf((await call('post', `${await pathOfOpen()}/decide`, ANN, late).expect(409)).body)).toBe('conflict-changed');
  });

  it('are put back', async () => {
    const path = `${await pathOfKept()}/put-back`;
    await call('post', path, ANN).expect(204);
    expect((await listAs(BEN)).kept).toEqual([]);
    expect(codeOf((await call('post', path, BEN).expect(404)).body)).toBe('kept-value-not-found');
    expect(world.sites.B.writes).toHaveLength(1);
  });

  it.each([
    { winner: 'C', since: ASKED },
    { winner: 'A' },
    { winner: 'A', since: 'yesterday' },
    { winner: 'A', since: ASKED, more: 1 },
  ])('take no other answer: %j', async (body) => {
    expect(codeOf((await call('post', `${await pathOfOpen()}/decide`, ANN, body).expect(400)).body)).toBe('body-invalid');
  });

  it('do not exist for a space that takes no part', async () => {
    const [open, kept] = [await pathOfOpen(), await pathOfKept()];
    const answers = [
      await call('get', '/conflicts', LAB),
      await call('get', open, LAB),
      await call('post', `${open}/decide`, LAB, { winner: 'A', since: ASKED }),
      await call('get', kept, LAB),
      await call('post', `${kept}/put-back`, LAB),
    ];
    expect(answers.map(({ status, body }) => `${status} ${codeOf(body)}`)).toEqual(
      Array(5).fill('404 synchronization-not-found'),
    );
    expect((await listAs(ANN)).kept).toHaveLength(1);
  });

  it.each(['/conflicts', '/kept/x'])('are not for people without the right to administer the space: GET %s', async (path) => {
    expect(codeOf((await call('get', path, 'JWT acme SUP carl').expect(403)).body)).toBe('not-space-admin');
  });
});
