const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `22/Nov/26`: how Jira shows the day `2026-11-22` to people by default. */
export function dayForPeople(day: string): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return `${date}/${MONTHS[Number(month) - 1] ?? ''}/${year.slice(2)}`;
}

/** Whether a text is a day that exists, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Epoch milliseconds of a moment as REST writes it, with an offset and milliseconds; null: not one. */
export function readMoment(text: string): number | null {
  const whole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)$/.test(text);
  const time = whole ? Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

/** A moment as Jira writes it: `2026-11-22T08:15:30.123+0000`. */
export const momentText = (at: number): string => new Date(at).toISOString().replace('Z', '+0000');
