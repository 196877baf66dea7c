const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Past this the date itself says more than a count of days. */
const LONGEST = 30 * DAY;

/**
 * How long ago a moment was, in words: "5 minutes ago". Whole units only, rounded down, so nothing reads older than it is.
 * Moments ahead of `now` (clocks differ) read as just now.
 * @param iso ISO 8601
 * @param now epoch milliseconds
 * @param justNow what to say for less than a minute
 */
export function relativeTime(iso: string, now: number, locale: string, justNow: string): string {
  const age = now - Date.parse(iso);
  if (Number.isNaN(age)) return iso;
  if (age < MINUTE) return justNow;
  if (age >= LONGEST) return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(Date.parse(iso));
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  if (age < HOUR) return words.format(-Math.floor(age / MINUTE), 'minute');
  if (age < DAY) return words.format(-Math.floor(age / HOUR), 'hour');
  return words.format(-Math.floor(age / DAY), 'day');
}

/** The same moment in full, for a tooltip, in the reader's own time zone. */
export function fullTime(iso: string, locale: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(at);
}

/** The day of a moment, in the reader's own time zone. */
export function dayOf(iso: string, locale: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(at);
}
