import type { Request, Response } from 'express';
import type { Result } from '../core/failure.ts';
import type { SynchronizationId } from '../core/ids.ts';
import type { Caller, SpaceCaller } from '../sync/set-up-ports.ts';
import type { SetUpRefusal } from '../sync/set-up-refusal.ts';
import { sendRefusal } from './errors.ts';
import type { ApiContext, PersonContext } from './guards.ts';
import { refusalOfSetUp } from './refusal-of-set-up.ts';

/** The guard's context in the words of the use cases. */
export function callerOf(context: PersonContext): SpaceCaller;
export function callerOf(context: ApiContext): Caller;
export function callerOf(context: ApiContext): Caller {
  const { tenantId: siteTenantId } = context;
  if (context.kind === 'token') return { kind: 'token', siteTenantId, tokenId: context.tokenId, scopes: context.scopes };
  const { connectionId, accountId, projectId, projectKey } = context;
  return { kind: 'space', siteTenantId, connectionId, accountId, projectId, projectKey };
}

/** An unknown or malformed id finds nothing, which is all that its sender may learn. */
export const synchronizationIdOf = (request: Request): SynchronizationId => (request.params.id ?? '') as SynchronizationId;

/** Whether there is a value to go on with; if not, the refusal has been sent. */
export function hasValue<T>(
  request: Request,
  response: Response,
  result: Result<T, SetUpRefusal>,
): result is { ok: true; value: T } {
  if (!result.ok) sendRefusal(request, response, refusalOfSetUp(result.failure));
  return result.ok;
}
