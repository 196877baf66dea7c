import type { Request, Response } from 'express';
import type { Result } from '../core/failure.ts';
import type { SynchronizationId } from '../core/ids.ts';
import type { Caller, SpaceCaller } from '../sync/set-up-ports.ts';
import { SET_UP_REFUSALS, type SetUpRefusal, type SetUpRefusalCode } from '../sync/set-up-refusal.ts';
import { type Refusal, sendRefusal } from './errors.ts';
import type { ApiContext, PersonContext } from './guards.ts';

/** 409: the request is right, the state of things is not. 503: worth trying again soon. */
const STATUS: Readonly<Record<SetUpRefusalCode, number>> = {
  'synchronization-not-found': 404,
  'not-space-admin': 403,
  'site-admin-needed': 403,
  'not-in-group': 403,
  'scope-missing': 403,
  'space-needed': 422,
  'partner-not-found': 422,
  'space-not-found': 422,
  'same-space': 422,
  'already-synchronized': 409,
  'state-forbids': 409,
  'side-forbids': 403,
  'draft-open': 409,
  'no-draft': 409,
  'own-draft': 403,
  'partner-draft': 403,
  'partner-not-asked': 409,
  'terms-changed': 409,
  'version-not-found': 404,
  'no-common-types': 409,
  'site-unreachable': 503,
  'partner-unreachable': 503,
  'authentication-needed': 409,
  'connection-not-yours': 422,
  'connection-unfit': 422,
  'other-space-admin-needed': 403,
  'set-up-not-found': 404,
  'set-up-unfinished': 409,
  'too-many-set-ups': 409,
  'group-not-found': 422,
  'site-busy': 503,
  'conflict-not-found': 404,
  'conflict-changed': 409,
  'kept-value-not-found': 404,
  'kept-value-unreadable': 409,
  'value-not-shared': 403,
  'put-back-under-way': 409,
  'put-back-refused': 409,
  'put-back-uncertain': 503,
  'item-not-reachable': 409,
  'licence-missing': 409,
  'licence-expired': 409,
  'licence-endpoints-used-up': 409,
};

/** A refused step as an answer over HTTP. */
export const refusalOfSetUp = ({ code }: SetUpRefusal): Refusal => ({ status: STATUS[code], code, ...SET_UP_REFUSALS[code] });

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
