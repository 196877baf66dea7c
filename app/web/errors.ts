import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { ApiError } from '../contract/synchronizations.ts';
import type { Result } from '../core/failure.ts';
import { fail, succeed } from '../core/failure.ts';
import type { Logger } from '../platform/logger.ts';
import { findUnshowable } from './find-unshowable.ts';
import { requestIdOf } from './request-id.ts';

/** A refusal as the caller sees it: what happened, and what to do. `code` is stable and listed in docs/troubleshooting.md. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** For 400: what is wrong where. Never the values themselves. */
  readonly problems?: readonly { readonly path: string; readonly message: string }[];
}

const INTERNAL: Refusal = {
  status: 500,
  code: 'internal',
  message: 'Tandem ran into an unexpected problem.',
  remedy: 'Try again. If it happens again, give your Tandem operator the request id.',
};

const UNKNOWN_ROUTE: Refusal = {
  status: 404,
  code: 'route-unknown',
  message: 'There is nothing at this address.',
  remedy: 'Check the address and the method.',
};

/** What express and its body parsers throw for a bad request, by their `type`. */
const BODY_REFUSALS: Readonly<Record<string, Refusal>> = {
  'entity.parse.failed': {
    status: 400,
    code: 'json-malformed',
    message: 'The body is not valid JSON.',
    remedy: 'Send a JSON object.',
  },
  'entity.too.large': {
    status: 413,
    code: 'body-too-large',
    message: 'The body is larger than this address accepts.',
    remedy: 'Send less.',
  },
  'encoding.unsupported': {
    status: 415,
    code: 'encoding-unsupported',
    message: 'The content encoding is not supported.',
    remedy: 'Send the body as it is.',
  },
  'charset.unsupported': {
    status: 415,
    code: 'charset-unsupported',
    message: 'The charset is not supported.',
    remedy: 'Send UTF-8.',
  },
  'request.aborted': {
    status: 400,
    code: 'request-aborted',
    message: 'The request ended before its body was complete.',
    remedy: 'Send it again.',
  },
  'request.size.invalid': {
    status: 400,
    code: 'content-length-wrong',
    message: 'The body is not as long as its Content-Length says.',
    remedy: 'Send it again.',
  },
};

const MALFORMED_REQUEST: Refusal = {
  status: 400,
  code: 'request-malformed',
  message: 'The request is malformed.',
  remedy: 'Check address, headers and body.',
};

/** Sends a refusal as JSON, or as a short page to a browser that asked for one. */
export const sendRefusal = (request: Request, response: Response, refusal: Refusal): void => {
  const requestId = requestIdOf(request);
  response.locals.refusalCode = refusal.code;
  response.status(refusal.status).set('Cache-Control', 'no-store');
  if (request.accepts(['json', 'html']) === 'html') {
    response.render('error', { message: refusal.message, remedy: refusal.remedy, requestId });
    return;
  }
  const problems = refusal.problems === undefined ? {} : { problems: refusal.problems.map((problem) => ({ ...problem })) };
  const body: ApiError = {
    error: { code: refusal.code, message: refusal.message, remedy: refusal.remedy, requestId, ...problems },
  };
  response.json(body);
};

/** Makes an async handler one that express 4 understands: a rejection goes to the error handler instead of nowhere. */
export const asyncHandler =
  (handler: (request: Request, response: Response) => Promise<void>): RequestHandler =>
  (request, response, next) => {
    handler(request, response).catch(next);
  };

/** Parses a body by its schema. The problems name paths and rules, never the values that were sent. */
export const parseBody = <Schema extends z.ZodType>(schema: Schema, body: unknown): Result<z.output<Schema>, Refusal> => {
  const parsed = schema.safeParse(body);
  const problems = parsed.success
    ? findUnshowable(parsed.data).map((path) => ({ path, message: 'holds a character that cannot be shown' }))
    : parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  if (parsed.success && problems.length === 0) return succeed(parsed.data);
  return fail({
    status: 400,
    code: 'body-invalid',
    message: 'The body is not what this address expects.',
    remedy: 'Correct the named fields and send it again.',
    problems,
  });
};

/** The last route: nothing matched. */
export const refuseUnknownRoute: RequestHandler = (request, response) => {
  sendRefusal(request, response, UNKNOWN_ROUTE);
};

/** What may be logged of an unexpected error: its message can quote content (a database driver's does), its name and frames cannot. */
const traceableParts = (error: unknown): { name: string; frames: readonly string[] } => {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { name: error.name, frames: frames.map((line) => line.trim()) };
};

/** The refusal for what express and its body parsers throw; null for everything else. */
export const refusalOfError = (error: unknown): Refusal | null => {
  if (typeof error !== 'object' || error === null) return null;
  const type = 'type' in error && typeof error.type === 'string' ? error.type : '';
  const known = BODY_REFUSALS[type];
  if (known !== undefined) return known;
  const status = 'status' in error && typeof error.status === 'number' ? error.status : 500;
  return status >= 400 && status < 500 ? MALFORMED_REQUEST : null;
};

/** The last handler: body-parser complaints become 4xx; everything else is a bug, logged by where it happened and answered without it. */
export const createErrorHandler =
  (logger: Logger): ErrorRequestHandler =>
  (error, request, response, next) => {
    const refusal = refusalOfError(error);
    if (refusal === null)
      logger.error({ requestId: requestIdOf(request), ...traceableParts(error) }, 'request failed unexpectedly');
    if (response.headersSent) {
      next(error);
      return;
    }
    sendRefusal(request, response, refusal ?? INTERNAL);
  };
