import type { Fault } from '../cloud/faults.ts';
import type { NamedFault } from './named-fault.ts';

/** Strikes so many of the calls while it lasts, so that a caller that tries again gets through. */
const OFTEN = 0.3;
const SLOW_MS = 8_000;
const RETRY_AFTER_SECONDS = 5;

const striking = (name: string, what: string, fault: Omit<Fault, 'times'>): NamedFault => ({
  name,
  what,
  apply: ({ faults }) => faults.add({ chance: OFTEN, ...fault, times: Number.POSITIVE_INFINITY }),
});

/** What befalls calls of the REST API. */
export const CALL_FAULTS: readonly NamedFault[] = [
  striking('time-out-before', 'Some calls get no answer and do nothing.', { when: 'before', status: null, shape: 'silence' }),
  striking('time-out-after', 'Some calls do their work and get no answer.', { when: 'after', status: null, shape: 'silence' }),
  striking('reset-before', 'Some calls are cut off and do nothing.', { when: 'before', status: null }),
  striking('reset-after', 'Some calls do their work and are cut off.', { when: 'after', status: null }),
  striking('reset-in-body', 'Some calls do their work and half of their answer arrives.', {
    when: 'after',
    status: null,
    shape: 'half',
  }),
  striking('server-error-before', 'Some calls fail with 503 and do nothing.', { when: 'before', status: 503 }),
  striking('server-error-after', 'Some calls do their work and fail with 500.', { when: 'after', status: 500 }),
  striking('error-page', 'Some calls are answered with a web page and 502.', { when: 'before', status: 502, shape: 'html' }),
  striking('page-with-200', 'Some calls do their work and are answered with a web page and 200.', {
    when: 'after',
    status: 200,
    shape: 'html',
  }),
  striking('slow-answers', 'Some answers take eight seconds.', { when: 'after', status: null, shape: 'slow', delayMs: SLOW_MS }),
  striking('rate-limited', 'Some calls are refused for a few seconds by the burst limit.', {
    when: 'before',
    status: 429,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    reason: 'jira-burst-based',
  }),
  striking('edit-conflict', 'Some edits meet another one and are answered with 409.', {
    method: 'PUT',
    path: '/issue/{issueIdOrKey}',
    when: 'before',
    status: 409,
  }),
  striking('attachment-too-large', 'No attachment is small enough: each is refused with 413.', {
    method: 'POST',
    path: '/attachments',
    when: 'before',
    status: 413,
    chance: 1,
  }),
];
