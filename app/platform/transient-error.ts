/**
 * SQLSTATEs after which the same work may be tried again: serialization failure, deadlock, and a server that is shutting
 * down, crashed or starting (https://www.postgresql.org/docs/current/errcodes-appendix.html). Class 08 is connection loss.
 */
const TRANSIENT_STATES = new Set(['40001', '40P01', '57P01', '57P02', '57P03']);
const TRANSIENT_NETWORK = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT']);

const codeOf = (error: Error): string | null => ('code' in error && typeof error.code === 'string' ? error.code : null);

/** Sequelize wraps the driver's error. */
const causeOf = (error: Error): Error => ('original' in error && error.original instanceof Error ? error.original : error);

/** Whether the work failed for a reason that passes: nothing was done, or (lost during commit) it may be done once more. */
export const isTransientError = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const cause = causeOf(error);
  const code = codeOf(cause);
  if (code !== null) return TRANSIENT_STATES.has(code) || TRANSIENT_NETWORK.has(code) || code.startsWith('08');
  // The driver gives a connection that ends under a running statement no code, only a sentence; and one that ended between being taken
  // from the pool and the statement another: nothing was sent then.
  return cause.message.startsWith('Connection terminated') || cause.message.endsWith('is not queryable');
};
