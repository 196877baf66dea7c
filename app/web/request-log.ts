import type { RequestHandler } from 'express';
import type { Logger } from '../platform/logger.ts';
import { requestIdOf } from './request-id.ts';

/** Addresses that are secrets themselves: of these the beginning alone. */
const SECRET_PATHS = /^(\/(?:webhooks\/connection|authenticate)\/).+$/;

/** One line per answered request: never the query (it carries tokens), headers or body. */
export const createRequestLog =
  (logger: Logger): RequestHandler =>
  (request, response, next) => {
    const { method } = request;
    const path = request.path.replace(SECRET_PATHS, '$1…');
    response.once('finish', () => {
      const line = { requestId: requestIdOf(request), method, path: path.slice(0, 200), status: response.statusCode };
      const code: unknown = response.locals.refusalCode;
      if (typeof code === 'string') logger.info({ ...line, code }, 'request refused');
      else logger.debug(line, 'request answered');
    });
    next();
  };
