import type { Request, Response } from 'express';
import type { Result } from '../core/failure.ts';
import type { ConnectionId } from '../core/ids.ts';
import type { AuthenticationRefusalCode } from '../sync/authentication-ports.ts';
import { AUTHENTICATION_REFUSALS } from '../sync/authentication-refusal.ts';
import { CONNECTION_REFUSALS, type ConnectionRefusal, type ConnectionRefusalCode } from '../sync/connection-refusal.ts';
import { type Refusal, sendRefusal } from './errors.ts';
import { refusalOfSetUp } from './refusal-of-set-up.ts';

/** 422: what was entered is wrong. 409: it is right, and something else has to be done first. 503: worth trying again soon. */
const STATUS: Readonly<Record<AuthenticationRefusalCode, number>> = {
  'consent-denied': 403,
  'consent-other-site': 409,
  'code-refused': 409,
  'scope-refused': 409,
  'client-refused': 422,
  'key-refused': 409,
  'clocks-apart': 409,
  'link-missing': 409,
  'provider-missing': 409,
  'credentials-refused': 422,
  'password-off': 422,
  'captcha-needed': 409,
  'kind-off': 403,
  'kind-impossible': 422,
  'address-malformed': 422,
  'address-not-https': 422,
  'address-has-credentials': 422,
  'address-has-query': 422,
  'address-port-not-allowed': 422,
  'address-not-allowed': 422,
  'address-unknown': 422,
  'not-jira': 422,
  'provider-unavailable': 503,
  'connection-gone': 410,
};

const isOwn = (code: ConnectionRefusal['code']): code is ConnectionRefusalCode => code in CONNECTION_REFUSALS;
const isOfSite = (code: ConnectionRefusal['code']): code is AuthenticationRefusalCode => code in AUTHENTICATION_REFUSALS;

/** A refused step around connections as an answer over HTTP. */
export function refusalOfConnection({ code }: ConnectionRefusal): Refusal {
  if (isOwn(code)) return { code, ...CONNECTION_REFUSALS[code] };
  if (isOfSite(code)) return { code, status: STATUS[code], ...AUTHENTICATION_REFUSALS[code] };
  return refusalOfSetUp({ code });
}

/** An unknown or malformed id finds nothing, which is all that its sender may learn. */
export const connectionIdOf = (request: Request): ConnectionId => (request.params.id ?? '') as ConnectionId;

/** Whether there is a value to go on with; if not, the refusal has been sent. */
export function isDone<T>(
  request: Request,
  response: Response,
  result: Result<T, ConnectionRefusal>,
): result is { ok: true; value: T } {
  if (!result.ok) sendRefusal(request, response, refusalOfConnection(result.failure));
  return result.ok;
}
