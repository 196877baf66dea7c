import type { Request, Response } from 'express';
import express from 'express';
import type { Result } from '../core/failure.ts';
import { fail, succeed } from '../core/failure.ts';
import type { Refusal } from './errors.ts';
import { refusalOfError } from './errors.ts';

export interface JsonBody {
  /** The bytes as they came, for hashing. */
  readonly raw: Buffer;
  readonly json: unknown;
}

const WRONG_TYPE: Refusal = {
  status: 415,
  code: 'content-type-unsupported',
  message: 'The body is not declared as JSON.',
  remedy: 'Send it with Content-Type: application/json.',
};
const MALFORMED: Refusal = {
  status: 400,
  code: 'json-malformed',
  message: 'The body is not valid JSON.',
  remedy: 'Send a JSON object.',
};

const readRaw = (request: Request, response: Response, limitBytes: number): Promise<Result<Buffer, Refusal>> =>
  new Promise((resolve, reject) => {
    // `inflate: false`: Jira does not compress, and a small body must not grow after its size was checked.
    const read = express.raw({ type: () => true, limit: limitBytes, inflate: false });
    read(request, response, (error?: unknown) => {
      if (error === undefined) return resolve(succeed(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)));
      const refusal = refusalOfError(error);
      return refusal === null ? reject(error) : resolve(fail(refusal));
    });
  });

/** The bytes of a body as JSON. */
export const parseJsonBody = (raw: Buffer): Result<JsonBody, Refusal> => {
  try {
    return succeed({ raw, json: JSON.parse(raw.toString('utf8')) });
  } catch (error) {
    // The parser's message quotes the body, so it goes no further.
    if (error instanceof SyntaxError) return fail(MALFORMED);
    throw error;
  }
};

/** The bytes of a body that is declared as JSON, up to a size, for who has to check them before anything is made of them. */
export const readRawBody = async (request: Request, response: Response, limitBytes: number): Promise<Result<Buffer, Refusal>> =>
  request.is('application/json') === false ? fail(WRONG_TYPE) : readRaw(request, response, limitBytes);

/**
 * Reads a JSON body up to a size. Where bodies are large it is called after the caller is known, so that strangers cannot make us
 * read; the small ones of the lifecycle are read first, since the token must match them.
 */
export const readJsonBody = async (
  request: Request,
  response: Response,
  limitBytes: number,
): Promise<Result<JsonBody, Refusal>> => {
  const raw = await readRawBody(request, response, limitBytes);
  return raw.ok ? parseJsonBody(raw.value) : raw;
};
