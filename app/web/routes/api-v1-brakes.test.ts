import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Express } from 'express';
import request from 'supertest';
import { z } from 'zod';
import { SUMMARY } from '../../../test/contract/ledger-world.ts';
import { type ConflictWorld, createConflictWorld } from '../../../test/fakes/conflict-world.ts';
import { createReadableApi } from '../../../test/fakes/readable-api.ts';
import { apiError, synchronizationDetail, synchronizationRow } from '../../contract/synchronizations.ts';
import { parkedBase, synchronizedBase } from '../../core/piece.ts';
import { createSpaceNames } from '../../sync/space-names.ts';

const ANN = 'JWT acme SUP ann';
const BEN = 'JWT globex ENG ben';
const LAB = 'JWT acme LAB ann';
const STOPPED = '2027-01-15T08:00:00.000Z';

let world: ConflictWorld;
let app: Express;
beforeEach(async () => {
  world = await createConflictWorld();
  const { ports } = world.setUp;
  const { synchronizations, turns, brakes } = world.ledger;
  app = createReadableApi(world.setUp, {
    setUp: { ...ports, synchronizations },
    turns,
    names: createSpaceNames(ports),
    conflicts: world.ports,
    brakes,
    healing: { ...world.ledger, clock: ports.clock },
  });
  const waiting = parkedBase(synchronizedBase({ A: 'x', B: 'y' }), 'mass-clear', 1, { A: 'emptied', B: 'y' });
  await world.record({ pieces: new Map([[SUMMARY, waiting]]) });
  await brakes.stop(world.ann.siteTenantId, world.synchronizationId, 'clear', 21, Date.parse(STOPPED));
});

const PATH = () => `/api/v1/synchronizations/${world.synchronizationId}`;
const release = (who: string, body: object) => request(app).post(`${PATH()}/brake/release`).set('Authorization', who).send(body);
const brakesFor = async (who: string) => {
  const answer = await request(app).get(PATH()).set('Authorization', who).expect(200);
  return synchronizationDetail.parse(answer.body).brakes;
};
const codeOf = (body: unknown): string => apiError.parse(body).error.code;

describe('what was stopped, over HTTP', () => {
  it.each([ANN, BEN])('is shown to both sides alike, in the overview too: %s', async (who) => {
    const brakes = [{ kind: 'clear', since: STOPPED, counted: 21, waiting: 1 }];
    expect(await brakesFor(who)).toEqual(brakes);
    const listed = await request(app).get('/api/v1/synchronizations').set('Authorization', who).expect(200);
    const { synchronizations } = z.object({ synchronizations: z.array(synchronizationRow) }).parse(listed.body);
    expect(synchronizations.map((row) => row.brakes)).toEqual([brakes]);
  });

  it.each([
    [ANN, 'carry-out'],
    [BEN, 'take-back'],
  ])('[M8] is answered by the administrators of both spaces: %s, %s', async (who, answer) => {
    const answered = await release(who, { kind: 'clear', answer }).expect(200);
    expect(synchronizationDetail.parse(answered.body).brakes).toEqual([]);
    // The other side was faster: nothing is left to answer, and whoever comes late is told.
    const late = await release(ANN, { kind: 'clear', answer: 'carry-out' }).expect(409);
    expect(codeOf(late.body)).toBe('brake-answered');
    expect(await brakesFor(BEN)).toEqual([]);
  });

  it('is nobody else’s to see or to answer', async () => {
    expect(codeOf((await release(LAB, { kind: 'clear', answer: 'carry-out' }).expect(404)).body)).toBe(
      'synchronization-not-found',
    );
    expect(await brakesFor(ANN)).toHaveLength(1);
  });

  it('is answered while the synchronization is running', async () => {
    await world.change({ state: 'stopped' });
    expect(codeOf((await release(ANN, { kind: 'clear', answer: 'carry-out' }).expect(409)).body)).toBe('state-forbids');
    expect(await brakesFor(ANN)).toHaveLength(1);
  });

  it.each([
    {},
    { kind: 'clear' },
    { kind: 'everything', answer: 'carry-out' },
    { kind: 'clear', answer: 'maybe' },
    { kind: 'clear', answer: 'carry-out', more: 1 },
  ])('refuses %j', async (body) => {
    await release(ANN, body).expect(400);
    expect(await brakesFor(ANN)).toHaveLength(1);
  });
});
