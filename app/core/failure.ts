import type { FieldId } from './ids.ts';

/**
 * Why Jira did not do what we asked, in the closed vocabulary that every decision about retrying and parking uses.
 * Made in one place per adapter from HTTP; carries no issue content, so it may be stored and logged.
 * Times are epoch milliseconds.
 */
export type Failure =
  /** Jira asks us to wait. `scope` says how wide: the whole app, this site, one endpoint, or this one item. */
  | { kind: 'rate-limited'; scope: 'app' | 'site' | 'endpoint' | 'item'; retryAt: number }
  /** The site was not reached or answered 5xx to a read, or refused before doing anything: nothing was written. */
  | { kind: 'unavailable'; detail: string }
  /** A write got no readable answer: it may or may not have happened. Look before repeating. */
  | { kind: 'uncertain'; detail: string }
  /** 401: the site no longer knows us. */
  | { kind: 'unauthorized' }
  /** 403: known, but not allowed. */
  | { kind: 'forbidden' }
  /** 404: gone, or not visible to us; Jira does not tell which. */
  | { kind: 'missing' }
  /** 409: Jira was changing the item at the same moment. */
  | { kind: 'contended' }
  /** 413 or an explicit length complaint. */
  | { kind: 'too-large' }
  /** 400: the request as such is refused. `fields` are the ids Jira names as the trouble (may be empty). */
  | { kind: 'rejected'; fields: readonly FieldId[]; detail: string };

/** The site answered, and will answer the same until somebody changes something there. */
export const staysRefused = ({ kind }: Failure): boolean => kind === 'rejected' || kind === 'missing' || kind === 'forbidden';

/** Expected failure is a value. A thrown error is a bug. */
export type Result<T, F = Failure> = { ok: true; value: T } | { ok: false; failure: F };

/** The two kinds of a `Result`. */
export const succeed = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });
export const fail = <F>(failure: F): { ok: false; failure: F } => ({ ok: false, failure });
