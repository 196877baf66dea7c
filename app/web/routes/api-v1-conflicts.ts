import type { Request } from 'express';
import {
  type ConflictList,
  type ConflictValues,
  decideConflict as decideBody,
  type KeptContent,
  type KeptValue,
  type OpenConflict as OpenConflictView,
} from '../../contract/synchronizations.ts';
import type { KeptId } from '../../core/ids.ts';
import type { OpenConflict } from '../../sync/conflict-ports.ts';
import { decideConflict } from '../../sync/decide-conflict.ts';
import type { Pair } from '../../sync/ports.ts';
import { putBack } from '../../sync/put-back.ts';
import { conflictIdOf, type ListedValue, listConflicts, showConflict, showKeptValue } from '../../sync/show-conflicts.ts';
import type { ApiHandler } from '../guards.ts';
import { callerOf, hasValue, synchronizationIdOf } from '../set-up-answers.ts';
import type { ApiPorts } from './api-v1-ports.ts';
import { bodyOf } from './api-v1-synchronizations.ts';

const isoTime = (at: number): string => new Date(at).toISOString();
const keysOf = ({ issueKeys }: Pair) => ({ A: issueKeys.A, B: issueKeys.B });

const viewOpen = (conflict: OpenConflict): OpenConflictView => ({
  id: conflictIdOf(conflict),
  issueKeys: keysOf(conflict.pair),
  piece: conflict.piece,
  since: isoTime(conflict.since),
  decided: conflict.decided,
});

const viewKept = ({ keptId, pair, piece, side, keptAt, until, isShared }: ListedValue): KeptValue => ({
  id: keptId,
  issueKeys: keysOf(pair),
  piece,
  side,
  keptAt: isoTime(keptAt),
  until: isoTime(until),
  isShared,
});

const conflictIdIn = (request: Request): string => request.params.conflict ?? '';
const keptIdIn = (request: Request): KeptId => (request.params.kept ?? '') as KeptId;

/** GET /api/v1/synchronizations/:id/conflicts */
export const conflictsGet =
  ({ conflicts }: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const listed = await listConflicts(conflicts, callerOf(context), synchronizationIdOf(request));
    if (!hasValue(request, response, listed)) return;
    const { open, kept } = listed.value;
    response.json({ open: open.map(viewOpen), kept: kept.map(viewKept) } satisfies ConflictList);
  };

/** GET /api/v1/synchronizations/:id/conflicts/:conflict: content, so no cache keeps it. */
export const conflictGet =
  ({ conflicts }: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const shown = await showConflict(conflicts, callerOf(context), synchronizationIdOf(request), conflictIdIn(request));
    if (!hasValue(request, response, shown)) return;
    response.set('Cache-Control', 'no-store').json({ A: shown.value.A, B: shown.value.B } satisfies ConflictValues);
  };

/** POST /api/v1/synchronizations/:id/conflicts/:conflict/decide */
export const decidePost =
  ({ conflicts }: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const body = bodyOf(decideBody, request, response);
    if (body === null) return;
    const decision = { winner: body.winner, since: Date.parse(body.since) };
    const id = synchronizationIdOf(request);
    const decided = await decideConflict(conflicts, callerOf(context), id, conflictIdIn(request), decision);
    if (hasValue(request, response, decided)) response.status(204).end();
  };

/** GET /api/v1/synchronizations/:id/kept/:kept: content, so no cache keeps it. */
export const keptGet =
  ({ conflicts }: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const shown = await showKeptValue(conflicts, callerOf(context), synchronizationIdOf(request), keptIdIn(request));
    if (!hasValue(request, response, shown)) return;
    response.set('Cache-Control', 'no-store').json({ value: shown.value } satisfies KeptContent);
  };

/** POST /api/v1/synchronizations/:id/kept/:kept/put-back: no body. */
export const putBackPost =
  ({ conflicts }: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const done = await putBack(conflicts, callerOf(context), synchronizationIdOf(request), keptIdIn(request));
    if (hasValue(request, response, done)) response.status(204).end();
  };
