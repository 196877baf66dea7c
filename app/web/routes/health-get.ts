import type { RequestHandler } from 'express';
import { asyncHandler } from '../errors.ts';

/** The parts that do not work right now, by name; empty when everything does. */
export type FindUnready = () => Promise<readonly string[]>;

/** GET /healthz: this process answers. Says nothing about what it depends on, so that a lost database restarts nobody. */
export const healthzGet: RequestHandler = (_request, response) => {
  response.set('Cache-Control', 'no-store').json({ status: 'ok' });
};

/** GET /readyz: 200 when requests can be served, else 503 with the parts that are missing. */
export const readyzGet = (findUnready: FindUnready): RequestHandler =>
  asyncHandler(async (_request, response) => {
    const missing = await findUnready();
    response
      .set('Cache-Control', 'no-store')
      .status(missing.length === 0 ? 200 : 503)
      .json({ status: missing.length === 0 ? 'ready' : 'not-ready', missing });
  });
