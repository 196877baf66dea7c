import type { Request, RequestHandler } from 'express';
import type { MakeId } from '../platform/ids.ts';

const ids = new WeakMap<Request, string>();

/** The id that connects an answer with the log. Made by us; a caller's own header is not trusted. */
export const requestIdOf = (request: Request): string => ids.get(request) ?? 'none';

/** Gives every request an id and puts it in the answer as `X-Request-Id`. */
export const createRequestIds =
  (makeId: MakeId): RequestHandler =>
  (request, response, next) => {
    const requestId = makeId();
    ids.set(request, requestId);
    response.set('X-Request-Id', requestId);
    next();
  };
