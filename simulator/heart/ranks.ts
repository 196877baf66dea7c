import type { Outcome } from './outcome.ts';
import { done, refuse } from './outcome.ts';
import { emit, recordChange } from './record.ts';
import type { Actor, ChangeItem, Issue, Site } from './site.ts';

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const BASE = DIGITS.length;
/** Room for the issues of a site before and between which others are ranked. */
const WIDTH = 6;
const STEP = 1000;

const written = (number: number): string => {
  let rest = number;
  let text = '';
  for (let place = 0; place < WIDTH; place += 1) {
    text = (DIGITS[rest % BASE] ?? '0') + text;
    rest = Math.floor(rest / BASE);
  }
  return text;
};

/** `0|i0004x`-like text that sorts as the issues are ranked; issues never ranked stand in the order in which they were made. */
export const rankOf = (issue: Issue): string => (issue.rank === '' ? `0|${written(Number(issue.id) * STEP)}` : issue.rank);

export const byRank = (left: Issue, right: Issue): number => {
  const [a, b] = [rankOf(left), rankOf(right)];
  return a === b ? Number(left.id) - Number(right.id) : a < b ? -1 : 1;
};

/** A text between two others, as short as the digits allow. It never ends in 0, so that there is always room before it. */
function between(low: string, high: string | null): string {
  const body = (rank: string): string => rank.slice(2);
  const [a, b] = [body(low), high === null ? null : body(high)];
  let made = '';
  for (let place = 0; ; place += 1) {
    const from = DIGITS.indexOf(a[place] ?? '0');
    const to = b === null || (b[place] === undefined && place >= b.length) ? BASE : DIGITS.indexOf(b[place] ?? '0');
    const bounded = b?.startsWith(made) === true;
    const middle = Math.floor((from + (bounded ? to : BASE)) / 2);
    if (middle > from) return `0|${made}${DIGITS[middle] ?? 'i'}`;
    made += DIGITS[from] ?? '0';
  }
}

/** Ranks issues, in the order given, right before or after another. The changelog says only "Ranked higher" or "lower". */
export function rank(
  site: Site,
  actor: Actor,
  issues: readonly Issue[],
  where: { readonly before: Issue } | { readonly after: Issue },
): Outcome<null> {
  const anchor = 'before' in where ? where.before : where.after;
  if (issues.includes(anchor)) return refuse(400, 'An issue cannot be ranked relative to itself.');
  const moving = new Set(issues);
  const others = [...site.issues.values()].filter((issue) => !moving.has(issue)).sort(byRank);
  const position = others.indexOf(anchor);
  const lower = 'before' in where ? others[position - 1] : anchor;
  const upper = 'before' in where ? anchor : others[position + 1];
  let low = lower === undefined ? '0|0' : rankOf(lower);
  for (const issue of issues) {
    const was = rankOf(issue);
    issue.rank = between(low, upper === undefined ? null : rankOf(upper));
    low = issue.rank;
    const field = [...site.customFields.values()].find(({ name }) => name === 'Rank');
    const item: ChangeItem = {
      field: 'Rank',
      fieldtype: 'custom',
      fieldId: field?.id ?? 'customfield_10019',
      from: '',
      fromString: '',
      to: '',
      toString: issue.rank < was ? 'Ranked higher' : 'Ranked lower',
    };
    const at = site.clock.now();
    const change = recordChange(site, actor, issue, [item], at);
    emit(site, { kind: 'issue-updated', actor, at, issue, change, typeName: 'issue_updated' });
  }
  return done(null);
}
