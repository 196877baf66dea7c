import type { Request, Response } from 'express';
import type { Timers } from '../heart/clock.ts';
import type { Fault } from './faults.ts';
import type { CloudAnswer } from './route.ts';

/** What Atlassian's edge, or a proxy, shows when what is behind it does not answer. */
const ERROR_PAGE = `<!DOCTYPE html>
<html lang="en"><head><title>Page unavailable</title></head>
<body><h1>Page unavailable</h1><p>This Jira site is currently unavailable.</p></body></html>
`;
const LIMITED = 429;

const textOf = (status: number): string => (status === LIMITED ? 'Rate limit exceeded.' : 'The simulated site fails this call.');

/** The status as the caller gets it; 0: it gets none, or not the whole answer. */
export function statusShown(fault: Fault | null, given: CloudAnswer): number {
  if (fault === null || fault.shape === 'slow') return given.status;
  return fault.shape === 'silence' || fault.shape === 'half' ? 0 : (fault.status ?? 0);
}

/** Writes an answer out as Jira does. */
export function sendAnswer(response: Response, given: CloudAnswer): void {
  if (given.headers !== undefined) response.set(given.headers);
  if (given.bytes !== undefined) response.status(given.status).send(Buffer.from(given.bytes));
  else if (given.body === undefined) response.status(given.status).end();
  else response.status(given.status).json(given.body);
}

/** The head and half the body; the promised rest never comes. */
function sendHalf(response: Response, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body ?? { errorMessages: [textOf(status)], errors: {} }), 'utf8');
  response.status(status).type('application/json').set('Content-Length', String(bytes.length));
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy());
}

/** Has a fault strike a call. `given` is the true answer, of a call that did its work; null when it did not. */
export function strike(fault: Fault, given: CloudAnswer | null, request: Request, response: Response, timers: Timers): void {
  const status = fault.status ?? given?.status ?? 200;
  if (fault.shape === 'silence') return;
  if (fault.shape === 'slow' && given !== null) {
    timers.after(fault.delayMs ?? 0, () => sendAnswer(response, given));
    return;
  }
  // Not Jira's answer but what is in its way: the conformance check leaves it out.
  response.locals['struck'] = true;
  // Where there is no body there is no half of it: the connection is cut before the answer.
  if (fault.shape === 'half' && (given === null || given.body !== undefined)) {
    sendHalf(response, given?.status ?? status, given?.body);
    return;
  }
  if (fault.status === null || fault.shape === 'half') {
    request.socket.destroy();
    return;
  }
  if (fault.retryAfterSeconds !== undefined) response.set('Retry-After', String(fault.retryAfterSeconds));
  if (fault.reason !== undefined) response.set('RateLimit-Reason', fault.reason);
  if (fault.shape === 'html') response.status(status).type('html').send(ERROR_PAGE);
  else response.status(status).json({ errorMessages: [textOf(status)], errors: {} });
}
