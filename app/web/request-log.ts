import type { RequestHandler } from 'express';
import type { Logger } from '../platform/logger.ts';
import { requestIdOf } from './request-id.ts';

/** Addresses that are secrets themselves: of these the beginning alone. Routes are found in any case of letters. */
const SECRET_PATHS = /^(\/(?:webhooks\/connection|authenticate)\/).+$/i;
/** Words and ids are shorter. What is longer is a token, perhaps of somebody who mistyped an address: it is not logged either. */
const LONG_PART = /[^/]{41,}/g;

const loggable = (path: string): string => path.replace(SECRET_PATHS, '$1…').replace(LONG_PART, '…').slice(0, 200);

/** One line per answered request: never the query (it carries tokens), headers or body. */
export const createRequestLog =
  (logger: Logger): RequestHandler =>
  (request, response, next) => {
    const { method } = request;
    const path = loggable(request.path);
    response.once('finish', () => {
      const line = { requestId: requestIdOf(request), method, path, status: response.statusCode };
      const code: unknown = response.locals.refusalCode;
      if (typeof code === 'string') logger.info({ ...line, code }, 'request refused');
      else logger.debug(line, 'request answered');
    });
    next();
  };
