import type { FoundLate } from '../../contract/synchronizations.ts';
import { findVisible } from '../../sync/find-visible.ts';
import { retryNow } from '../../sync/retry-now.ts';
import type { ApiHandler } from '../guards.ts';
import { callerOf, hasValue, synchronizationIdOf } from '../set-up-answers.ts';
import { viewDetail } from '../synchronization-view.ts';
import type { ApiPorts } from './api-v1-ports.ts';
import { viewPorts } from './api-v1-synchronizations.ts';

/** Longer than anybody looks back; days without any are not stored. */
const MOST_DAYS = 90;

/** POST /api/v1/synchronizations/:id/retry: no body. */
export const retryPost =
  (ports: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const { setUp, healing } = ports;
    const retried = await retryNow({ ...setUp, retries: healing }, callerOf(context), synchronizationIdOf(request));
    if (hasValue(request, response, retried)) response.json(await viewDetail(viewPorts(ports), retried.value));
  };

/** GET /api/v1/synchronizations/:id/found-late */
export const foundLateGet =
  (ports: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const visible = await findVisible(ports.setUp, callerOf(context), synchronizationIdOf(request));
    if (!hasValue(request, response, visible)) return;
    const { tenantId, synchronizationId } = visible.value.synchronization;
    const days = await ports.healing.scans.listFoundLate(tenantId, synchronizationId, MOST_DAYS);
    response.json({ days: [...days] } satisfies FoundLate);
  };
