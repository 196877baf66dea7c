import { z } from 'zod';
import { listHistory } from '../../sync/show-history.ts';
import { type Refusal, sendRefusal } from '../errors.ts';
import type { ApiHandler } from '../guards.ts';
import { callerOf, hasValue, synchronizationIdOf } from '../set-up-answers.ts';
import { viewHistoryLine } from '../synchronization-view.ts';
import type { ApiPorts } from './api-v1-ports.ts';

const query = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) });

const QUERY_INVALID: Refusal = {
  status: 400,
  code: 'query-invalid',
  message: 'The query of the address is not what this address expects.',
  remedy: 'Send limit as a whole number from 1 to 200, or leave it out.',
};

/** GET /api/v1/synchronizations/:id/history?limit=50: newest first. */
export const historyGet =
  (ports: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const parsed = query.safeParse(request.query);
    if (!parsed.success) return sendRefusal(request, response, QUERY_INVALID);
    const id = synchronizationIdOf(request);
    const lines = await listHistory({ ...ports.setUp, turns: ports.turns }, callerOf(context), id, parsed.data.limit);
    if (hasValue(request, response, lines)) response.json({ history: lines.value.map(viewHistoryLine) });
  };
